"""What a desk asks again and again: has anything changed?"""

import re
from collections.abc import Sequence

from repaircenter.central.core.calls import Call, Handler, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.core.service import Service
from repaircenter.central.feed import queries
from repaircenter.central.feed.queries import Place
from repaircenter.wire import endpoints
from repaircenter.wire.feed import ChangesAnswer, ChangesRequest

LONGEST_WAIT_SECONDS = 25.0
_PLACE = re.compile(r"(\d{1,19})\.(\d{1,18})\Z")


def _seconds(asked: ChangesRequest) -> float:
    return min(max(asked.wait_seconds, 0.0), LONGEST_WAIT_SECONDS)


def handlers(_service: Service) -> Sequence[Handler]:
    @serves(endpoints.CHANGES, waits=_seconds)
    def changes(call: Call, asked: ChangesRequest) -> ChangesAnswer:
        connection = call.connection
        newest = queries.horizon(connection)
        place = _read(asked.after)
        if place is None or place.xid > newest.xid:  # the first question, or of before the database was restored
            queries.prune(connection)
            return ChangesAnswer(changes=[], next=_write(newest), everything=True)
        page = queries.after(connection, call.caller.shops, place)
        if not page.changes:
            call.wait(again_soon=page.soon)
        return ChangesAnswer(changes=page.changes, next=_write(page.next))

    return (changes,)


def _write(place: Place) -> str:
    return f"{place.xid}.{place.seq}"


def _read(text: str) -> Place | None:
    if not text:
        return None
    match = _PLACE.match(text)
    if match is None:
        refuse(422, "bad_place")
    return Place(int(match[1]), int(match[2]))
