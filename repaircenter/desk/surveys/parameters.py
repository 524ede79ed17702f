"""The parameter area of a report: only what the report takes (requirements 9.1). Names of people depend on their role."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QWidget,
)

from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import day_box, label, number_box
from repaircenter.wire.reports import ParameterChoices, ReportInfo, ReportOptions

_ALL = "all"
_CUSTOM = "custom"
_LEAST_ANSWERS = 5
# Parameters only a link gives.
_BEHIND = ("question", "score", "invited")
_OUTCOMES = ("recommend", "stars")


class ParameterPane(QScrollArea):
    """`changed` when a person picks another value."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._taken: tuple[str, ...] = ()
        # The period the shown report is usually looked at over.
        self._usual_period = ""
        self._options = ReportOptions()
        self._choices: dict[str, ParameterChoices] = {}
        self._kept: dict[str, str] = {}
        self._behind: dict[str, str] = {}
        self._boxes: dict[str, QComboBox] = {}
        self._people: QListWidget | None = None
        self._least: QSpinBox | None = None
        self._days: tuple[QDateEdit, QDateEdit] | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        self._form = QFormLayout(page)
        self._form.setContentsMargins(0, 8, 8, 8)
        self.setWidget(page)

    def set_choices(self, choices: Sequence[ParameterChoices]) -> None:
        """The parameters with fixed choices, in the order they are offered (central.reporting.parameters)."""
        self._choices = {parameter.name: parameter for parameter in choices}
        self.show_for(self._taken)

    def set_options(self, options: ReportOptions) -> None:
        """Programmes and people to choose from, as the service knows them."""
        self._options = options
        self.show_for(self._taken)

    def forget(self) -> None:
        """Nothing of the last person's choices stays."""
        self._options = ReportOptions()
        self.show_for((), {})

    def show_report(self, report: ReportInfo, values: dict[str, str] | None = None) -> None:
        """Offer what a report takes. Its usual period is chosen unless a person chose another one than is usual."""
        before, self._usual_period = self._usual_period, report.period
        box = self._boxes.get("period")
        if values is None and box is not None and before != report.period:
            usual = self._choices["period"].usual
            if box.currentData() == (before or usual):
                box.blockSignals(True)
                self._choose(box, report.period or usual)
        self.show_for(tuple(report.parameters), values)

    def show_for(self, taken: tuple[str, ...], values: dict[str, str] | None = None) -> None:
        """Offer these parameters, with the given values, else those chosen last (B-19): what this report does not take
        waits for the next that does. The usual period is the report's, else this month (A-50)."""
        if values is not None:
            self._kept, self._behind = dict(values), {name: values[name] for name in _BEHIND if name in values}
        else:
            if taken != self._taken:
                self._behind = {}
            offered = {*self._taken, *_BEHIND, *(("role",) if "employees" in self._taken else ())}
            kept = {name: value for name, value in self._kept.items() if name not in offered}
            self._kept = kept | self.values()
        given, self._taken = self._kept, taken
        while self._form.rowCount():
            self._form.removeRow(0)
        self._boxes, self._people, self._least, self._days = {}, None, None, None
        for name in ("period", "date_basis"):
            self._add_choice(name, given)
        self._add_behind()
        self._add_programmes(given)
        for name in self._choices:
            if name not in self._boxes:
                self._add_choice(name, given)
        self._add_people(given)
        self._add_least(given)

    def _add_choice(self, name: str, given: dict[str, str]) -> None:
        words, parameter = self._context.words, self._choices.get(name)
        # A service that is newer may take what this desk has no word for.
        if name not in self._taken or parameter is None or not words.has(f"desk.parameter.{name}"):
            return
        choices = (*(() if parameter.usual else (_ALL,)), *parameter.choices, *((_CUSTOM,) if name == "period" else ()))
        titles = {
            choice: words(f"report.{name}.{choice}") for choice in choices if words.has(f"report.{name}.{choice}")
        }
        if name == "measure":
            asked = self._options.questions.items()
            titles |= {f"question:{key}": texts.get(words.language, key) for key, texts in asked}
        usual = (self._usual_period if name == "period" else "") or parameter.usual
        box = self._add_box(name, titles, given.get(name, usual or _ALL))
        if name == "period":
            self._add_days(box, given.get("period", ""))

    def _add_box(self, name: str, titles: dict[str, str], value: str) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.setAccessibleName(without_mark(self._context.words(f"desk.parameter.{name}")))
        for choice, title in titles.items():
            box.addItem(title, choice)
        self._choose(box, value)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._boxes[name] = box
        self._add_row(name, box)
        return box

    def _add_row(self, name: str, widget: QWidget) -> None:
        caption = label(self._context.words(f"desk.parameter.{name}"))
        caption.setBuddy(widget)
        self._form.addRow(caption, widget)

    def _add_days(self, box: QComboBox, value: str) -> None:
        """Two days, shown while the period is chosen by hand."""
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        today = self._context.today()
        edits = []
        for key, day in zip(("from", "to"), _days_of(value) or (today.replace(day=1), today), strict=True):
            edit = day_box(QDate(day.year, day.month, day.day))
            edit.setAccessibleName(without_mark(self._context.words(f"desk.parameter.{key}")))
            edit.dateChanged.connect(lambda _day: self.changed.emit())
            row.addWidget(edit)
            edits.append(edit)
        self._days = (edits[0], edits[1])
        self._form.addRow("", page)

        def follow() -> None:
            self._form.setRowVisible(page, box.currentData() == _CUSTOM)

        box.currentIndexChanged.connect(lambda _index: follow())
        follow()

    def _add_behind(self) -> None:
        """What a figure that was followed limits its rows to: it has no choice of its own, and can be taken off."""
        if "invited" in self._behind:
            self._add_chip(self._context.words("desk.parameter.invited"))
        if "question" not in self._behind:
            return
        words, keys = self._context.words, self._behind["question"].split(",")
        texts = self._options.questions.get(keys[0], {})
        named = texts.get(words.language, words(f"report.outcome.{keys[0]}") if keys[0] in _OUTCOMES else keys[0])
        score = self._behind.get("score")
        whole = words("report.measure.csi") if len(keys) > 1 else named
        self._add_chip(f"{whole} = {score}" if score else whole)

    def _add_chip(self, text: str) -> None:
        take_off = self._context.words("desk.parameter.take_off")
        button = QToolButton()
        button.setProperty("role", "chip")
        button.setText(f"{text}  ✕")
        button.setToolTip(take_off)
        button.setAccessibleName(f"{text} – {take_off}")
        # Queued: the row goes with its button, which must have ended its click by then.
        button.clicked.connect(self._take_off, Qt.ConnectionType.QueuedConnection)
        self._add_row("answered", button)

    def _take_off(self) -> None:
        self._behind = {}
        self.show_for(self._taken)
        self.changed.emit()

    def _add_programmes(self, given: dict[str, str]) -> None:
        if "programme" not in self._taken or len(self._options.programmes) < 2:
            return
        titles = {_ALL: self._context.words("desk.parameter.every_programme"), **self._options.programmes}
        self._add_box("programme", titles, given.get("programme", _ALL))

    def _add_people(self, given: dict[str, str]) -> None:
        """The role, and its people to tick; none ticked means all."""
        if "employees" not in self._taken or not self._options.employees:
            return
        words = self._context.words
        titles = {}
        for role in self._options.employees:
            key = f"report.role.{role}"
            titles[role] = words(key) if words.has(key) else role
        roles = self._add_box("role", titles, given.get("role", next(iter(titles))))
        people = self._people = QListWidget()
        people.setMaximumHeight(110)
        people.setToolTip(words("desk.parameter.nobody_ticked"))
        people.setAccessibleName(without_mark(words("desk.parameter.employees")))
        self._add_row("employees", people)
        chosen = set(given.get("employees", "").split("\n"))
        roles.currentIndexChanged.connect(partial(self._fill_people, roles, set()))
        self._fill_people(roles, chosen)
        people.itemChanged.connect(lambda _item: self.changed.emit())

    def _fill_people(self, roles: QComboBox, chosen: set[str], _index: int = 0) -> None:
        people = self._people
        if people is None:
            return
        people.blockSignals(True)
        people.clear()
        for name in self._options.employees.get(str(roles.currentData()), []):
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
            people.addItem(item)
        people.blockSignals(False)

    def _add_least(self, given: dict[str, str]) -> None:
        if "min_n" not in self._taken:
            return
        box = self._least = number_box(1, 999)
        value = given.get("min_n", "")
        box.setValue(int(value) if value.isdigit() else _LEAST_ANSWERS)
        box.setAccessibleName(without_mark(self._context.words("desk.parameter.min_n")))
        box.valueChanged.connect(lambda _value: self.changed.emit())
        self._add_row("min_n", box)

    @staticmethod
    def _choose(box: QComboBox, value: str) -> None:
        if box.findData(value) < 0 and box.findData(_CUSTOM) >= 0 and _days_of(value) is not None:
            value = _CUSTOM
        index = box.findData(value)
        if index < 0:
            box.addItem(value, value)
            index = box.count() - 1
        box.setCurrentIndex(index)

    def values(self) -> dict[str, str]:
        """What is sent: nothing that is the usual value anyway."""
        chosen = {name: str(box.currentData()) for name, box in self._boxes.items()}
        if chosen.get("period") == _CUSTOM and self._days is not None:
            first, last = (edit.date().toString("yyyy-MM-dd") for edit in self._days)
            chosen["period"] = f"{min(first, last)}..{max(first, last)}"
        names = self._ticked()
        if names:
            chosen["employees"] = "\n".join(names)
        else:
            chosen.pop("role", None)
        if self._least is not None and self._least.value() != _LEAST_ANSWERS:
            chosen["min_n"] = str(self._least.value())
        return {name: value for name, value in chosen.items() if not self._is_usual(name, value)} | self._behind

    def _is_usual(self, name: str, value: str) -> bool:
        """What the service takes for granted is not sent, so that favourites stay short; the period always is."""
        parameter = self._choices.get(name)
        usual = "" if parameter is None or name == "period" else parameter.usual
        return value in (_ALL, usual)

    def _ticked(self) -> list[str]:
        if self._people is None:
            return []
        items = [self._people.item(row) for row in range(self._people.count())]
        return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]

    def retranslate(self) -> None:
        self.show_for(self._taken)


def _days_of(value: str) -> tuple[date, date] | None:
    """The two days of `YYYY-MM-DD..YYYY-MM-DD`."""
    first, separator, last = value.partition("..")
    try:
        return (date.fromisoformat(first), date.fromisoformat(last)) if separator else None
    except ValueError:
        return None
