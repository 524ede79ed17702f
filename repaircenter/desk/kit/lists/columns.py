"""What a list is made of: its columns, and the icons that stand before words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from repaircenter.desk.kit.desk_context import DeskContext

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """`name` is also the end of its title's key. `text` says a row's cell, `order` is what rows are sorted by.

    A column that `grows` shares with its like what is left of the width. `mark` names the icon before the words (empty:
    none), `tip` what stands in the tool tip instead of the words.
    """

    name: str
    text: Callable[[R, DeskContext], str]
    order: Callable[[R], Any]
    width: int
    right: bool = False
    hidden: bool = False
    grows: bool = False
    mark: Callable[[R], str] | None = None
    tip: Callable[[R, DeskContext], str | None] | None = None


# Mark -> (icon, colour of theme.py).
Marks = dict[str, tuple[str, str]]
