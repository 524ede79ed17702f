"""What leaves this PC (More > What leaves this PC…, A-N8): every message with its answer, and a switch that stops all."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QSplitter, QTabWidget, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.room import RoomPage, Status
from repaircenter.desk.kit.tables import fill, read_only_table
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.outbox.message_list import LISTS, MessageList, called
from repaircenter.desk.outbox.sent_view import SentView, field_name
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.outbox.messages import every_field


class SendingPage(RoomPage):
    """Three lists (sent, refused, waiting), the chosen message word for word, and every field that may ever leave."""

    def __init__(self, context: DeskContext, open_place: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._control: ShopControl | None = None
        self._act = Command(context.operations)
        bind = context.texts.bind
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self._stop = bind(QCheckBox(), "desk.sending.stop")
        self._stop.clicked.connect(self._stopped)
        self._counts = label("", "soft", wrap=True)
        title, text = label("", "title"), label("", "soft", wrap=True)
        self._open_place = open_place
        back = bind(button("", lambda: open_place("jobs")), "desk.sending.back")
        column.addWidget(row_of(back))
        for widget in (bind(title, "desk.sending.title"), bind(text, "desk.sending.text"), self._stop, self._counts):
            column.addWidget(widget)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        self._tabs = bind(QTabWidget(), name="desk.sending.tabs")
        self._lists = {name: MessageList(context, name, partial(self._changed, name)) for name in LISTS}
        self._again = bind(button("", self._try_again, primary=True), "desk.sending.try_again")
        self._discard = bind(button("", self._give_up), "desk.sending.discard")
        for pressed in (self._again, self._discard):
            self._lists["refused"].page.bar.addWidget(pressed)
        for messages in self._lists.values():
            messages.page.setContentsMargins(0, 8, 0, 0)
            self._tabs.addTab(messages.page, "")
        self._fields = bind(read_only_table(2), name="desk.sending.tab.fields")
        self._tabs.addTab(self._fields, "")
        self._sent = SentView(context)
        self._job = bind(button("", self._open_job), "desk.sending.open_job")
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self._sent, 1)
        beside.addWidget(row_of(self._job))
        split.addWidget(self._tabs)
        split.addWidget(right)
        split.setSizes([760, 480])
        column.addWidget(split, 1)
        self._tabs.currentChanged.connect(lambda _index: self._show_chosen())
        self.setFocusProxy(self._tabs)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._fields.setHorizontalHeaderLabels([words("desk.sent.field"), words("desk.sent.meaning")])
        fill(self._fields, [(field_name(self._context, path), path) for path in every_field()])
        self._tabs.setTabText(len(LISTS), words("desk.sending.tab.fields"))
        self._sent.retranslate()
        for name, messages in self._lists.items():
            messages.page.retranslate()
            self._changed(name)

    def attach(self, control: ShopControl) -> None:
        self._control = control
        for messages in self._lists.values():
            messages.control = control

    def opened(self, place: str, *, fresh: bool) -> None:
        """The page comes on screen; `place` names the list to begin with."""
        if place in LISTS:
            self._tabs.setCurrentIndex(list(LISTS).index(place))
        self.refresh()

    def react(self, fact: str) -> None:
        if fact == "jobs_changed":
            self.refresh()

    def refresh(self) -> None:
        if self.isVisible():
            for messages in self._lists.values():
                messages.page.load()

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

    def _changed(self, name: str) -> None:
        """A list was read, or a message of it was chosen: say how many there are, and show what was chosen."""
        words, messages = self._context.words, self._lists[name]
        number = f" ({len(messages.messages)})" if name != "log" and messages.messages else ""
        self._tabs.setTabText(list(LISTS).index(name), words(f"desk.sending.tab.{name}") + number)
        # Only a message that is still there is tried again or given up.
        is_refused = self._lists["refused"].chosen is not None
        for widget in (self._again, self._discard):
            widget.setEnabled(is_refused)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """The chosen message of the list on screen; without one, what is true of all of them."""
        words = self._context.words
        shown = next((listed for listed in self._lists.values() if listed.page is self._tabs.currentWidget()), None)
        chosen = None if shown is None else shown.chosen
        self._job.setVisible(chosen is not None and bool(chosen.label))
        if chosen is not None:
            self._sent.show_payload(words("desk.sending.message", job=called(chosen)), chosen.row.payload)
            return
        log = self._lists["log"]
        key = "nothing" if log.is_read_whole and not log.messages else "choose"
        self._sent.show_nothing(words(f"desk.sending.{key}"))

    def _open_job(self) -> None:
        """Show the job of the chosen message on its page."""
        shown = next((listed for listed in self._lists.values() if listed.page is self._tabs.currentWidget()), None)
        chosen = None if shown is None else shown.chosen
        if chosen is not None:
            self._open_place(f"jobs/{chosen.label.split(' · ')[0]}")

    def _try_again(self) -> None:
        self._do(lambda jobs, picked: jobs.try_again(picked))

    def _give_up(self) -> None:
        self._do(lambda jobs, picked: jobs.discard(picked))

    def _do(self, act: Callable[[Actions, Sequence[str]], None]) -> None:
        """Something with the refused message that was chosen."""
        control, chosen = self._control, self._lists["refused"].chosen
        if control is not None and chosen is not None:
            picked = [chosen.row.id]
            self._act.run(lambda: act(control.jobs, picked), lambda _none: self.refresh(), self._say)

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
