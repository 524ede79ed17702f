"""Copies the tables of a report: as text with tabs for a sheet, as HTML for a letter (V-21). GUI thread only."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication


class TableCopier:
    """`put` as often as wanted, `let_go` before the program ends."""

    def __init__(self) -> None:
        self._copied: str | None = None

    def put(self, tables: tuple[str, str]) -> None:
        """(text with tabs, HTML) of a report's tables go to the clipboard."""
        data = QMimeData()
        data.setText(tables[0])
        data.setHtml(tables[1])
        QGuiApplication.clipboard().setMimeData(data)
        self._copied = QGuiApplication.clipboard().text()

    def put_words(self, words: str) -> None:
        """Plain text, which Qt itself owns."""
        QGuiApplication.clipboard().setText(words)

    def let_go(self) -> None:
        """What was copied, if it is still there, stays as plain text that Qt itself owns.

        Data made in Python would be taken apart after Python is gone, and the process would die of it.
        """
        clipboard = QGuiApplication.clipboard()
        if self._copied is not None and clipboard.text() == self._copied:
            clipboard.setText(self._copied)
        self._copied = None
