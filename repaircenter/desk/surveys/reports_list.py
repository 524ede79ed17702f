"""The reports by name, with a line that says what each is for (issue 15.14)."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tables import Wrapped
from repaircenter.wire.reports import ReportInfo

_DATA = Qt.ItemDataRole.UserRole


class ReportsList(QListWidget):
    """`show_reports` fills it; what was chosen stays by its place."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.setWordWrap(True)
        self.setItemDelegate(Wrapped(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def show_reports(self, reports: Sequence[ReportInfo]) -> None:
        row = max(self.currentRow(), 0)
        self.clear()
        for report in reports:
            purpose = self._words(report, "description")
            item = QListWidgetItem(f"{self.title(report)}\n{purpose}" if purpose else self.title(report))
            item.setToolTip(purpose)
            item.setData(_DATA, report)
            self.addItem(item)
        if reports:
            self.setCurrentRow(row)

    def title(self, report: ReportInfo) -> str:
        """What people call a report; one of a newer service by its id."""
        return self._words(report, "title") or report.id

    def _words(self, report: ReportInfo, name: str) -> str:
        key, words = f"report.{report.id}.{name}", self._context.words
        return words(key) if words.has(key) else ""

    @property
    def chosen(self) -> ReportInfo | None:
        item = self.currentItem()
        report: ReportInfo | None = None if item is None else item.data(_DATA)
        return report

    def choose(self, report_id: str) -> ReportInfo | None:
        """Choose a report by its id; return it, None when it is not there."""
        for row in range(self.count()):
            report: ReportInfo = self.item(row).data(_DATA)
            if report.id == report_id:
                self.setCurrentRow(row)
                return report
        return None
