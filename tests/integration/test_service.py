"""The service with real PostgreSQL, HTTP, pages and mail files (issue 2 d; A-03, A-04, A-12 ... A-15, B-N1, B-N2)."""

import email
import email.policy
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from repaircenter.central.db.connections import NOTHING, WORKER, Scope
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.ports import NotSignedIn, ServiceRefused
from repaircenter.shop.service.favourites import save_favourite
from repaircenter.shop.service.report_run import run_parts, run_to_end
from repaircenter.uplink.collector import CollectorClient
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import codec, endpoints
from repaircenter.wire.document.nodes import Cards, Empty, Table
from repaircenter.wire.envelope import BatchRequest, Envelope, ItemAnswer
from repaircenter.wire.jobs import (
    Contact,
    EraseMessage,
    InsurerFacts,
    JobDates,
    JobMessage,
    JobStateRequest,
    People,
    Source,
    VehicleFacts,
    WithdrawMessage,
)
from repaircenter.wire.reports import Favourite, RunRequest
from repaircenter.wire.version import HEADER
from tests.conftest import PASSWORD, Central
from tests.fakes.secrets import MemorySecrets

Message = JobMessage | WithdrawMessage | EraseMessage
SURVEYED, FOREIGN = "ASSURANCES EXEMPLE INC.", "Spécimen Casualty"


@pytest.fixture
def client(central: Central) -> CollectorClient:
    found = CollectorClient(Http(central.address), MemorySecrets())
    found.pair("admin@one.example", PASSWORD, "front desk")
    found.open_session()
    return found


def message(number: int = 1, insurer: str | None = SURVEYED, order: int = 1, **fields: object) -> JobMessage:
    given: dict[str, object] = {
        "job_key": f"C:{number}",
        "version": "E01",
        "version_order": order,
        "ro_number": f"26-{number}",
        "contact": Contact(
            first_name="Éloïse", last_name=f"Gagné-Côté{number}", email=f"c{number}@example.com", phones=["5145550101"]
        ),
        "vehicle": VehicleFacts(year=2020, make="Mazda", model="CX-5"),
        "insurer": InsurerFacts(name=insurer),
        "people": People(estimator="Benoît Estimateur"),
        "dates": JobDates(delivered=date(2026, 11, 1)),
        "total_cents": 123456,
        "source": Source(
            system="C", base="5e1f00a1", folder="/share", digest="d", read_at=datetime(2026, 11, 1, tzinfo=UTC)
        ),
    }
    return JobMessage(**{**given, **fields})  # type: ignore[arg-type]


def envelope(central: Central, body: Message, key: str, shop: str = "North") -> Envelope:
    payload = codec.encode(body).decode()
    kind = {JobMessage: "job", WithdrawMessage: "withdraw", EraseMessage: "erase"}[type(body)]
    return Envelope(
        key=key, kind=kind, schema=1, shop_id=central.shops[shop], digest=codec.digest(payload), payload=payload
    )


def send(central: Central, client: CollectorClient, *bodies: tuple[Message, str]) -> list[ItemAnswer]:
    return client.call(
        endpoints.SEND_JOBS, BatchRequest(items=[envelope(central, body, key) for body, key in bodies])
    ).items


def outcomes(answers: list[ItemAnswer]) -> list[tuple[str, str | None]]:
    return [(answer.outcome, answer.reason) for answer in answers]


def test_only_a_shop_admin_can_pair_and_the_password_must_be_right(central: Central) -> None:
    client = CollectorClient(Http(central.address), MemorySecrets())
    with pytest.raises(NotSignedIn, match="password is wrong"):
        client.pair("admin@one.example", "no", "pc")
    with pytest.raises(NotSignedIn, match="password is wrong"):
        client.pair("nobody@one.example", PASSWORD, "pc")
    with pytest.raises(NotSignedIn, match="may not"):
        client.pair("staff@one.example", PASSWORD, "pc")
    assert not client.is_paired


def test_the_session_ends_at_the_announced_cut_off_and_comes_back(central: Central, client: CollectorClient) -> None:
    answer = client.open_session()
    assert answer.ends_at == datetime(2026, 11, 3, 6, tzinfo=UTC)
    central.clock.jump_to(answer.ends_at)
    with pytest.raises(NotSignedIn):
        send(central, client, (message(), "k"))
    client.open_session()
    assert outcomes(send(central, client, (message(), "k"))) == [("kept", None)]


