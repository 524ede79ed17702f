"""Programmes as people change them: rules, shops, ageing that moves, names nobody claims (MODULES 4; 6.2; issue 17)."""

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
import requests
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.accounts.admin import NewProgramme as SetUpProgramme
from repaircenter.central.accounts.admin import NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply
from repaircenter.central.alerts import week_queries
from repaircenter.central.db.connections import WORKER
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.nodes import Table
from repaircenter.wire.jobs import JobDates, JobStateRequest, WithdrawMessage
from repaircenter.wire.people import Grant, NewPerson
from repaircenter.wire.surveys.programmes import (
    NewProgramme,
    PreviewRequest,
    Programme,
    ProgrammeChange,
    ProgrammeList,
    Rules,
)
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_service import client, message, outcomes, send

__all__ = ["client"]

OTHER = "Mutuelle du Nord"
RULES = Rules(
    name="Ours",
    names=[],
    codes=[],
    ageing_days=7,
    not_before_delivery=True,
    reminder_days=5,
    throttle_days=30,
    alert_at_most=7,
    alert_hours=8,
    recovery_demanded=True,
    questionnaire="standard",
    active=True,
    shops=[],
    publishing="at_once",
    channels=["email"],
    shows_contact=False,
    shows_recovery=False,
    alert_unreached=False,
    alert_silent="nobody",
)


def person(central: Central, email: str = "admin@one.example") -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in(email, PASSWORD)
    return who


@pytest.fixture
def admin(central: Central) -> PersonClient:
    return person(central)


def listed(who: PersonClient) -> ProgrammeList:
    return who.call(endpoints.PROGRAMMES)


def change(who: PersonClient, programme: Programme, key: str = "k", **rules: Any) -> Programme:
    asked = ProgrammeChange(key=key, version=programme.version, rules=msgspec.structs.replace(programme.rules, **rules))
    return who.call(endpoints.CHANGE_PROGRAMME, asked, programme_id=programme.id)


