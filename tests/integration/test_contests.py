"""An answer is contested instead of deleted; figures are shown with and without it (A-N6, B-P4; decision 023; issue 17)."""

import statistics
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.accounts.admin import NewPerson, put_person
from repaircenter.central.areas import AREAS
from repaircenter.central.contests import queries, web
from repaircenter.central.contests.letters import lapse, prepare
from repaircenter.central.core.events import ERASED, WITHDRAWN, Event
from repaircenter.central.core.outgoing import DROPPED, Ended
from repaircenter.central.core.personal import blank
from repaircenter.central.db.connections import WORKER
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.document.cells import Linked
from repaircenter.wire.document.nodes import Paragraph
from repaircenter.wire.surveys.contests import Contest, ContestChange, ContestList, ContestQuery, NewContest
from tests import answered
from tests.conftest import PASSWORD, Central
from tests.fakes.passwords import CHEAP
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_reports import plain, run, tables, titled

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
ADMIN, SECOND, MANAGER, STAFF = (f"{who}@one.example" for who in ("admin", "second", "manager", "staff"))


@pytest.fixture
def rows(central: Central) -> list[answered.Answered]:
    """A year's answers, a manager and a second admin."""
    persons = [
        NewPerson(email=SECOND, name="Sacha Deux", role="shop_admin", password=PASSWORD, language="fr"),
        NewPerson(email=MANAGER, name="Manu Gère", role="manager", password=PASSWORD, shops=["North"], language="en"),
    ]
    with central.service.admin() as connection:
        shops = [central.shops["North"], central.shops["South"]]
        made = list(answered.some(5, shops, [1], 400, date(2026, 8, 1), 100))
        answered.write(connection, 1, made)
        for one in persons:
            put_person(connection, 1, one, CHEAP)
    central.clock.pass_time((NOW - central.clock.now_utc()).total_seconds())
    return made


def person(central: Central, email: str = ADMIN) -> PersonClient:
    who = PersonClient(Http(central.address), MemorySecrets())
    who.sign_in(email, PASSWORD)
    return who


def listed(who: PersonClient, wanted: int | None = None) -> ContestList:
    return who.call(endpoints.CONTESTS, ContestQuery(answer_id=wanted))


def contest(
    who: PersonClient, answer_id: int, key: str = "k1", reason: str = "facts_wrong", evidence: str = "RO 12."
) -> Contest:
    asked = NewContest(key=key, answer_id=answer_id, reason=reason, evidence=evidence)
    return who.call(endpoints.CONTEST_ANSWER, asked)


def change(who: PersonClient, about: Contest, state: str, note: str = "Vu.", key: str = "d1") -> Contest:
    asked = ContestChange(key=key, version=about.version, state=state, note=note)
    return who.call(endpoints.CHANGE_CONTEST, asked, contest_id=about.id)


def refused(call: Callable[..., object], *arguments: Any, **named: Any) -> str:
    with pytest.raises(KnownError) as refusal:
        call(*arguments, **named)
    return refusal.value.code


def lately(rows: list[answered.Answered], central: Central, shop: str = "North") -> list[answered.Answered]:
    """Answers that may be contested, the newest first."""
    mine = [
        one
        for one in rows
        if one.submitted and NOW - timedelta(days=60) <= one.submitted <= NOW and one.shop_id == central.shops[shop]
    ]
    return sorted(mine, key=lambda one: (one.submitted, one.id), reverse=True)


def test_answers_of_sixty_days_are_offered_the_newest_first(central: Central, rows: list[answered.Answered]) -> None:
    mine = lately(rows, central)
    offered = listed(person(central, MANAGER)).answers
    assert [one.id for one in offered] == [one.id for one in mine], "of the manager's own shop"
    quality = mine[0].values["quality"]
    assert any(line.startswith(f"{quality}/10 – ") for line in offered[0].said)
    everywhere = listed(person(central))
    assert len(everywhere.answers) == len(mine) + len(lately(rows, central, "South")) and everywhere.days == 60


