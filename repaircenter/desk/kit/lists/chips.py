"""The chips above a list: marks to switch on, and choices to narrow it (UI.md)."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.flow_layout import FlowLayout

_WIDEST_CHOICE = 190


class Chips(QWidget):
    """`changed` is called after every press. `texts` begins the keys: `.chip.NAME`.

    `choices` gives the key of each choice's name; what may be chosen is offered later, its first entry being all.
    """

    def __init__(
        self,
        context: DeskContext,
        texts: str,
        names: Sequence[str],
        choices: Mapping[str, str],
        changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context, self._texts, self._changed = context, texts, changed
        self._counts: dict[str, int] = {}
        self._chips: dict[str, QToolButton] = {}
        self._boxes: dict[str, QComboBox] = {}
        row = FlowLayout(self)
        for name in names:
            chip = self._chips[name] = context.texts.bind(QToolButton(), f"{texts}.chip.{name}")
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.toggled.connect(lambda _on: self._changed())
            row.addWidget(chip)
        for name, key in choices.items():
            box = self._boxes[name] = context.texts.bind(QComboBox(), name=key)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(_WIDEST_CHOICE)
            box.currentIndexChanged.connect(lambda _index: self._changed())
            row.addWidget(box)

    def retranslate(self) -> None:
        for name, count in self._counts.items():
            self.show_count(name, count)

    def offer(self, name: str, entries: Sequence[tuple[str, str]]) -> None:
        """What may be chosen: (data, words). What was chosen stays, even if it is not among them now."""
        box = self._boxes[name]
        shown = [(box.itemData(index), box.itemText(index)) for index in range(box.count())]
        if shown == list(entries):
            return
        chosen, text = box.currentData(), box.currentText()
        box.blockSignals(True)
        box.clear()
        for data, words in entries:
            box.addItem(words, data)
        if chosen and box.findData(chosen) < 0:
            box.addItem(text, chosen)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.blockSignals(False)

    def show_count(self, name: str, count: int) -> None:
        """How many rows a chip would show; without any the chip is not there."""
        self._counts[name] = count
        chip = self._chips[name]
        write(chip, f"{self._context.words(f'{self._texts}.chip.{name}')} ({count})")
        chip.setVisible(bool(count) or chip.isChecked())

    def is_on(self, name: str) -> bool:
        return self._chips[name].isChecked()

    def switch(self, name: str, *, on: bool = True) -> None:
        """Switch a chip without telling anybody: how a page begins."""
        chip = self._chips[name]
        chip.blockSignals(True)
        chip.setChecked(on)
        chip.blockSignals(False)

    def chosen(self, name: str) -> str | None:
        """The data of a choice, None for all."""
        return self._boxes[name].currentData() or None

    def clear(self) -> None:
        """Show everything again."""
        for widget in (*self._chips.values(), *self._boxes.values()):
            widget.blockSignals(True)
        for chip in self._chips.values():
            chip.setChecked(False)
        for box in self._boxes.values():
            box.setCurrentIndex(0)
        for widget in (*self._chips.values(), *self._boxes.values()):
            widget.blockSignals(False)
        self._changed()
