"""The tree of an organisation as people change it: shops, regions, who may, and the set-up file beside it (MODULES 2)."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.accounts.admin import NewPerson as SetUpPerson
from repaircenter.central.accounts.admin import NewProgramme as SetUpProgramme
from repaircenter.central.accounts.admin import NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.people import Grant, NewPerson
from repaircenter.wire.places import NewPlace, Place, PlaceChange, PlaceList, ShopFacts
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.integration.test_programmes import admin, person

__all__ = ["admin"]

FACTS = ShopFacts(zone="America/Vancouver", language="en", address="1 Main", phone="604 555 0100", tax_id="T", licence="L")


def listed(who: PersonClient) -> PlaceList:
    return who.call(endpoints.PLACES)


def place(who: PersonClient, name: str) -> Place:
    return next(one for one in listed(who).places if one.name == name)


def root(who: PersonClient) -> Place:
    return next(one for one in listed(who).places if one.kind == "network")


def add(who: PersonClient, kind: str, name: str, above: Place, key: str = "", **more: Any) -> Place:
    new = NewPlace(key=key or f"add {name}", kind=kind, name=name, parent_id=above.node_id, **more)
    return who.call(endpoints.ADD_PLACE, new)


def change(who: PersonClient, one: Place, key: str = "", **more: Any) -> Place:
    usual: dict[str, Any] = {"version": one.version, "name": one.name, "parent_id": one.parent_id or 0}
    asked = PlaceChange(key=key or f"change {one.version} {more}"[:60], **{**usual, **more})
    return who.call(endpoints.CHANGE_PLACE, asked, node_id=one.node_id)


def code(call: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(KnownError) as refused:
        call(*arguments, **more)
    return refused.value.code


def made(central: Central, admin: PersonClient, name: str, grants: list[Grant]) -> PersonClient:
    """Somebody with these rights, signed in."""
    email = f"{name}@one.example"
    admin.call(endpoints.ADD_PERSON, NewPerson(key=name, email=email, name=name, language="en", grants=grants))
    with central.service.admin() as connection:
        known = "(SELECT password_hash FROM person WHERE email = 'admin@one.example')"
        connection.execute(text(f"UPDATE person SET password_hash = {known} WHERE email = '{email}'"))
    return person(central, email)


def only_north(central: Central, admin: PersonClient) -> PersonClient:
    return made(central, admin, "n", [Grant(role="shop_admin", node_id=place(admin, "North").node_id)])


def test_a_country_a_region_and_a_shop_are_added_and_a_shop_is_moved(central: Central, admin: PersonClient) -> None:
    country = add(admin, "country", "Canada", root(admin))
    region = add(admin, "region", "West", country)
    assert region.removable and not place(admin, "Canada").removable
    shop = add(admin, "shop", "Kitsilano", region, shop=FACTS)
    assert (shop.parent_id, shop.shop, shop.removable) == (region.node_id, FACTS, False)
    assert place(admin, "Kitsilano") == shop and not place(admin, "West").removable
    north = place(admin, "North")
    moved = change(admin, north, parent_id=region.node_id)
    assert (moved.parent_id, moved.shop) == (region.node_id, north.shop) and moved.version == north.version + 1
    assert central.rows("SELECT zone, language, sort_key FROM shop WHERE name = 'Kitsilano'") == [
        ("America/Vancouver", "en", "kitsilano")
    ]


def test_a_new_shop_is_worked_in_by_who_manages_what_is_above_it(central: Central, admin: PersonClient) -> None:
    add(admin, "shop", "Nouveau", root(admin), shop=FACTS)
    rights = central.rows(
        "SELECT count(*) FROM person p, rc_rights(p.id) r JOIN shop h ON h.id = r.shop_id "
        "WHERE h.name = 'Nouveau' AND p.email = 'admin@one.example' AND r.role = 'shop_admin'"
    )
    assert rights == [(1,)]
    assert admin.call(endpoints.PROGRAMMES).shops[0].name in {"Nouveau", "North"}


def test_what_is_known_of_a_shop_is_changed_and_stands_in_letters(central: Central, admin: PersonClient) -> None:
    north = place(admin, "North")
    changed = change(admin, north, name="Nord", shop=msgspec.structs.replace(FACTS, address="  2 rue X\n"))
    assert (changed.name, changed.shop) == ("Nord", msgspec.structs.replace(FACTS, address="2 rue X"))
    assert central.rows(f"SELECT name, sort_key, address FROM shop WHERE id = {central.shops['North']}") == [
        ("Nord", "nord", "2 rue X")
    ]
    assert change(admin, north, name="Nord", shop=msgspec.structs.replace(FACTS, address="  2 rue X\n")) == changed, "once"
    assert code(change, admin, north, "other", name="Sud") == "changed_meanwhile"
    kept = change(admin, changed, name="Nord!")
    assert kept.shop == changed.shop, "facts that are not said stay"


@pytest.mark.parametrize(
    ("kind", "name", "more", "refusal"),
    [
        ("region", " ", {}, "bad_name"),
        ("region", "x" * 81, {}, "bad_name"),
        ("shop", "north", {"shop": FACTS}, "place_taken"),
        ("shop", "X", {}, "not_possible"),
        ("region", "X", {"shop": FACTS}, "not_possible"),
        ("network", "X", {}, "not_possible"),
        ("shop", "X", {"shop": ShopFacts(zone="Mars/Olympus", language="en")}, "bad_zone"),
        ("shop", "X", {"shop": ShopFacts(zone="America/Toronto", language="de")}, "not_possible"),
    ],
)
def test_what_cannot_be_is_refused(
    central: Central, admin: PersonClient, kind: str, name: str, more: dict[str, Any], refusal: str
) -> None:
    before = central.rows("SELECT count(*) FROM node")
    assert code(add, admin, kind, name, root(admin), **more) == refusal
    assert central.rows("SELECT count(*) FROM node") == before


def test_a_place_never_stands_below_itself(admin: PersonClient) -> None:
    country = add(admin, "country", "Canada", root(admin))
    region = add(admin, "region", "West", country)
    assert code(change, admin, country, parent_id=region.node_id) == "bad_parent"
    assert code(change, admin, country, parent_id=country.node_id) == "bad_parent"
    assert code(change, admin, region, parent_id=place(admin, "North").node_id) == "bad_parent"
    assert code(add, admin, "region", "East", region) == "bad_parent"
    assert code(change, admin, root(admin), name="All") == "not_possible"


def test_only_an_empty_place_that_nobody_works_in_is_taken_away(central: Central, admin: PersonClient) -> None:
    region = add(admin, "region", "West", root(admin))
    grants = [Grant(role="manager", node_id=region.node_id)]
    someone = admin.call(
        endpoints.ADD_PERSON, NewPerson(key="p", email="p@one.example", name="P", language="en", grants=grants)
    )
    assert code(admin.call, endpoints.REMOVE_PLACE, node_id=region.node_id) == "place_in_use"
    assert central.rows(f"SELECT count(*) FROM person_grant WHERE person_id = {someone.id}") == [(1,)]
    empty = add(admin, "region", "East", root(admin))
    admin.call(endpoints.REMOVE_PLACE, node_id=empty.node_id)
    admin.call(endpoints.REMOVE_PLACE, node_id=empty.node_id)
    assert [one.name for one in listed(admin).places if one.kind == "region"] == ["West"]
    for name in ("North", ""):
        assert code(admin.call, endpoints.REMOVE_PLACE, node_id=place(admin, name).node_id) == "place_in_use"


def test_whoever_manages_a_shop_describes_it_and_arranges_nothing(central: Central, admin: PersonClient) -> None:
    region = add(admin, "region", "West", root(admin))
    north = only_north(central, admin)
    answer = listed(north)
    assert not answer.may_arrange and [one.name for one in answer.places] == ["North"]
    mine = answer.places[0]
    mine = change(north, mine, name="Nord", shop=FACTS)
    assert (mine.name, mine.shop) == ("Nord", FACTS)
    assert code(change, north, mine, parent_id=region.node_id) == "beyond_reach"
    assert code(add, north, "region", "X", mine) == "beyond_reach"
    assert code(north.call, endpoints.REMOVE_PLACE, node_id=region.node_id) == "beyond_reach"
    assert code(change, north, region, name="X") == "not_there"
    other = person(central, "admin@two.example")
    assert code(change, other, mine, name="X") == "not_there"


def test_whoever_manages_a_region_calls_it_nothing_else(central: Central, admin: PersonClient) -> None:
    """Its name and its place are part of the tree of all shops."""
    region = add(admin, "region", "West", root(admin))
    change(admin, place(admin, "North"), parent_id=region.node_id)
    grants = [Grant(role="shop_admin", node_id=region.node_id)]
    west = made(central, admin, "w", grants)
    assert [one.name for one in listed(west).places] == ["West", "North"]
    assert code(change, west, place(west, "West"), name="Ouest") == "beyond_reach"
    assert change(west, place(west, "North"), name="Nord").name == "Nord"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE node SET parent_id = (SELECT id FROM node WHERE name = 'West') WHERE shop_id IS NOT NULL",
        "UPDATE node SET name = 'X' WHERE name = 'West'",
        "SELECT rc_add_place('region', 'X', '', (SELECT id FROM node WHERE shop_id IS NOT NULL LIMIT 1), '', '', 'k', "
        "NULL, NULL, NULL, NULL)",
        "DELETE FROM node",
        "INSERT INTO shop (org_id, name, sort_key, zone, language) SELECT org_id, 'X', 'x', zone, language FROM shop",
    ],
)
def test_plain_sql_of_who_manages_one_shop_arranges_nothing(
    central: Central, admin: PersonClient, statement: str
) -> None:
    add(admin, "region", "West", root(admin))
    north = only_north(central, admin)
    scope = central.scope([central.shops["North"]], north.call(endpoints.PEOPLE).me)
    before = central.rows("SELECT id, parent_id, name FROM node ORDER BY id")
    try:
        with central.parts.web.scoped(scope) as connection:
            connection.execute(text(statement))
    except DBAPIError as refused:
        assert "permission denied" in str(refused) or "insufficient_privilege" in str(refused.orig.__class__) + str(refused)
    assert central.rows("SELECT id, parent_id, name FROM node ORDER BY id") == before


def test_plain_sql_of_another_role_changes_no_shop(central: Central, admin: PersonClient) -> None:
    """Staff see the shop; only who manages it changes it."""
    grants = [Grant(role="staff", node_id=place(admin, "North").node_id)]
    someone = admin.call(
        endpoints.ADD_PERSON, NewPerson(key="s", email="s@one.example", name="S", language="en", grants=grants)
    )
    with central.parts.web.scoped(central.scope([central.shops["North"]], someone.id)) as connection:
        assert connection.execute(text("UPDATE shop SET name = 'X'")).rowcount == 0


def test_what_was_done_stands_in_the_audit(central: Central, admin: PersonClient) -> None:
    region = add(admin, "region", "West", root(admin))
    change(admin, place(admin, "North"), parent_id=region.node_id, shop=FACTS)
    empty = add(admin, "region", "East", root(admin))
    admin.call(endpoints.REMOVE_PLACE, node_id=empty.node_id)
    rows = central.rows("SELECT what, by_id IS NOT NULL FROM audit WHERE subject = 'node' AND by_id IS NOT NULL ORDER BY id")
    assert rows == [("added", True), ("place", True), ("shop", True), ("added", True), ("removed", True)]


def test_the_set_up_file_knows_what_people_call_otherwise_now(central: Central, admin: PersonClient) -> None:
    """What it names once more is not made once more; it is called again what the file says."""
    region = add(admin, "region", "West", root(admin))
    change(admin, place(admin, "North"), name="Nord", parent_id=region.node_id)
    shops = len(listed(admin).places)
    setup = SetupFile(
        organisation="One", shops=[NewShop(name="North", zone="America/Toronto", group="West")], persons=[], programmes=[]
    )
    with central.service.admin() as connection:
        organisation = connection.execute(
            text("SELECT o.name FROM organisation o JOIN shop h ON h.org_id = o.id WHERE h.id = :id"),
            {"id": central.shops["North"]},
        ).scalar_one()
        numbers = apply(connection, msgspec.structs.replace(setup, organisation=organisation), CHEAP)
    assert numbers == [central.shops["North"]] and len(listed(admin).places) == shops
    assert place(admin, "North").parent_id == region.node_id


def test_a_programme_of_an_insurers_own_organisation_asks_for_shops_of_others(
    central: Central, admin: PersonClient
) -> None:
    """An insurer without shops: its people read what customers of the shops that joined said (A-02)."""
    names = [str(row[0]) for row in central.rows("SELECT name FROM organisation ORDER BY id")]
    programme = SetUpProgramme(name="Insurer’s own", names=["Insurer"], joined_by=names[:1])
    reader = SetUpPerson(
        email="reader@insurer.example", name="R", role="insurer", programmes=[programme.name], password=PASSWORD, language="en"
    )
    setup = SetupFile(organisation="Insurer", shops=[], persons=[reader], programmes=[programme])
    for _ in range(2):
        with central.service.admin() as connection:
            apply(connection, setup, CHEAP)
    joined = central.rows(
        "SELECT p.name, o.name, count(e.*) FROM programme p JOIN organisation o ON o.id = p.org_id "
        "JOIN enrolment e ON e.programme_id = p.id AND e.active WHERE p.name LIKE 'Insurer_s own' GROUP BY 1, 2"
    )
    shops = central.rows(f"SELECT count(*) FROM shop h JOIN organisation o ON o.id = h.org_id WHERE o.name = '{names[0]}'")
    assert joined == [("Insurer’s own", "Insurer", shops[0][0])], "once, whatever is given again"
    mine = next(one for one in admin.call(endpoints.PROGRAMMES).programmes if one.rules.name == programme.name)
    assert not mine.changeable, "it is seen by who takes part, and changed by whose it is"
    assert person(central, "reader@insurer.example").call(endpoints.REPORTS).reports
    with pytest.raises(KnownError, match="no organization called Nobody"), central.service.admin() as connection:
        other = msgspec.structs.replace(programme, joined_by=["Nobody"])
        apply(connection, msgspec.structs.replace(setup, programmes=[other]), CHEAP)


def test_what_was_added_under_an_old_name_of_the_file_stays_what_it_is(central: Central, admin: PersonClient) -> None:
    change(admin, place(admin, "North"), name="Northern")
    new = add(admin, "shop", "North", root(admin), shop=FACTS)
    add(admin, "region", "Est", root(admin))
    with central.service.admin() as connection:
        name = connection.execute(
            text("SELECT o.name FROM organisation o JOIN shop h ON h.org_id = o.id WHERE h.id = :id"),
            {"id": central.shops["North"]},
        ).scalar_one()
        again = [NewShop(name="South", zone="America/Toronto", group="Est")]
        apply(connection, SetupFile(organisation=name, shops=again, persons=[], programmes=[]), CHEAP)
    kept = place(admin, "North")
    assert (kept.node_id, kept.shop) == (new.node_id, FACTS)
    assert [one.name for one in listed(admin).places if one.kind == "region"] == ["Est"]


def test_a_name_out_of_sight_is_taken_too(central: Central, admin: PersonClient) -> None:
    north = only_north(central, admin)
    assert code(change, north, place(north, "North"), name="south") == "place_taken"