def test_a_revoked_installation_is_told_so(central: Central, client: CollectorClient) -> None:
    with central.service.admin() as connection:
        connection.execute(text("UPDATE installation SET revoked_at = now()"))
    with pytest.raises(NotSignedIn, match="revoked"):
        client.open_session()
    with pytest.raises(NotSignedIn):
        send(central, client, (message(), "k"))


def test_jobs_of_surveyed_programmes_are_kept_and_the_others_filtered_with_a_reason(
    central: Central, client: CollectorClient
) -> None:
    found = send(central, client, (message(1), "a"), (message(2, FOREIGN), "b"), (message(3, None), "c"))
    assert outcomes(found) == [("kept", None), ("filtered", "insurer_not_surveyed"), ("filtered", "no_insurer")]
    assert central.rows("SELECT source ->> 'base', source ->> 'folder' FROM job") == [("5e1f00a1", "/share")]


def test_rejected_data_is_nowhere_in_the_database(central: Central, client: CollectorClient) -> None:
    """A-15: dump every row of every table and look for the customer."""
    secret = message(
        7,
        FOREIGN,
        contact=Contact(first_name="Zébulon", last_name="Introuvable", email="zeb@example.com", phones=["4185559999"]),
    )
    assert outcomes(send(central, client, (secret, "k"))) == [("filtered", "insurer_not_surveyed")]
    with central.service.admin() as connection:
        names = (
            connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'rc_migrate'")
            )
            .scalars()
            .all()
        )
        everything = " ".join(
            str(row) for name in names for row in connection.execute(text(f'SELECT t::text FROM "{name}" t'))
        )
    for trace in ("bulon", "Introuvable", "zeb@", "4185559999", codec.digest(codec.encode(secret))):
        assert trace not in everything
    assert central.rows("SELECT reason, times FROM filtered_job") == [("insurer_not_surveyed", 1)]


def test_the_same_key_gives_the_same_answer_and_other_content_is_refused(
    central: Central, client: CollectorClient
) -> None:
    first = send(central, client, (message(1), "key-1"), (message(2, FOREIGN), "key-2"))
    again = send(central, client, (message(1), "key-1"), (message(2, FOREIGN), "key-2"))
    assert again == first
    assert outcomes(send(central, client, (message(1, total_cents=5), "key-1"))) == [("refused", "key_reused")]
    assert central.rows("SELECT count(*) FROM job") == [(1,)]


def test_an_upload_is_an_upsert(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, order=5), "a"))
    assert outcomes(send(central, client, (message(1, order=5), "b"))) == [("already_have", None)]
    assert outcomes(send(central, client, (message(1, order=4), "c"))) == [("superseded", None)]
    assert outcomes(send(central, client, (message(1, order=6, total_cents=9), "d"))) == [("kept", None)]
    assert central.rows("SELECT version_order, total_cents FROM job") == [(6, 9)]
    assert central.rows("SELECT count(*) FROM sample") == [(1,)]


def test_a_rebuilt_store_sends_the_same_content_from_another_file_and_doubles_nothing(
    central: Central, client: CollectorClient
) -> None:
    send(central, client, (message(1), "a"))
    moved = Source(system="C", base="other", folder="/new", digest="x", read_at=datetime(2026, 12, 1, tzinfo=UTC))
    assert outcomes(send(central, client, (message(1, source=moved), "b"))) == [("already_have", None)]


def test_a_filtered_job_is_judged_again_with_each_message(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, FOREIGN), "a"))
    assert outcomes(send(central, client, (message(1, SURVEYED, order=2), "b"))) == [("kept", None)]
    assert central.rows("SELECT count(*) FROM filtered_job") == [(0,)]
    assert outcomes(send(central, client, (message(1, FOREIGN, order=3), "c"))) == [
        ("filtered", "insurer_not_surveyed")
    ]
    assert central.rows("SELECT last_name, email, phones FROM job") == [(None, None, [])]
    assert central.rows("SELECT state FROM sample") == [("withdrawn",)]


