"""The table of jobs: values of shop.model in columns people may sort and hide."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from repaircenter.desk.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.runtime.text import sort_key
from repaircenter.shop.model import Job

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("ro", "customer", "vehicle", "insurer", "version", "total", "received", "delivered", "survey", "rating")
HIDDEN_AT_FIRST = frozenset(("rating",))
# Survey state -> (icon, colour of desk/theme.py); the word stands beside it (never colour alone).
SURVEY = {
    "none": ("circle-outline", "unknown"),
    "to_send": ("tray-arrow-up", "attention"),
    "received": ("timer-sand", "soft"),
    "ageing": ("timer-sand", "soft"),
    "callable": ("timer-sand-complete", "soft"),
    "invited": ("email-outline", "accent"),
    "answered": ("check-circle", "good"),
    "filtered": ("filter-outline", "unknown"),
    "withdrawn": ("cancel", "unknown"),
    "refused": ("account-cancel-outline", "unknown"),
    "unreachable": ("account-question-outline", "attention"),
    "no_shop": ("store-alert-outline", "attention"),
    "incomplete": ("file-alert-outline", "attention"),
}


def survey_state(job: Job) -> str:
    """One word for where a job stands on its way to an answer."""
    if job.service_state in SURVEY:
        return job.service_state
    if job.shop_id is None:
        return "no_shop"
    if job.sent_digest is not None:
        return "to_send"
    return "none" if job.complete else "incomplete"


class JobsModel(QAbstractTableModel):
    """Rows are jobs; the sort role gives comparable values."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.jobs: list[Job] = []
        self._icons: dict[str, Any] = {}

    def show(self, jobs: list[Job]) -> None:
        """Put new rows in; the view keeps its selection by job (jobs_page)."""
        self.beginResetModel()
        self.jobs = jobs
        self.endResetModel()

    def retranslate(self) -> None:
        self._icons.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.jobs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._context.words(f"desk.jobs.column.{COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = COLUMNS[section] in ("total", "rating")
            return ALIGN_RIGHT if right else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        job, column = self.jobs[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(job, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in ("total", "rating"):
            return ALIGN_RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == "survey":
            return self._icon(survey_state(job))
        if role == Qt.ItemDataRole.DecorationRole and column == "version" and not job.complete:
            return self._icon("incomplete")
        if role == Qt.ItemDataRole.UserRole:
            return _SORT[column](job)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(job, column)
        return None

    def _text(self, job: Job, column: str) -> str:
        context = self._context
        if column == "survey":
            return context.words(f"desk.survey.{survey_state(job)}")
        if column == "total":
            return context.money(job.total_cents, job.currency)
        if column == "received":
            return "" if job.received_at_utc is None else context.day(job.received_at_utc.astimezone().date())
        if column == "delivered":
            return context.day(job.delivered_on)
        return str(_PLAIN[column](job) or "")

    def _tip(self, job: Job, column: str) -> str | None:
        if column == "survey" and job.service_state == "filtered":
            return self._context.words(f"desk.reason.{job.service_reason or 'unknown'}")
        if column == "version" and not job.complete:
            return self._context.words("desk.job.incomplete")
        return self._text(job, column) or None

    def _icon(self, state: str) -> Any:
        if state not in self._icons:
            name, colour = SURVEY[state]
            self._icons[state] = self._context.theme.icon(name, colour)
        return self._icons[state]


_PLAIN: dict[str, Callable[[Job], object]] = {
    "ro": lambda job: job.ro_number,
    "customer": lambda job: job.customer,
    "vehicle": lambda job: job.vehicle,
    "insurer": lambda job: job.insurer_name,
    "version": lambda job: job.version,
    "rating": lambda job: job.service_stars,
}
_SORT: dict[str, Callable[[Job], Any]] = {
    "ro": lambda job: job.ro_number or "",
    "customer": lambda job: sort_key(job.customer),
    "vehicle": lambda job: sort_key(job.vehicle),
    "insurer": lambda job: sort_key(job.insurer_name or ""),
    "version": lambda job: job.version_order,
    "total": lambda job: job.total_cents or 0,
    "received": lambda job: job.received_at_utc.timestamp() if job.received_at_utc else 0.0,
    "delivered": lambda job: job.delivered_on.toordinal() if job.delivered_on else 0,
    "survey": survey_state,
    "rating": lambda job: job.service_stars or 0,
}
