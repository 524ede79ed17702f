"""An insurer's person reads its programme, across shops, and nothing else (A-02, A-P2; decision 022; issue 17)."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from repaircenter.assembly.options import ShopOptions
from repaircenter.assembly.shop_app import ShopApp
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop
from repaircenter.central.accounts.setup_file import SetupFile, apply, check
from repaircenter.central.app import build_app
from repaircenter.central.db.connections import Scope
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import codec, endpoints
from repaircenter.wire.document.charts import BarChart
from repaircenter.wire.document.nodes import Heading, Table
from repaircenter.wire.document.parts import Part, decode_part
from repaircenter.wire.identity import SignInRequest
from repaircenter.wire.jobs import KnownRequest
from repaircenter.wire.people import Forgotten, Grant, PersonChange, WantedAddress
from repaircenter.wire.people import NewPerson as Invited
from repaircenter.wire.reports import Favourite, RunRequest
from repaircenter.wire.surveys.programmes import ProgrammeChange
from repaircenter.wire.version import HEADER, VERSION
from repaircenter.wire.vocabulary import MODULES, PERSON, RUN_REPORTS
from tests import answered
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_reports import figure, plain
from tests.integration.test_rights import ask

OURS, THEIRS = "Assurance Nord", "Mutuelle du Sud"
READER = "nord@insurer.example"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
# What no reader of the other programme may ever meet: in comments, jobs, names.
SECRET = "SUDONLY"


def apply_file(central: Central, **changed: Any) -> None:
    """Two programmes of the same shops, and who reads the first of them."""
    file = SetupFile(
        organisation="One",
        shops=[NewShop(name="North", zone="America/Toronto"), NewShop(name="South", zone="America/Toronto")],
        persons=[NewPerson(email=READER, name="Nora", role="insurer", programmes=[OURS], password=PASSWORD)],
        programmes=[NewProgramme(name=OURS, names=[OURS], **changed), NewProgramme(name=THEIRS, names=[SECRET])],
    )
    assert check(file) == ""
    with central.service.admin() as connection:
        apply(connection, file, CHEAP)


def programmes(central: Central) -> dict[str, int]:
    return {str(name): int(str(number)) for name, number in central.rows("SELECT name, id FROM programme")}


@pytest.fixture
def rows(central: Central) -> list[answered.Answered]:
    """Answers of both programmes; those of the other say so wherever somebody wrote something."""
    apply_file(central)
    known, shops = programmes(central), [central.shops["North"], central.shops["South"]]
    made = [
        replace(one, comment=SECRET) if one.programme_id == known[THEIRS] and one.comment else one
        for one in answered.some(7, shops, [known[OURS], known[THEIRS]], 500, date(2025, 11, 1), 360)
    ]
    with central.service.admin() as connection:
        answered.write(connection, 1, made)
        for column in ("ro_number", "vehicle", "insurer_name", "estimator", "last_name"):
            connection.execute(
                text(f"UPDATE job SET {column} = :secret WHERE programme_id = :theirs"),
                {"secret": SECRET, "theirs": known[THEIRS]},
            )
    central.clock.pass_time((NOW - central.clock.now_utc()).total_seconds())
    return made


def reader(central: Central) -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in(READER, PASSWORD)
    return who


def admin(central: Central) -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in("admin@one.example", PASSWORD)
    return who


def scope_of(central: Central, *names: str) -> Scope:
    """The scope the database gives who reads these programmes."""
    known = programmes(central)
    number = central.rows(f"SELECT id FROM person WHERE email = '{READER}'")[0][0]
    return central.programme_scope([known[name] for name in names], int(str(number)))


def run(central: Central, report: str, **given: str) -> list[Part]:
    ids = [central.shops[name] for name in ("North", "South")]
    scope = scope_of(central, OURS)
    request = Request(
        report, {"period": "2025-11-01..2026-10-31", **given}, ids, "en", "Nora", NOW, scope.of_programmes
    )
    with central.parts.web.scoped(scope) as connection:
        parts = list(REPORTS[report].build(ReportContext(connection, request, REPORTS[report])))
    return [decode_part(codec.encode(part)) for part in parts]


def refused(call: Any, *arguments: Any, **places: Any) -> str:
    with pytest.raises(KnownError) as refusal:
        call(*arguments, **places)
    return refusal.value.code


def test_who_reads_a_programme_signs_in_to_its_reports_alone(central: Central) -> None:
    apply_file(central)
    session = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email=READER, password=PASSWORD))
    assert (session.role, session.permissions) == ("insurer", [RUN_REPORTS])
    assert [shop.name for shop in session.shops] == ["North", "South"] and {shop.tax_id for shop in session.shops} == {
        None
    }
    offered = {report.id for report in reader(central).call(endpoints.REPORTS).reports}
    assert offered == {"R-01", "R-02", "R-03", "R-04", "R-07", "R-09", "R-14", "R-15", "R-21"}
    asked = RunRequest(report="R-29", parameters={}, shops=[], language="en")
    assert refused(reader(central).call, endpoints.START_RUN, asked) == "unknown_report"
    kept = Favourite(id=0, name="Jobs", report="R-29", parameters={}, shops=[])
    assert refused(reader(central).call, endpoints.ADD_FAVOURITE, kept) == "bad_favourite"
    mine = reader(central).call(endpoints.ADD_FAVOURITE, msgspec.structs.replace(kept, report="R-01"))
    assert refused(reader(central).call, endpoints.CHANGE_FAVOURITE, kept, favourite_id=mine.id) == "bad_favourite"
    options = reader(central).call(endpoints.REPORT_OPTIONS)
    assert list(options.programmes.values()) == [OURS] and options.employees == {}


def test_every_endpoint_that_is_not_a_report_refuses_an_insurer(central: Central) -> None:
    apply_file(central)
    with TestClient(build_app(central.parts)) as web:
        web.headers[HEADER] = str(VERSION)
        central.license(*MODULES)
        token = Http(central.address).call(endpoints.SIGN_IN, SignInRequest(email=READER, password=PASSWORD)).token
        for endpoint in endpoints.endpoints():
            if endpoint.caller == PERSON:
                status, code = ask(web, endpoint, token)
                if endpoint.permission == RUN_REPORTS:
                    assert status < 500 and code != "not_allowed", endpoint.path
                else:
                    assert (status, code) == (403, "not_allowed"), endpoint.path


@pytest.mark.parametrize("report", sorted(name for name, one in REPORTS.items() if not one.of_the_shop))
def test_no_report_says_anything_of_another_programme(
    central: Central, rows: list[answered.Answered], report: str
) -> None:
    known = programmes(central)
    mine = {one.id for one in rows if one.programme_id == known[OURS]}
    for given in ({}, {"programme": str(known[THEIRS])}, {"split": "programme"}):
        content = b"".join(codec.encode(part) for part in run(central, report, **given)).decode()
        assert SECRET not in content and THEIRS not in content, given
        assert "Gagné" not in content, "no customer's name either"
        for one in rows:
            assert one.id in mine or f'"C:{one.id}"' not in content
    assert any(f'"C:{number}"' in b"".join(map(codec.encode, run(central, "R-07"))).decode() for number in mine)


@pytest.mark.parametrize("report", ["R-01", "R-14", "R-21"])
def test_no_figure_leads_to_jobs_that_an_insurer_may_not_see(
    central: Central, rows: list[answered.Answered], report: str
) -> None:
    assert b"R-29" not in b"".join(map(codec.encode, run(central, report, min_n="1")))


def test_a_run_of_fewer_shops_still_reads_the_programme(central: Central, rows: list[answered.Answered]) -> None:
    """Shops are chosen by the report; the numbers of shops say nothing about those of programmes."""
    ours, who = programmes(central)[OURS], reader(central)
    for name in ("North", "South"):
        shop = central.shops[name]
        parameters = {"period": "2025-11-01..2026-10-31", "min_n": "1"}
        asked = RunRequest(report="R-07", parameters=parameters, shops=[shop], language="en")
        parts = run_to_end(who, asked, time.sleep)
        content = b"".join(map(codec.encode, parts)).decode()
        mine = [one for one in rows if (one.programme_id, one.shop_id) == (ours, shop) and one.comment and one.submitted]
        assert mine and any(f'"C:{one.id}"' in content for one in mine), name


def test_the_programme_report_counts_its_own_answers(central: Central, rows: list[answered.Answered]) -> None:
    """Recomputed from the rows that were written."""
    known = programmes(central)
    parts = run(central, "R-21", min_n="1")
    assert [node.text for node in parts[0].nodes if isinstance(node, Heading)] == [OURS]
    table = next(node for node in parts[0].nodes if isinstance(node, Table))
    for name, shop in (("North", central.shops["North"]), ("South", central.shops["South"])):
        mine = [one for one in rows if one.programme_id == known[OURS] and one.shop_id == shop and one.submitted]
        mine = [one for one in mine if one.submitted is not None and one.submitted <= NOW]
        (line,) = [row for row in table.rows if plain(row[0]) == name]
        scales = [[one.values[key] for key in answered.OWN_SCALES if key in one.values] for one in mine]
        assert plain(line[1]) == len(mine)
        assert plain(line[2]) == pytest.approx(statistics.fmean(statistics.fmean(own) for own in scales if own))
        marks = [one.values["recommend"] for one in mine if "recommend" in one.values]
        promoters, detractors = sum(mark >= 9 for mark in marks), sum(mark <= 6 for mark in marks)
        assert plain(line[4]) == pytest.approx(100 * (promoters - detractors) / len(marks))
        sent = [one for one in rows if one.programme_id == known[OURS] and one.shop_id == shop]
        reached = [one for one in sent if not one.bounced]
        assert figure(line[5]).value == pytest.approx(100 * len(mine) / len(reached))
    chart = next(node for node in parts[0].nodes if isinstance(node, BarChart))
    quality = [one.values["quality"] for one in rows if one.programme_id == known[OURS] and "quality" in one.values]
    assert chart.bars[0].value == pytest.approx(statistics.fmean(quality))


def test_plain_sql_of_an_insurers_session_sees_no_other_row(central: Central, rows: list[answered.Answered]) -> None:
    """Every table the web role may read, by its own name, and every view that stands for one."""
    known, mine = programmes(central), scope_of(central, OURS)
    with central.parts.web.scoped(mine) as connection:
        names = connection.execute(
            text(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN "
                "('public', 'programme_reader') AND has_table_privilege(format('%I.%I', table_schema, table_name), 'SELECT')"
            )
        ).all()
        assert len([one for one in names if one[0] == "programme_reader"]) == 18
        for schema, name in names:
            content = str(connection.execute(text(f"SELECT * FROM {schema}.{name}")).all())
            assert SECRET not in content and THEIRS not in content, (schema, name)
            assert "Gagné" not in content and "Élise" not in content, (schema, name)
            if schema == "public" and name not in ("external_benchmark", "alembic_version"):
                assert content == "[]", name
        seen = set(connection.execute(text("SELECT DISTINCT programme_id FROM answer")).scalars())
        assert seen == {known[OURS]}
        values = connection.execute(text("SELECT count(*) FROM answer_value")).scalar_one()
    ours = [one for one in rows if one.programme_id == known[OURS]]
    assert values == sum(len(one.values) for one in ours)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer SET comment = 'x'",
        "UPDATE public.answer SET comment = 'x' WHERE true RETURNING 1",
        "INSERT INTO public.person_grant SELECT org_id, rc_scope_person(), 'manager', id FROM node",
        "SELECT nonce FROM invitation",
        "SELECT email FROM job",
        "SELECT rc_signed('programme:1,2,3:1')",
        "SELECT * FROM rc_programmes_of(1)",
        "SELECT * FROM scope_key",
    ],
)
def test_an_insurers_session_changes_nothing_and_learns_no_key(central: Central, statement: str) -> None:
    apply_file(central)
    with pytest.raises(DBAPIError), central.parts.web.scoped(scope_of(central, OURS)) as connection:
        changed = connection.execute(text(statement))
        assert changed.rowcount == 0
        raise DBAPIError(statement, None, Exception("nothing was changed"))


def test_a_session_cannot_widen_its_scope(central: Central, rows: list[answered.Answered]) -> None:
    known, mine = programmes(central), scope_of(central, OURS)
    bare, _, signature = mine.signed.rpartition(":")
    for wished in (
        f"programme:{known[OURS]},{known[THEIRS]}:1:{signature}",
        f"shops:{central.shops['North']}:1:{signature}",
        "worker",
        "",
        bare,
    ):
        with central.parts.web.scoped(mine) as connection:
            connection.execute(text("SELECT set_config('rc.scope', :wished, true)"), {"wished": wished})
            for table in ("answer", "job", "programme", "questionnaire", "shop", "alert"):
                for schema in ("public", "programme_reader"):
                    assert connection.execute(text(f"SELECT count(*) FROM {schema}.{table}")).scalar_one() == 0, wished
            assert connection.execute(text("SELECT rc_surveyed_insurers()")).scalar_one() == []
    with central.parts.web.scoped(mine) as connection:
        connection.execute(text("SELECT set_config('rc.only', :wished, true)"), {"wished": str(known[THEIRS])})
        assert connection.execute(text("SELECT count(*) FROM answer")).scalar_one() == 0


def test_names_and_recoveries_are_shown_where_the_programme_says_so(
    central: Central, rows: list[answered.Answered]
) -> None:
    """A-P2: what the shop did is shared when the programme says so, and not before."""
    known = programmes(central)
    one = next(row for row in rows if row.programme_id == known[OURS] and row.submitted is not None)
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO alert (org_id, shop_id, answer_id, job_id, programme_id, low, opened_at, due_at, state, cause, "
                "action, outcome, owner_id, ended_at) VALUES (1, :shop, :id, :id, :programme, '{quality}', :at, :at, 'done', "
                "'repair', 'Repeint la portière.', 'satisfied', 1, :at)"
            ),
            {"shop": one.shop_id, "id": one.id, "programme": one.programme_id, "at": one.submitted},
        )

    def told(report: str, **given: str) -> str:
        return b"".join(map(codec.encode, run(central, report, **given))).decode()

    survey = {"job": f"C:{one.id}"}
    assert "Repeint" not in told("R-21") + told("R-02", **survey) + told("R-12")
    assert "Élise" not in told("R-02", **survey)
    apply_file(central, shows_recovery=True, shows_contact=True)
    assert "Repeint" in told("R-21") and "Repeint" in told("R-02", **survey) and "Repeint" in told("R-12")
    assert "Ada Min" not in told("R-12"), "who did it is the shop's own"
    assert f"Gagné {one.id}" in told("R-02", **survey)
    apply_file(central)
    assert "Repeint" in told("R-21"), "a file that does not name it leaves it"
    programme = next(p for p in admin(central).call(endpoints.PROGRAMMES).programmes if p.rules.name == OURS)
    assert (programme.rules.shows_contact, programme.rules.shows_recovery) == (True, True)
    rules = msgspec.structs.replace(programme.rules, shows_contact=False, shows_recovery=None)
    change = ProgrammeChange(key="k", version=programme.version, rules=rules)
    kept = admin(central).call(endpoints.CHANGE_PROGRAMME, change, programme_id=programme.id)
    assert (kept.rules.shows_contact, kept.rules.shows_recovery) == (False, True), "an older desk takes nothing back"
    assert "Élise" not in told("R-02", **survey)


def places(central: Central) -> dict[str, int]:
    listed = admin(central).call(endpoints.PEOPLE)
    return {node.name or node.kind: node.id for node in listed.nodes}


def test_an_insurer_is_invited_at_a_programme_and_works_in_no_shop(central: Central) -> None:
    apply_file(central)
    at = places(central)

    def invite(*grants: Grant) -> Any:
        asked = Invited(key="k1", email="new@insurer.example", name="Neu", language="fr", grants=list(grants))
        return admin(central).call(endpoints.ADD_PERSON, asked)

    reads, works = Grant(role="insurer", node_id=at[OURS]), Grant(role="staff", node_id=at["North"])
    assert refused(invite, Grant(role="insurer", node_id=at["North"])) == "insurer_place"
    assert refused(invite, Grant(role="manager", node_id=at[OURS])) == "insurer_place"
    assert refused(invite, reads, works) == "insurer_alone"
    made = invite(reads)
    assert made.grants == [reads]
    change = PersonChange(key="k2", version=made.version, grants=[works])
    moved = admin(central).call(endpoints.CHANGE_PERSON, change, person_id=made.id)
    assert moved.grants == [works], "one takes the place of the other"
    with pytest.raises(IntegrityError), central.service.admin() as connection:
        connection.execute(
            text("INSERT INTO person_grant (org_id, person_id, role, node_id) VALUES (1, :person, 'insurer', :node)"),
            {"person": made.id, "node": at[OURS]},
        )
    with pytest.raises(IntegrityError), central.service.admin() as connection:
        connection.execute(text("UPDATE person_grant SET role = 'insurer'"))


def test_a_programme_that_is_taken_away_is_read_no_more(central: Central) -> None:
    apply_file(central)
    who = reader(central)
    assert who.call(endpoints.REPORTS).reports
    with central.service.admin() as connection:
        connection.execute(text("DELETE FROM person_grant WHERE role = 'insurer'"))
    assert refused(who.call, endpoints.REPORTS) in ("session_ended", "not_allowed", "signed_out")


def test_a_file_gives_programmes_to_insurers_alone(central: Central) -> None:
    def wrong(**changed: Any) -> str:
        person = {
            "email": READER,
            "name": "Nora",
            "role": "insurer",
            "password": PASSWORD,
            "programmes": [OURS],
        } | changed
        return check(
            SetupFile(
                organisation="One",
                shops=[NewShop(name="North", zone="America/Toronto")],
                persons=[NewPerson(**person)],
                programmes=[NewProgramme(name=OURS, names=[OURS])],
            )
        )

    assert wrong() == ""
    assert "Elsewhere is no programme of this file" in wrong(programmes=["Elsewhere"])
    for changed in ({"programmes": None}, {"role": "manager"}, {"shops": ["North"]}):
        assert "an insurer reads programmes, and nobody else does" in wrong(**changed)


@pytest.fixture
def pc(central: Central) -> Iterator[CollectorClient]:
    yield CollectorClient(Http(central.address), MemorySecrets())


def test_a_pc_that_only_reads_is_paired_by_anybody_and_collects_for_no_shop(
    central: Central, pc: CollectorClient
) -> None:
    apply_file(central)
    assert refused(pc.pair, READER, PASSWORD, "office") == "not_allowed"
    assert refused(pc.pair, "staff@one.example", PASSWORD, "office") == "not_allowed"
    assert pc.pair(READER, PASSWORD, "office", collects=False).shops == []
    assert pc.open_session().shops == []
    assert (
        refused(pc.call, endpoints.KNOWN_JOBS, KnownRequest(shop_id=central.shops["North"], jobs=[])) == "not_allowed"
    )
    assert [shop.name for shop in pc.pair("admin@one.example", PASSWORD, "office", collects=False).shops] == [
        "North",
        "South",
    ]
    assert refused(pc.pair, READER, "wrong", "office", collects=False) == "wrong_password"


def test_an_insurer_changes_their_own_address_and_password(central: Central) -> None:
    apply_file(central)
    mine = reader(central).call(endpoints.CHANGE_ADDRESS, WantedAddress(address="nora@insurer.example"))
    assert mine.wanted == "nora@insurer.example"
    Http(central.address).call(endpoints.FORGOT_PASSWORD, Forgotten(email=READER))
    central.wait()
    assert len(central.letters(READER)) == 2 and len(central.letters("nora@insurer.example")) == 1


def test_an_insurers_pc_is_set_up_without_a_folder_and_reads_the_report(
    central: Central, rows: list[answered.Answered], tmp_path: Path
) -> None:
    """From the first start to the pages, as the desk asks for them; it cannot be made to collect."""
    shop = ShopApp(ShopOptions(tmp_path / "data", None, None), central.clock, EventHub())
    shop.open()
    try:
        shop.setup.configure(central.address, None, READER, PASSWORD)
        shop.setup.finish()
        assert shop.setup.configured and shop.reader.shops() == []
        assert refused(shop.collecting.show_only, False) == "reads_only"
        assert shop.person is not None
        shop.person.sign_in(READER, PASSWORD)
        period = {"period": "2025-11-01..2026-10-31"}
        asked = RunRequest(report="R-21", parameters=period, shops=[], language="en")
        parts = run_to_end(shop.person, asked, time.sleep)
        assert any(isinstance(node, Heading) and node.text == OURS for part in parts for node in part.nodes)
    finally:
        shop.stop()


def test_a_pc_that_shows_shops_is_not_paired_again_by_who_is_no_admin_of_theirs(
    central: Central, tmp_path: Path
) -> None:
    """It would lose its shops, and with them what it was set up for."""
    apply_file(central)
    shop = ShopApp(ShopOptions(tmp_path / "data", None, None), central.clock, EventHub())
    shop.open()
    try:
        shop.setup.configure(central.address, None, "admin@one.example", PASSWORD)
        shop.setup.finish()
        before = shop.reader.shops()
        assert refused(shop.setup.pair_again, central.address, READER, PASSWORD) == "not_allowed"
        assert [one.name for one in before] == ["North", "South"] and shop.reader.shops() == before
        shop.setup.pair_again(central.address, "admin@one.example", PASSWORD)
    finally:
        shop.stop()


def test_what_shops_did_is_offered_where_all_programmes_share_it(
    central: Central, rows: list[answered.Answered]
) -> None:
    """A report over alerts nobody shares would say that none was low."""

    def offers() -> bool:
        return "R-12" in {report.id for report in reader(central).call(endpoints.REPORTS).reports}

    asked = RunRequest(report="R-12", parameters={}, shops=[], language="en")
    assert not offers() and refused(reader(central).call, endpoints.START_RUN, asked) == "unknown_report"
    apply_file(central, shows_recovery=True)
    assert offers()


def test_a_manager_reads_in_the_programme_report_what_its_insurer_reads(
    central: Central, rows: list[answered.Answered]
) -> None:
    known = programmes(central)
    one = next(row for row in rows if row.programme_id == known[OURS] and row.submitted is not None)
    with central.service.admin() as connection:
        for kind, answer, invitation in (("low", one.id, None), ("unreached", None, one.id)):
            connection.execute(
                text(
                    "INSERT INTO alert (org_id, shop_id, kind, answer_id, invitation_id, job_id, programme_id, low, opened_at, "
                    "due_at, state, action, cause, outcome) VALUES (1, :shop, :kind, :answer, :invitation, :id, :programme, "
                    "'{}', :at, :at, 'done', :kind, 'repair', 'satisfied')"
                ),
                {"shop": one.shop_id, "kind": kind, "answer": answer, "invitation": invitation, "id": one.id,
                 "programme": one.programme_id, "at": one.submitted},
            )  # fmt: skip
    ids = [central.shops[name] for name in ("North", "South")]

    def recoveries(scope: Scope) -> list[object]:
        request = Request("R-21", {"period": "2025-11-01..2026-10-31"}, ids, "en", "N", NOW, scope.of_programmes)
        with central.parts.web.scoped(scope) as connection:
            parts = list(REPORTS["R-21"].build(ReportContext(connection, request, REPORTS["R-21"])))
        title = "What the shops did about low answers"
        shown = [node for part in parts for node in part.nodes if isinstance(node, Table) and node.title == title]
        return [plain(row[-1]) for table in shown for row in table.rows]

    both = central.scope(ids, 1), scope_of(central, OURS)
    assert [recoveries(scope) for scope in both] == [[], []]
    apply_file(central, shows_recovery=True)
    assert [recoveries(scope) for scope in both] == [["low"], ["low"]]


def test_an_insurer_is_not_told_that_a_shop_is_late(central: Central, rows: list[answered.Answered]) -> None:
    """Whoever sees one programme's jobs cannot tell whether others came."""
    with central.service.admin() as connection:
        connection.execute(
            text("UPDATE job SET received_at = '2026-01-01' WHERE programme_id = :ours"),
            {"ours": programmes(central)[OURS]},
        )
    header = run(central, "R-21")[0].header
    assert header is not None and header.notices == []


