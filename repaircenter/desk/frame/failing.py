"""Says in a window of its own why the desk did not start: an installed program has no terminal anybody looks at."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QMessageBox

from repaircenter.desk.frame.program import make_application
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import Texts, language_of


def say(error: KnownError) -> None:
    make_application()
    QMessageBox.warning(None, "RepairCenter", error.said(Texts(language_of(QLocale.system().name()))))
