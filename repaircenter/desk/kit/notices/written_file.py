"""What one can do with a file that was just written: open it, or see it in its folder."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from repaircenter.desk.kit.desk_context import DeskContext


def tell_written(context: DeskContext, path: Path) -> None:
    """Say that a file was written, with *Open* and *Show in folder* (issue 15.13)."""
    words = context.words
    actions: list[tuple[str, Callable[[], object]]] = [
        (words("desk.file.open"), lambda: open_path(path)),
        (words("desk.file.folder"), lambda: open_path(path.parent)),
    ]
    context.tell(words("desk.file.written", path=str(path)), actions)


def open_path(path: Path) -> None:
    """Have the system open a file or a folder with its own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