def test_an_answer_counts_until_somebody_else_upholds_the_contest(
    central: Central, rows: list[answered.Answered]
) -> None:
    """Figures recomputed from the rows: with it, without it, and both side by side (A-N6)."""
    period = {"period": "2026-08-01..2026-11-14", "min_n": "1"}
    mine = [one for one in rows if one.submitted and one.submitted <= datetime(2026, 11, 15, 5, tzinfo=UTC)]
    north = [one for one in mine if one.shop_id == central.shops["North"]]
    worst = min(lately(rows, central), key=lambda one: one.values["recommend"])

    def csi(answers: list[answered.Answered]) -> float:
        scales = [[one.values[key] for key in answered.OWN_SCALES if key in one.values] for one in answers]
        return statistics.fmean(statistics.fmean(own) for own in scales if own)

    def league(**more: str) -> dict[object, list[Any]]:
        parts = run(central, "R-14", now=NOW, measure="csi", **period, **more)
        return {plain(row[1]): [plain(cell) for cell in row] for row in tables(parts)[0].rows}

    made = contest(person(central, MANAGER), worst.id)
    assert (made.state, made.may_withdraw, made.may_decide) == ("open", True, False)
    assert league()["North"][2] == len(north) and league()["North"][3] == pytest.approx(csi(north))
    waiting = "SELECT count(*) FROM timer WHERE kind = 'contest.lapse' AND state = 'waiting'"
    assert central.rows(waiting) == [(1,)]
    decided = change(person(central), listed(person(central)).contests[0], "upheld")
    assert (decided.state, decided.decided_by, decided.note) == ("upheld", "Ada Min", "Vu.")
    assert central.rows(waiting) == [(0,)], "its month ends with it"
    without = [one for one in north if one.id != worst.id]
    assert league()["North"][2] == len(without) and league()["North"][3] == pytest.approx(csi(without))
    assert league(contested="counted")["North"][3] == pytest.approx(csi(north))
    table = titled(run(central, "R-14", now=NOW, measure="csi", **period), "Contested answers")
    (line,) = table.rows
    assert [plain(cell) for cell in line[:5]] == ["North", len(north), 1, 0, 1]
    assert plain(line[5]) == pytest.approx(100 / len(north))
    assert (plain(line[6]), plain(line[7])) == (pytest.approx(csi(without)), pytest.approx(csi(north)))
    assert table.total is not None and [plain(cell) for cell in table.total[1:3]] == [len(mine), 1]
    assert titled(run(central, "R-01", now=NOW, **period), "Contested answers").rows
    header = run(central, "R-01", now=NOW, **period)[0].header
    assert header is not None and ("Contested answers that were upheld", "left out") in header.facts


def test_it_leaves_a_persons_score_and_stays_in_the_survey(central: Central, rows: list[answered.Answered]) -> None:
    """B-P4: contested, not deleted; the survey tells why, and what was decided."""
    period = {"period": "2026-08-01..2026-11-14"}

    def answers_of(who: str) -> int:
        shown = {str(plain(row[0])): plain(row[3]) for row in tables(run(central, "R-05", now=NOW, **period))[0].rows}
        return int(str(shown[who]))

    one = next(row for row in lately(rows, central) if row.people["estimator"][0][1] == 1.0)
    who = one.people["estimator"][0][0]
    before = answers_of(who)
    contest(person(central, MANAGER), one.id, evidence="Le rendez-vous était le 3.")
    change(person(central), listed(person(central)).contests[0], "upheld", note="Confirmé par la facture.")
    assert answers_of(who) == before - 1
    survey = run(central, "R-02", now=NOW, job=f"C:{one.id}")
    said = [node.text for part in survey for node in part.nodes if isinstance(node, Paragraph)]
    header = survey[0].header
    assert header is not None and not any("Contested" in name for name, _ in header.facts), "it is shown, not left out"
    assert any("Upheld: left out" in line and "The facts are wrong" in line for line in said)
    assert "Le rendez-vous était le 3." in said and "Confirmé par la facture." in said
    reviews = tables(run(central, "R-07", now=NOW, **period))
    jobs = {cell.link.job_key for table in reviews for row in table.rows for cell in row if isinstance(cell, Linked)}
    assert f"C:{one.id}" not in jobs


