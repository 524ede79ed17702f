"""The chips above the list of jobs: state, insurer, dates, with a problem, not sent, no way to reach (UI.md)."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from repaircenter.desk.jobs.job_list import PERIODS, STATES, Filters
from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.flow_layout import FlowLayout

_MARKS = ("problem", "not_sent", "unreachable")


class FilterBar(QWidget):
    """`changed` is called after every press."""

    def __init__(self, context: DeskContext, changed: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._changed = changed
        self._unreachable = 0
        self._insurers: list[tuple[str, str]] = []
        row = FlowLayout(self)
        self._chips: dict[str, QToolButton] = {}
        for name in (*STATES, *_MARKS):
            chip = QToolButton()
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.toggled.connect(lambda _on: self._changed())
            self._chips[name] = chip
            row.addWidget(chip)
        self._insurer, self._period = QComboBox(), QComboBox()
        for box in (self._insurer, self._period):
            box.setMaximumWidth(170)
            box.currentIndexChanged.connect(lambda _index: self._changed())
            row.addWidget(box)
        bind = self._context.texts.bind
        bind(self._insurer, name="desk.jobs.column.insurer")
        bind(self._period, name="desk.jobs.period_name")
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        for name, chip in self._chips.items():
            write(chip, words(f"desk.jobs.chip.{name}"))
        self._refill(self._period, [(name, words(f"desk.jobs.period.{name}")) for name in PERIODS])
        self._fill_insurers()
        self.show_unreachable(self._unreachable)

    def offer_insurers(self, insurers: list[tuple[str, str]]) -> None:
        if insurers != self._insurers:
            self._insurers = insurers
            self._fill_insurers()

    def _fill_insurers(self) -> None:
        entries = [("", self._context.words("desk.jobs.every_insurer")), *self._insurers]
        chosen = self._insurer.currentData()
        if chosen and all(chosen != key for key, _ in entries):
            entries.append((chosen, self._insurer.currentText()))
        self._refill(self._insurer, entries)

    @staticmethod
    def _refill(box: QComboBox, entries: list[tuple[str, str]]) -> None:
        chosen = box.currentData()
        box.blockSignals(True)
        box.clear()
        for key, text in entries:
            box.addItem(text, key)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.blockSignals(False)

    def show_unreachable(self, count: int) -> None:
        """How many jobs have no way to reach their customer; without any the chip is not there."""
        self._unreachable = count
        chip = self._chips["unreachable"]
        chip.setText(f"{self._context.words('desk.jobs.chip.unreachable')} ({count})")
        chip.setVisible(bool(count) or chip.isChecked())

    def filters(self, shop_id: int | None = None) -> Filters:
        days = self._period.currentData()
        return Filters(
            frozenset(name for name in STATES if self._chips[name].isChecked()),
            self._insurer.currentData() or None,
            int(days) if days and days != "any" else None,
            self._chips["problem"].isChecked(),
            self._chips["not_sent"].isChecked(),
            self._chips["unreachable"].isChecked(),
            shop_id,
        )

    def clear(self) -> None:
        """Show everything again."""
        for chip in self._chips.values():
            chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(False)
        for box in (self._insurer, self._period):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self._changed()
