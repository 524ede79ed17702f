"""People are asked in, choose a password, work where they were granted to, and leave (MODULES 2, accounts; issue 17)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.accounts import links, roles
from repaircenter.central.accounts.admin import NewPerson as NewPerson_
from repaircenter.central.accounts.admin import NewShop, set_password
from repaircenter.central.accounts.licences import set_licence
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.core.outgoing import DROPPED, Ended, Recipient
from repaircenter.central.db.connections import WORKER
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.identity import LeaseClaim, LeaseRequest, PairRequest, SignInRequest
from repaircenter.wire.organisation import Logo
from repaircenter.wire.people import Forgotten, Grant, NewPerson, PersonChange, PersonInfo, PersonList, WantedAddress
from repaircenter.wire.vocabulary import INSURER_ROLE, MANAGE_PEOPLE, PROGRAMME, ROLES
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets

NEW = "lea@one.example"


def person(central: Central, email: str = "admin@one.example", password: str = PASSWORD) -> PersonClient:
    client = PersonClient(Http(central.address), MemorySecrets())
    client.sign_in(email, password)
    return client


@pytest.fixture
def admin(central: Central) -> Iterator[PersonClient]:
    yield person(central)


def nodes(who: PersonClient) -> dict[str, int]:
    """Kind or name of a shop -> node."""
    return {node.name or node.kind: node.id for node in who.call(endpoints.PEOPLE).nodes}


def ask_in(who: PersonClient, *grants: Grant, email: str = NEW, key: str = "k1", name: str = "Léa Roy") -> PersonInfo:
    asked = NewPerson(key=key, email=email, name=name, language="fr", grants=list(grants))
    return who.call(endpoints.ADD_PERSON, asked)


def refused(call: object, *arguments: object, **places: object) -> str:
    with pytest.raises(KnownError) as refusal:
        call(*arguments, **places)
    return refusal.value.code


def link(central: Central, to: str = NEW) -> str:
    """The address in the newest letter to somebody."""
    central.wait()
    letter = central.letters(to)[-1]
    address = re.search(r"https?://\S+/p/(\S+)", letter.get_content())
    assert address is not None
    return f"{central.address}/p/{address[1]}"


def choose(address: str, password: str = "long enough", again: str | None = None) -> requests.Response:
    form = {"password": password, "again": password if again is None else again}
    return requests.post(address, data=form, timeout=10)


def test_somebody_is_asked_in_chooses_a_password_and_signs_in(central: Central, admin: PersonClient) -> None:
    made = ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]))
    assert (made.name, made.email, made.state, made.wholly) == ("Léa Roy", NEW, "invited", True)
    address = link(central)
    letter = central.letters(NEW)[0]
    assert "Ada Min a créé un compte" in letter.get_content() and "One" in letter["Subject"]
    for _ in range(2):
        page = requests.get(address, timeout=10)
        assert page.status_code == 200 and NEW in page.text and "Choisissez votre mot de passe" in page.text
    assert refused(person, central, NEW, "long enough") == "wrong_password"
    assert choose(address).status_code == 200
    client = PersonClient(Http(central.address), MemorySecrets())
    session = client.sign_in(NEW, "long enough")
    assert [shop.name for shop in session.shops] == ["North"] and session.language == "fr"
    assert session.permissions == ["alerts.work", "reports.run"] and session.role == "staff"
    (row,) = [one for one in admin.call(endpoints.PEOPLE).people if one.email == NEW]
    assert row.state == "active" and row.signed_in_at == central.clock.now_utc()


def test_a_link_opens_once_and_for_a_while(central: Central, admin: PersonClient) -> None:
    ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]))
    address = link(central)
    assert requests.get(address[:-1], timeout=10).status_code == 404
    assert "au moins 8" in choose(address, "short").text and choose(address, "x" * 201).status_code == 422
    assert "identiques" in choose(address, "long enough", "long enougH").text
    assert choose(address).status_code == 200
    assert choose(address, "another one").status_code == 410 and "déjà servi" in requests.get(address, timeout=10).text
    person(central, NEW, "long enough")
    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email=NEW.upper()))
    address = link(central)
    central.clock.pass_time(2 * 3600 - 1)
    assert requests.get(address, timeout=10).status_code == 200
    central.clock.pass_time(1)
    assert requests.get(address, timeout=10).status_code == 410 and choose(address, "another one").status_code == 410
    person(central, NEW, "long enough")


def test_the_newest_link_alone_opens(central: Central, admin: PersonClient) -> None:
    made = ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]))
    first = link(central)
    for _ in range(2):
        admin.call(endpoints.CHANGE_PERSON, PersonChange(key="again", version=1, link=True), person_id=made.id)
    second = link(central)
    assert len(central.letters(NEW)) == 2 and first != second, "asked for twice, sent once"
    assert choose(first).status_code == 410 and choose(second).status_code == 200


def test_whoever_forgot_gets_a_link_and_nobody_learns_who_has_an_account(central: Central) -> None:
    http = Http(central.address)
    for email in (
        "staff@one.example",
        "nobody@one.example",
        "staff@one.example",
        "staff@one.example",
        "staff@one.example",
    ):
        http.call(endpoints.FORGOT_PASSWORD, Forgotten(email=email))
    address = link(central, "staff@one.example")
    assert central.rows("SELECT count(*) FROM password_link") == [(3,)], "three an hour"
    assert central.letters("nobody@one.example") == []
    before = person(central, "staff@one.example")
    assert choose(address, "chosen anew").status_code == 200
    assert refused(before.call, endpoints.REPORTS) == "signed_out", "wherever they were"
    assert refused(person, central, "staff@one.example") == "wrong_password"
    person(central, "staff@one.example", "chosen anew")


def test_a_letter_is_judged_when_it_leaves(central: Central, admin: PersonClient) -> None:
    made = ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]))
    number = int(str(central.rows("SELECT id FROM password_link")[0][0]))

    def judged() -> object:
        with central.parts.worker.scoped(WORKER) as connection:
            return links.prepare(central.parts, connection, number)

    assert isinstance(judged(), Recipient)
    admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k2", version=made.version, closed=True), person_id=made.id)
    assert judged() == Ended(DROPPED, "not_there"), "who was closed meanwhile"
    admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k3", version=2, closed=False), person_id=made.id)
    central.clock.pass_time(timedelta(days=7).total_seconds())
    assert judged() == Ended(DROPPED, "not_there"), "a link nobody could open"


def test_roles_hold_where_they_were_granted(central: Central, admin: PersonClient) -> None:
    """Several roles combine by OR (D-P3), each in its own shops."""
    at = nodes(admin)
    ask_in(admin, Grant(role="manager", node_id=at["North"]), Grant(role="staff", node_id=at["network"]))
    choose(link(central))
    client = PersonClient(Http(central.address), MemorySecrets())
    session = client.sign_in(NEW, "long enough")
    assert sorted(shop.name for shop in session.shops) == ["North", "South"] and session.role == "manager"
    central.license("alerts")
    offered = {one.shop_id: one.offered for one in client.call(endpoints.ALERT_CHOICES).choices}
    assert offered[central.shops["North"]] == ["all", "mine", "none"]
    assert offered[central.shops["South"]] == ["mine", "none"]


def test_a_grant_higher_up_holds_in_shops_that_come_later(central: Central) -> None:
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO shop (org_id, name, sort_key, zone, language) "
                "SELECT id, 'West', 'west', 'UTC', 'en' FROM organisation WHERE name = 'One'"
            )
        )
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email="staff@one.example", password=PASSWORD))
    assert sorted(shop.name for shop in session.shops) == ["North", "South", "West"]


def test_a_region_is_named_in_the_file_and_reaches_its_shops(central: Central) -> None:
    shops = [
        NewShop(name="North", zone="America/Toronto", group="Estrie", country="Canada"),
        NewShop(name="West", zone="Europe/Madrid", group="Madrid", country="España"),
    ]
    chief = NewPerson_(email="chief@one.example", name="Chief", role="manager", password=PASSWORD, shops=["North"])
    with central.service.admin() as connection:
        apply(connection, SetupFile(organisation="One", shops=shops, persons=[chief], programmes=[]), CHEAP)
    admin = person(central)
    tree = {node.name or node.kind: node for node in admin.call(endpoints.PEOPLE).nodes}
    assert tree["North"].parent_id == tree["Estrie"].id and tree["Estrie"].parent_id == tree["Canada"].id
    assert tree["Canada"].parent_id == tree["network"].id and tree["South"].parent_id == tree["network"].id
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email="chief@one.example", password=PASSWORD))
    assert [(shop.name, shop.group) for shop in session.shops] == [("North", "Estrie")]
    ask_in(admin, Grant(role="staff", node_id=tree["Canada"].id))
    choose(link(central))
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email=NEW, password="long enough"))
    assert [shop.name for shop in session.shops] == ["North"]


def test_a_person_is_changed_once_and_what_was_done_is_kept(central: Central, admin: PersonClient) -> None:
    at = nodes(admin)
    made = ask_in(admin, Grant(role="staff", node_id=at["North"]))
    change = PersonChange(
        key="k2",
        version=1,
        name="  Léa   Roy-Côté ",
        language="es",
        grants=[Grant(role="manager", node_id=at["South"])],
    )
    for _ in range(2):
        now = admin.call(endpoints.CHANGE_PERSON, change, person_id=made.id)
        assert (now.name, now.language, now.version) == ("Léa Roy-Côté", "es", 2)
        assert now.grants == [Grant(role="manager", node_id=at["South"])]
    assert refused(admin.call, endpoints.CHANGE_PERSON, PersonChange(key="k3", version=1), person_id=made.id) == (
        "changed_meanwhile"
    )
    events = admin.call(endpoints.PERSON_HISTORY, person_id=made.id).events
    assert [(event.what, event.before, event.after) for event in events] == [
        ("added", None, NEW),
        ("granted", None, None),
        ("link", None, None),
        ("granted", None, None),
        ("taken", None, None),
        ("name", "Léa Roy", "Léa Roy-Côté"),
        ("language", "fr", "es"),
    ]
    assert events[3].grant == Grant(role="manager", node_id=at["South"])
    assert events[4].grant == Grant(role="staff", node_id=at["North"])
    assert {event.by for event in events} == {"Ada Min"}


def test_asking_in_twice_with_one_key_is_one_person_and_one_letter(central: Central, admin: PersonClient) -> None:
    grant = Grant(role="staff", node_id=nodes(admin)["North"])
    assert ask_in(admin, grant).id == ask_in(admin, grant).id
    assert refused(ask_in, admin, grant, key="k2") == "address_taken"
    assert refused(ask_in, admin, grant, key="k3", email="admin@two.example") == "address_taken"
    link(central)
    assert len(central.letters(NEW)) == 1


def test_whoever_is_closed_is_out_at_once_and_comes_back(central: Central, admin: PersonClient) -> None:
    staff = person(central, "staff@one.example")
    (row,) = [one for one in admin.call(endpoints.PEOPLE).people if one.email == "staff@one.example"]
    closed = admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k1", version=1, closed=True), person_id=row.id)
    assert closed.state == "closed"
    assert refused(staff.call, endpoints.REPORTS) == "account_revoked"
    assert refused(person, central, "staff@one.example") == "account_revoked"
    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email="staff@one.example"))
    central.wait()
    assert central.letters("staff@one.example") == []
    again = PersonChange(key="k", version=2, link=True)
    assert refused(admin.call, endpoints.CHANGE_PERSON, again, person_id=row.id) == "not_possible"
    admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k2", version=2, closed=False), person_id=row.id)
    assert refused(staff.call, endpoints.REPORTS) == "signed_out", "what the closed account kept opens nothing"
    person(central, "staff@one.example")


def test_nobody_closes_themselves_or_gives_up_managing(central: Central, admin: PersonClient) -> None:
    """So somebody always can."""
    listed = admin.call(endpoints.PEOPLE)
    me = next(one for one in listed.people if one.id == listed.me)
    for change in (
        PersonChange(key="k", version=1, closed=True),
        PersonChange(key="k", version=1, grants=[Grant(role="shop_admin", node_id=nodes(admin)["North"])]),
    ):
        assert refused(admin.call, endpoints.CHANGE_PERSON, change, person_id=me.id) == "not_oneself"
    named = admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k", version=1, name="Ada M."), person_id=me.id)
    assert named.name == "Ada M." and named.grants == me.grants


@pytest.fixture
def north(central: Central, admin: PersonClient) -> PersonClient:
    """An admin of one shop of two."""
    ask_in(admin, Grant(role="shop_admin", node_id=nodes(admin)["North"]), email="north@one.example", key="north")
    choose(link(central, "north@one.example"))
    return person(central, "north@one.example", "long enough")


def test_an_admin_of_one_shop_reaches_its_people_only(
    central: Central, admin: PersonClient, north: PersonClient
) -> None:
    at = nodes(admin)
    seen: PersonList = north.call(endpoints.PEOPLE)
    assert [(node.kind, node.name, node.parent_id) for node in seen.nodes] == [("shop", "North", None)]
    assert [one.email for one in seen.people] == ["north@one.example"]
    both = ask_in(admin, Grant(role="staff", node_id=at["North"]), Grant(role="staff", node_id=at["South"]))
    (row,) = [one for one in north.call(endpoints.PEOPLE).people if one.id == both.id]
    assert not row.wholly and row.grants == [Grant(role="staff", node_id=at["North"])]
    for change in (
        PersonChange(key="a", version=1, closed=True),
        PersonChange(key="b", version=1, name="Another"),
        PersonChange(key="l", version=1, link=True),
        PersonChange(key="c", version=1, grants=[Grant(role="staff", node_id=at["South"])]),
        PersonChange(key="d", version=1, grants=[Grant(role="owner", node_id=at["North"])]),
    ):
        assert refused(north.call, endpoints.CHANGE_PERSON, change, person_id=both.id) == "beyond_reach"
    change = PersonChange(key="e", version=1, grants=[Grant(role="manager", node_id=at["North"])])
    north.call(endpoints.CHANGE_PERSON, change, person_id=both.id)
    (row,) = [one for one in admin.call(endpoints.PEOPLE).people if one.id == both.id]
    assert set(row.grants) == {Grant(role="manager", node_id=at["North"]), Grant(role="staff", node_id=at["South"])}
    listed = admin.call(endpoints.PEOPLE)
    change = PersonChange(key="f", version=1, closed=True)
    assert refused(north.call, endpoints.CHANGE_PERSON, change, person_id=listed.me) == "not_there"
    assert refused(north.call, endpoints.PERSON_HISTORY, person_id=listed.me) == "not_there"
    assert refused(ask_in, north, Grant(role="staff", node_id=at["network"]), email="x@one.example") == "beyond_reach"


def test_a_pc_that_an_admin_of_one_shop_pairs_collects_for_it_alone(central: Central, north: PersonClient) -> None:
    request = PairRequest(email="north@one.example", password="long enough", device_name="pc")
    assert [shop.name for shop in Http(central.address).call(endpoints.PAIR, request).shops] == ["North"]


def test_two_admins_who_take_each_others_rights_do_not_both(central: Central, admin: PersonClient) -> None:
    """What one saw of rights still holds for it: the second is no admin any more."""
    network = nodes(admin)["network"]
    other = ask_in(admin, Grant(role="shop_admin", node_id=network))
    choose(link(central))
    second = person(central, NEW, "long enough")
    listed = admin.call(endpoints.PEOPLE)
    staff = [Grant(role="staff", node_id=network)]
    admin.call(endpoints.CHANGE_PERSON, PersonChange(key="k2", version=1, grants=staff), person_id=other.id)
    change = PersonChange(key="k3", version=1, grants=staff)
    assert refused(second.call, endpoints.CHANGE_PERSON, change, person_id=listed.me) == "not_allowed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "not an address"}, "bad_email"),
        ({"email": "a@x.example\r\nBcc: b@x.example"}, "bad_email"),
        ({"name": " \u200b "}, "bad_name"),
        ({"name": "x" * 81}, "bad_name"),
        ({"grants": []}, "no_grant"),
        ({"language": "de"}, "not_possible"),
    ],
)
def test_what_cannot_be_is_refused(admin: PersonClient, changed: dict[str, Any], code: str) -> None:
    usual: dict[str, Any] = {"key": "k", "email": NEW, "name": "L", "language": "fr"}
    grants = [Grant(role="staff", node_id=nodes(admin)["North"])]
    assert refused(admin.call, endpoints.ADD_PERSON, NewPerson(**{**usual, "grants": grants, **changed})) == code
    assert len(admin.call(endpoints.PEOPLE).people) == 2


def test_the_database_and_the_program_agree_on_who_manages_people(central: Central, admin: PersonClient) -> None:
    at = nodes(admin)
    programme = next(node.id for node in admin.call(endpoints.PEOPLE).nodes if node.kind == PROGRAMME)
    for role in ROLES:
        email, place = f"of.{role}@one.example", programme if role == INSURER_ROLE else at["South"]
        made = ask_in(admin, Grant(role=role, node_id=place), email=email, key=role)
        with central.parts.web.scoped(central.scope([central.shops["South"]], made.id)) as connection:
            reach = set(connection.execute(text("SELECT rc_managed_nodes()")).scalars())
        assert reach == ({at["South"]} if roles.may([role], MANAGE_PEOPLE) else set()), role


WIDER = [
    "INSERT INTO person_grant SELECT p.org_id, {me}, 'shop_admin', n.id FROM node n, (SELECT 1 AS org_id) p "
    "WHERE n.parent_id IS NULL",
    "UPDATE person SET active = false WHERE id <> {me}",
    "DELETE FROM person_grant",
    "SELECT rc_add_person('x@y.example', 'X', 'en', 'k', 'shop_admin', (SELECT min(id) FROM node))",
    "INSERT INTO password_link (org_id, person_id, shop_id, asked_by, nonce, token_hash, made_at, ends_at) "
    "SELECT 1, 1, 1, {me}, '\\x00', '\\x00', now(), now() + interval '1 day'",
    "INSERT INTO audit (org_id, at, by_id, what, subject, subject_id) VALUES (1, now(), {me}, 'added', 'person', 1)",
]


@pytest.mark.parametrize("statement", WIDER)
def test_plain_sql_of_the_web_role_widens_nothing(central: Central, statement: str) -> None:
    """Tried in the session of a member of staff."""
    (me,) = central.rows("SELECT id FROM person WHERE email = 'staff@one.example'")[0]
    what = (
        "SELECT (SELECT jsonb_agg(g) FROM person_grant g), (SELECT jsonb_agg(p.active ORDER BY p.id) FROM person p), "
        "(SELECT count(*) FROM password_link), (SELECT count(*) FROM audit)"
    )
    before = central.rows(what)
    try:
        with central.parts.web.scoped(central.scope([central.shops["North"]], int(str(me)))) as connection:
            connection.execute(text(statement.format(me=me)))
    except DBAPIError as refusal:
        assert (
            "row-level security" in str(refusal) or "permission denied" in str(refusal) or "privilege" in str(refusal)
        )
    assert central.rows(what) == before


def test_the_web_role_sees_the_addresses_of_those_within_reach(central: Central) -> None:
    for who, seen in (("staff", {"staff@one.example"}), ("admin", {"admin@one.example", "staff@one.example"})):
        (me,) = central.rows(f"SELECT id FROM person WHERE email = '{who}@one.example'")[0]
        with central.parts.web.scoped(central.scope([central.shops["North"]], int(str(me)))) as connection:
            assert set(connection.execute(text("SELECT email FROM person")).scalars()) == seen


@pytest.mark.parametrize("role", ["rc_web", "rc_worker", "rc_sign_in"])
def test_nobody_changes_or_deletes_what_was_done(central: Central, role: str) -> None:
    granted = central.rows(
        f"SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = 'audit' AND grantee = '{role}'"
    )
    assert {str(row[0]) for row in granted} <= {"INSERT"}


def test_a_pc_is_seen_and_revoked_within_reach(central: Central, admin: PersonClient, north: PersonClient) -> None:
    collector = CollectorClient(Http(central.address), MemorySecrets())
    collector.pair("admin@one.example", PASSWORD, "front")
    collector.open_session()
    claims = [LeaseClaim(shop_id=central.shops["North"], place="x")]
    collector.call(endpoints.HOLD_LEASE, LeaseRequest(claims=claims, device_name="front"))
    (pc,) = admin.call(endpoints.ORGANISATION).pcs
    assert (pc.name, pc.wholly, pc.paired_by, pc.revoked_at) == ("front", True, "Ada Min", None)
    assert pc.heard_at == central.clock.now_utc() and set(pc.shops) == {central.shops["North"], central.shops["South"]}
    (seen,) = north.call(endpoints.ORGANISATION).pcs
    assert seen.shops == [central.shops["North"]] and not seen.wholly
    assert refused(north.call, endpoints.REVOKE_PC, pc_id=pc.id) == "beyond_reach"
    for _ in range(2):
        admin.call(endpoints.REVOKE_PC, pc_id=pc.id)
    assert refused(collector.open_session) == "revoked"
    assert admin.call(endpoints.ORGANISATION).pcs[0].revoked_at == central.clock.now_utc()
    assert central.rows("SELECT what, subject_id FROM audit WHERE subject = 'pc'") == [("revoked", pc.id)]
    assert refused(person(central, "admin@two.example").call, endpoints.REVOKE_PC, pc_id=pc.id) == "beyond_reach"


def test_a_licence_that_changes_is_kept_in_the_audit(central: Central, admin: PersonClient) -> None:
    (org,) = central.rows("SELECT id FROM organisation WHERE name = 'One'")[0]
    until = central.clock.now_utc() + timedelta(days=30)
    with central.service.admin() as connection:
        set_licence(connection, int(str(org)), modules=["alerts"], licence_until=until)
        set_licence(connection, int(str(org)))
        connection.execute(text("UPDATE organisation SET name = name"))
    told = admin.call(endpoints.ORGANISATION)
    assert (told.name, told.surveys, told.modules, told.until) == ("One", True, ["alerts"], until)
    kept = (
        "SELECT by_id, before -> 'modules', before ->> 'until', after -> 'modules' FROM audit WHERE what = 'licence' "
    )
    assert central.rows(f"{kept} AND subject_id = {org} ORDER BY id") == [
        (None, ["alerts"], None, []),  # by the set-up file
        (None, [], None, ["alerts"]),
    ]


def confirmations(central: Central, *addresses: str) -> list[str]:
    """The link in the newest letter to each."""
    central.wait()
    links = []
    for address in addresses:
        found = re.search(r"https?://\S+/m/(\S+)", central.letters(address)[-1].get_content())
        assert found is not None
        links.append(f"{central.address}/m/{found[1]}")
    return links


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_address_changes_once_old_and_new_have_confirmed(central: Central, order: tuple[int, int]) -> None:
    """A-26: confirmed by links to both; audited."""
    staff, new = person(central, "staff@one.example"), "stan@new.example"
    for _ in range(2):
        assert staff.call(endpoints.CHANGE_ADDRESS, WantedAddress(address=f" {new.upper()} ")).wanted == new
    links = confirmations(central, "staff@one.example", new)
    assert len(central.letters("staff@one.example")) == len(central.letters(new)) == 1, "asked for twice, sent once"
    for address in links:
        assert requests.get(address, timeout=10).status_code == 200
    mine = staff.call(endpoints.MY_ADDRESS)
    assert not mine.old_confirmed and not mine.new_confirmed, "nothing is recorded by a GET"
    for _ in range(2):
        assert requests.post(links[order[0]], timeout=10).status_code == 200
    mine = staff.call(endpoints.MY_ADDRESS)
    assert mine.address == "staff@one.example" and (mine.old_confirmed, mine.new_confirmed) == (
        order[0] == 0,
        order[0] == 1,
    )
    person(central, "staff@one.example")
    assert new in requests.post(links[order[1]], timeout=10).text
    assert refused(person, central, "staff@one.example") == "wrong_password"
    session = person(central, new)
    assert session.call(endpoints.MY_ADDRESS).address == new and session.call(endpoints.MY_ADDRESS).wanted is None
    kept = central.rows("SELECT what, before #>> '{}', after #>> '{}' FROM audit WHERE what = 'address'")
    assert kept == [("address", "staff@one.example", new)]
    assert [requests.post(address, timeout=10).status_code for address in links] == [200, 200]
    assert len(central.rows("SELECT 1 FROM audit WHERE what = 'address'")) == 1


def test_a_change_of_address_ends(central: Central, admin: PersonClient) -> None:
    """After seven days, by another wish, when somebody has the address, for whoever is closed."""
    staff = person(central, "staff@one.example")
    staff.call(endpoints.CHANGE_ADDRESS, WantedAddress(address="a@new.example"))
    (first,) = confirmations(central, "a@new.example")
    staff.call(endpoints.CHANGE_ADDRESS, WantedAddress(address="b@new.example"))
    old, new = confirmations(central, "staff@one.example", "b@new.example")
    assert requests.post(first, timeout=10).status_code == 410
    assert requests.post(old, timeout=10).status_code == 200
    ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]), email="b@new.example")
    assert requests.post(new, timeout=10).status_code == 409
    assert staff.call(endpoints.MY_ADDRESS).address == "staff@one.example"
    staff.call(endpoints.CHANGE_ADDRESS, WantedAddress(address="c@new.example"))
    old, new = confirmations(central, "staff@one.example", "c@new.example")
    assert requests.post(old, timeout=10).status_code == 200
    central.clock.pass_time(timedelta(days=7).total_seconds())
    assert requests.post(new, timeout=10).status_code == 410 and requests.get(new, timeout=10).status_code == 410
    staff = person(central, "staff@one.example")
    assert staff.call(endpoints.MY_ADDRESS).wanted is None
    for address, code in (("admin@two.example", "address_taken"), ("x", "bad_email")):
        assert refused(staff.call, endpoints.CHANGE_ADDRESS, WantedAddress(address=address)) == code
    assert requests.post(f"{central.address}/m/made-up", timeout=10).status_code == 404


def test_plain_sql_confirms_no_address(central: Central) -> None:
    (me,) = central.rows("SELECT id FROM person WHERE email = 'staff@one.example'")[0]
    for statement in (
        "INSERT INTO address_change (org_id, person_id, shop_id, address, made_at, ends_at, old_nonce, old_hash, old_at, "
        f"new_nonce, new_hash) VALUES (1, {me}, 1, 'x@y.example', now(), now(), '', '', now(), '', '1')",
        "UPDATE address_change SET old_at = now()",
        "UPDATE person SET email = 'x@y.example'",
        "SELECT old_nonce FROM address_change",
        "SELECT rc_confirm_address('x', now())",
    ):
        with (
            pytest.raises(DBAPIError, match=r"row-level security|permission denied"),
            central.parts.web.scoped(central.scope([central.shops["North"]], int(str(me)))) as connection,
        ):
            connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO password_link (org_id, person_id, shop_id, asked_by, nonce, token_hash, made_at, ends_at) "
        "SELECT p.org_id, p.id, {shop}, {me}, '', sha256('x'), now(), now() + interval '1 day' FROM person p WHERE p.id = {other}",
        "UPDATE person SET active = false WHERE id = {other}",
        "UPDATE organisation SET logo = 'x'",
    ],
)
def test_plain_sql_of_a_shops_admin_reaches_no_further(
    central: Central, admin: PersonClient, north: PersonClient, statement: str
) -> None:
    """A colleague who manages everything works in that shop, too."""
    at = nodes(admin)
    other = ask_in(admin, Grant(role="staff", node_id=at["North"]), Grant(role="shop_admin", node_id=at["network"]))
    me = north.call(endpoints.PEOPLE).me
    assert other.id in {one.id for one in north.call(endpoints.PEOPLE).people}
    what = (
        "SELECT (SELECT jsonb_agg(p ORDER BY p.id) FROM person p), (SELECT count(*) FROM password_link), "
        "(SELECT count(logo) FROM organisation)"
    )
    before, shop = central.rows(what), central.shops["North"]
    try:
        with central.parts.web.scoped(central.scope([shop], me)) as connection:
            connection.execute(text(statement.format(me=me, other=other.id, shop=shop)))
    except DBAPIError as refusal:
        assert "row-level security" in str(refusal)
    assert central.rows(what) == before


def test_a_shops_admin_puts_no_logo_on_everybodys_reports(admin: PersonClient, north: PersonClient) -> None:
    assert refused(north.call, endpoints.PUT_LOGO, Logo()) == "beyond_reach"
    admin.call(endpoints.PUT_LOGO, Logo())


def test_whoever_leaves_one_shop_of_two_loses_it_at_once(
    central: Central, admin: PersonClient, north: PersonClient
) -> None:
    """By the admin of that shop, who may not close their account."""
    at = nodes(admin)
    both = ask_in(admin, Grant(role="staff", node_id=at["North"]), Grant(role="staff", node_id=at["South"]))
    choose(link(central))
    left = north.call(endpoints.CHANGE_PERSON, PersonChange(key="k", version=1, grants=[]), person_id=both.id)
    assert left.grants == [] and both.id not in {one.id for one in north.call(endpoints.PEOPLE).people}
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email=NEW, password="long enough"))
    assert [shop.name for shop in session.shops] == ["South"]


def test_forgetting_takes_no_days_from_an_invitation(central: Central, admin: PersonClient) -> None:
    ask_in(admin, Grant(role="staff", node_id=nodes(admin)["North"]))
    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email=NEW))
    address = link(central)
    central.clock.pass_time(timedelta(days=6).total_seconds())
    assert choose(address).status_code == 200


def test_a_chosen_password_ends_a_lock_out(central: Central) -> None:
    for _ in range(6):
        refused(person, central, "staff@one.example", "wrong")
    assert refused(person, central, "staff@one.example") == "locked_out"
    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email="staff@one.example"))
    choose(link(central, "staff@one.example"), "chosen anew")
    person(central, "staff@one.example", "chosen anew")


def test_a_region_that_gets_a_country_keeps_its_people(central: Central, admin: PersonClient) -> None:
    def set_up(country: str | None) -> None:
        shops = [NewShop(name="North", zone="America/Toronto", group="Estrie", country=country)]
        with central.service.admin() as connection:
            apply(connection, SetupFile(organisation="One", shops=shops, persons=[], programmes=[]), CHEAP)

    set_up(None)
    ask_in(admin, Grant(role="staff", node_id=nodes(admin)["Estrie"]))
    choose(link(central))
    set_up("Canada")
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email=NEW, password="long enough"))
    assert [shop.name for shop in session.shops] == ["North"]
    assert [node.name for node in admin.call(endpoints.PEOPLE).nodes].count("Estrie") == 1


def test_what_an_operator_does_is_in_the_history(central: Central, admin: PersonClient) -> None:
    (row,) = [one for one in admin.call(endpoints.PEOPLE).people if one.email == "staff@one.example"]
    again = NewPerson_(email="staff@one.example", name="Stan D.", role="manager", shops=["North"])
    with central.service.admin() as connection:
        shops = [NewShop(name="North", zone="America/Toronto")]
        apply(connection, SetupFile(organisation="One", shops=shops, persons=[again], programmes=[]), CHEAP)
        set_password(connection, "staff@one.example", "another one", CHEAP)
    events = admin.call(endpoints.PERSON_HISTORY, person_id=row.id).events
    assert [event.what for event in events] == ["added", "granted", "granted", "taken", "name", "password"]
    assert {event.by for event in events} == {None}
    stale = PersonChange(key="k", version=row.version, closed=True)
    assert refused(admin.call, endpoints.CHANGE_PERSON, stale, person_id=row.id) == "changed_meanwhile"
