"""How a person arranged a document on the screen: a table in another order, sections folded (V-13, V-14). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from repaircenter.rendering.sorting import sorted_parts
from repaircenter.wire.document.nodes import Heading
from repaircenter.wire.document.parts import Part


@dataclass(frozen=True, slots=True)
class Order:
    """The `table`-th table (from 0) by one of its columns."""

    table: int
    column: int
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`folded` holds the numbers (from 0) of headings whose sections are not shown."""

    order: Order | None = None
    folded: frozenset[int] = frozenset()

    def sorted_by(self, table: int, column: int) -> "Arrangement":
        """A column chosen once more turns the order round, the third time it is as it came."""
        before = self.order
        if before is None or (before.table, before.column) != (table, column):
            return replace(self, order=Order(table, column))
        return replace(self, order=None if before.descending else replace(before, descending=True))

    def folding(self, section: int) -> "Arrangement":
        """Fold a section, or open it again."""
        return replace(self, folded=self.folded ^ {section})

    def ordered(self, parts: Sequence[Part]) -> list[Part]:
        """The parts with the rows of the sorted table in their order."""
        order = self.order
        if order is None:
            return list(parts)
        return sorted_parts(parts, order.table, order.column, descending=order.descending)


AS_IT_CAME = Arrangement()


def sections(parts: Iterable[Part]) -> frozenset[int]:
    """The numbers of all headings of a document."""
    return frozenset(range(sum(isinstance(node, Heading) for part in parts for node in part.nodes)))
