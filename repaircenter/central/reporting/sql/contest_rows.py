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
    whole = replace(chosen, with_contested=True)
    with looked_up(connection):
        rows = connection.execute(
            text(
                "SELECT a.shop_id, count(*), count(*) FILTER (WHERE c.state = 'open'), "
                "count(*) FILTER (WHERE c.state = 'upheld'), count(a.left_out_at) "
                + whole.answers().replace(
                    " WHERE ", " JOIN contest c ON c.answer_id = a.id AND c.state <> 'withdrawn' WHERE ", 1
                )
                + " GROUP BY a.shop_id"
            ),
            whole.values(),
        ).all()
    if not rows:
        return {}
    answers = answer_counts(connection, replace(chosen, with_contested=False), (SHOP,))
    counts = {shop: Contested(answers=count) for (shop,), count in answers.items()}
    for shop, *stands, left_out in rows:
        counts[shop] = counts.get(shop, Contested()) + Contested(left_out, *stands)
    return counts
