"""Several jobs chosen at once: how many, and what can be done to each of them that allows it (issue 15.11)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.model.job import DELIVERED, JobLine

_DEEDS = ("send", "deliver", "exclude", "include")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many jobs something was done to, and why not to the others."""

    done: int
    refusals: tuple[InputRefused, ...]


class ManyJobs(QWidget):
    """`do` runs a call in the background and then is told its Outcome; `copy` copies the rows."""

    def __init__(
        self, context: DeskContext, do: Callable[[Callable[[Actions], Outcome]], None], copy: Callable[[], None]
    ) -> None:
        super().__init__()
        self._context, self._do = context, do
        self._lines: Sequence[JobLine] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._title = label("", "title")
        column.addWidget(self._title)
        column.addWidget(context.texts.bind(label("", "soft", wrap=True), "desk.many.text"))
        self._buttons = {deed: button("", partial(self._press, deed)) for deed in _DEEDS}
        for pressed in (*self._buttons.values(), context.texts.bind(button("", copy), "desk.many.copy")):
            column.addWidget(pressed)
        column.addStretch(1)

    def retranslate(self) -> None:
        self.show_lines(self._lines)

    def show_lines(self, lines: Sequence[JobLine]) -> None:
        """Offer what can be done to some of these jobs, each with how many."""
        self._lines = lines
        words = self._context.words
        self._title.setText(words.count("desk.many.title", len(lines)))
        for deed, pressed in self._buttons.items():
            count = len(self._allowed(deed))
            text = words.count(f"desk.many.{deed}", count)
            pressed.setText(text)
            pressed.setAccessibleName(text)
            pressed.setVisible(count > 0)

    def _allowed(self, deed: str) -> list[int]:
        """The ids of the jobs that something can be done to, as far as the list knows."""
        alive = [line for line in self._lines if line.gone is None]
        if deed == "send":
            sendable = [line for line in alive if not (line.sent or line.excluded or line.unsure)]
            return [line.id for line in sendable if line.shop_id is not None]
        if deed == "deliver":
            return [line.id for line in alive if line.state != DELIVERED]
        return [line.id for line in alive if line.excluded == (deed == "include")]

    def _press(self, deed: str) -> None:
        ids, today = self._allowed(deed), self._context.today()
        acts: dict[str, Callable[[Actions, int], object]] = {
            "send": lambda act, job_id: act.send_now(job_id),
            "deliver": lambda act, job_id: act.mark_delivered(job_id, today),
            "exclude": lambda act, job_id: act.exclude(job_id),
            "include": lambda act, job_id: act.include(job_id),
        }

        def each(act: Actions) -> Outcome:
            refusals = []
            for job_id in ids:
                try:
                    acts[deed](act, job_id)
                except InputRefused as refusal:
                    refusals.append(refusal)
            return Outcome(len(ids) - len(refusals), tuple(refusals))

        self._do(each)
