"""Opening hours and days off at the places of the tree (requirements 6.1; issue 17)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.calendars.queries import calendar_of
from repaircenter.central.calendars.rules import Calendar, add_open_time
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.hours import Hours, HoursChange, PlaceHours
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets


@pytest.fixture
def admin(central: Central) -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in("admin@one.example", PASSWORD)
    return who


def place(who: PersonClient, name: str) -> PlaceHours:
    return next(one for one in who.call(endpoints.HOURS).places if (one.name or one.kind) == name)


def change(who: PersonClient, name: str, hours: Hours, key: str = "k") -> PlaceHours:
    now = place(who, name)
    asked = HoursChange(key=key, version=now.version, hours=hours)
    return who.call(endpoints.CHANGE_HOURS, asked, node_id=now.node_id)


def calendar(central: Central, shop: str) -> Calendar:
    with central.service.admin() as connection:
        return calendar_of(connection, central.shops[shop])


def test_what_stands_above_holds_for_shops_without_their_own(central: Central, admin: PersonClient) -> None:
    assert place(admin, "North").above.opening == {day: ["08:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    christmas, own = date(2026, 12, 25), date(2026, 12, 28)
    change(admin, "network", Hours(opening={"sat": ["09:00-12:00"]}, closed=[christmas]))
    change(admin, "South", Hours(opening={"mon": ["08:00-10:00", "11:00-12:00"]}, closed=[own, own]), "s")
    north, south = calendar(central, "North"), calendar(central, "South")
    assert north.week[5] == ((time(9), time(12)),) and north.week[0] == () and north.closed == {christmas}
    assert south.week[0] == ((time(8), time(10)), (time(11), time(12))) and south.closed == {christmas, own}
    assert place(admin, "South").above.closed == [christmas]
    # Ten past eleven of a Saturday, two open hours later: the next Saturday that is no day off.
    start = datetime(2026, 12, 19, 16, 10, tzinfo=UTC)
    assert add_open_time(north, start, timedelta(hours=2)) == datetime(2026, 12, 26, 15, 10, tzinfo=UTC)
    change(admin, "South", Hours(), "t")
    assert calendar(central, "South") == north, "back to what stands above"


def test_a_change_is_made_once_and_kept_in_the_audit(central: Central, admin: PersonClient) -> None:
    now = place(admin, "North")
    asked = HoursChange(key="k", version=now.version, hours=Hours(opening={"sun": ["10:00-11:00"]}))
    for _ in range(2):
        assert admin.call(endpoints.CHANGE_HOURS, asked, node_id=now.node_id).version == now.version + 1
    kept = "SELECT after -> 'opening' FROM audit WHERE subject = 'node' AND by_id IS NOT NULL"
    assert central.rows(kept) == [({"sun": ["10:00-11:00"]},)]
    for hours, version, code in (
        (Hours(), now.version, "changed_meanwhile"),
        (Hours(opening={"sun": ["11:00-10:00"]}), now.version + 1, "bad_hours"),
        (Hours(opening={"day": []}), now.version + 1, "bad_hours"),
    ):
        with pytest.raises(KnownError) as refusal:
            wrong = HoursChange(key=code, version=version, hours=hours)
            admin.call(endpoints.CHANGE_HOURS, wrong, node_id=now.node_id)
        assert refusal.value.code == code


def test_hours_of_another_organisation_and_plain_sql_are_out_of_reach(central: Central, admin: PersonClient) -> None:
    other = PersonClient(Http(central.address), MemorySecrets())
    other.sign_in("admin@two.example", PASSWORD)
    now = place(admin, "North")
    assert {one.name or one.kind for one in other.call(endpoints.HOURS).places} == {"network", "Other"}
    with pytest.raises(KnownError) as refusal:
        other.call(
            endpoints.CHANGE_HOURS, HoursChange(key="x", version=now.version, hours=Hours()), node_id=now.node_id
        )
    assert refusal.value.code == "not_there"
    (me,) = central.rows("SELECT id FROM person WHERE email = 'staff@one.example'")[0]
    before = central.rows("SELECT jsonb_agg(n ORDER BY n.id) FROM node n")
    for statement in ("UPDATE node SET opening = '{}'", "UPDATE node SET parent_id = NULL", "DELETE FROM node"):
        try:
            with central.parts.web.scoped(central.scope([central.shops["North"]], int(str(me)))) as connection:
                connection.execute(text(statement))
        except DBAPIError as error:
            assert "row-level security" in str(error) or "permission denied" in str(error)
    assert central.rows("SELECT jsonb_agg(n ORDER BY n.id) FROM node n") == before
