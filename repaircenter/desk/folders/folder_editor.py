"""One watched folder of File directories: path, shop, code page, cut-off date, test, and the preview of old exports."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from repaircenter.desk.folders.folder_words import FolderWords, say_test
from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, day_box, ensure_visible, label
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.folder import FolderPreview, FolderSetting, FolderTest
from repaircenter.shop.model.job import Shop

_CODE_PAGES = ("cp1252", "cp850", "cp437")


class FolderEditor(QFrame):
    """Shows one setting and tells `edited` of every change."""

    def __init__(
        self,
        context: DeskContext,
        edited: Callable[[FolderSetting], None],
        was_tested: Callable[[str, FolderTest], None],
        cutoff_decided: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._edited, self._was_tested, self._cutoff_decided = edited, was_tested, cutoff_decided
        self._control: ShopControl | None = None
        self._setting: FolderSetting | None = None
        self._showing = False
        self._stopping: threading.Event | None = None
        self.setProperty("role", "card")
        self._build()
        self.show_setting(None)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self._path, self._words = label("", "title"), label("", wrap=True)
        form = QFormLayout()
        self._shop, self._page = QComboBox(), QComboBox()
        self._page.addItems(list(_CODE_PAGES))
        self._has_cutoff, self._cutoff, self._paused = QCheckBox(), day_box(), QCheckBox()
        self._labels = {name: label("") for name in ("shop", "code_page", "cutoff")}
        cutoff = QHBoxLayout()
        cutoff.addWidget(self._has_cutoff)
        cutoff.addWidget(self._cutoff)
        cutoff.addStretch(1)
        target = QHBoxLayout()
        target.addWidget(self._shop)
        target.addSpacing(12)
        target.addWidget(self._labels["code_page"])
        target.addWidget(self._page)
        target.addStretch(1)
        form.addRow(self._labels["shop"], target)
        form.addRow(self._labels["cutoff"], cutoff)
        form.addRow("", self._paused)
        self._shop.currentIndexChanged.connect(lambda _index: self._changed())
        self._page.currentIndexChanged.connect(lambda _index: self._changed())
        self._has_cutoff.toggled.connect(lambda _on: self._cutoff_toggled())
        self._cutoff.dateChanged.connect(lambda _date: self._changed())
        self._paused.toggled.connect(lambda _on: self._changed())
        self._test, self._preview = button("", self.test), button("", self._pressed_preview)
        self._progress = QProgressBar()
        self._progress.setTextVisible(True)
        self._progress.hide()
        row = QHBoxLayout()
        row.addWidget(self._test)
        row.addWidget(self._preview)
        row.addWidget(self._progress, 1)
        row.addStretch(1)
        self._tested, self._previewed = label("", "soft", wrap=True), label("", "soft", wrap=True)
        bind = self._context.texts.bind
        for name, caption in self._labels.items():
            bind(caption, f"desk.directories.{name}")
        for box, name in ((self._shop, "shop"), (self._page, "code_page"), (self._cutoff, "cutoff")):
            bind(box, name=f"desk.directories.{name}")
        bind(self._has_cutoff, "desk.directories.has_cutoff")
        bind(self._paused, "desk.directories.paused")
        bind(self._progress, name="desk.directories.preview")
        bind(self._test, "desk.directories.test")
        column.addWidget(self._path)
        column.addWidget(self._words)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self._tested)
        column.addWidget(self._previewed)

    def retranslate(self) -> None:
        words = self._context.words
        self._name_preview()
        if self._shop.count():
            self._shop.setItemText(0, words("desk.directories.by_facility"))

    def _name_preview(self) -> None:
        key = "desk.directories.preview" if self._stopping is None else "desk.directories.stop"
        write(self._preview, self._context.words(key))

    def attach(self, control: ShopControl) -> None:
        self._control = control

    def offer_shops(self, shops: list[Shop]) -> None:
        self._showing = True
        self._shop.clear()
        self._shop.addItem(self._context.words("desk.directories.by_facility"), None)
        for shop in shops:
            self._shop.addItem(shop.name, shop.id)
        self._showing = False

    def show_setting(self, setting: FolderSetting | None) -> None:
        """Show another folder; the results of the last one's test and preview go."""
        if self._setting is None or setting is None or setting.path != self._setting.path:
            self.stop_preview()
            self._tested.setText("")
            self._previewed.setText("")
        self._setting = setting
        self.setVisible(setting is not None)
        if setting is None:
            return
        self._showing = True
        self._path.setText(setting.path)
        self._shop.setCurrentIndex(max(self._shop.findData(setting.shop_id), 0))
        self._page.setCurrentText(setting.code_page)
        day = setting.cutoff or self._context.today()
        self._has_cutoff.setChecked(setting.cutoff is not None)
        self._cutoff.setEnabled(setting.cutoff is not None)
        self._cutoff.setDate(QDate(day.year, day.month, day.day))
        self._paused.setChecked(setting.paused)
        self._showing = False

    def show_words(self, state: FolderWords) -> None:
        """The folder's state now."""
        self._words.setText(state.sentence)
        self._words.setProperty("role", "problem" if state.colour == "problem" else "soft")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)

    def say(self, text: str) -> None:
        """Add a sentence to what the test said."""
        self._tested.setText(f"{self._tested.text()} {text}".strip())

    def _cutoff_toggled(self) -> None:
        if not self._showing and self._setting is not None:
            self._cutoff_decided(self._setting.path)
            self._changed()

    def _changed(self) -> None:
        if self._showing or self._setting is None:
            return
        self._cutoff.setEnabled(self._has_cutoff.isChecked())
        chosen = self._cutoff.date()
        day = date(chosen.year(), chosen.month(), chosen.day()) if self._has_cutoff.isChecked() else None
        shop = self._shop.currentData()
        self._setting = replace(
            self._setting,
            shop_id=None if shop is None else int(shop),
            code_page=self._page.currentText(),
            cutoff=day,
            paused=self._paused.isChecked(),
        )
        self._edited(self._setting)

    def test(self) -> None:
        """Whether the folder exists and can be read, and what is in it."""
        control, setting, words = self._control, self._setting, self._context.words
        if control is None or setting is None:
            return
        self._tested.setText(words("desk.directories.testing"))

        def show(tested: FolderTest) -> None:
            if self._setting is not None and self._setting.path == setting.path:
                self._show_test(tested)
            self._was_tested(setting.path, tested)

        self._context.background.run(
            lambda: control.folders.test(setting.path, setting.code_page), show, self._tested.setText, takes_long=True
        )

    def _show_test(self, tested: FolderTest) -> None:
        self._tested.setText(say_test(self._context, tested))
        ensure_visible(self._tested)

    def _pressed_preview(self) -> None:
        if self._stopping is not None:
            self.stop_preview()
            return
        control, setting = self._control, self._setting
        if control is None or setting is None:
            return
        stopping = self._stopping = threading.Event()
        self._name_preview()
        self._progress.setValue(0)
        self._progress.show()
        self._previewed.setText("")

        def progress(preview: FolderPreview) -> bool:
            self._context.background.report(lambda told: self._show_preview(told, stopping, ended=False), preview)
            return not stopping.is_set()

        self._context.background.run(
            lambda: control.folders.preview(setting, progress),
            lambda preview: self._show_preview(preview, stopping, ended=True),
            lambda sentence: self._preview_failed(sentence, stopping),
            takes_long=True,
        )

    def stop_preview(self) -> None:
        """Stop counting; what was counted so far stays on screen."""
        if self._stopping is not None:
            self._stopping.set()
            self._end_preview()

    def _end_preview(self) -> None:
        self._stopping = None
        self._name_preview()
        self._progress.hide()

    def _preview_failed(self, sentence: str, asked: threading.Event) -> None:
        if asked is self._stopping:
            self._end_preview()
            self._previewed.setText(sentence)

    def _show_preview(self, preview: FolderPreview, asked: threading.Event, *, ended: bool) -> None:
        if asked is not self._stopping:
            return
        words, context = self._context.words, self._context
        self._progress.setMaximum(max(preview.total, 1))
        self._progress.setValue(preview.done)
        parts = [
            words(
                "desk.directories.previewed",
                done=preview.done,
                all=preview.total,
                jobs=preview.jobs,
                customers=preview.customers,
            )
        ]
        if preview.first_day is not None:
            first, last = context.day(preview.first_day), context.day(preview.last_day)
            parts.append(words("desk.directories.previewed_days", first=first, last=last))
        parts.append(words("desk.directories.previewed_send", n=preview.would_send))
        if preview.unreadable:
            parts.append(words.count("desk.directories.previewed_unreadable", preview.unreadable))
        self._previewed.setText(" ".join(parts))
        ensure_visible(self._previewed)
        if ended:
            self._end_preview()
