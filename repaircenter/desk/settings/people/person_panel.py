"""One person: asked in, or changed, closed and sent a link; what was done about them stands below."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, Field, Form
from repaircenter.desk.kit.timeline import DONE, Step, TimelineView
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.people.grants_editor import GrantsEditor
from repaircenter.desk.settings.people.person_words import event_text
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.runtime.contact import read_email
from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.people import Grant, PersonEvent, PersonInfo, PersonList
from repaircenter.wire.vocabulary import CLOSED, INVITED

_HISTORY_HIGH = 150


def _wrong_email(text: str) -> str:
    return "" if read_email(text).address is not None else "bad_email"


def _wrong_name(text: str) -> str:
    return "" if text else "bad_name"


_FIELDS = (
    Field(name="name", refusal=_wrong_name),
    Field(name="email", refusal=_wrong_email),
    Field(name="language", kind=CHOICE, choices={word: f"desk.people.language.{word}" for word in LANGUAGES}),
)


class PersonPanel(Panel[PersonInfo]):
    """`keep` is called to keep what was written, `act` with `link`, `close` or `reopen`, `discard` to give it up."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        act: Callable[[str], object],
        discard: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = PersonList(people=[], nodes=[], roles=[], me=0)
        self.is_new = False
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.form = Form(context, "desk.people.field", _FIELDS)
        self.grants = GrantsEditor(context)
        self._keep = button("", keep, primary=True)
        self._discard = bind(button("", discard), "desk.configuration.discard")
        self._link = button("", lambda: act("link"))
        self._close = button("", lambda: act("close" if self.record and self.record.state != CLOSED else "reopen"))
        self._history_title = bind(label("", "soft"), "desk.people.history")
        self._history = TimelineView(context)
        self._history.setFixedHeight(_HISTORY_HIGH)
        self._events: Sequence[PersonEvent] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._title, self._note, self.form, bind(label(""), "desk.people.grants"), self.grants, self.problem,
            row_of(self._keep, self._discard, self._link, self._close), self._history_title, self._history,
        ):  # fmt: skip
            column.addWidget(part)
        for changed in (self.form.changed, self.grants.changed):
            changed.connect(self._show_buttons)
        self.show_record(None, self._listed)

    def retranslate(self) -> None:
        self.form.retranslate()
        self.grants.retranslate()
        self._history.retranslate()
        self._show_words()
        self.show_history(self._events)

    def show_record(self, record: PersonInfo | None, listed: PersonList) -> None:
        """Show somebody as they are now; None for nobody."""
        self.record, self._listed, self.is_new = record, listed, False
        self._show(record)

    def begin_new(self, listed: PersonList) -> None:
        """An empty form for somebody who is asked in: the least they may, in the lowest place."""
        self.record, self._listed, self.is_new = None, listed, True
        self._show(None)
        self.form.focus_on("name")

    def _show(self, person: PersonInfo | None) -> None:
        self.say("")
        self.setVisible(person is not None or self.is_new)
        self.form.show_field("email", self.is_new)
        language = self._context.words.language if person is None else person.language
        self.form.show_values(
            {"name": person.name if person else None, "email": person.email if person else None, "language": language}
        )
        may_be_none = person is not None and not person.wholly
        self.grants.offer(self._listed.roles, self._listed.nodes, may_be_none=may_be_none)
        self.grants.show_grants(person.grants if person else self._first_grants())
        self.form.setEnabled(person is None or person.wholly)
        self.show_history(())
        self._show_words()
        self._show_buttons()

    def _first_grants(self) -> list[Grant]:
        listed = self._listed
        if not (self.is_new and listed.roles and listed.nodes):
            return []
        return [Grant(role=listed.roles[-1], node_id=listed.nodes[-1].id)]

    def _show_words(self) -> None:
        words, person = self._context.words, self.record
        self._title.setText(words("desk.people.new_title") if person is None else person.name)
        if person is None:
            note = words("desk.people.new_note")
        elif not person.wholly:
            note = words("desk.people.beyond", email=person.email)
        elif person.state == INVITED:
            note = words("desk.people.invited", email=person.email, when=self._context.instant(person.asked_at))
        else:
            note = person.email
        self._note.setText(note)
        self._keep.setText(words("desk.people.invite" if person is None else "desk.people.keep"))
        self._link.setText(
            words("desk.people.invite_again" if person and person.state == INVITED else "desk.people.link")
        )
        self._close.setText(words("desk.people.reopen" if person and person.state == CLOSED else "desk.people.close"))

    def _show_buttons(self) -> None:
        person, is_changed = self.record, self.is_changed
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)
        is_mine = person is not None and person.id == self._listed.me
        self._link.setVisible(person is not None and person.wholly and person.state != CLOSED)
        self._close.setVisible(person is not None and person.wholly and not is_mine)
        for pressed in (self._link, self._close):
            pressed.setEnabled(not is_changed)

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; somebody new is."""
        person = self.record
        if person is None:
            return self.is_new
        values = self.form.values()
        same = (values["name"], values["language"]) == (person.name, person.language)
        return not same or set(self.grants.grants()) != set(person.grants)

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        return self.form.refusal()

    def show_history(self, events: Sequence[PersonEvent]) -> None:
        """What was done, oldest first."""
        self._events = events
        nodes = {node.id: node for node in self._listed.nodes}
        self._history.show_steps([Step(event.at, event_text(event, nodes, self._context), DONE) for event in events])
        for part in (self._history_title, self._history):
            part.setVisible(bool(events))
