"""What a step of first run is, and what all steps know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.shop.controls import ShopControl


@dataclass(frozen=True, slots=True)
class Person:
    """Who paired this PC: signed in at the end, staying so when asked for."""

    email: str
    password: str
    stays: bool


@dataclass(slots=True)
class Answers:
    """What was answered so far. `paired` is (service, e-mail) once this PC is paired; `person` signs in at the end."""

    only_shows: bool = False
    folder: str = ""
    paired: tuple[str, str] | None = None
    person: "Person | None" = None
    has_begun: bool = False


class Host(Protocol):
    """The page around the steps."""

    answers: Answers

    def say(self, sentence: str) -> None: ...

    def run(self, call: Callable[[], Any], done: Callable[[Any], object]) -> None: ...


class Step(QWidget):
    """One step; its texts are `desk.setup.<name>_title` and `desk.setup.<name>_text`. `first` gets the keyboard.

    `go_on` keeps what was answered and calls `done`, or says what is missing.
    """

    name = ""
    next_key = "desk.setup.next"

    def __init__(self, context: DeskContext, host: Host) -> None:
        super().__init__()
        self.context, self.host = context, host
        self.control: ShopControl | None = None
        self.first: QWidget | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def retranslate(self) -> None:
        """Words that are put together; the others follow the language by themselves."""

    def shown(self) -> None:
        """The step comes on screen."""

    def left(self) -> None:
        """Another step comes on screen."""

    def go_on(self, done: Callable[[], None]) -> None:
        done()
