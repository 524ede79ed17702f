"""Kept favourites of a person (A-36): row-level security shows each their own."""

from typing import Any

import msgspec
from sqlalchemy import text

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.reporting.catalogue import may_read
from repaircenter.runtime.text import sort_key
from repaircenter.wire import endpoints
from repaircenter.wire.reports import Favourite, FavouriteList


@serves(endpoints.FAVOURITES)
def favourites(call: Call) -> FavouriteList:
    rows = call.connection.execute(
        text("SELECT id, name, report, parameters, shops FROM favourite ORDER BY sort_key, id")
    )
    return FavouriteList(
        favourites=[Favourite(id=r[0], name=r[1], report=r[2], parameters=r[3], shops=list(r[4])) for r in rows]
    )


@serves(endpoints.ADD_FAVOURITE)
def add(call: Call, favourite: Favourite) -> Favourite:
    values = {
        **_values(call, favourite),
        "org": call.caller.org_id,
        "person": call.caller.id,
        "now": call.service.clock.now_utc(),
    }
    number = call.connection.execute(
        text(
            "INSERT INTO favourite (org_id, person_id, name, sort_key, report, parameters, shops, created_at) "
            "VALUES (:org, :person, :name, :sort, :report, :parameters, :shops, :now) RETURNING id"
        ),
        values,
    ).scalar_one()
    return msgspec.structs.replace(favourite, id=number)


@serves(endpoints.CHANGE_FAVOURITE)
def change(call: Call, favourite: Favourite, favourite_id: int) -> Favourite:
    changed = call.connection.execute(
        text(
            "UPDATE favourite SET name = :name, sort_key = :sort, report = :report, parameters = :parameters, "
            "shops = :shops WHERE id = :id"
        ),
        {**_values(call, favourite), "id": favourite_id},
    ).rowcount
    if not changed:
        refuse(404, "unknown_favourite")
    return msgspec.structs.replace(favourite, id=favourite_id)


@serves(endpoints.DELETE_FAVOURITE)
def delete(call: Call, favourite_id: int) -> None:
    call.connection.execute(text("DELETE FROM favourite WHERE id = :id"), {"id": favourite_id})


HANDLERS = (favourites, add, change, delete)


def _values(call: Call, favourite: Favourite) -> dict[str, Any]:
    name = favourite.name.strip()[:120]
    if not name or not may_read(call, favourite.report):
        refuse(422, "bad_favourite")
    return {
        "name": name,
        "sort": sort_key(name),
        "report": favourite.report,
        "parameters": msgspec.json.encode(favourite.parameters).decode(),
        "shops": favourite.shops,
    }
