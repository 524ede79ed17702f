"""What every page of the Configuration can do (UI.md): load what is kept, say what is missing, keep what was changed."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.state import CollectorState


class ConfigurationPart(Protocol):
    """A page of the Configuration; `apply` calls `done` once everything is kept."""

    def retranslate(self) -> None: ...

    def attach(self, control: ShopControl) -> None: ...

    def load(self) -> None: ...

    @property
    def is_changed(self) -> bool: ...

    def apply(self, done: Callable[[], None]) -> None: ...

    def show_state(self, state: CollectorState) -> None: ...

    def stop(self) -> None: ...

    def forget_person(self) -> None: ...

    def show_place(self, inner: str) -> None:
        """A link leads to something on the page."""


class SettingsPage(QWidget):
    """A page with a title, a sentence and a place for what is wrong; `key` names its texts (`desk.<key>.title`)."""

    def __init__(self, context: DeskContext, key: str) -> None:
        super().__init__()
        self.context = context
        self._texts = key
        self.control: ShopControl | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 0, 4, 0)
        self._column.setSpacing(12)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()

    def build(self, parts: Sequence[QWidget]) -> None:
        """Title and sentence, the parts, and the place for what is wrong."""
        self.context.texts.bind(self._title, f"desk.{self._texts}.title")
        self.context.texts.bind(self._text, f"desk.{self._texts}.text")
        for part in (self._title, self._text, *parts, self._problem):
            self._column.addWidget(part)
        self._column.addStretch(1)

    def retranslate(self) -> None:
        """Words that are put together; the others follow the language by themselves."""

    def attach(self, control: ShopControl) -> None:
        self.control = control

    def load(self) -> None:
        """Show what is kept now."""

    def show_place(self, inner: str) -> None: ...

    @property
    def is_changed(self) -> bool:
        """Whether something here was changed and not kept."""
        return False

    def apply(self, done: Callable[[], None]) -> None:
        done()

    def show_state(self, state: CollectorState) -> None: ...

    def stop(self) -> None: ...

    def forget_person(self) -> None: ...

    def say(self, sentence: str) -> None:
        """What is wrong, or nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def run(self, call: Callable[[], object], done: Callable[[], None]) -> None:
        """Keep something in the background; what goes wrong is said here."""
        self.say("")
        self.context.background.run(call, lambda _none: done(), self._failed)

    def _failed(self, sentence: str) -> None:
        self.say(sentence or self.context.words("desk.viewer.failed_text"))
