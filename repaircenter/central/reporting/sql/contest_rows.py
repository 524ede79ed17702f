"""Contested answers of a selection, counted by shop (A-N6)."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from repaircenter.central.reporting.sql.cohort import Selection


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
    """By shop; what was taken back was never contested. Answers that are left out are counted here."""
    whole = replace(chosen, with_contested=True)
    rows = connection.execute(
        text(
            "SELECT a.shop_id, count(*) AS answers, count(c.id) AS contested, count(c.id) FILTER (WHERE c.state = 'open'), "
            "count(c.id) FILTER (WHERE c.state = 'upheld') "
            + whole.answers().replace(
                " WHERE ", " LEFT JOIN contest c ON c.answer_id = a.id AND c.state <> 'withdrawn' WHERE ", 1
            )
            + " GROUP BY a.shop_id"
        ),
        whole.values(),
    )
    return {row[0]: Contested(*row[1:]) for row in rows}
