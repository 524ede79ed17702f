"""The hours of one place: its own or those of the place above, and its days off."""

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, LINES, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.wire.hours import Hours, HoursList, PlaceHours
from repaircenter.wire.vocabulary import NETWORK

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
_NARROW = 260


def read_spans(text: str) -> list[str] | None:
    """Return what was written for a day ("8:00-12:00, 13:30-18:00") as the service keeps it; None for what is no hours."""
    spans = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            return None
        spans.append(f"{int(match[1]):02}:{match[2]}-{int(match[3]):02}:{match[4]}")
    ends = [moment for span in spans for moment in span.split("-")]
    return spans if ends == sorted(set(ends)) else None


def read_days(text: str) -> list[date] | None:
    """Return days written one a line; None when one is no day."""
    try:
        return sorted({date.fromisoformat(line.strip()) for line in text.splitlines() if line.strip()})
    except ValueError:
        return None


def _wrong_spans(text: str) -> str:
    return "bad_hours" if read_spans(text) is None else ""


def _wrong_days(text: str) -> str:
    return "bad_days_off" if read_days(text) is None else ""


_FIELDS = (
    Field(name="own", kind=CHECK),
    *(Field(name=day, width=_NARROW, hint="desk.hours.hint") for day in WEEKDAYS),
    Field(name="closed", kind=LINES),
)


class HoursPanel(Panel[PlaceHours]):
    """`keep` keeps what was written, `discard` gives it up."""

    def __init__(self, context: DeskContext, keep: Callable[[], object], discard: Callable[[], object]) -> None:
        super().__init__()
        self._context = context
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.form = Form(context, "desk.hours.field", _FIELDS)
        self._keep = bind(button("", keep, primary=True), "desk.hours.keep")
        self._discard = bind(button("", discard), "desk.configuration.discard")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._title, self._note, self.form, self.problem, row_of(self._keep, self._discard)):
            column.addWidget(part)
        self.form.changed.connect(self._show_state)
        self.show_record(None, HoursList(places=[]))

    def retranslate(self) -> None:
        self.form.retranslate()
        self._show_words()

    def show_record(self, record: PlaceHours | None, listed: HoursList) -> None:
        """Show the hours of a place as they are now; None for none."""
        self.record = record
        self.say("")
        self.setVisible(record is not None)
        if record is None:
            self.form.show_values({})
            return
        opening = record.hours.opening if record.hours.opening is not None else record.above.opening or {}
        self.form.show_values(
            {
                "own": record.hours.opening is not None,
                **{day: ", ".join(opening.get(day, ())) for day in WEEKDAYS},
                "closed": "\n".join(day.isoformat() for day in record.hours.closed),
            }
        )
        self._show_words()
        self._show_state()

    def _show_words(self) -> None:
        words, record = self._context.words, self.record
        if record is None:
            return
        self._title.setText(words("desk.people.everywhere") if record.kind == NETWORK else record.name)
        days = ", ".join(day.isoformat() for day in record.above.closed)
        self._note.setText(words("desk.hours.above", days=days) if days else "")

    def _show_state(self) -> None:
        own = self.form.values()["own"]
        for day in WEEKDAYS:
            self.form.enable_field(day, own)
        self._keep.setEnabled(self.is_changed)
        self._discard.setVisible(self.is_changed)

    def hours(self) -> Hours:
        """The hours as they are written here; what is no hours is left out (see `refusal`)."""
        values = self.form.values()
        opening = {day: spans for day in WEEKDAYS if (spans := read_spans(values[day] or ""))}
        return Hours(opening=opening if values["own"] else None, closed=read_days(values["closed"] or "") or [])

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept."""
        if self.record is None:
            return False
        before = self.record.hours
        opening = None if before.opening is None else {day: list(s) for day, s in before.opening.items() if s}
        return self._refusal_code() != "" or self.hours() != Hours(opening=opening, closed=sorted(before.closed))

    def _refusal_code(self) -> str:
        """The code of what is wrong with a field, empty for nothing. Hours that are only read are not judged."""
        values = self.form.values()
        wrong = [_wrong_spans(values[day] or "") for day in WEEKDAYS if values["own"]]
        return next(filter(None, [*wrong, _wrong_days(values["closed"] or "")]), "")

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        code = self._refusal_code()
        return self._context.words(f"error.{code}") if code else ""