def test_of_who_has_not_answered_only_what_rates_need_is_seen(central: Central, rows: list[answered.Answered]) -> None:
    apply_file(central, shows_contact=True)
    known = programmes(central)
    silent = {one.id for one in rows if one.programme_id == known[OURS] and one.submitted is None}
    with central.parts.web.scoped(scope_of(central, OURS)) as connection:
        jobs = connection.execute(text("SELECT id, ro_number, last_name, vehicle, total_cents FROM job")).all()
        assert set(connection.execute(text("SELECT DISTINCT reason FROM sample")).scalars()) == {None}
    assert silent and {job.id for job in jobs} > silent
    for job in jobs:
        is_seen = job.id not in silent
        assert (job.ro_number is not None, job.last_name is not None, job.vehicle is not None) == (is_seen,) * 3
        assert job.total_cents is not None


def test_both_kinds_of_readers_share_a_connection(central: Central, rows: list[answered.Answered]) -> None:
    """A prepared statement is asked of the tables and of the views in turn."""
    ids = [central.shops[name] for name in ("North", "South")]
    known = programmes(central)
    for _ in range(3):
        for scope, seen in (
            (central.scope(ids, 1), set(known.values()) - {1}),
            (scope_of(central, OURS), {known[OURS]}),
        ):
            with central.parts.web.scoped(scope) as connection:
                found = set(connection.execute(text("SELECT DISTINCT programme_id FROM answer")).scalars())
                assert found == seen
                connection.execute(text("SELECT id, name, zone, tax_id, licence, phone FROM shop")).all()


