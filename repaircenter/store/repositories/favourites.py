"""Last results of a person's favourites."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import sqlite

from repaircenter.shop.repositories import RESULTS_FORGOTTEN, KeptFavourite
from repaircenter.store import tables
from repaircenter.store.repositories.repository import Repository, upsert
from repaircenter.wire import codec

# Statements are made once: building one costs more than running it.
_PUT_SETTING = upsert(tables.setting, "key")


class FavouritesRepository(Repository):
    """Implements shop.repositories.Favourites."""

    def forget_results(self, before_utc: datetime | None = None) -> None:
        """Last results made before an instant; without one all of them, and those that are on their way too."""
        kept = tables.kept_favourite
        if before_utc is None:
            self._connection.execute(_PUT_SETTING, {"key": RESULTS_FORGOTTEN, "value": uuid4().hex})
        statement = update(kept).values(result=None, made_at_utc=None)
        if before_utc is not None:
            statement = statement.where(kept.c.made_at_utc < before_utc)
        self._connection.execute(statement)

    def put_list(self, person: str, favourites: Sequence[KeptFavourite]) -> None:
        """Exactly these, of nobody else; those without an instant lose their result."""
        kept = tables.kept_favourite
        ids = [favourite.favourite.id for favourite in favourites]
        self._connection.execute(delete(kept).where(or_(kept.c.person != person, kept.c.id.not_in(ids))))
        for place, favourite in enumerate(favourites):
            values = {"place": place, "favourite": codec.encode(favourite.favourite).decode()}
            if favourite.made_at_utc is None:
                values |= {"result": None, "made_at_utc": None}
            new = sqlite.insert(kept).values(person=person, id=favourite.favourite.id, **values)
            self._connection.execute(new.on_conflict_do_update(index_elements=["person", "id"], set_=values))

    def put_result(self, person: str, favourite_id: int, result: bytes, made_at_utc: datetime) -> None:
        kept = tables.kept_favourite
        statement = update(kept).where(kept.c.person == person, kept.c.id == favourite_id)
        self._connection.execute(statement.values(result=result, made_at_utc=made_at_utc))