def refused(call: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(KnownError) as refusal:
        call(*arguments, **more)
    return refusal.value.code


def test_the_rules_of_a_programme_are_seen_and_changed_once(central: Central, admin: PersonClient) -> None:
    (programme,) = listed(admin).programmes
    assert (programme.kind, programme.changeable, programme.version) == ("insurer", True, 1)
    assert programme.rules.names == ["Assurances Exemple inc."] and programme.rules.ageing_days == 19
    assert set(programme.rules.shops) == {central.shops["North"], central.shops["South"]}
    for _ in range(2):
        now = change(admin, programme, names=["Assurances Exemple inc.", "Assûrances  exemple"], alert_at_most=None)
        assert (now.version, now.rules.alert_at_most) == (2, None)
    assert now.rules.names == ["Assurances Exemple inc.", "Assûrances exemple"]
    assert central.rows("SELECT match_names FROM programme") == [(["assurancesexempleinc", "assurancesexemple"],)]
    assert refused(change, admin, programme, key="other") == "changed_meanwhile"
    kept = central.rows("SELECT what, before ->> 'alert_at_most', after ->> 'alert_at_most' FROM audit "
                        "WHERE subject = 'programme' AND by_id IS NOT NULL")  # fmt: skip
    assert kept == [("update", "7", None)]
    assert refused(change, admin, now, key="p", publishing="never") == "not_possible"
    now = change(admin, now, key="p", publishing="nightly")
    assert now.rules.publishing == "nightly"
    older = change(admin, now, key="o", publishing=None, reminder_days=3)
    assert older.rules.publishing == "nightly", "a desk that does not know it changes nothing of it"


def test_another_ageing_moves_every_job_that_is_not_yet_asked(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    """6.2: receipt + ageing, not before delivery + 1; one that is out stays."""
    today = date(2026, 11, 2)
    send(
        central,
        client,
        (message(1, dates=JobDates()), "a"),
        (message(2, dates=JobDates(delivered=today + timedelta(days=12))), "b"),
        (message(3), "c"),
    )
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'invited' WHERE id = (SELECT max(id) FROM sample)"))
    before = central.rows("SELECT received_on, callable_on FROM sample ORDER BY id")
    (programme,) = listed(admin).programmes
    assert programme.waiting == 2
    change(admin, programme, ageing_days=10, not_before_delivery=False)
    after = central.rows("SELECT received_on, callable_on FROM sample ORDER BY id")
    assert [row[1] for row in after[:2]] == [row[0] + timedelta(days=10) for row in after[:2]]
    assert after[2] == before[2], "asked already"
    due = central.rows(
        "SELECT due_at FROM timer WHERE kind = 'survey.invite' AND state = 'waiting' ORDER BY subject_id"
    )
    instants = [datetime.fromisoformat(str(row[0])) for row in due[:2]]
    assert {instant.date() for instant in instants} == {after[0][1]}
    assert [instant.hour for instant in instants] == [14, 14], "09:00 in Toronto in winter"
    (programme,) = listed(admin).programmes
    change(admin, programme, key="k2", not_before_delivery=True)
    (one, two) = central.rows("SELECT received_on, callable_on FROM sample WHERE state = 'ageing' ORDER BY id")
    assert two[1] == today + timedelta(days=13) and one[1] == one[0] + timedelta(days=60)


def test_a_shop_leaves_a_programme_and_a_programme_is_added(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    (programme,) = listed(admin).programmes
    change(admin, programme, shops=[central.shops["South"]])
    assert outcomes(send(central, client, (message(1), "a"))) == [("filtered", "not_enrolled")]
    rules = msgspec.structs.replace(RULES, shops=[central.shops["North"]])
    for _ in range(2):
        made = admin.call(endpoints.ADD_PROGRAMME, NewProgramme(key="n", kind="shop", rules=rules))
        assert made.changeable and made.rules == rules and made.kind == "shop"
    assert len(listed(admin).programmes) == 2
    assert outcomes(send(central, client, (message(2), "b"))) == [("kept", None)]
    assert central.rows("SELECT callable_on - received_on, programme_id FROM sample") == [(7, made.id)]


def test_a_name_nobody_claims_is_said_once_three_jobs_have_it(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    send(central, client, (message(1, OTHER), "a"), (message(2, OTHER), "b"), (message(3, None), "c"))
    assert listed(admin).unclaimed == []
    assert "utuelle" not in str(central.rows("SELECT * FROM unclaimed_insurer"))
    send(central, client, (message(2, OTHER, total_cents=7), "d"))
    assert listed(admin).unclaimed == [], "the same job again"
    send(central, client, (message(4, OTHER), "e"), (message(5, OTHER), "f"))
    assert [(one.name, one.jobs) for one in listed(admin).unclaimed] == [(OTHER, 4)]
    assert listed(person(central, "admin@two.example")).unclaimed == []
    (programme,) = listed(admin).programmes
    change(admin, programme, names=[*programme.rules.names, "MUTUELLE DU NORD"])
    assert listed(admin).unclaimed == []
    assert outcomes(send(central, client, (message(6, OTHER), "g"))) == [("kept", None)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ageing_days": 366}, "bad_number"),
        ({"reminder_days": -1}, "bad_number"),
        ({"alert_at_most": 11}, "bad_number"),
        ({"alert_hours": 0}, "bad_number"),
        ({"questionnaire": "none"}, "not_possible"),
        ({"name": "  "}, "bad_name"),
        ({"names": [" . "], "codes": []}, "no_insurer_name"),
        ({"names": ["a"] * 201}, "refused"),
    ],
)
def test_what_cannot_be_is_refused(admin: PersonClient, changed: dict[str, Any], code: str) -> None:
    (programme,) = listed(admin).programmes
    assert refused(change, admin, programme, **changed) in (code, "too_many")
    assert listed(admin).programmes == [programme]


def test_a_programme_with_a_shop_out_of_reach_is_seen_and_not_changed(central: Central, admin: PersonClient) -> None:
    nodes = {node.name: node.id for node in admin.call(endpoints.PEOPLE).nodes}
    new = NewPerson(
        key="n",
        email="n@one.example",
        name="N",
        language="en",
        grants=[Grant(role="shop_admin", node_id=nodes["North"])],
    )
    admin.call(endpoints.ADD_PERSON, new)
    with central.service.admin() as connection:
        connection.execute(
            text("UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE email = 'admin@one.example') "
                 "WHERE email = 'n@one.example'")
        )  # fmt: skip
    north = person(central, "n@one.example")
    (programme,) = listed(north).programmes
    assert not programme.changeable and programme.rules.shops == [central.shops["North"]]
    assert refused(change, north, programme, ageing_days=1) == "beyond_reach"
    rules = msgspec.structs.replace(RULES, shops=[central.shops["South"]])
    assert (
        refused(north.call, endpoints.ADD_PROGRAMME, NewProgramme(key="x", kind="shop", rules=rules)) == "not_allowed"
    )
    assert listed(person(central, "admin@two.example")).programmes == []
    asked = ProgrammeChange(key="y", version=1, rules=programme.rules)
    other = person(central, "admin@two.example")
    assert refused(other.call, endpoints.CHANGE_PROGRAMME, asked, programme_id=programme.id) in (
        "not_there",
        "beyond_reach",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programme SET ageing_days = 1",
        "UPDATE enrolment SET active = false",
        "INSERT INTO programme (org_id, name, kind, questionnaire) VALUES (1, 'x', 'shop', 'standard')",
        "INSERT INTO enrolment (org_id, shop_id, programme_id) SELECT s.org_id, s.id, 1 FROM shop s "
        "WHERE NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.shop_id = s.id)",
    ],
)
def test_plain_sql_of_staff_changes_no_programme(central: Central, statement: str) -> None:
    (me,) = central.rows("SELECT id FROM person WHERE email = 'staff@one.example'")[0]
    what = "SELECT (SELECT jsonb_agg(p) FROM programme p), (SELECT jsonb_agg(e) FROM enrolment e)"
    before = central.rows(what)
    try:
        with central.parts.web.scoped(central.scope([central.shops["North"]], int(str(me)))) as connection:
            connection.execute(text(statement))
    except DBAPIError as refusal:
        assert "row-level security" in str(refusal)
    assert central.rows(what) == before


def test_who_manages_one_of_their_shops_sees_and_changes_that_one(central: Central, admin: PersonClient) -> None:
    """A role in another shop does not carry the permission there (D-P3)."""
    nodes = {node.name: node.id for node in admin.call(endpoints.PEOPLE).nodes}
    grants = [Grant(role="shop_admin", node_id=nodes["North"]), Grant(role="staff", node_id=nodes["South"])]
    admin.call(endpoints.ADD_PERSON, NewPerson(key="n", email="n@one.example", name="N", language="en", grants=grants))
    with central.service.admin() as connection:
        known = "(SELECT password_hash FROM person WHERE email = 'admin@one.example')"
        connection.execute(text(f"UPDATE person SET password_hash = {known} WHERE email = 'n@one.example'"))
    both = person(central, "n@one.example")
    assert both.call(endpoints.REPORTS).reports
    (programme,) = listed(both).programmes
    assert programme.rules.shops == [central.shops["North"]] and not programme.changeable
    rules = msgspec.structs.replace(RULES, shops=[central.shops["North"], central.shops["South"]])
    assert refused(both.call, endpoints.ADD_PROGRAMME, NewProgramme(key="x", kind="shop", rules=rules)) == "not_allowed"


def set_up(central: Central, **programme: Any) -> None:
    given = SetUpProgramme(**{"name": "Assurances Exemple", "names": ["Assurances Exemple inc."], **programme})
    shops = [NewShop(name=name, zone="America/Toronto") for name in ("North", "South")]
    with central.service.admin() as connection:
        apply(connection, SetupFile(organisation="One", shops=shops, persons=[], programmes=[given]), CHEAP)


def test_the_set_up_file_knows_a_programme_that_was_renamed(central: Central, admin: PersonClient) -> None:
    (programme,) = listed(admin).programmes
    change(admin, programme, name="Exemple et fils")
    set_up(central, ageing_days=3)
    (programme,) = listed(admin).programmes
    assert (programme.rules.name, programme.rules.ageing_days) == ("Assurances Exemple", 3)
    rules = msgspec.structs.replace(RULES, name="assurances exemple")
    assert refused(admin.call, endpoints.ADD_PROGRAMME, NewProgramme(key="x", kind="shop", rules=rules)) == "name_taken"


def test_a_name_claimed_by_the_set_up_file_is_listed_no_more(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    send(central, client, *((message(number, OTHER), f"k{number}") for number in range(3)))
    assert len(listed(admin).unclaimed) == 1
    set_up(central, names=["Assurances Exemple inc.", "mutuelle du nord"])
    assert listed(admin).unclaimed == []
    with central.service.admin() as connection:
        connection.execute(text("UPDATE unclaimed_insurer SET last_at = last_at - interval '181 days'"))
    send(central, client, (message(9, "Another one"), "z"))
    assert central.rows("SELECT jobs FROM unclaimed_insurer") == [(1,)], "what no job had for half a year is forgotten"


def test_shops_that_join_and_leave_are_in_the_audit(central: Central, admin: PersonClient) -> None:
    (programme,) = listed(admin).programmes
    change(admin, programme, shops=[central.shops["South"]])
    rows = central.rows("SELECT what, after FROM audit WHERE subject = 'programme' AND by_id IS NOT NULL")
    assert rows == [("left", central.shops["North"])]


def test_a_programme_without_shops_is_for_who_manages_all(central: Central, admin: PersonClient) -> None:
    nodes = {node.name: node.id for node in admin.call(endpoints.PEOPLE).nodes}
    grants = [Grant(role="shop_admin", node_id=nodes["North"])]
    admin.call(endpoints.ADD_PERSON, NewPerson(key="n", email="n@one.example", name="N", language="en", grants=grants))
    with central.service.admin() as connection:
        known = "(SELECT password_hash FROM person WHERE email = 'admin@one.example')"
        connection.execute(text(f"UPDATE person SET password_hash = {known} WHERE email = 'n@one.example'"))
    admin.call(endpoints.ADD_PROGRAMME, NewProgramme(key="x", kind="shop", rules=RULES))
    (programme, own) = listed(admin).programmes
    change(admin, programme, shops=[])
    assert own.changeable and all(not one.changeable for one in listed(person(central, "n@one.example")).programmes)


def field(page: requests.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def test_a_questionnaire_is_looked_at_page_by_page_and_nothing_is_kept(central: Central, admin: PersonClient) -> None:
    north = central.shops["North"]
    titles = listed(admin).titles
    assert set(titles) == {"insurer", "quick", "standard"} and titles["quick"]["fr"] == "Étoiles et commentaire"
    asked = PreviewRequest(questionnaire="quick", shop_id=north, language="fr")
    address = admin.call(endpoints.PREVIEW_SURVEY, asked).address
    page = requests.get(address, timeout=10)
    assert "aperçu" in page.text and "North" in page.text and "/stop" not in page.text
    refused = requests.post(address, data={"page": "stars", "so_far": field(page, "so_far")}, timeout=10)
    assert refused.status_code == 422
    page = requests.post(address, data={"page": "stars", "stars": "2", "so_far": "{nonsense"}, timeout=10)
    assert field(page, "page") == "why" and 'value="delay"' in page.text, "it asks on as it asks customers"
    back = {"page": "why", "step": "back", "so_far": field(page, "so_far")}
    assert 'value="2" checked' in requests.post(address, data=back, timeout=10).text
    broken = {"page": "why", "so_far": '{"values": {"stars": 77, "nothing": 1}, "choices": {"problem": ["x"]}}'}
    assert field(requests.post(address, data=broken, timeout=10), "page") == "stars"
    nested = {"page": "stars", "so_far": '{"x":' + 3000 * "[" + 3000 * "]" + "}"}
    assert requests.post(address, data=nested, timeout=10).status_code == 422, "left out, as nonsense is"
    went = requests.post(address, data={**back, "comment": "Merci <b>"}, timeout=10)
    onward = {"page": "stars", "stars": "2", "so_far": field(went, "so_far")}
    assert "Merci &lt;b&gt;</textarea>" in requests.post(address, data=onward, timeout=10).text
    done = requests.post(address, data={"page": "why", "so_far": field(page, "so_far"), "comment": "x"}, timeout=10)
    assert done.status_code == 200 and "rien n’est conservé" in done.text
    for table in ("answer", "partial_answer", "survey_page", "invitation"):
        assert central.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    central.clock.pass_time(3601)
    assert requests.get(address, timeout=10).status_code == 404
    assert requests.post(address, data={"page": "stars"}, timeout=10).status_code == 404


def test_a_preview_is_ours_and_of_a_shop_in_reach(central: Central, admin: PersonClient) -> None:
    def wanted(shop: str, questionnaire: str = "quick") -> PreviewRequest:
        return PreviewRequest(questionnaire=questionnaire, shop_id=central.shops[shop], language="fr")

    with pytest.raises(KnownError) as refusal:
        admin.call(endpoints.PREVIEW_SURVEY, wanted("Other"))
    assert refusal.value.code == "not_allowed"
    with pytest.raises(KnownError) as refusal:
        admin.call(endpoints.PREVIEW_SURVEY, wanted("North", "none"))
    assert refusal.value.code == "not_possible"
    address = admin.call(endpoints.PREVIEW_SURVEY, wanted("North")).address
    token = address.rpartition("/")[2]
    assert len(token) >= 22 and requests.get(address, timeout=10).status_code == 200, "128 bits and more"
    for other in (f"{token}x", token[:-1], ".", "é"):
        assert requests.get(f"{central.address}/v/{other}", timeout=10).status_code == 404


def samples(central: Central) -> list[tuple[object, ...]]:
    return central.rows(
        "SELECT p.kind, s.state, s.reason FROM sample s JOIN programme p ON p.id = s.programme_id ORDER BY s.id"
    )


def rows(central: Central, **given: str) -> list[tuple[str, str]]:
    """(program, state) of each row of R-29."""
    shops, now = [central.shops["North"]], central.clock.now_utc()
    request = Request("R-29", {"period": "2026-10-01..2027-03-31", **given}, shops, "en", "Ada", now)
    with central.parts.web.scoped(central.scope(shops, 1)) as connection:
        parts = list(REPORTS["R-29"].build(ReportContext(connection, request, REPORTS["R-29"])))
    table = next(node for part in parts for node in part.nodes if isinstance(node, Table))
    titles = [column.title for column in table.columns]
    return [(str(row[titles.index("Program")]), str(row[titles.index("State")])) for row in table.rows]


@pytest.fixture
def both(central: Central, admin: PersonClient) -> list[Programme]:
    """The insurer's programme and one of the shop's own, which ask on the same day."""
    rules = msgspec.structs.replace(RULES, shops=[central.shops["North"]], ageing_days=19, questionnaire="quick")
    admin.call(endpoints.ADD_PROGRAMME, NewProgramme(key="own", kind="shop", rules=rules))
    return listed(admin).programmes


@pytest.mark.usefixtures("both")
def test_a_job_two_programmes_want_is_asked_about_by_the_insurers(central: Central, client: CollectorClient) -> None:
    """One sample each; the throttle decides, in favor of the insurer, and says so (A-P4, B-N8)."""
    send(central, client, (message(1), "a"), (message(2, insurer="Nobody"), "b"))
    assert samples(central) == [("insurer", "ageing", None), ("shop", "ageing", None), ("shop", "ageing", None)]
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert samples(central) == [
        ("insurer", "invited", None), ("shop", "refused", "throttled"), ("shop", "invited", None),
    ]  # fmt: skip
    assert len(central.mails()) == 2
    client.open_session()
    keys = ["C:1", "C:2"]
    told = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=keys)).jobs
    assert [(state.job_key, state.state) for state in told] == [("C:1", "invited"), ("C:2", "invited")]


@pytest.mark.usefixtures("both")
def test_the_insurers_asks_first_whichever_sample_came_first(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, insurer="Nobody"), "a"), (message(1, order=2), "b"))
    assert samples(central) == [("shop", "ageing", None), ("insurer", "ageing", None)]
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert samples(central) == [("shop", "refused", "throttled"), ("insurer", "invited", None)]


