"""What the self-test asks of Qt: an application, the bundled font, a painted picture."""

import sys

from PySide6.QtCore import qVersion
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from repaircenter.desk.theme import load_fonts


def probe() -> str:
    """One line; raises when Qt cannot start here."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    families = load_fonts(app)
    picture = QPixmap(8, 8)
    picture.fill("red")
    return f"{qVersion()} on {app.platformName()}, {families['regular']}, {picture.width()} pixels painted"
