"""The rows of a list as they were read: kept by key, brought up to date with what changed, chosen and sorted. No Qt."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class Rows(Generic[R]):
    """Rows by `key` and the revision they are of; 0 while nothing was read. One thread at a time works on it.

    A row that `is_gone` is taken out with the next update.
    """

    def __init__(self, key: Callable[[R], Hashable], is_gone: Callable[[R], bool] = lambda _row: False) -> None:
        self._key, self._is_gone = key, is_gone
        self._rows: dict[Hashable, R] = {}
        self.revision = 0

    def replace(self, rows: Iterable[R], revision: int) -> None:
        """Everything was read anew."""
        self._rows = {self._key(row): row for row in rows}
        self.revision = revision

    def update(self, rows: Iterable[R], revision: int) -> None:
        """What changed since `revision`."""
        for row in rows:
            if self._is_gone(row):
                self._rows.pop(self._key(row), None)
            else:
                self._rows[self._key(row)] = row
        self.revision = revision

    @property
    def every(self) -> Iterable[R]:
        return self._rows.values()

    def __len__(self) -> int:
        return len(self._rows)


def sort_rows(
    rows: list[R], order: tuple[str, bool], keys: Mapping[str, Callable[[R], Any]], age: Callable[[R], Any]
) -> None:
    """Sort by a column (True: downwards); rows that are equal there by their age."""
    column, descending = order
    rows.sort(key=age, reverse=descending)
    rows.sort(key=keys[column], reverse=descending)
