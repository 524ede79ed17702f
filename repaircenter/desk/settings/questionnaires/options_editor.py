"""What may be chosen: a row a choice, a column a language; rows are added and taken away."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, row_of
from repaircenter.desk.settings.questionnaires.editing import new_key
from repaircenter.wire.surveys.questionnaires import Option

_LANGUAGES = ("fr", "en", "es")
_DATA = Qt.ItemDataRole.UserRole
_HIGH = 170


class OptionsEditor(QWidget):
    """`changed` when a person changed something. A choice keeps its key whatever it is called."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        bind = context.texts.bind
        self.table = bind(QTableWidget(0, len(_LANGUAGES)), name="desk.questionnaires.options")
        self.table.setFixedHeight(_HIGH)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.itemChanged.connect(lambda _item: self.changed.emit())
        self._add = bind(button("", self._pressed_add), "desk.questionnaires.add_option")
        self._remove = bind(button("", self._pressed_remove), "desk.questionnaires.remove_option")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addWidget(row_of(self._add, self._remove))
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self.table.setHorizontalHeaderLabels([words(f"desk.questionnaires.language.{one}") for one in _LANGUAGES])

    def show_options(self, options: Sequence[Option]) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for option in options:
            self._append(option)
        self.table.blockSignals(False)

    def options(self) -> list[Option]:
        """The choices as they are written here."""
        return [self._option(row) for row in range(self.table.rowCount())]

    def _option(self, row: int) -> Option:
        cells = [self.table.item(row, column) or QTableWidgetItem() for column in range(len(_LANGUAGES))]
        words = dict(zip(_LANGUAGES, (cell.text() for cell in cells), strict=True))
        return replace(Option(key=str(cells[0].data(_DATA)), en="", fr="", es=""), **words)

    def _append(self, option: Option) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, language in enumerate(_LANGUAGES):
            item = QTableWidgetItem(option.source(language))
            item.setData(_DATA, option.key)
            self.table.setItem(row, column, item)

    def _pressed_add(self) -> None:
        self.table.blockSignals(True)
        self._append(Option(key=new_key("o"), en="", fr="", es=""))
        self.table.blockSignals(False)
        self.changed.emit()
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.setFocus()

    def _pressed_remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self.changed.emit()
