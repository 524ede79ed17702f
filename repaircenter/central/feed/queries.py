"""SQL of the feed."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.wire.feed import Change

MOST = 500


class Place(NamedTuple):
    """How far a reader is: the writing transaction and the row's number in it."""

    xid: int
    seq: int


class Page(NamedTuple):
    """`soon` says that more is written by a transaction before which an older one is still open."""

    changes: list[Change]
    next: Place
    soon: bool


def horizon(connection: Connection) -> Place:
    """Return the place behind everything that is committed and can have no more before it."""
    row = connection.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")).scalar_one()
    return Place(int(row), 0)


def after(connection: Connection, shops: Sequence[int], place: Place) -> Page:
    """Return the changes of these shops behind a place, oldest first, at most `MOST`."""
    rows = connection.execute(
        text(
            "SELECT xid::text AS xid, seq, shop_id, kind, key, xid < pg_snapshot_xmin(pg_current_snapshot()) AS final "
            "FROM feed WHERE shop_id = ANY(:shops) AND (xid, seq) > (CAST(:xid AS xid8), :seq) "
            "ORDER BY xid, seq LIMIT :most"
        ),
        {"shops": list(shops), "xid": str(place.xid), "seq": place.seq, "most": MOST},
    ).all()
    final = [row for row in rows if row.final]
    following = Place(int(final[-1].xid), final[-1].seq) if final else place
    changes = [Change(kind=row.kind, shop_id=row.shop_id, key=row.key) for row in final]
    return Page(list(dict.fromkeys(changes)), following, len(final) < len(rows))


def prune(connection: Connection) -> None:
    """Forget what nobody waits for any more."""
    connection.execute(text("SELECT rc_prune_feed()"))
