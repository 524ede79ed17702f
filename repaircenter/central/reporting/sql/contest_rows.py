"""Contested answers of a selection, counted by shop (A-N6)."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.aggregates import SHOP, answer_counts
from repaircenter.central.reporting.sql.cohort import Selection, looked_up


@dataclass(frozen=True, slots=True)
class Contested:
    """Answers, those among them that are or were contested, and where these stand; they pool by addition."""

    answers: int = 0
    contested: int = 0
    open: int = 0
    upheld: int = 0

    def __add__(self, other: "Contested") -> "Contested":
        return Contested(
            self.answers + other.answers,
            self.contested + other.contested,
            self.open + other.open,
            self.upheld + other.upheld,
        )


def contested(connection: Connection, chosen: Selection) -> dict[int, Contested]:
    """By shop; what was taken back was never contested. Answers that are left out are counted here. Nothing where nobody
    contested any."""
    whole, only_left_out = replace(chosen, with_contested=True), replace(chosen, only_left_out=True)
    with looked_up(connection):
        rows = connection.execute(
            text(
                "SELECT a.shop_id, count(*), count(*) FILTER (WHERE c.state = 'open'), "
                "count(*) FILTER (WHERE c.state = 'upheld') "
                + whole.answers().replace(
                    " WHERE ", " JOIN contest c ON c.answer_id = a.id AND c.state <> 'withdrawn' WHERE ", 1
                )
                + " GROUP BY a.shop_id"
            ),
            whole.values(),
        ).all()
        if not rows:
            return {}
        left_out = answer_counts(connection, only_left_out, (SHOP,))
    counted = answer_counts(connection, replace(chosen, with_contested=False), (SHOP,))
    counts = {
        shop: Contested(counted.get((shop,), 0) + left_out.get((shop,), 0)) for (shop,) in {**counted, **left_out}
    }
    for shop, *stands in rows:
        counts[shop] += Contested(0, *stands)
    return counts
