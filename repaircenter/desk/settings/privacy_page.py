"""Configuration > Privacy and storage: how data is kept here, for how long, and one customer's export or erasure."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.written_file import tell_written
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import bounded, button, label, number_box, row_of
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.shop.model.job import JobLine
from repaircenter.shop.model.state import StorageState

_DATA = Qt.ItemDataRole.UserRole
_MOST_FOUND = 200


class PrivacyPage(SettingsPage):
    """Erasing is asked twice, in the page itself."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__(context, "privacy")
        self._storage: StorageState | None = None
        self._lines = Query(context.operations)
        self._facts = label("", wrap=True)
        self._warning = label("", "problem", wrap=True)
        self._months = number_box(0, 240)
        self._months_label, self._months_note = label(""), label("", "soft", wrap=True)
        self._months_label.setBuddy(self._months)
        self._head, self._note = label("", "title"), label("", "soft", wrap=True)
        self._search = QLineEdit()
        self._search.textChanged.connect(lambda _text: self._find())
        self._found = QListWidget()
        # What is below it is in sight in the smallest window.
        self._found.setFixedHeight(140)
        self._found.itemChanged.connect(lambda _item: self._picked_changed())
        self._export, self._erase = button("", self._pressed_export), button("", self._pressed_erase)
        self._sure_button, self._cancel = button("", self._pressed_sure), button("", self._unsure)
        self._result = label("", "soft", wrap=True)
        self._result.hide()
        self.build((self._facts, self._warning, self._retention(), self._customers()))
        self.setFocusProxy(self._months)
        bind = self.context.texts.bind
        bind(self._months_label, "desk.privacy.months")
        bind(self._months, name="desk.privacy.months")
        bind(self._months_note, "desk.privacy.months_text")
        bind(self._head, "desk.privacy.customer")
        bind(self._note, "desk.privacy.customer_text")
        bind(self._search, name="desk.jobs.search", hint="desk.jobs.search")
        bind(self._found, name="desk.privacy.found")
        bind(self._export, "desk.privacy.export")
        bind(self._cancel, "desk.configuration.cancel")
        self.retranslate()

    def _retention(self) -> QWidget:
        frame = QFrame()
        form = QFormLayout(frame)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.addRow(self._months_label, self._months)
        form.addRow(self._months_note)
        return frame

    def _customers(self) -> QWidget:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        # The answer stands elsewhere than the question: a double click erases nobody.
        self._question = row_of(self._cancel, self._sure_button)
        row = QHBoxLayout()
        for widget in (self._export, self._erase):
            row.addWidget(widget)
        row.addStretch(1)
        for part in (self._head, self._note, bounded(self._search), self._found):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self._question)
        column.addWidget(self._result)
        return frame

    def retranslate(self) -> None:
        super().retranslate()
        words = self.context.words
        self._months.setSpecialValueText(words("desk.privacy.for_ever"))
        self._months.setSuffix(" " + words("desk.privacy.months_unit"))
        self._picked_changed()
        self._show_storage()

    def forget_person(self) -> None:
        """Nothing of whoever was here stays: no search, no ticks, no question."""
        self._search.clear()
        self._show_found([])
        self._result.hide()

    def load(self) -> None:
        control = self.control
        if control is None:
            return
        self._result.hide()
        self._search.clear()

        def show(storage: StorageState) -> None:
            self._storage = storage
            self._months.setValue(storage.keep_months)
            self._show_storage()

        self.context.background.run(control.device.storage, show, self.say)

    def _show_storage(self) -> None:
        words, storage = self.context.words, self._storage
        if storage is None:
            return
        size = self.context.locale.formattedDataSize(storage.size_bytes)
        sentences = [words("desk.privacy.encrypted", path=storage.path, size=size)]
        sentences.append(words(f"desk.privacy.key_{storage.key_place}"))
        if storage.backups:
            when = self.context.instant(storage.backups[0][1])
            sentences.append(words.count("desk.privacy.backups", len(storage.backups), when=when))
        sentences.append(words("desk.privacy.recovery"))
        self._facts.setText(" ".join(sentences))
        self._warning.setText(words("desk.privacy.key_warning") if storage.key_place == "file" else "")
        self._warning.setVisible(storage.key_place == "file")

    @property
    def is_changed(self) -> bool:
        return self._storage is not None and self._months.value() != self._storage.keep_months

    def apply(self, done: Callable[[], None]) -> None:
        control, storage, months = self.control, self._storage, self._months.value()
        if control is None or storage is None or not self.is_changed:
            done()
            return

        def kept() -> None:
            self._storage = replace(storage, keep_months=months)
            self.load()
            done()

        self.run(lambda: control.jobs.put_setting("keep_months", str(months)), kept)

    def _find(self) -> None:
        control, text = self.control, self._search.text().strip()
        self._unsure()
        if control is None or len(text) < 2:
            self._lines.drop()
            self._show_found([])
            return

        def show(answer: tuple[list[JobLine], int]) -> None:
            self._show_found([line for line in answer[0] if line.gone is None][:_MOST_FOUND])

        self._lines.ask(lambda: control.reader.job_lines(text), show, self.say)

    def _show_found(self, lines: list[JobLine]) -> None:
        self._found.blockSignals(True)
        self._found.clear()
        for line in lines:
            day = self.context.day(self.context.local(line.received_at_utc).date()) if line.received_at_utc else ""
            parts = (line.customer, line.ro_number, line.vehicle, day)
            item = QListWidgetItem(" · ".join(part for part in parts if part))
            item.setData(_DATA, line.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self._found.addItem(item)
        self._found.blockSignals(False)
        self._picked_changed()

    def _picked(self) -> list[int]:
        items = [self._found.item(row) for row in range(self._found.count())]
        return [int(item.data(_DATA)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _picked_changed(self) -> None:
        words, count = self.context.words, len(self._picked())
        write(self._erase, words("desk.privacy.erase"))
        for widget in (self._export, self._erase):
            widget.setEnabled(bool(count))
        self._question.hide()

    def _unsure(self) -> None:
        self._picked_changed()

    def _pressed_export(self) -> None:
        words = self.context.words
        name, _ = QFileDialog.getSaveFileName(
            self, words("desk.privacy.export").replace("&", ""), "customer.json", f"{words('desk.file.json')} (*.json)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write everything this PC holds of the ticked jobs."""
        control, picked = self.control, self._picked()
        if control is None:
            return

        def write() -> None:
            data = control.jobs.export(picked)
            try:
                path.write_bytes(data)
            except OSError:
                from repaircenter.runtime.errors import EnvironmentFailure

                raise EnvironmentFailure("not_written") from None

        self.run(write, lambda: tell_written(self.context, path))

    def _pressed_erase(self) -> None:
        """Ask first, with Cancel chosen."""
        write(self._sure_button, self.context.words.count("desk.privacy.erase_sure", len(self._picked())))
        self._erase.setEnabled(False)
        self._question.show()
        self._cancel.setFocus()

    def _pressed_sure(self) -> None:
        control, picked = self.control, self._picked()
        self._question.hide()
        if control is not None:
            self.run(lambda: control.jobs.erase(picked), lambda: self._erased(len(picked)))

    def _erased(self, count: int) -> None:
        self._find()
        self._tell(self.context.words.count("desk.privacy.erased", count))

    def _tell(self, text: str) -> None:
        self._result.setText(text)
        self._result.show()
