"""The parameter area of a report: period, section, order; only those the report takes (requirements 9.1)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.pieces import label

_CHOICES = {
    "period": ("this_month", "last_month", "quarter", "year_to_date", "last_12_months"),
    "section": ("all", "shop", "insurer"),
    "order": ("newest", "oldest", "lowest", "highest"),
}
_UNSET = {"section": "all"}


class ParameterPane(QWidget):
    """`changed` when a person picks another value."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._taken: tuple[str, ...] = ()
        self._boxes: dict[str, QComboBox] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(12, 8, 12, 8)

    def show_for(self, taken: tuple[str, ...], values: dict[str, str] | None = None) -> None:
        """Offer the parameters a report takes, with the given or the usual values (A-50: this month)."""
        values = values if values is not None else self.values()
        self._taken = taken
        while self._form.rowCount():
            self._form.removeRow(0)
        self._boxes = {}
        words = self._context.words
        for name, choices in _CHOICES.items():
            if name not in taken:
                continue
            box = QComboBox()
            box.setAccessibleName(words(f"desk.parameter.{name}"))
            for choice in choices:
                box.addItem(words(f"report.{name}.{choice}"), choice)
            self._choose(box, values.get(name, choices[0]))
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
            self._boxes[name] = box
            caption = label(words(f"desk.parameter.{name}"))
            caption.setBuddy(box)
            self._form.addRow(caption, box)

    @staticmethod
    def _choose(box: QComboBox, value: str) -> None:
        index = box.findData(value)
        if index < 0:
            box.addItem(value, value)
            index = box.count() - 1
        box.setCurrentIndex(index)

    def values(self) -> dict[str, str]:
        chosen = {name: str(box.currentData()) for name, box in self._boxes.items()}
        return {name: value for name, value in chosen.items() if value != _UNSET.get(name)}

    def set_period(self, word: str) -> None:
        if "period" in self._boxes:
            self._choose(self._boxes["period"], word)

    def retranslate(self) -> None:
        self.show_for(self._taken, self.values())