def test_a_programme_that_changes_hands_is_read_by_its_former_insurer_no_more(central: Central) -> None:
    apply_file(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET org_id = 2 WHERE name = :ours"), {"ours": OURS})
    assert central.rows("SELECT count(*) FROM person_grant WHERE role = 'insurer'") == [(0,)]
    assert central.rows(
        "SELECT n.org_id FROM node n JOIN programme p ON p.id = n.programme_id AND p.name = 'Assurance Nord'"
    ) == [(2,)]


def test_a_file_grants_its_own_programme_and_no_namesake(central: Central) -> None:
    apply_file(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET name = 'Renamed' WHERE name = :ours"), {"ours": OURS})
        connection.execute(
            text("INSERT INTO programme (org_id, name, kind, questionnaire) VALUES (1, :ours, 'insurer', 'standard')"),
            {"ours": OURS},
        )
    apply_file(central)
    assert central.rows("SELECT count(*) FROM person_grant WHERE role = 'insurer'") == [(1,)]


def test_a_file_says_when_a_programme_is_in_no_tree(central: Central) -> None:
    apply_file(central)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET org_id = NULL WHERE name = :ours"), {"ours": OURS})
    assert refused(apply_file, central) == "service.programme_nowhere"


def test_a_programme_without_shops_is_read_as_empty(central: Central) -> None:
    apply_file(central)
    with central.service.admin() as connection:
        connection.execute(
            text("DELETE FROM enrolment WHERE programme_id = :ours"), {"ours": programmes(central)[OURS]}
        )
    who = reader(central)
    assert who.call(endpoints.REPORTS).reports and who.call(endpoints.FAVOURITES).favourites == []
    asked = RunRequest(report="R-21", parameters={}, shops=[], language="en")
    assert refused(who.call, endpoints.START_RUN, asked) == "no_such_shop"
    assert refused(who.call, endpoints.CHANGE_ADDRESS, WantedAddress(address="n@x.example")) == "not_possible"


def test_a_pc_that_only_reads_is_seen_and_revoked_by_who_manages_all(central: Central, pc: CollectorClient) -> None:
    apply_file(central)
    pc.pair(READER, PASSWORD, "insurer's office", collects=False)
    seen = next(one for one in admin(central).call(endpoints.ORGANISATION).pcs if one.name == "insurer's office")
    assert seen.shops == [] and seen.wholly and seen.paired_by == "Nora"
    admin(central).call(endpoints.REVOKE_PC, pc_id=seen.id)
    assert refused(pc.open_session) == "revoked"


def test_the_shops_own_programme_is_no_place_for_an_insurer(central: Central) -> None:
    with central.service.admin() as connection:
        connection.execute(
            text("INSERT INTO programme (org_id, name, kind, questionnaire) VALUES (1, 'Own', 'shop', 'standard')")
        )
    assert "Own" not in places(central)
