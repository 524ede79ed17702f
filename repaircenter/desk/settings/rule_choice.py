"""The four send rules as radio buttons, each with its sentence (A-19)."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.model.outbox import SEND_RULES


class RuleChoice(QWidget):
    """`changed` gets the chosen rule."""

    def __init__(self, context: DeskContext, changed: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        self._notes = {}
        for number, name in enumerate(SEND_RULES):
            choice, note = QRadioButton(), label("", "soft", wrap=True)
            note.setIndent(24)
            self._group.addButton(choice, number)
            self._buttons[name], self._notes[name] = choice, note
            column.addWidget(choice)
            column.addWidget(note)
        self._group.idClicked.connect(lambda number: changed(SEND_RULES[number]))
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        for name, choice in self._buttons.items():
            choice.setText(words(f"desk.rule.{name}"))
            choice.setAccessibleDescription(words(f"desk.rule.{name}_text"))
            self._notes[name].setText(words(f"desk.rule.{name}_text"))

    @property
    def rule(self) -> str:
        return next((name for name, choice in self._buttons.items() if choice.isChecked()), "create")

    def choose(self, rule: str) -> None:
        self._buttons[rule].setChecked(True)
        self.setFocusProxy(self._buttons[rule])