def test_one_poison_row_does_not_stop_the_others(central: Central, client: CollectorClient) -> None:
    good, poison = envelope(central, message(1), "a"), envelope(central, message(2), "b")
    broken = Envelope(key="c", kind="job", schema=1, shop_id=poison.shop_id, digest=codec.digest("{]"), payload="{]")
    future = Envelope(key="d", kind="hologram", schema=1, shop_id=poison.shop_id, digest="", payload="")
    foreign = envelope(central, message(3), "e", shop="Other")
    changed = Envelope(key="f", kind="job", schema=1, shop_id=poison.shop_id, digest="x", payload=poison.payload)
    found = client.call(endpoints.SEND_JOBS, BatchRequest(items=[good, broken, future, foreign, changed])).items
    assert outcomes(found) == [
        ("kept", None),
        ("refused", "bad_message"),
        ("refused", "unknown_kind"),
        ("refused", "wrong_shop"),
        ("refused", "bad_digest"),
    ]


def test_withdrawing_blanks_the_person_and_stops_the_survey(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"), (WithdrawMessage(job_key="C:1"), "b"))
    assert central.rows("SELECT first_name, email, vehicle FROM job") == [(None, None, None)]
    assert central.rows("SELECT state, reason FROM sample") == [("withdrawn", "excluded")]


def ripen(central: Central) -> str:
    """Let 20 days pass; gives the link of the newest mail."""
    central.clock.pass_time(20 * 86400)
    central.wait()
    newest = email.message_from_bytes(central.mails()[-1].read_bytes(), policy=email.policy.default)
    assert isinstance(newest, EmailMessage)
    return link_in(newest)


def link_in(letter: EmailMessage) -> str:
    """The link of an invitation."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http\S+/s/[\w-]+(?=\s)", body.get_content())
    assert found is not None
    return found[0]


def test_a_customer_is_asked_once_after_19_days(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    assert central.rows("SELECT received_on, callable_on FROM sample") == [(date(2026, 11, 2), date(2026, 11, 21))]
    central.clock.jump_to(datetime(2026, 11, 21, 13, 59, tzinfo=UTC))
    central.wait()
    assert central.mails() == []
    central.clock.pass_time(120)
    central.wait()
    assert len(central.mails()) == 1
    central.clock.pass_time(90 * 86400)
    central.wait()
    send_again = CollectorClient(Http(central.address), MemorySecrets())
    send_again.pair("admin@one.example", PASSWORD, "second")
    send_again.open_session()
    send(central, send_again, (message(1, order=9, total_cents=1), "z"))
    central.wait()
    assert len(central.mails()) == 1 and central.rows("SELECT count(*) FROM invitation") == [(1,)]


@pytest.mark.parametrize(
    ("contact", "state", "reason"),
    [
        (Contact(first_name="A", phones=["5145550101"]), "unreachable", "no_address"),
        (Contact(first_name="A", email="a@example.com", do_not_contact=True), "refused", "do_not_contact"),
    ],
)
def test_who_cannot_or_must_not_be_asked_is_not_asked(
    central: Central, client: CollectorClient, contact: Contact, state: str, reason: str
) -> None:
    send(central, client, (message(1, contact=contact), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.mails() == [] and central.rows("SELECT state, reason FROM sample") == [(state, reason)]


def test_the_page_says_whose_it_is_and_runs_one_known_script(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    link = ripen(central)
    for _ in range(5):
        page = requests.get(link, timeout=10)
    assert (
        page.status_code == 200
        and page.text.count("<script") == 1
        and "Éloïse" in page.text
        and "2020 Mazda CX-5" in page.text
    )
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer" and "no-store" in page.headers["Cache-Control"]


def test_an_answer_is_recorded_once(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    link = ripen(central)
    assert requests.post(link, data={"page": "visit", "quality": "9"}, timeout=10).status_code == 422
    done = central.fill_in(link, {"stars": 4, "quality": 9, "recommend": 11}, "Très bien !")
    assert done.status_code == 200 and "Merci" in done.text
    assert requests.post(link, data={"stars": "1"}, timeout=10).status_code == 409
    assert "Merci" in requests.get(link, timeout=10).text
    assert central.rows("SELECT question, value FROM answer_value ORDER BY 1") == [("quality", 9), ("stars", 4)]
    assert central.rows("SELECT comment FROM answer") == [("Très bien !",)]
    client.open_session()
    (state,) = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])).jobs
    assert (state.state, state.stars) == ("answered", 4)


def test_attribution_is_frozen_when_the_customer_is_invited(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    client.open_session()
    send(central, client, (message(1, order=2, people=People(estimator="Someone Else")), "b"))
    assert central.rows("SELECT people #>> '{estimator,0,0}' FROM invitation") == [("Benoît Estimateur",)]


def test_an_unknown_token_is_a_friendly_404(central: Central) -> None:
    page = requests.get(f"{central.address}/s/{'x' * 43}", headers={"Accept-Language": "fr-CA"}, timeout=10)
    assert page.status_code == 404 and "Ce lien" in page.text
    assert requests.post(f"{central.address}/s/{'x' * 43}", data={"stars": "5"}, timeout=10).status_code == 404


def test_opting_out_holds_across_the_shops_of_the_organisation(central: Central, client: CollectorClient) -> None:
    same = Contact(first_name="A", email="Same@Example.com")
    send(central, client, (message(1, contact=same), "a"))
    link = ripen(central)
    assert requests.post(f"{link}/stop", timeout=10).status_code == 200
    assert requests.post(link, data={"stars": "5"}, timeout=10).status_code == 410
    client.open_session()
    client.call(
        endpoints.SEND_JOBS, BatchRequest(items=[envelope(central, message(2, contact=same), "b", shop="South")])
    )
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert len(central.mails()) == 1
    assert ("refused", "opted_out") in central.rows("SELECT state, reason FROM sample")


def test_no_token_stands_in_the_database(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    token = ripen(central).rpartition("/")[2]
    with central.service.admin() as connection:
        names = (
            connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'rc_migrate'")
            )
            .scalars()
            .all()
        )
        everything = " ".join(
            str(row) for name in names for row in connection.execute(text(f'SELECT t::text FROM "{name}" t'))
        )
    assert token not in everything


@pytest.fixture
def two_sides(central: Central, client: CollectorClient) -> None:
    """A job on each side of the fence."""
    send(central, client, (message(1), "a"))
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO enrolment SELECT s.org_id, s.id, p.id, true FROM shop s, programme p WHERE s.name = 'Other'"
            )
        )
    other = CollectorClient(Http(central.address), MemorySecrets())
    other.pair("admin@two.example", PASSWORD, "pc")
    other.open_session()
    other.call(endpoints.SEND_JOBS, BatchRequest(items=[envelope(central, message(2), "b", shop="Other")]))


TENANT_TABLES = (
    "job",
    "sample",
    "intake_key",
    "filtered_job",
    "invitation",
    "answer",
    "answer_value",
    "message",
    "timer",
    "enrolment",
    "shop",
    "person",
    "favourite",
    "organisation",
    "installation",
    "opt_out",
    "session",
)


# What somebody who may run any SQL as the web role would try.
CHOSEN = ("shops:1,2,3:1", "shops:1,2,3:1:", "shops:1,2,3:1:" + "0" * 64, "worker::", "token:1:", "garbage:1,2")


@pytest.mark.parametrize("scope", [NOTHING, WORKER, *map(Scope, CHOSEN)])
def test_the_web_role_sees_nothing_outside_its_scope(central: Central, two_sides: None, scope: Scope) -> None:
    """Even a scope that says `worker` gives the web role nothing."""
    database = central.parts.web
    for name in TENANT_TABLES:
        with database.scoped(scope) as connection:
            try:
                assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
            except ProgrammingError as error:
                assert "permission denied" in str(error)


def test_a_shop_scope_sees_its_own_rows_only(central: Central, two_sides: None) -> None:
    database = central.parts.web
    with database.scoped(central.scope([central.shops["North"], central.shops["South"]])) as connection:
        assert connection.execute(text("SELECT job_key FROM job")).scalars().all() == ["C:1"]
        assert set(connection.execute(text("SELECT name FROM shop")).scalars()) == {"North", "South"}
        changed = connection.execute(text("UPDATE job SET ro_number = 'x' WHERE job_key = 'C:2'")).rowcount
        assert changed == 0
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        database.scoped(central.scope([central.shops["North"]])) as connection,
    ):
        connection.execute(
            text(
                "INSERT INTO filtered_job SELECT org_id, id, 'm', 'd', 'r', 1, 1, now(), now() FROM (VALUES (2::bigint, :s)) v(org_id, id)"
            ),
            {"s": central.shops["Other"]},
        )


def test_no_role_of_the_service_is_a_superuser(central: Central) -> None:
    rows = central.rows(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'rc\\_%' AND rolname <> 'rc_admin'"
    )
    assert rows and all(not (is_super or bypass) for _, is_super, bypass in rows)


def person(central: Central, address: str = "admin@one.example") -> PersonClient:
    found = PersonClient(Http(central.address), MemorySecrets())
    found.sign_in(address, PASSWORD)
    return found


def answered(central: Central, client: CollectorClient, count: int = 4) -> None:
    """Some answered surveys, one every day."""
    send(central, client, *((message(n), f"k{n}") for n in range(1, count + 1)))
    central.clock.pass_time(20 * 86400)
    central.wait()
    for number, path in enumerate(central.mails(), start=1):
        link = re.search(
            r"http\S+/s/[\w-]+(?=\s)",
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_content(),
        )
        assert link is not None
        form = {
            "stars": str(number),
            "quality": str(number + 5),
            "recommend": str(number + 6),
            "claim_handling": "8",
        }
        assert central.fill_in(link[0], form, f"n° {number}").status_code == 200
        central.clock.pass_time(3600)


def test_the_scorecard_agrees_with_the_answers(central: Central, client: CollectorClient) -> None:
    answered(central, client)
    shops = [central.shops["North"], central.shops["South"]]
    parts = run_to_end(
        person(central), RunRequest(report="R-01", parameters={}, shops=shops, language="fr"), lambda _s: None
    )
    assert parts[0].header is not None and parts[0].header.title == "Tableau de bord CSI"
    assert len(parts) == 2, "a page for the shop with answers, none for the other"
    table, _ = [node for node in parts[0].nodes if isinstance(node, Table)]
    (cards,) = [node for node in parts[0].nodes if isinstance(node, Cards)]
    quality = next(row for row in table.rows if row[0].value == "Qualité de la réparation")
    assert quality[1].value == 4 and quality[2].value.value == pytest.approx(7.5)
    assert quality[3].value.value == pytest.approx(25.0)
    csi, nps, rate, n, insurer = (card.figure for card in cards.cards)
    assert csi.value == pytest.approx((6.0 + 7.0 + 8.0 + 9.0) / 4) and n.value == 4
    assert insurer.value == pytest.approx(8.0), "the insurer's score stands apart"
    assert nps.value == pytest.approx(50.0) and rate.value == pytest.approx(100.0)


def test_the_section_limits_the_questions(central: Central, client: CollectorClient) -> None:
    answered(central, client, 2)
    request = RunRequest(
        report="R-01", parameters={"section": "insurer"}, shops=[central.shops["North"]], language="en"
    )
    (part,) = run_to_end(person(central), request, lambda _s: None)
    (table,) = [node for node in part.nodes if isinstance(node, Table)]
    assert [row[0].value for row in table.rows] == ["How your insurer handled the claim"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("newest", [4, 3, 2, 1]), ("oldest", [1, 2, 3, 4]), ("lowest", [1, 2, 3, 4]), ("highest", [4, 3, 2, 1])],
)
def test_reviews_come_in_four_orders(
    central: Central, client: CollectorClient, order: str, expected: list[int]
) -> None:
    answered(central, client)
    request = RunRequest(report="R-07", parameters={"order": order}, shops=[central.shops["North"]], language="fr")
    parts = run_to_end(person(central), request, lambda _s: None)
    rows = [row for part in parts for node in part.nodes if isinstance(node, Table) for row in node.rows]
    assert [row[3].value for row in rows] == expected


def test_an_empty_report_offers_the_newest_month_with_data(central: Central, client: CollectorClient) -> None:
    answered(central, client, 1)
    central.clock.pass_time(70 * 86400)
    request = RunRequest(report="R-01", parameters={}, shops=[central.shops["North"]], language="en")
    (part,) = run_to_end(person(central), request, lambda _s: None)
    (empty,) = [node for node in part.nodes if isinstance(node, Empty)]
    assert [word for word, _ in empty.suggestions] == ["last_month", "year_to_date", "2026-11"]


def test_a_person_sees_reports_of_the_own_shops_only(central: Central, client: CollectorClient) -> None:
    answered(central, client, 2)
    request = RunRequest(report="R-07", parameters={}, shops=[central.shops["North"]], language="en")
    two = person(central, "admin@two.example")
    with pytest.raises(ServiceRefused):
        run_to_end(two, request, lambda _s: None)
    everything = RunRequest(report="R-07", parameters={}, shops=[], language="en")
    parts = run_to_end(two, everything, lambda _s: None)
    assert all(isinstance(node, Empty) for part in parts for node in part.nodes)


def test_an_installation_cannot_read_reports_and_a_person_cannot_upload(
    central: Central, client: CollectorClient
) -> None:
    stranger = PersonClient(Http(central.address), MemorySecrets())
    stranger._token = client._token
    with pytest.raises(NotSignedIn, match="may not"):
        stranger.call(endpoints.REPORTS)
    someone = person(central)
    client._token = someone._token
    with pytest.raises(NotSignedIn, match="may not"):
        send(central, client, (message(), "k"))


def test_leaving_a_run_early_stops_it(central: Central, client: CollectorClient) -> None:
    answered(central, client, 2)
    who = person(central)
    request = RunRequest(report="R-07", parameters={}, shops=[central.shops["North"]], language="en")
    parts = run_parts(who, request, lambda _s: None)
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    with pytest.raises(ServiceRefused):
        who.call(endpoints.RUN_STATE, run_id="unknown")


def test_stop_cancels_the_query_and_leaves_the_pool_whole(central: Central) -> None:
    """A query that would run a minute is gone within a second of Stop, and the pool serves as before."""
    import threading
    import time

    from repaircenter.central.reporting.catalogue import REPORTS
    from repaircenter.central.reporting.report import Report, Request
    from repaircenter.central.reporting.runs import Runs

    def slow(building):  # type: ignore[no-untyped-def]
        building.connection.execute(text("SELECT pg_sleep(60)"))
        yield

    service = central.parts
    runs = Runs(service)
    REPORTS["R-slow"] = Report("R-slow", (), slow)
    try:
        for _ in range(50):
            scope = central.scope([central.shops["North"]], 1)
            state = runs.start(
                Request("R-slow", {}, [central.shops["North"]], "en", "x", central.clock.now_utc()), scope, 1
            )
            end = time.monotonic() + 5
            while not central.activity("pg_sleep(60)") and time.monotonic() < end:
                threading.Event().wait(0.005)
            assert central.activity("pg_sleep(60)") == 1
            assert runs.stop(state.id, scope)
            end = time.monotonic() + 1
            while central.activity("pg_sleep(60)"):
                assert time.monotonic() < end, "the query outlived Stop by a second"
        assert service.web.engine.pool.checkedout() <= 1  # type: ignore[attr-defined]
        with service.web.scoped(NOTHING) as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
    finally:
        del REPORTS["R-slow"]
        runs.close()


def test_a_run_nobody_asks_about_is_stopped(central: Central) -> None:
    from repaircenter.central.reporting.catalogue import REPORTS
    from repaircenter.central.reporting.report import Report, Request
    from repaircenter.central.reporting.runs import Runs

    def slow(building):  # type: ignore[no-untyped-def]
        building.connection.execute(text("SELECT pg_sleep(60)"))
        yield

    runs = Runs(central.parts)
    REPORTS["R-slow"] = Report("R-slow", (), slow)
    try:
        scope = central.scope([central.shops["North"]], 1)
        state = runs.start(
            Request("R-slow", {}, [central.shops["North"]], "en", "x", central.clock.now_utc()), scope, 1
        )
        central.clock.pass_time(31)
        runs.tend()
        found = runs.state(state.id, scope)
        assert found is not None and found.state == "stopped"
    finally:
        del REPORTS["R-slow"]
        runs.close()


def test_favourites_belong_to_their_person(central: Central) -> None:
    ada, two = person(central), person(central, "admin@two.example")
    kept = save_favourite(
        ada, Favourite(name="Mon mois", report="R-01", parameters={"period": "this_month"}, shops=[1])
    )
    assert (
        kept.id
        and ada.call(endpoints.FAVOURITES).favourites == [kept]
        and two.call(endpoints.FAVOURITES).favourites == []
    )
    renamed = save_favourite(ada, Favourite(id=kept.id, name="Été", report="R-07", parameters={}, shops=[]))
    assert ada.call(endpoints.FAVOURITES).favourites == [renamed]
    with pytest.raises(ServiceRefused):
        save_favourite(two, renamed)
    two.call(endpoints.DELETE_FAVOURITE, favourite_id=kept.id)
    assert ada.call(endpoints.FAVOURITES).favourites == [renamed]
    ada.call(endpoints.DELETE_FAVOURITE, favourite_id=kept.id)
    assert ada.call(endpoints.FAVOURITES).favourites == []


@pytest.mark.parametrize("said", [None, "0", "x"])
def test_an_older_desk_is_told_the_least_version(central: Central, said: str | None) -> None:
    headers = {} if said is None else {HEADER: said}
    answer = requests.post(f"{central.address}/api/v1/sign-in", json={}, headers=headers, timeout=10)
    assert answer.status_code == 426 and answer.json() == {"code": "too_old", "least_version": 1}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"items": 5}', b"\xff" * 100])
def test_rubbish_is_answered_with_a_code_and_no_echo(central: Central, body: bytes) -> None:
    for path in ("pair", "sign-in", "jobs/batch", "reports/runs"):
        answer = requests.post(f"{central.address}/api/v1/{path}", data=body, headers={HEADER: "1"}, timeout=10)
        assert 400 <= answer.status_code < 500 and set(answer.json()) <= {"code", "least_version"}


def test_mail_is_written_for_its_owner_only(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    ripen(central)
    (path,) = central.mails()
    assert path.stat().st_mode & 0o077 == 0
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["List-Unsubscribe"] and mail["To"] == "c1@example.com" and "North" in mail["Subject"]


def test_opting_out_holds_for_the_invited_address_whatever_became_of_the_job(
    central: Central, client: CollectorClient
) -> None:
    same = Contact(first_name="A", email="same@example.com")
    send(central, client, (message(1, contact=same), "a"))
    link = ripen(central)
    client.open_session()
    send(central, client, (WithdrawMessage(job_key="C:1"), "b"))
    assert requests.post(f"{link}/stop", timeout=10).status_code == 200
    send(central, client, (message(2, contact=same), "c"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert len(central.mails()) == 1 and ("refused", "opted_out") in central.rows("SELECT state, reason FROM sample")


def test_an_address_that_comes_late_is_asked_after_all(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, contact=Contact(first_name="A", phones=["5145550101"])), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.rows("SELECT state FROM sample") == [("unreachable",)]
    client.open_session()
    send(central, client, (message(1, order=2, contact=Contact(first_name="A", email="late@example.com")), "b"))
    central.wait()
    assert len(central.mails()) == 1


def test_a_programme_the_shop_left_asks_nobody(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"), (message(2), "b"))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE enrolment SET active = false"))
    assert outcomes(send(central, client, (message(1), "c"))) == [("filtered", "not_enrolled")]
    central.clock.pass_time(20 * 86400)
    central.wait()
    assert central.mails() == [] and central.rows("SELECT DISTINCT state FROM sample") == [("withdrawn",)]


def test_a_value_the_database_cannot_hold_refuses_its_row_only(central: Central, client: CollectorClient) -> None:
    odd = message(2, contact=Contact(first_name="A\x00B", email="a@example.com"))
    found = send(
        central, client, (message(1), "a"), (odd, "b"), (message(3, total_cents=2**62 * 4), "c"), (message(4), "d")
    )
    assert outcomes(found) == [("kept", None), ("kept", None), ("refused", "bad_value"), ("kept", None)]
    assert central.rows("SELECT first_name FROM job WHERE job_key = 'C:2'") == [("A B",)]


def test_a_mail_that_failed_every_time_is_tried_again_later(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "a"))
    central.clock.pass_time(20 * 86400)
    central.wait()
    with central.service.admin() as connection:
        connection.execute(text("UPDATE message SET state = 'waiting'"))
        connection.execute(text("UPDATE timer SET state = 'waiting', due_at = planned_at WHERE kind = 'message.send'"))
        connection.execute(text("UPDATE invitation SET sent_at = NULL"))
    central.mails()[0].unlink()
    central.wait()
    assert len(central.mails()) == 1 and central.rows("SELECT state FROM message") == [("sent",)]


def test_mail_goes_through_a_real_smtp_conversation(central: Central, client: CollectorClient) -> None:
    from repaircenter.central.messages.transport import PLAIN, MailServer, SmtpTransport
    from tests.fakes.smtp import SmtpSink

    send(central, client, (message(1), "a"))
    ripen(central)
    mail = email.message_from_bytes(central.mails()[0].read_bytes(), policy=email.policy.default)
    with SmtpSink() as sink:
        SmtpTransport(MailServer("127.0.0.1", sink.port, PLAIN)).send(mail, "1")
    (taken,) = sink.messages
    assert taken.recipients == ["c1@example.com"] and "Gagn" not in taken.data and "/s/" in taken.data


def test_the_web_role_reads_no_password_and_no_secret(central: Central) -> None:
    database = central.parts.web
    for query in (
        "SELECT password_hash FROM person",
        "SELECT nonce FROM password_link",
        "SELECT after FROM audit",
        "SELECT secret_hash FROM installation",
        "INSERT INTO installation DEFAULT VALUES",
        "DELETE FROM procrastinate_jobs",
        "SELECT * FROM session",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            database.scoped(central.scope([1], 1)) as connection,
        ):
            connection.execute(text(query))


@pytest.mark.parametrize(
    "call",
    [
        "rc_person_for_sign_in('admin@one.example')",
        "rc_open_session(1, 'x', 'person', 1, now(), now() + interval '1 day')",
        "rc_issue_refresh(1, 'x', now())",
        "rc_bind_session('x', 'y')",
        "rc_rotate('x', 'y', 'z', now(), interval '1 day')",
        "rc_pair(1, 'pc', 'x', now())",
        "rc_installation(1, 'x')",
        "rc_sign_out('x')",
        "rc_signed('shops:1,2,3:1')",
        "rc_rights(1)",
        "rc_people_at(1)",
        "rc_password_link('x', now())",
        "rc_choose_password('x', 'y', 'z', now())",
        "rc_forgot_password('a@x.example', 'x', 'y', now(), now(), now())",
    ],
)
def test_the_web_role_makes_no_session_and_signs_no_scope(central: Central, call: str) -> None:
    """Tried with plain SQL inside somebody's own scope (issue 13.29)."""
    scope = central.scope([central.shops["North"]], 1)
    with pytest.raises(ProgrammingError, match="permission denied"), central.parts.web.scoped(scope) as connection:
        connection.execute(text(f"SELECT * FROM {call}"))


def test_the_key_of_scopes_is_read_by_no_role(central: Central) -> None:
    for database in (central.parts.web, central.parts.sign_in, central.parts.worker):
        with pytest.raises(ProgrammingError, match="permission denied"), database.scoped(NOTHING) as connection:
            connection.execute(text("SELECT key FROM scope_key"))


def test_the_sign_in_role_reads_no_job_and_no_answer(central: Central, two_sides: None) -> None:
    scope = central.scope([central.shops["North"]], 1)
    for name in TENANT_TABLES:
        with pytest.raises(ProgrammingError, match="permission denied"), central.parts.sign_in.scoped(scope) as given:
            given.execute(text(f"SELECT count(*) FROM {name}"))


def test_a_transaction_looks_at_fewer_shops_of_its_scope_but_never_at_more(central: Central) -> None:
    north, south, other = (central.shops[name] for name in ("North", "South", "Other"))
    scope = central.scope([north, south], 1)
    for only, seen in (([south], {south}), ([south, other], {south}), ([other], set()), ([], {north, south})):
        with central.parts.web.scoped(scope.narrowed(only)) as connection:
            assert set(connection.execute(text("SELECT id FROM shop")).scalars()) == seen


@pytest.mark.parametrize("format_", ["pdf", "xlsx", "csv"])
def test_a_report_is_written_without_a_window(
    central: Central, client: CollectorClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    from repaircenter.assembly.commands import report

    answered(central, client, 2)
    monkeypatch.setenv("REPAIRCENTER_PASSWORD", PASSWORD)
    out = tmp_path / f"r.{format_}"
    assert (
        report.run(report.Account(central.address, "admin@one.example"), "R-07", ["order=oldest"], out, format_, "fr")
        == 0
    )
    assert out.read_bytes()[:4] == {"pdf": b"%PDF", "xlsx": b"PK\x03\x04", "csv": b"\xef\xbb\xbfC"}[format_]
    with pytest.raises(KnownError, match="name=value"):
        report.run(report.Account(central.address, "admin@one.example"), "R-07", ["order"], out, format_, "fr")
    with pytest.raises(KnownError):
        report.run(
            report.Account(central.address, "admin@one.example"), "R-07", [], tmp_path / "no" / "r.pdf", format_, "fr"
        )


def test_a_newer_database_is_refused_and_left_alone(central: Central) -> None:
    from repaircenter.assembly.central import CentralService
    from repaircenter.central.db.preparing import NewerDatabase

    with central.service.admin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '7777'"))
    again = CentralService(central.service._options, central.clock)
    with pytest.raises(NewerDatabase):
        again.prepare()
    assert central.rows("SELECT version_num FROM alembic_version") == [("7777",)]