def test_nobody_judges_their_own_contest(central: Central, rows: list[answered.Answered]) -> None:
    mine = lately(rows, central)[0]
    made = contest(person(central), mine.id)
    assert refused(change, person(central), made, "upheld") == "not_allowed"
    assert refused(change, person(central, MANAGER), made, "rejected") == "not_allowed", (
        "managers contest, and decide nothing"
    )
    assert refused(change, person(central, SECOND), made, "withdrawn") == "not_allowed"
    assert refused(change, person(central, SECOND), made, "upheld", note=" ") == "note_missing"
    assert refused(change, person(central, SECOND), made, "open") == "not_possible"
    assert refused(change, person(central, SECOND), made, "lapsed") == "not_possible"
    assert change(person(central, SECOND), made, "rejected").state == "rejected"
    again = listed(person(central, SECOND)).contests[0]
    assert refused(change, person(central, SECOND), again, "upheld", key="d2") == "not_possible", (
        "what is decided is decided"
    )
    assert mine.id not in [one.id for one in listed(person(central)).answers], "nor contested a second time"
    assert refused(contest, person(central), mine.id, key="k9") == "not_contestable"


def test_who_may_not_and_what_may_not_is_refused(central: Central, rows: list[answered.Answered]) -> None:
    manager, mine = person(central, MANAGER), lately(rows, central)
    assert refused(contest, person(central, STAFF), mine[0].id) == "not_allowed"
    assert refused(contest, manager, lately(rows, central, "South")[0].id) == "not_contestable"
    old = next(one for one in rows if one.submitted and one.submitted < NOW - timedelta(days=61))
    assert refused(contest, person(central), old.id) == "not_contestable"
    assert refused(contest, manager, mine[0].id, evidence=" ") == "contest_incomplete"
    assert refused(contest, manager, mine[0].id, reason="because") == "contest_incomplete"
    assert refused(contest, manager, mine[0].id, evidence="x" * 2001) == "too_long"
    with central.service.admin() as connection:
        later = {"later": NOW + timedelta(days=1), "id": mine[1].id}
        connection.execute(text("UPDATE answer SET visible_from = :later WHERE id = :id"), later)
    assert refused(contest, manager, mine[1].id) == "not_contestable", "what nobody sees yet"
    made = contest(manager, mine[0].id)
    stale = ContestChange(key="s", version=made.version + 1, state="upheld", note="x")
    assert refused(person(central).call, endpoints.CHANGE_CONTEST, stale, contest_id=made.id) == "changed_meanwhile"
    assert refused(person(central).call, endpoints.CHANGE_CONTEST, stale, contest_id=999) == "not_there"


def test_the_same_once_more_is_done_once(central: Central, rows: list[answered.Answered]) -> None:
    manager, one = person(central, MANAGER), lately(rows, central)[0]
    made = contest(manager, one.id)
    assert contest(manager, one.id) == made
    first = change(person(central), made, "upheld")
    assert change(person(central), made, "upheld") == first
    assert central.rows("SELECT count(*) FROM contest") == [(1,)]


