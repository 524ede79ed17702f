"""Forms: fields said once with their kind, their words and their check; the same layout, keys and refusals everywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import (
    INPUT_WIDTH,
    align,
    bounded,
    button,
    day_box,
    label,
    number_box,
    scrolled,
    unrolled,
)

TEXT, LINES, SECRET, CHOICE, CHECK, DAY, NUMBER = "text", "lines", "secret", "choice", "check", "day", "number"
_LINES_HIGH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `name` is also the end of its text's key.

    LINES is text of several lines. A CHOICE takes `choices` (data -> key of its words), or those that are offered later.
    A DAY is off until it is ticked. A NUMBER is a whole one from `least` to `most`.
    `width` is how wide it gets at most, in pixels, `high` how high LINES are. `refusal`
    gives the code of the error (`error.CODE`) that is wrong with a text, empty for none.
    """

    name: str
    kind: str = TEXT
    choices: Mapping[str, str] | None = None
    hint: str = ""
    width: int = INPUT_WIDTH
    high: int = _LINES_HIGH
    least: int = 0
    most: int = 0
    refusal: Callable[[str], str] | None = None


class Form(QWidget):
    """Fields below each other; `texts` begins the keys of their words (`texts.NAME`). `changed` when one was filled in."""

    changed = Signal()

    def __init__(self, context: DeskContext, texts: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._context = context
        self._fields = fields
        self._boxes: dict[str, Any] = {}
        self._days: dict[str, QDateEdit] = {}
        # What stands in a field's row of the layout.
        self._rows: dict[str, QWidget] = {}
        self.captions: list[QWidget] = []
        bind = context.texts.bind
        layout = self._layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        # A list and a day are as wide as what stands in them.
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for field in fields:
            key = f"{texts}.{field.name}"
            box = self._boxes[field.name] = _box(field)
            edited = _EDITED.get(field.kind, "textEdited")
            self._rows[field.name] = box
            getattr(box, edited).connect(lambda *_: self.changed.emit())
            if field.kind == CHECK:
                layout.addRow(bind(box, key))
            elif field.kind == DAY:
                self.captions.append(bind(box, key))
                layout.addRow(box, self._day(field.name, box, key))
            else:
                caption = bind(label(""), key)
                self.captions.append(caption)
                caption.setBuddy(bind(box, name=key, hint=field.hint))
                row = self._rows[field.name] = box if field.kind in (CHOICE, NUMBER) else bounded(box, field.width)
                layout.addRow(caption, row)
        self.retranslate()

    def _day(self, name: str, box: QCheckBox, key: str) -> QDateEdit:
        edit = self._days[name] = day_box(QDate.currentDate())
        edit.setEnabled(False)
        box.setMinimumHeight(edit.sizeHint().height())
        box.toggled.connect(edit.setEnabled)
        return self._context.texts.bind(edit, name=key)

    def retranslate(self) -> None:
        """The words of choices; all others follow the language by themselves."""
        for field in self._fields:
            if field.choices is not None:
                self.offer(field.name, [(data, self._context.words(key)) for data, key in field.choices.items()])

    def offer(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        """What may be chosen in a field: (data, words); what was chosen stays if it can."""
        box = self._boxes[name]
        chosen = box.currentData()
        box.clear()
        for data, text in choices:
            box.addItem(text, data)
        box.setCurrentIndex(max(box.findData(chosen), 0))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Fill every field; one that is not among the values is emptied."""
        for field in self._fields:
            self._put(field, values.get(field.name))

    def put(self, name: str, value: Any) -> None:
        """Fill one field; None empties it."""
        self._put(next(field for field in self._fields if field.name == name), value)

    def _put(self, field: Field, value: Any) -> None:
        box = self._boxes[field.name]
        if field.kind == CHOICE:
            box.setCurrentIndex(max(box.findData("" if value is None else value), 0))
        elif field.kind == CHECK:
            box.setChecked(bool(value))
        elif field.kind == DAY:
            day = value or self._context.today()
            box.setChecked(value is not None)
            self._days[field.name].setDate(QDate(day.year, day.month, day.day))
        elif field.kind == NUMBER:
            box.setValue(field.least if value is None else value)
        elif field.kind == LINES:
            box.setPlainText(value or "")
        else:
            box.setText(value or "")

    def values(self) -> dict[str, Any]:
        """What was filled in, by name: text without spaces around it, None for an empty field or no choice."""
        return {field.name: self._value(field) for field in self._fields}

    def _value(self, field: Field) -> Any:
        box = self._boxes[field.name]
        if field.kind == CHOICE:
            return box.currentData() or None
        if field.kind == CHECK:
            return box.isChecked()
        if field.kind == NUMBER:
            return box.value()
        if field.kind == DAY:
            day = self._days[field.name].date()
            return date(day.year(), day.month(), day.day()) if box.isChecked() else None
        return _text(box) or None

    def refusal(self) -> str:
        """What is wrong with what was filled in: one sentence, empty for nothing. The field gets the focus."""
        for field in self._fields:
            code = field.refusal(_text(self._boxes[field.name])) if field.refusal else ""
            if code:
                self._boxes[field.name].setFocus()
                return self._context.words(f"error.{code}")
        return ""

    def focus_on(self, name: str) -> None:
        self._boxes[name].setFocus()

    def enable_field(self, name: str, enabled: bool) -> None:
        """Let a field be filled in, or only be read."""
        self._boxes[name].setEnabled(enabled)

    def show_field(self, name: str, shown: bool) -> None:
        """Show a field, or have it not asked."""
        self._layout.setRowVisible(self._rows[name], shown)


class FormPage(QWidget):
    """Forms with a title, a note, a place for what is wrong, and two buttons; Esc leaves, Ctrl+S keeps.

    `texts` begins the keys: `.title`, `.note`, `.keep`.
    """

    def __init__(
        self,
        context: DeskContext,
        texts: str,
        forms: Sequence[Form],
        keep: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__()
        bind = context.texts.bind
        self._context, self._forms = context, forms
        self._pressed = keep
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        outer.addWidget(scrolled(page), 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._problem = label("", "problem", wrap=True)
        kept = bind(button("", self._kept, primary=True), f"{texts}.keep")
        left = bind(button("", leave), "desk.configuration.cancel")
        # What ends it is always in sight.
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 8)
        row.addWidget(kept)
        row.addWidget(left)
        row.addStretch(1)
        column.addWidget(bind(label("", "title", wrap=True), f"{texts}.title"))
        column.addWidget(bind(label("", "soft", wrap=True), f"{texts}.note"))
        for form in forms:
            column.addWidget(form)
        column.addWidget(self._problem)
        column.addStretch(1)
        outer.addLayout(row)
        for keys, press in (("Esc", left.click), ("Ctrl+S", kept.click), ("Return", kept.click)):
            QShortcut(QKeySequence(keys), self, press, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.say("")

    def retranslate(self) -> None:
        for form in self._forms:
            form.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        align([caption for form in self._forms for caption in form.captions])

    def _kept(self) -> None:
        """Keep what was written, unless a field says what is wrong with it."""
        refusal = next(filter(None, (form.refusal() for form in self._forms)), "")
        self.say(refusal)
        if not refusal:
            self._pressed()

    def say(self, sentence: str) -> None:
        """What is wrong with what was written."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))


_EDITED = {
    CHOICE: "currentIndexChanged",
    CHECK: "toggled",
    DAY: "toggled",
    LINES: "textChanged",
    NUMBER: "valueChanged",
}


def _text(box: Any) -> str:
    # The plain text of Qt has lost its no-break spaces; the raw one has marks for line ends.
    written = box.document().toRawText() if isinstance(box, QPlainTextEdit) else box.text()
    return str(written).replace("\u2029", "\n").replace("\u2028", "\n").strip()


def _box(field: Field) -> Any:
    if field.kind == LINES:
        lines = QPlainTextEdit()
        lines.setTabChangesFocus(True)
        lines.setFixedHeight(field.high)
        return lines
    if field.kind == CHOICE:
        choice = unrolled(QComboBox())
        if field.choices is None:
            # What is offered later may be longer than what was there when it was first seen.
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return choice
    if field.kind == NUMBER:
        return number_box(field.least, field.most)
    if field.kind in (CHECK, DAY):
        return QCheckBox()
    edit = QLineEdit()
    if field.kind == SECRET:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit
