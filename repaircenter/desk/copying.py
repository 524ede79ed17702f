"""Copies the tables of a report: as text with tabs for a sheet, as HTML for a letter (V-21). GUI thread only."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from repaircenter.reports.exports import table_html, table_tsv
from repaircenter.wire.document import Part


class TableCopier:
    """`copy` as often as wanted, `let_go` before the program ends."""

    def __init__(self) -> None:
        self._copied: str | None = None

    def copy(self, parts: Sequence[Part]) -> None:
        """All tables of the report go to the clipboard."""
        data = QMimeData()
        data.setText(table_tsv(parts))
        data.setHtml(table_html(parts))
        QGuiApplication.clipboard().setMimeData(data)
        self._copied = QGuiApplication.clipboard().text()

    def let_go(self) -> None:
        """What was copied, if it is still there, stays as plain text that Qt itself owns.

        Data made in Python would be taken apart after Python is gone, and the process would die of it.
        """
        clipboard = QGuiApplication.clipboard()
        if self._copied is not None and clipboard.text() == self._copied:
            clipboard.setText(self._copied)
        self._copied = None
