"""What the self-test asks of Qt: an application, the bundled font, a painted picture."""

from PySide6.QtCore import qVersion
from PySide6.QtGui import QPixmap

from repaircenter.desk.frame.program import make_application
from repaircenter.desk.kit.theme import load_fonts


def probe() -> str:
    """One line; raises when Qt cannot start here."""
    app = make_application()
    families = load_fonts(app)
    picture = QPixmap(8, 8)
    picture.fill("red")
    return f"{qVersion()} on {app.platformName()}, {families['regular']}, {picture.width()} pixels painted"


def printers() -> list[str]:
    """The names of this PC's printers."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return list(QPrinterInfo.availablePrinterNames())
