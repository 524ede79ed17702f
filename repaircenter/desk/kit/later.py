"""Pages of a stack that are made when they are first needed: what nobody opens costs no start and no memory."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

W = TypeVar("W", bound=QWidget)


class Later(Generic[W]):
    """One such page: calling it gives the page, made and put on its stack at the first call."""

    def __init__(self, stack: QStackedWidget, make: Callable[[], W]) -> None:
        self._stack, self._make = stack, make
        # The page once it is there.
        self.made: W | None = None

    def __call__(self) -> W:
        if self.made is None:
            self.made = self._make()
            self._stack.addWidget(self.made)
        return self.made

    def show(self) -> W:
        """Put it in front, and return it."""
        page = self()
        self._stack.setCurrentWidget(page)
        return page

    @property
    def is_in_front(self) -> bool:
        return self.made is not None and self._stack.currentWidget() is self.made
