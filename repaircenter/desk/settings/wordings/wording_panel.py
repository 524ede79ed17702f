"""One message in a language: its words, what must stand in them, and how a customer would read it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import LINES, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.wire.surveys.wordings import ShownWording, Wording, WordingDraft, WordingList
from repaircenter.wire.vocabulary import SMS

NOTHING = WordingList(wordings=[], may_change=False)
_HIGH = 240
_FIELDS = (Field(name="subject", width=640), Field(name="body", kind=LINES, width=640, high=_HIGH))


class WordingPanel(Panel[Wording]):
    """`keep` keeps what was written, `discard` gives it up, `show` asks what a customer would read (True: mailed to oneself),
    `restore` takes the standard words again."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        show: Callable[[bool], object],
        restore: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = NOTHING
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self._must = label("", "soft", wrap=True)
        self.form = Form(context, "desk.wordings.field", _FIELDS)
        self._keep = bind(button("", keep, primary=True), "desk.wordings.keep")
        self._discard = bind(button("", discard), "desk.configuration.discard")
        self._show = bind(button("", lambda: show(False)), "desk.wordings.show")
        self._test = bind(button("", lambda: show(True)), "desk.wordings.test")
        self._restore = bind(button("", restore), "desk.wordings.restore")
        self._shown_head = bind(label("", "soft"), "desk.wordings.shown")
        self._shown = label("", wrap=True)
        self._shown.setTextFormat(Qt.TextFormat.PlainText)
        self._shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._title, self._note, self.form, self._must, self.problem,
            row_of(self._keep, self._discard, self._show, self._test, self._restore), self._shown_head, self._shown,
        ):  # fmt: skip
            column.addWidget(part)
        self.form.changed.connect(self._show_state)
        self.show_record(None, NOTHING)

    def retranslate(self) -> None:
        self.form.retranslate()
        self._show_words()

    def show_record(self, record: Wording | None, listed: WordingList) -> None:
        """Show a message as it is now; None for none."""
        self.record, self._listed = record, listed
        self.say("")
        self.show_shown(None)
        self.setVisible(record is not None)
        if record is not None:
            self.form.show_values({"subject": record.subject, "body": record.body.rstrip("\n")})
            self.form.show_field("subject", record.channel != SMS)
            self.form.setEnabled(listed.may_change)
        self._show_words()
        self._show_state()

    def _show_words(self) -> None:
        record, words = self.record, self._context.words
        if record is None:
            return
        named = words(f"desk.wordings.message.{record.message}")
        self._title.setText(f"{named} – {words(f'desk.wordings.language.{record.language}')}")
        if not self._listed.may_change:
            note = words("desk.wordings.beyond")
        elif record.changed_by is None:
            note = words("desk.wordings.standard")
        else:
            when = self._context.instant(record.changed_at)
            note = words(f"desk.wordings.{'own' if record.is_own else 'restored'}", by=record.changed_by, when=when)
        self._note.setText(note)
        known, must = (", ".join(f"{{{{ {name} }}}}" for name in names) for names in (record.placeholders, record.mandatory))
        self._must.setText(words("desk.wordings.placeholders", known=known, must=must))

    def _show_state(self) -> None:
        is_changed = self.is_changed
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)
        may = self._listed.may_change
        self._restore.setVisible(may and self.record is not None and self.record.is_own and not is_changed)

    @property
    def draft(self) -> WordingDraft:
        """The words as they are written here."""
        values = self.form.values()
        return WordingDraft(subject=values["subject"] or "", body=values["body"] or "")

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept."""
        record = self.record
        if record is None:
            return False
        subject = "" if record.channel == SMS else record.subject.strip()
        draft = self.draft
        written = "" if record.channel == SMS else draft.subject
        return (written, draft.body) != (subject, record.body.strip())

    def adopt(self, now: Wording) -> bool:
        """What is written is about the words as they are now; False when that is what they were."""
        if self.record is None or self.record.version == now.version:
            return False
        self.record = now
        return True

    def show_shown(self, shown: ShownWording | None) -> None:
        """What a customer would read; None for nothing yet."""
        text = "" if shown is None else "\n\n".join(part for part in (shown.subject.strip(), shown.body.strip()) if part)
        self._shown.setText(text)
        for part in (self._shown_head, self._shown):
            part.setVisible(bool(text))