def test_without_a_throttle_both_ask(
    central: Central, admin: PersonClient, client: CollectorClient, both: list[Programme]
) -> None:
    for programme in both:
        change(admin, programme, key=f"t{programme.id}", throttle_days=0)
    send(central, client, (message(1), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert samples(central) == [("insurer", "invited", None), ("shop", "invited", None)]
    asked = central.rows("SELECT q.key FROM invitation i JOIN questionnaire q ON q.id = i.questionnaire_id ORDER BY i.id")
    assert asked == [("standard",), ("quick",)]


@pytest.mark.usefixtures("both")
def test_who_does_not_want_a_job_any_more_stops_alone(central: Central, client: CollectorClient) -> None:
    """The insurer of an estimate is corrected while its job ages; then corrected back."""
    send(central, client, (message(1), "a"))
    (received,) = central.rows("SELECT DISTINCT received_on FROM sample")
    central.clock.pass_time(5 * 86400)
    client.open_session()
    send(central, client, (message(1, insurer="Nobody", order=2), "b"))
    assert samples(central) == [("insurer", "withdrawn", "filtered"), ("shop", "ageing", None)]
    waiting = "SELECT state FROM timer WHERE kind = 'survey.invite' ORDER BY subject_id"
    assert central.rows(waiting) == [("cancelled",), ("waiting",)]
    send(central, client, (message(1, order=3), "c"))
    assert samples(central) == [("insurer", "ageing", None), ("shop", "ageing", None)]
    assert central.rows("SELECT DISTINCT received_on FROM sample") == [received], "it ages from when it came"
    central.clock.pass_time(15 * 86400)
    central.wait()
    assert [state for _, state, _ in samples(central)] == ["invited", "refused"]


def test_what_was_asked_is_not_asked_by_a_programme_that_comes_later(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    send(central, client, (message(1), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    rules = msgspec.structs.replace(RULES, shops=[central.shops["North"]])
    admin.call(endpoints.ADD_PROGRAMME, NewProgramme(key="own", kind="shop", rules=rules))
    client.open_session()
    send(central, client, (message(1, order=2), "b"))
    assert samples(central) == [("insurer", "invited", None)]
    send(central, client, (WithdrawMessage(job_key="C:1"), "c"))
    assert samples(central) == [("insurer", "withdrawn", "excluded")]


def test_what_was_asked_in_vain_is_not_asked_by_another_programme(
    central: Central, admin: PersonClient, client: CollectorClient
) -> None:
    """The survey expired: beyond the throttle of thirty days, the customer was asked all the same."""
    send(central, client, (message(1), "a"))
    for days in (20, 31):
        central.clock.pass_time(days * 86400)
        central.wait()
    assert samples(central) == [("insurer", "expired", None)]
    already = len(central.mails())
    rules = msgspec.structs.replace(RULES, shops=[central.shops["North"]])
    admin.call(endpoints.ADD_PROGRAMME, NewProgramme(key="own", kind="shop", rules=rules))
    client.open_session()
    send(central, client, (message(1, order=2), "b"))
    central.wait()
    assert samples(central) == [("insurer", "expired", None)] and len(central.mails()) == already


@pytest.mark.usefixtures("both")
def test_a_job_whose_insurer_is_corrected_on_the_day_is_still_asked_about(
    central: Central, client: CollectorClient
) -> None:
    """Its sample was due and is the wrong programme's: the right one asks."""
    with central.service.admin() as connection:
        connection.execute(text("DELETE FROM enrolment WHERE programme_id = 2"))
    send(central, client, (message(1), "a"))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'callable'"))
        connection.execute(
            text(
                "INSERT INTO enrolment (org_id, shop_id, programme_id, active) SELECT org_id, id, 2, true FROM shop "
                "WHERE name = 'North'"
            )
        )
    send(central, client, (message(1, insurer="Nobody", order=2), "b"))
    assert samples(central) == [("insurer", "withdrawn", "filtered"), ("shop", "ageing", None)]


@pytest.mark.usefixtures("both")
def test_a_job_tells_of_the_sample_that_was_asked(central: Central, client: CollectorClient) -> None:
    """The insurer's sample is older and was throttled; that the other one expired is what happened."""
    send(central, client, (message(1), "a"))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE sample SET state = 'refused', reason = 'throttled' WHERE programme_id = 1"))
        connection.execute(text("UPDATE timer SET state = 'cancelled' WHERE subject_id = 1 AND kind = 'survey.invite'"))
    for days in (20, 31):
        central.clock.pass_time(days * 86400)
        central.wait()
    assert samples(central) == [("insurer", "refused", "throttled"), ("shop", "expired", None)]
    client.open_session()
    asked = JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])
    (state,) = client.call(endpoints.JOB_STATES, asked).jobs
    assert state.state == "expired" and state.invited_at is not None
    assert rows(central) == [("Ours", "No answer")]


@pytest.mark.usefixtures("both")
def test_the_week_tells_of_a_job_once(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"), (message(2), "b"))
    now = central.clock.now_utc()
    with central.parts.worker.scoped(WORKER) as connection:
        week = week_queries.samples(connection, central.shops["North"], now - timedelta(days=1), now + timedelta(days=1))
    assert [sample.ro_number for sample in week] == ["26-1", "26-2"]


def test_behind_a_rate_stand_as_many_rows_as_it_counts(
    central: Central, admin: PersonClient, client: CollectorClient, both: list[Programme]
) -> None:
    """Two programmes asked about one job, without a throttle: two invitations, two rows."""
    for programme in both:
        change(admin, programme, key=f"t{programme.id}", throttle_days=0)
    send(central, client, (message(1), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert [programme for programme, _ in sorted(rows(central, invited="1"))] == ["Assurances Exemple", "Ours"]
    assert len(rows(central)) == 1
    assert rows(central, invited="1", programme="2") == [("Ours", "Invited")]


@pytest.mark.usefixtures("both")
def test_a_job_of_two_programmes_is_one_row(central: Central, client: CollectorClient) -> None:
    """R-29 tells of the sample that tells most, or of the programme that is asked for; a withdrawal ends both."""
    send(central, client, (message(1), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert rows(central) == rows(central, programme="1") == [("Assurances Exemple", "Invited")]
    assert rows(central, programme="2") == [("Ours", "Refused")]
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "b"))
    assert [state for _, state, _ in samples(central)] == ["withdrawn", "refused"]
