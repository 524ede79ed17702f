"""What leaves this PC (More > What leaves this PC…, A-N8): every message with its answer, and a switch that stops all."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSplitter, QTableWidget, QTabWidget, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command, Query
from repaircenter.desk.kit.pieces import button, label
from repaircenter.desk.kit.room import RoomPage, Status
from repaircenter.desk.kit.tables import fill, put, read_only_table
from repaircenter.desk.outbox.sent_view import SentView, field_name
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.outbox import LoggedMessage
from repaircenter.shop.outbox.messages import every_field

_Found = tuple[list[LoggedMessage], list[LoggedMessage], list[LoggedMessage]]
_LISTS = ("log", "refused", "waiting")
_COLUMNS = ("when", "job", "kind", "answer")


class SendingPage(RoomPage):
    """Three lists (sent, refused, waiting), the chosen message word for word, and every field that may ever leave."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._control: ShopControl | None = None
        self._found: _Found = ([], [], [])
        self._lists, self._act = Query(context.operations), Command(context.operations)
        self._picked: dict[str, str | None] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        self._stop = QCheckBox()
        self._stop.clicked.connect(self._stopped)
        self._counts = label("", "soft", wrap=True)
        for widget in (self._title, self._text, self._stop, self._counts):
            column.addWidget(widget)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        self._tabs = QTabWidget()
        self._tables = {name: self._make_table(name) for name in _LISTS}
        self._again, self._discard = button("", self._try_again, primary=True), button("", self._give_up)
        for name in _LISTS:
            self._tabs.addTab(self._page_of(name), "")
        self._fields = read_only_table(2)
        self._tabs.addTab(self._fields, "")
        self._sent = SentView(context)
        split.addWidget(self._tabs)
        split.addWidget(self._sent)
        split.setSizes([760, 480])
        column.addWidget(split, 1)
        self.setFocusProxy(self._tabs)
        bind = self._context.texts.bind
        bind(self._title, "desk.sending.title")
        bind(self._text, "desk.sending.text")
        bind(self._stop, "desk.sending.stop")
        bind(self._again, "desk.sending.try_again")
        bind(self._discard, "desk.sending.discard")
        bind(self._fields, name="desk.sending.tab.fields")
        self.retranslate()

    def _make_table(self, name: str) -> QTableWidget:
        table = read_only_table(len(_COLUMNS), stretch=3)
        table.setColumnWidth(0, 130)
        table.setColumnWidth(1, 200)
        table.itemSelectionChanged.connect(partial(self._chosen, name))
        return table

    def _page_of(self, name: str) -> QWidget:
        if name != "refused":
            return self._tables[name]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        row = QHBoxLayout()
        for widget in (self._again, self._discard):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._tables[name])
        return page

    def retranslate(self) -> None:
        words = self._context.words
        for table in self._tables.values():
            table.setHorizontalHeaderLabels([words(f"desk.sending.column.{name}") for name in _COLUMNS])
        self._fields.setHorizontalHeaderLabels([words("desk.sent.field"), words("desk.sent.meaning")])
        fill(self._fields, [(field_name(self._context, path), path) for path in every_field()])
        self._sent.retranslate()
        self._show()

    def attach(self, control: ShopControl) -> None:
        self._control = control

    def opened(self, place: str, *, fresh: bool) -> None:
        """The page comes on screen; `place` names the list to begin with."""
        if place in _LISTS:
            self._tabs.setCurrentIndex(_LISTS.index(place))
        self.refresh()

    def react(self, fact: str) -> None:
        if fact == "jobs_changed":
            self.refresh()

    def refresh(self) -> None:
        control = self._control
        if control is None or not self.isVisible():
            return

        def read() -> _Found:
            read = control.reader.messages
            return read(("sent", "discarded")), read(("refused", "parked")), read(("waiting",))

        def show(found: _Found) -> None:
            if found != self._found:
                self._found = found
                self._show()

        self._lists.ask(read, show)

    def show_status(self, status: Status) -> None:
        state, counts = status.state, status.counts
        words, context = self._context.words, self._context
        self._stop.setChecked(state.sending_stopped)
        parts = [words.count("desk.status.to_send", counts.to_send)]
        if counts.oldest_waiting_utc is not None:
            parts.append(words("desk.sending.oldest", when=context.instant(counts.oldest_waiting_utc)))
        if counts.last_sent_utc is not None:
            parts.append(words("desk.sending.last", when=context.instant(counts.last_sent_utc)))
        self._counts.setText(" · ".join(parts))

    def _show(self) -> None:
        words = self._context.words
        for index, (name, found) in enumerate(zip(_LISTS, self._found, strict=True)):
            number = f" ({len(found)})" if name != "log" and found else ""
            self._tabs.setTabText(index, words(f"desk.sending.tab.{name}") + number)
            table = self._tables[name]
            table.setAccessibleName(words(f"desk.sending.tab.{name}"))
            chosen = self._picked.get(name)
            table.blockSignals(True)
            table.setRowCount(len(found))
            for row, one in enumerate(found):
                for place, text in enumerate(self._texts(name, one)):
                    put(table, row, place, text)
            table.clearSelection()
            table.setCurrentCell(-1, -1)
            row = next((number for number, one in enumerate(found) if one.row.id == chosen), -1)
            if row >= 0:
                table.selectRow(row)
            table.blockSignals(False)
        self._tabs.setTabText(len(_LISTS), words("desk.sending.tab.fields"))
        self._update_buttons()
        if not any(self._found):
            self._sent.show_payload(words("desk.sending.nothing"), "")

    def _texts(self, name: str, one: LoggedMessage) -> tuple[str, str, str, str]:
        words, context, row = self._context.words, self._context, one.row
        when = context.instant(row.sent_at_utc or row.created_at_utc)
        return when, one.label or f"#{row.job_id}", words(f"desk.sending.kind.{row.kind}"), self._answer(name, one)

    def _answer(self, name: str, one: LoggedMessage) -> str:
        words, row = self._context.words, one.row
        if name == "waiting":
            key = "again_at" if row.attempts else "waits"
            return words(f"desk.sending.{key}", time=self._context.instant(row.next_try_at_utc), n=row.attempts)
        status = row.last_status or ""
        for prefix in ("desk.sending.answer.", "desk.reason."):
            if words.has(prefix + status):
                status = words(prefix + status)
                break
        return words("desk.sending.given_up", reason=status) if row.state == "discarded" else status

    def _chosen(self, name: str) -> None:
        row = self._tables[name].currentRow()
        found = self._found[_LISTS.index(name)]
        self._picked[name] = found[row].row.id if 0 <= row < len(found) else None
        self._update_buttons()
        if 0 <= row < len(found):
            title = self._context.words("desk.sending.message", job=found[row].label or f"#{found[row].row.job_id}")
            self._sent.show_payload(title, found[row].row.payload)

    def _update_buttons(self) -> None:
        """Only the message on the right is tried again or given up."""
        there = any(one.row.id == self._picked.get("refused") for one in self._found[1])
        for widget in (self._again, self._discard):
            widget.setEnabled(there)

    def _try_again(self) -> None:
        control, picked = self._control, self._picked.get("refused")
        if control is not None and picked is not None:
            self._act.run(lambda: control.jobs.try_again([picked]), lambda _none: self.refresh(), self._say)

    def _give_up(self) -> None:
        control, picked = self._control, self._picked.get("refused")
        if control is not None and picked is not None:
            self._act.run(lambda: control.jobs.discard([picked]), lambda _none: self.refresh(), self._say)

    def _say(self, sentence: str) -> None:
        """Something asked for could not be done."""
        self._counts.setText(sentence)

    def _stopped(self, stop: bool) -> None:
        control = self._control
        if control is not None:
            value = "yes" if stop else "no"
            self._context.background.run(
                lambda: control.jobs.put_setting("sending_stopped", value), lambda _none: self.refresh(), self._say
            )
