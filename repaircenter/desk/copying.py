"""Copies the tables of a report: as text with tabs for a sheet, as HTML for a letter (V-21)."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from repaircenter.reports.exports import table_html, table_tsv
from repaircenter.wire.document import Part


def copy_tables(parts: Sequence[Part]) -> None:
    """All tables of the report go to the clipboard."""
    data = QMimeData()
    data.setText(table_tsv(parts))
    data.setHtml(table_html(parts))
    QGuiApplication.clipboard().setMimeData(data)
