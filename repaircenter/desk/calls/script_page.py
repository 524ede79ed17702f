"""A page of the script: its questions in the customer's language, and what the customer answers."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLayout, QPlainTextEdit, QRadioButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.flow_layout import FlowLayout
from repaircenter.desk.kit.widgets import ensure_visible, label
from repaircenter.wire.surveys.interviews import ScriptPage, ScriptQuestion

_LINES_HIGH = 84
# Longer choices stand below each other.
_LONGEST_BESIDE = 28
_SEVERAL, _TEXT = "several", "text"


class ScriptQuestions(QWidget):
    """Shows one page; `given` says what is marked and written."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._page: ScriptPage | None = None
        self._buttons: dict[str, Mapping[str, QRadioButton | QCheckBox]] = {}
        self._lines: dict[str, QPlainTextEdit] = {}
        self._comment: QPlainTextEdit | None = None

    def show_page(self, page: ScriptPage | None) -> None:
        """Show a page in place of the one before; None for none."""
        self._page, self._comment = page, None
        self._buttons.clear()
        self._lines.clear()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if page is None:
            return
        if page.heading:
            self._column.addWidget(label(page.heading, "group", wrap=True))
        for question in page.questions:
            self._add(question)
        if page.is_last:
            self._comment = self._add_lines(page.comment_label, page.comment)

    def _add(self, question: ScriptQuestion) -> None:
        words = self._context.words
        title = question.text
        if question.required:
            title += f" ({words('page.survey.required')})"
        if question.kind == _SEVERAL:
            title += f" ({words('page.survey.several')})"
        for line in question.dates:
            self._column.addWidget(label(line, "soft", wrap=True))
        if question.kind == _TEXT:
            self._lines[question.key] = self._add_lines(title, next(iter(question.given), ""))
        else:
            self._column.addWidget(label(title, wrap=True))
            self._column.addWidget(self._choices(question, title))
        if question.is_missing:
            self._column.addWidget(label(words("page.survey.missing_here"), "problem", wrap=True))
        if question.ends:
            self._column.addWidget(label(" · ".join(question.ends), "soft", wrap=True))

    def _choices(self, question: ScriptQuestion, title: str) -> QWidget:
        """What may be chosen, side by side; the arrow keys go from one to the next."""
        row = QWidget()
        row.setAccessibleName(title)
        is_long = any(len(word) > _LONGEST_BESIDE for _, word in question.choices)
        flow: QLayout = QVBoxLayout(row) if is_long else FlowLayout(row, gap=12)
        flow.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(row)
        several = question.kind == _SEVERAL
        group.setExclusive(not several)
        buttons: dict[str, QRadioButton | QCheckBox] = {}
        for value, word in question.choices:
            shown = word.replace("&", "&&")
            box = QCheckBox(shown) if several else QRadioButton(shown)
            box.setAccessibleName(f"{title}: {word}")
            box.setChecked(value in question.given)
            group.addButton(box)
            flow.addWidget(box)
            buttons[value] = box
        self._buttons[question.key] = buttons
        return row

    def _add_lines(self, title: str, text: str) -> QPlainTextEdit:
        caption, lines = label(title.replace("&", "&&"), wrap=True), QPlainTextEdit(text)
        lines.setTabChangesFocus(True)
        lines.setFixedHeight(_LINES_HIGH)
        lines.setAccessibleName(title)
        caption.setBuddy(lines)
        self._column.addWidget(caption)
        self._column.addWidget(lines)
        return lines

    def given(self) -> dict[str, list[str]]:
        """What is marked and written, by question."""
        marked = {
            key: [value for value, box in buttons.items() if box.isChecked()] for key, buttons in self._buttons.items()
        }
        return marked | {key: [lines.toPlainText()] for key, lines in self._lines.items()}

    @property
    def comment(self) -> str | None:
        """What was said at the end; None where the page does not ask for it."""
        return None if self._comment is None else self._comment.toPlainText()

    def focus_first(self) -> None:
        """The first thing to answer has the keyboard: what is missing, or what is marked."""
        page = self._page
        if page is None:
            return
        asked = sorted(page.questions, key=lambda question: not question.is_missing)
        boxes = [box for box in map(self._box_of, asked) if box is not None]
        first = next(iter(boxes), self._comment)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            ensure_visible(first)

    def _box_of(self, question: ScriptQuestion) -> QWidget | None:
        """Where a question is answered: the marked choice, or the first."""
        buttons = list(self._buttons.get(question.key, {}).values())
        marked = (box for box in buttons if box.isChecked())
        return next(marked, next(iter(buttons), self._lines.get(question.key)))

    def in_order(self) -> list[QWidget]:
        """What one answers in, as it stands on the page."""
        boxes: list[QWidget] = []
        for question in () if self._page is None else self._page.questions:
            boxes += self._buttons.get(question.key, {}).values()
            if question.key in self._lines:
                boxes.append(self._lines[question.key])
        return boxes if self._comment is None else [*boxes, self._comment]