def test_two_who_contest_one_answer_make_one_contest(central: Central, rows: list[answered.Answered]) -> None:
    people, one = [person(central, who) for who in (ADMIN, SECOND, MANAGER)], lately(rows, central)[0]
    together, outcomes = Barrier(len(people)), list[str]()

    def work(number: int) -> None:
        together.wait()
        try:
            contest(people[number], one.id, key=f"k{number}")
            outcomes.append("made")
        except KnownError as refusal:
            outcomes.append(refusal.code)

    threads = [Thread(target=work, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "not_contestable", "not_contestable"]


def test_what_is_withdrawn_may_be_contested_anew(central: Central, rows: list[answered.Answered]) -> None:
    manager, one = person(central, MANAGER), lately(rows, central)[0]
    made = contest(manager, one.id)
    gone = change(manager, made, "withdrawn", note="")
    assert gone.state == "withdrawn" and one.id in [answer.id for answer in listed(manager).answers]
    league = run(central, "R-14", now=NOW, measure="csi", period="2026-08-01..2026-11-14", min_n="1")
    assert "Contested answers" not in [table.title for table in tables(league)], "what was taken back was never contested"
    anew = contest(person(central), one.id, key="k2", reason="twice", evidence="Voir le travail 12.")
    assert (anew.id, anew.state, anew.made_by, anew.reason) == (made.id, "open", "Ada Min", "twice")
    central.clock.pass_time(timedelta(days=29).total_seconds())
    central.wait()
    assert listed(manager).contests[0].state == "open", "its month begins anew"


def test_what_nobody_decides_in_a_month_counts_as_it_was_given(central: Central, rows: list[answered.Answered]) -> None:
    manager = person(central, MANAGER)
    made = contest(manager, lately(rows, central)[0].id)
    central.clock.pass_time(timedelta(days=30).total_seconds() - 60)
    central.wait()
    assert listed(person(central, MANAGER)).contests[0].state == "open"
    central.clock.pass_time(120)
    central.wait()
    (ended,) = listed(person(central, MANAGER)).contests
    assert (ended.state, ended.decided_by, ended.version) == ("lapsed", None, made.version + 1)
    assert central.rows("SELECT count(*) FROM answer WHERE left_out_at IS NOT NULL") == [(0,)]
    letter = central.letters(MANAGER)[-1]
    assert "nobody decided" in letter["Subject"] and "counts as it was given" in letter.get_content()


def test_who_decides_and_who_contested_are_written_to(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    made = contest(person(central), one.id, evidence="La date promise était le 12.")
    central.wait()
    assert central.letters(ADMIN) == central.letters(MANAGER) == central.letters(STAFF) == []
    (asked,) = central.letters(SECOND)
    body = asked.get_content()
    assert "contestée" in asked["Subject"] and "La date promise était le 12." in body and f"R-{one.id}" in body
    assert f"{one.values['quality']}/10" in body and "2026-12-15 07:00" in body
    change(person(central, SECOND), made, "upheld", note="Exact.")
    central.wait()
    (decided,) = central.letters(ADMIN)
    assert (
        "acceptée" in decided["Subject"] and "Sacha Deux" in decided.get_content() and "Exact." in decided.get_content()
    )
    assert len(central.letters(SECOND)) == 1


def test_a_message_about_what_is_decided_meanwhile_is_not_sent(central: Central, rows: list[answered.Answered]) -> None:
    made = contest(person(central), lately(rows, central)[0].id)
    with central.parts.worker.scoped(WORKER) as connection:
        (row,) = queries.contests(connection, 1, made.id)
        second = int(str(central.rows(f"SELECT id FROM person WHERE email = '{SECOND}'")[0][0]))
        # The service's own worker may have been quicker.
        added = queries.add_mail(connection, row, second)
        kept = f"SELECT id FROM contest_mail WHERE contest_id = {made.id} AND person_id = {second}"
        mail_id = int(str(central.rows(kept)[0][0])) if added is None else added
        assert not isinstance(prepare(central.parts, connection, mail_id), Ended)
        assert queries.add_mail(connection, row, second) is None, "once a person and state"
    change(person(central), made, "withdrawn", note="")
    with central.parts.worker.scoped(WORKER) as connection:
        assert prepare(central.parts, connection, mail_id) == Ended(DROPPED, "not_there")


def test_an_erased_customers_contest_ends_and_says_nothing(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    contest(person(central, MANAGER), one.id, evidence="Madame Gagné l’a dit.")
    with central.service.admin() as connection:
        blank(connection, [table for area in AREAS for table in area.personal], one.id, erased=True)
        event = Event(ERASED, 1, one.shop_id, one.id, NOW)
        for area in AREAS:
            if ERASED in area.listeners:
                area.listeners[ERASED](connection, event)
    (ended,) = listed(person(central, MANAGER)).contests
    assert (ended.state, ended.evidence) == ("lapsed", "")


def test_an_insurer_sees_how_much_is_contested_and_not_why(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    contest(person(central, MANAGER), one.id, evidence="SECRET")
    change(person(central), listed(person(central)).contests[0], "upheld", note="SECRET")
    with central.parts.web.scoped(central.programme_scope([1], 1)) as connection:
        seen = connection.execute(text("SELECT * FROM contest")).all()
        assert len(seen) == 1 and "SECRET" not in str(seen)
        left = connection.execute(text("SELECT count(*) FROM answer WHERE left_out_at IS NOT NULL")).scalar_one()
    assert left == 1


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        (ADMIN, "UPDATE contest SET state = 'upheld', decided_at = now()"),
        (ADMIN, "UPDATE contest SET made_by = made_by + 1, state = 'upheld', decided_at = now()"),
        (ADMIN, "UPDATE contest SET made_by = made_by + 1"),
        (MANAGER, "UPDATE contest SET state = 'upheld', decided_at = now()"),
        (MANAGER, "UPDATE contest SET state = 'withdrawn'"),
        (STAFF, "UPDATE contest SET state = 'rejected', decided_at = now()"),
        (MANAGER, "UPDATE answer SET left_out_at = now()"),
        (MANAGER, "INSERT INTO answer (org_id, shop_id, invitation_id, programme_id, submitted_at, visible_from, language, "
         "left_out_at) SELECT org_id, shop_id, 1, 1, now(), now(), 'en', now() FROM shop LIMIT 1"),
        (MANAGER, "INSERT INTO contest (org_id, shop_id, answer_id, job_id, programme_id, reason, evidence, state, made_by, "
         "made_at, ends_at) SELECT org_id, shop_id, answer_id + 1, job_id, 1, 'other', 'x', 'upheld', made_by, made_at, "
         "ends_at FROM contest"),
    ],
)  # fmt: skip
def test_plain_sql_upholds_nothing(central: Central, rows: list[answered.Answered], who: str, statement: str) -> None:
    contest(person(central), lately(rows, central)[0].id)
    number = int(str(central.rows(f"SELECT id FROM person WHERE email = '{who}'")[0][0]))
    scope = central.scope([central.shops["North"]], number)
    with pytest.raises(DBAPIError), central.parts.web.scoped(scope) as connection:
        connection.execute(text(statement))
    assert central.rows("SELECT state FROM contest") == [("open",)]
    assert central.rows("SELECT count(*) FROM answer WHERE left_out_at IS NOT NULL") == [(0,)]


def test_what_was_upheld_is_shown_where_nothing_else_is_left(central: Central, rows: list[answered.Answered]) -> None:
    """The worst case of all: a shop that has every answer upheld is seen in each report."""
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO contest (org_id, shop_id, answer_id, job_id, programme_id, reason, evidence, state, made_by, "
                "made_at, ends_at) SELECT a.org_id, a.shop_id, a.id, s.job_id, a.programme_id, 'other', 'x', 'open', 1, "
                "now(), now() FROM answer a JOIN invitation i ON i.id = a.invitation_id JOIN sample s ON s.id = i.sample_id"
            )
        )
        connection.execute(text("UPDATE contest SET state = 'upheld', decided_at = now()"))
    period = {"period": "2026-08-01..2026-11-14"}
    mine = [one for one in rows if one.submitted and one.submitted <= datetime(2026, 11, 15, 5, tzinfo=UTC)]
    for report in ("R-01", "R-14", "R-21"):
        table = titled(run(central, report, now=NOW, **period), "Contested answers")
        assert table.total is not None and [plain(cell) for cell in table.total[1:5]] == [
            len(mine),
            len(mine),
            0,
            len(mine),
        ]


def test_who_decides_hears_of_an_answer_that_is_contested_anew(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    made = contest(person(central, MANAGER), one.id)
    central.wait()
    change(person(central, MANAGER), made, "withdrawn", note="")
    contest(person(central), one.id, key="k2", evidence="Autre preuve.")
    central.wait()
    assert len(central.letters(SECOND)) == 2 and "Autre preuve." in central.letters(SECOND)[-1].get_content()
    assert len(central.letters(ADMIN)) == 1, "of the first, and not of their own"


def test_a_contest_of_a_job_that_is_withdrawn_ends(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    contest(person(central, MANAGER), one.id, evidence="Madame Gagné.")
    with central.service.admin() as connection:
        for area in AREAS:
            if WITHDRAWN in area.listeners and area.name == "contests":
                area.listeners[WITHDRAWN](connection, Event(WITHDRAWN, 1, one.shop_id, one.id, NOW))
        connection.execute(text("UPDATE job SET withdrawn_at = now() WHERE id = :id"), {"id": one.id})
    (ended,) = listed(person(central, MANAGER)).contests
    assert ended.state == "lapsed" and one.id not in [answer.id for answer in listed(person(central, MANAGER)).answers]


def test_the_same_sent_twice_at_once_is_one_contest(central: Central, rows: list[answered.Answered]) -> None:
    who, one = person(central, MANAGER), lately(rows, central)[0]
    together, made = Barrier(4), list[int]()

    def work() -> None:
        together.wait()
        made.append(contest(who, one.id).id)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1


def test_nothing_is_decided_after_the_last_day(central: Central, rows: list[answered.Answered]) -> None:
    """A worker that is late ends it later; that it is over holds at once."""
    made = contest(person(central, MANAGER), lately(rows, central)[0].id)
    with central.service.admin() as connection:
        connection.execute(text("UPDATE timer SET state = 'cancelled' WHERE kind = 'contest.lapse'"))
    central.clock.pass_time(timedelta(days=30).total_seconds())
    assert refused(change, person(central), made, "upheld") == "not_possible"


def test_a_lapse_that_is_repeated_tells_once(central: Central, rows: list[answered.Answered]) -> None:
    """A kill between ending and telling cannot be: both are one transaction."""
    made = contest(person(central, MANAGER), lately(rows, central)[0].id)
    central.clock.pass_time(timedelta(days=31).total_seconds())
    central.wait()
    lapse(central.parts, lambda *_: None, made.id)
    central.wait()
    assert len(central.letters(MANAGER)) == 1


def test_answers_beyond_the_newest_are_offered_when_asked_for(
    central: Central, rows: list[answered.Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "MOST_SHOWN", 2)
    mine = lately(rows, central)
    shown = listed(person(central, MANAGER), mine[5].id)
    assert [answer.id for answer in shown.answers] == [mine[0].id, mine[1].id, mine[5].id] and shown.more
    south = lately(rows, central, "South")[0].id
    assert south not in [answer.id for answer in listed(person(central, MANAGER), south).answers]


def test_alerts_of_contested_answers_stay_in_their_report(central: Central, rows: list[answered.Answered]) -> None:
    one = lately(rows, central)[0]
    with central.service.admin() as connection:
        connection.execute(
            text(
                "INSERT INTO alert (org_id, shop_id, answer_id, job_id, programme_id, low, opened_at, due_at, state) "
                "VALUES (1, :shop, :id, :id, 1, '{quality}', :at, :at, 'in_hand')"
            ),
            {"shop": one.shop_id, "id": one.id, "at": one.submitted},
        )
    contest(person(central, MANAGER), one.id)
    change(person(central), listed(person(central)).contests[0], "upheld")
    shown = tables(run(central, "R-12", now=NOW, period="2026-08-01..2026-11-14"))
    assert plain(shown[0].rows[-1][1]) == 1
    header = run(central, "R-29", now=NOW, period="2026-08-01..2026-11-14")[0].header
    assert header is not None and not [fact for fact in header.facts if "Contested" in fact[0]], "it lists all jobs"
