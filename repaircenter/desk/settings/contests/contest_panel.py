"""One contested answer: what the customer said, why it is contested, and what is decided; or a new one."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, LINES, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.contests.contest_words import about, standing
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.wire.surveys.contests import Contest, ContestableAnswer, ContestList
from repaircenter.wire.vocabulary import CONTEST_REASONS, LONGEST_EVIDENCE, REJECTED, UPHELD

NOBODY = ContestList(contests=[], answers=[], days=0)


def _wrong_words(text: str) -> str:
    return "too_long" if len(text) > LONGEST_EVIDENCE else ""


_NEW = (
    Field(name="answer", kind=CHOICE),
    Field(
        name="reason",
        kind=CHOICE,
        choices={"": "desk.contests.choose", **{word: f"common.contest.reason.{word}" for word in CONTEST_REASONS}},
    ),
    Field(name="evidence", kind=LINES, hint="desk.contests.evidence_hint", refusal=_wrong_words),
)
_DECISION = (
    Field(
        name="state",
        kind=CHOICE,
        choices={
            "": "desk.contests.choose",
            **{word: f"desk.contests.decision.{word}" for word in (UPHELD, REJECTED)},
        },
    ),
    Field(name="note", kind=LINES, hint="desk.contests.note_hint", refusal=_wrong_words),
)


class ContestPanel(Panel[Contest]):
    """`keep` keeps what was written, `discard` gives it up, `withdraw` takes the contest back."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        withdraw: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = NOBODY
        self.is_new = False
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.new = Form(context, "desk.contests.field", _NEW)
        self._said_head, self._said = bind(label("", "soft"), "desk.contests.said"), _copied()
        self._evidence_head, self._evidence = bind(label("", "soft"), "desk.contests.evidence"), _copied()
        self._decided_head, self._decided = bind(label("", "soft"), "desk.contests.decided"), _copied()
        self.decision = Form(context, "desk.contests.field", _DECISION)
        self._keep = button("", keep, primary=True)
        self._discard = bind(button("", discard), "desk.configuration.discard")
        self._withdraw = bind(button("", withdraw), "desk.contests.withdraw")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._title, self._note, self.new, self._said_head, self._said, self._evidence_head, self._evidence,
            self._decided_head, self._decided, self.decision, self.problem,
            row_of(self._keep, self._discard, self._withdraw),
        ):  # fmt: skip
            column.addWidget(part)
        for form in (self.new, self.decision):
            form.changed.connect(self._show_state)
        self.show_record(None, NOBODY)

    def retranslate(self) -> None:
        self.new.retranslate()
        self.decision.retranslate()
        self._offer_answers()
        self._show_words()

    def show_record(self, record: Contest | None, listed: ContestList) -> None:
        """Show a contest as it is now; None for none."""
        self.record, self._listed, self.is_new = record, listed, False
        self._show()

    def begin_new(self, listed: ContestList) -> None:
        """An empty form; no answer is chosen for anybody."""
        self.record, self._listed, self.is_new = None, listed, True
        self._show()
        self.new.focus_on("answer")

    def _show(self) -> None:
        self.say("")
        record = self.record
        self.setVisible(record is not None or self.is_new)
        self._offer_answers()
        self.new.show_values({"answer": None, "reason": "", "evidence": None})
        self.decision.show_values({"state": "", "note": None})
        self.new.setVisible(self.is_new)
        self.decision.setVisible(record is not None and record.may_decide)
        self._withdraw.setVisible(record is not None and record.may_withdraw)
        self._show_words()
        self._show_state()

    def _offer_answers(self) -> None:
        choose = self._context.words("desk.contests.choose")
        offered = [(answer.id, about(answer, self._context)) for answer in self._listed.answers]
        self.new.offer("answer", [(None, choose), *offered])

    def choose_answer(self, answer_id: int) -> bool:
        """Choose the answer of a new contest; False when it is none of those that may be contested."""
        if all(answer.id != answer_id for answer in self._listed.answers):
            return False
        self.new.put("answer", answer_id)
        self._show_state()
        self.new.focus_on("reason")
        return True

    @property
    def answer(self) -> ContestableAnswer | None:
        """The answer that is contested, or chosen to be."""
        if self.record is not None:
            return self.record.answer
        chosen = self.new.values()["answer"]
        return next((answer for answer in self._listed.answers if answer.id == chosen), None)

    def _show_words(self) -> None:
        words, record, answer = self._context.words, self.record, self.answer
        if record is None:
            self._title.setText(words("desk.contests.new_title"))
            key = "none_to_contest" if not self._listed.answers else "new_more" if self._listed.more else "new_note"
            count = len(self._listed.answers)
            self._note.setText(words(f"desk.contests.{key}", days=self._listed.days, count=count))
        else:
            self._title.setText(about(record.answer, self._context))
            self._note.setText(standing(record, self._context))
        _say(self._said_head, self._said, "" if answer is None else "\n".join(answer.said))
        _say(self._evidence_head, self._evidence, "" if record is None else _reasoned(record, self._context))
        _say(self._decided_head, self._decided, "" if record is None else record.note or "")
        self._keep.setText(words("desk.contests.keep" if record is None else "desk.contests.decide"))

    def _show_state(self) -> None:
        """What can be done with what is written; the answer that is chosen is shown."""
        is_changed = self.is_changed
        self._keep.setVisible(self.is_new or (self.record is not None and self.record.may_decide))
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)
        if self.is_new:
            answer = self.answer
            _say(self._said_head, self._said, "" if answer is None else "\n".join(answer.said))

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; a new one is, where there is an answer to contest."""
        if self.record is None:
            return self.is_new and bool(self._listed.answers)
        written = self.decision.values()
        return self.record.may_decide and bool(written["state"] or written["note"])

    def adopt(self, now: Contest) -> bool:
        """What is written is about the contest as it is now; False when that is what it was, or when there is nothing more to
        decide: then it is shown."""
        if self.record is None or self.record.version == now.version:
            return False
        self.record = now
        if not now.may_decide:
            self._show()
        return now.may_decide

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        form = self.new if self.record is None else self.decision
        missing = [name for name, value in form.values().items() if not value]
        if missing:
            form.focus_on(missing[0])
            return self._context.words(
                "error.contest_incomplete" if self.record is None else "desk.contests.undecided"
            )
        return form.refusal()


def _reasoned(record: Contest, context: DeskContext) -> str:
    """Why it is contested, with the words of whoever did."""
    key = f"common.contest.reason.{record.reason}"
    reason = context.words(key) if context.words.has(key) else record.reason
    return f"{reason}\n{record.evidence}"


def _copied() -> QLabel:
    text = label("", wrap=True)
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text


def _say(head: QLabel, text: QLabel, words: str) -> None:
    text.setText(words)
    for part in (head, text):
        part.setVisible(bool(words))
