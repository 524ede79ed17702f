"""Configuration > Language and appearance."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from repaircenter.desk.kit.desk_context import LANGUAGE_NAMES, DeskContext
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.runtime.text import LANGUAGES

LOOKS = ("system", "light", "dark")


class AppearancePage(SettingsPage):
    """`set_language` and `set_look` change the whole window at once."""

    def __init__(
        self, context: DeskContext, set_language: Callable[[str], None], set_look: Callable[[str], None]
    ) -> None:
        super().__init__(context, "appearance")
        self._set_language, self._set_look = set_language, set_look
        frame = QWidget()
        form = QFormLayout(frame)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self._language, self._look = QComboBox(), QComboBox()
        self._labels = label(""), label("")
        for caption, box, name in zip(self._labels, (self._language, self._look), ("language", "look"), strict=True):
            context.texts.bind(caption, f"desk.appearance.{name}")
            caption.setBuddy(context.texts.bind(box, name=f"desk.appearance.{name}"))
            form.addRow(caption, box)
        for language in LANGUAGES:
            self._language.addItem(LANGUAGE_NAMES[language], language)
        self.build((frame,))
        self.setFocusProxy(self._language)
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        words = self.context.words
        self._look.clear()
        for look in LOOKS:
            self._look.addItem(words(f"desk.more.look_{look}"), look)
        self.load()

    def load(self) -> None:
        self._language.setCurrentIndex(self._language.findData(self.context.words.language))
        self._look.setCurrentIndex(max(self._look.findData(self.context.theme.choice), 0))

    @property
    def is_changed(self) -> bool:
        chosen = self._language.currentData(), self._look.currentData()
        return chosen != (self.context.words.language, self.context.theme.choice)

    def apply(self, done: Callable[[], None]) -> None:
        language, look = self._language.currentData(), self._look.currentData()
        if look != self.context.theme.choice:
            self._set_look(look)
        if language != self.context.words.language:
            self._set_language(language)
        done()
