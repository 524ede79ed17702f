"""Configuration > Start and tray: with the session, and what closing the window means."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tray import ASK, CLOSING, Tray
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.settings_page import SettingsPage


class StartPage(SettingsPage):
    """What closing does is a preference of this desk; starting with the session is one of this PC."""

    def __init__(self, context: DeskContext, tray: Tray) -> None:
        super().__init__(context, "start")
        self._tray = tray
        self._with_session = QCheckBox()
        self._session_note = label("", "soft", wrap=True)
        self._head = label("")
        self._group = QButtonGroup(self)
        self._choices = {name: QRadioButton() for name in CLOSING}
        for choice in self._choices.values():
            self._group.addButton(choice)
        self._kept: bool | None = None
        self.build((self._with_session, self._session_note, self._head, *self._choices.values()))
        self.setFocusProxy(self._with_session)
        bind = self.context.texts.bind
        bind(self._with_session, "desk.start.with_session")
        bind(self._head, "desk.start.closing")
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        words = self.context.words
        for name, choice in self._choices.items():
            key = name if name != "tray" or self._tray.available else "minimise"
            choice.setText(words(f"desk.start.{key}"))
        self._show_note()

    def _show_note(self) -> None:
        key = "session_note" if self._kept is not None else "no_session"
        self._session_note.setText(self.context.words(f"desk.start.{key}"))

    def load(self) -> None:
        self._choices[str(self.context.settings.value("closing") or ASK)].setChecked(True)
        control = self.control
        if control is None:
            return

        def show(starts: bool | None) -> None:
            self._kept = starts
            self._with_session.setEnabled(starts is not None)
            self._with_session.setChecked(bool(starts))
            self._show_note()

        self.context.background.run(control.device.starts_with_session, show, self.say)

    @property
    def is_changed(self) -> bool:
        closes = self._chosen != str(self.context.settings.value("closing") or ASK)
        return closes or (self._kept is not None and self._with_session.isChecked() != self._kept)

    @property
    def _chosen(self) -> str:
        return next((name for name, choice in self._choices.items() if choice.isChecked()), ASK)

    def apply(self, done: Callable[[], None]) -> None:
        control, is_on = self.control, self._with_session.isChecked()
        self.context.remember("closing", self._chosen)
        if control is None or self._kept is None or is_on == self._kept:
            done()
            return

        def kept() -> None:
            self._kept = is_on
            done()

        self.run(lambda: control.device.start_with_session(is_on), kept)
