"""The right side of the Jobs page: one job with its timeline, lines, versions and what was sent."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.desk_context import ALIGN_RIGHT, DeskContext
from repaircenter.desk.pieces import EmptyState, button, label
from repaircenter.desk.timeline import steps
from repaircenter.shop.messages import job_message
from repaircenter.shop.model import Job, JobDetails, Shop
from repaircenter.wire import codec


class JobDetailsView(QWidget):
    """Shows one job; `send_now` and `place` are what its buttons do."""

    def __init__(
        self, context: DeskContext, send_now: Callable[[int], None], place: Callable[[int, int], None]
    ) -> None:
        super().__init__()
        self._place = place
        self._context = context
        self._send_now = send_now
        self._details: JobDetails | None = None
        self._stack = QStackedWidget()
        self._empty = EmptyState()
        self._page = QWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._build()
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        self._title = label("", "title", wrap=True)
        self._lines = [label("", "soft", wrap=True) for _ in range(4)]
        self._reach = label("", "problem", wrap=True)
        for widget in (self._title, *self._lines, self._reach):
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(widget)
        row = QHBoxLayout()
        self._send = button("", self._pressed_send, primary=True)
        row.addWidget(self._send)
        row.addStretch(1)
        self._shop_label, self._shop = label(""), QComboBox()
        self._shop_button = button("", self._pressed_place)
        for part in (self._shop_label, self._shop, self._shop_button):
            row.addWidget(part)
        layout.addLayout(row)
        self._tabs = QTabWidget()
        self._timeline = _table(2)
        self._estimate = _table(5)
        self._versions = _table(4)
        self._sent = QPlainTextEdit()
        self._sent.setReadOnly(True)
        for tab in (self._timeline, self._estimate, self._versions, self._sent):
            self._tabs.addTab(tab, "")
        layout.addWidget(self._tabs, 1)

    def retranslate(self) -> None:
        words = self._context.words
        self._empty.say(words("desk.job.none_title"), words("desk.job.none_text"))
        self._send.setText(words("desk.job.send_now"))
        self._send.setAccessibleName(words("desk.job.send_now"))
        self._shop_label.setText(words("desk.survey.no_shop"))
        self._shop.setAccessibleName(words("desk.jobs.which_shop_name"))
        self._shop_button.setText(words("desk.jobs.confirm"))
        self._shop_button.setAccessibleName(words("desk.jobs.confirm"))
        for index, key in enumerate(("timeline", "lines", "versions", "sent")):
            self._tabs.setTabText(index, words(f"desk.job.tab.{key}"))
            widget = self._tabs.widget(index)
            if widget is not None:
                widget.setAccessibleName(words(f"desk.job.tab.{key}"))
        self._headers(self._timeline, ("when", "what"))
        self._headers(self._estimate, ("number", "description", "part", "labor", "price"))
        self._headers(self._versions, ("version", "imported", "total", "file"))
        if self._details is not None:
            self.show_details(self._details)

    def _headers(self, table: QTableWidget, keys: tuple[str, ...]) -> None:
        table.setHorizontalHeaderLabels([self._context.words(f"desk.job.column.{key}") for key in keys])

    @property
    def job_id(self) -> int:
        return 0 if self._details is None else self._details.job.id

    def show_nothing(self) -> None:
        self._details = None
        self._stack.setCurrentWidget(self._empty)

    def offer_shops(self, shops: list[Shop]) -> None:
        """The account's shops, for a job whose sets name no repair facility."""
        known = [self._shop.itemData(index) for index in range(self._shop.count())]
        if known != [shop.id for shop in shops]:
            self._shop.clear()
            for shop in shops:
                self._shop.addItem(shop.name, shop.id)

    def show_details(self, details: JobDetails) -> None:
        self._details = details
        job, words = details.job, self._context.words
        self._title.setText(job.customer or words("desk.job.no_name"))
        for widget, text in zip(self._lines, self._facts(job), strict=True):
            widget.setText(text)
            widget.setVisible(bool(text))
        self._reach.setText("" if job.reachable else words("desk.job.no_way_to_reach"))
        self._reach.setVisible(not job.reachable)
        self._send.setEnabled(job.shop_id is not None and job.sent_digest is None)
        self._send.setToolTip("" if self._send.isEnabled() else words("desk.job.sent_already"))
        homeless = job.shop_id is None and job.facility is None and self._shop.count() > 0
        for part in (self._shop_label, self._shop, self._shop_button):
            part.setVisible(homeless)
        self._show_timeline(details)
        self._show_estimate(details)
        self._show_versions(details)
        self._show_sent(details)
        self._stack.setCurrentWidget(self._page)

    def _facts(self, job: Job) -> tuple[str, str, str, str]:
        words = self._context.words
        incomplete = "" if job.complete else words("desk.job.incomplete")
        head = (
            job.ro_number and words("desk.job.ro", number=job.ro_number),
            job.version,
            self._context.money(job.total_cents, job.currency),
            words(f"desk.state.{job.state}"),
            incomplete,
        )
        vehicle = (job.vehicle, job.plate, job.vin)
        insurer = (job.insurer_name, job.claim_number and words("desk.job.claim", number=job.claim_number))
        people = (job.estimator and words("desk.job.estimator", name=job.estimator), job.email, *job.phones)
        return _join(head), _join(vehicle), _join(insurer), _join(people)

    def _show_timeline(self, details: JobDetails) -> None:
        found = steps(details, self._context)
        self._timeline.setRowCount(len(found))
        for row, step in enumerate(found):
            when = self._context.instant(step.at_utc) or self._context.words("desk.timeline.next")
            icons = {"good": "check", "attention": "arrow-right-bold", "unknown": "minus-circle-outline"}
            _put(self._timeline, row, 0, when)
            _put(self._timeline, row, 1, step.text).setIcon(self._context.theme.icon(icons[step.meaning], step.meaning))

    def _show_estimate(self, details: JobDetails) -> None:
        lines: list[dict[str, Any]] = json.loads(details.versions[-1].content)["lines"] if details.versions else []
        self._estimate.setRowCount(len(lines))
        for row, line in enumerate(lines):
            labor = ", ".join(f"{part['type']} {part['hours'] or ''}".strip() for part in line["labor"])
            for column, text in enumerate(
                (line["number"], line["description"], line["part_number"], labor, line["price"])
            ):
                item = _put(self._estimate, row, column, "" if text is None else str(text))
                if column in (0, 4):
                    item.setTextAlignment(ALIGN_RIGHT)

    def _show_versions(self, details: JobDetails) -> None:
        self._versions.setRowCount(len(details.versions))
        for row, version in enumerate(reversed(details.versions)):
            texts = (
                version.label,
                self._context.instant(version.imported_at_utc),
                self._context.money(version.total_cents),
                version.base,
            )
            for column, text in enumerate(texts):
                item = _put(self._versions, row, column, text)
                if column == 2:
                    item.setTextAlignment(ALIGN_RIGHT)

    def _show_sent(self, details: JobDetails) -> None:
        """The exact payloads that left this PC, else what would leave (A-N8)."""
        words = self._context.words
        sent = [row for row in details.outbox if row.started]
        if sent:
            title = words(
                "desk.job.sent_title", when=self._context.instant(sent[-1].sent_at_utc or sent[-1].created_at_utc)
            )
            text = sent[-1].payload
        else:
            title = words("desk.job.would_send")
            text = codec.encode(job_message(details.job, details.versions[-1] if details.versions else None)).decode()
        pretty = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        self._sent.setPlainText(f"{title}\n\n{pretty}")

    def _pressed_place(self) -> None:
        if self._details is not None:
            self._place(self._details.job.id, int(self._shop.currentData()))

    def _pressed_send(self) -> None:
        if self._details is not None:
            self._send.setEnabled(False)
            self._send_now(self._details.job.id)


def _join(parts: tuple[str | None, ...]) -> str:
    return " · ".join(part for part in parts if part)


def _table(columns: int) -> QTableWidget:
    table = QTableWidget(0, columns)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setWordWrap(True)
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    if columns > 2:
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
    else:
        table.setColumnWidth(0, 140)
    return table


def _put(table: QTableWidget, row: int, column: int, text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    table.setItem(row, column, item)
    return item
