"""A survey answered page by page: what is kept, who opened it, and what the service says of it (A-04, A-N7, A-P10, B-N2)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import codec, endpoints
from repaircenter.wire.document.nodes import Table
from repaircenter.wire.document.parts import decode_part
from repaircenter.wire.jobs import EraseMessage, JobDates, JobStateInfo, JobStateRequest, WithdrawMessage
from tests.conftest import Central
from tests.integration.test_erasing import dump
from tests.integration.test_service import client, message, ripen, send

__all__ = ["client"]

UNHAPPY = {
    "stars": 2,
    "quality": 4,
    "problem": ["delay", "price"],
    "on_time": 0,
    "told_late": 1,
    "chosen_by": "near",
    "recommend": 3,
}


@pytest.fixture
def link(central: Central, client: CollectorClient) -> str:
    send(central, client, (message(1), "a"))
    return ripen(central)


def post(link: str, page: str, **fields: object) -> requests.Response:
    return requests.post(link, data={"page": page, **fields}, timeout=10, allow_redirects=False)


def page_of(answer: requests.Response) -> str:
    """The page that is shown."""
    shown = re.search(r'name="page" value="(\w*)"', answer.text)
    return shown[1] if shown else ""


def test_answers_of_every_kind_are_kept(central: Central, link: str) -> None:
    done = central.fill_in(link, UNHAPPY, "Trop long.")
    assert done.status_code == 200 and "désolés" in done.text, "the end fits the answers (D-08)"
    assert central.rows("SELECT question, value FROM answer_value ORDER BY 1") == [
        ("on_time", 0), ("quality", 4), ("recommend", 3), ("stars", 2), ("told_late", 1),
    ]  # fmt: skip
    assert central.rows("SELECT question, choice FROM answer_choice ORDER BY 1, 2") == [
        ("chosen_by", "near"), ("problem", "delay"), ("problem", "price"),
    ]  # fmt: skip
    assert central.rows("SELECT comment FROM answer") == [("Trop long.",)]
    assert central.rows("SELECT count(*) FROM partial_answer") == [(0,)]
    assert central.rows("SELECT page FROM survey_page ORDER BY sent_at, page") == [("rest",), ("time",), ("visit",)]


def test_a_page_is_small_and_quick(central: Central, link: str) -> None:
    """MODULES 5: at most 30 KB on first view, all of it; the questionnaire with most to show."""
    sizes = [len(requests.get(f"{link}?page={page}", timeout=10).content) for page in ("visit", "time", "rest")]
    assert max(sizes) <= 30 * 1024
    page = requests.get(link, timeout=10).text
    assert "http" not in re.sub(r'action="[^"]*"', "", page.replace(central.address, "")), "nothing is fetched besides"


def test_who_is_happy_is_not_asked_what_went_wrong(central: Central, link: str) -> None:
    done = central.fill_in(link, {**UNHAPPY, "stars": 5, "on_time": 1})
    assert "remercie" in done.text
    assert central.rows("SELECT question, choice FROM answer_choice") == [("chosen_by", "near")]
    assert central.rows("SELECT value FROM answer_value WHERE question = 'told_late'") == []


def test_one_goes_on_where_one_left_off(central: Central, link: str) -> None:
    sent = post(link, "visit", stars=2, quality=8, shown=int(central.clock.now_utc().timestamp()) - 30)
    assert sent.status_code == 303 and sent.headers["Location"].endswith("?page=time")
    central.clock.pass_time(3600)
    again = requests.get(link, timeout=10)
    assert page_of(again) == "time" and 'value="delay"' in again.text
    assert post(link, "time", problem="delay", step="back").headers["Location"].endswith("?page=visit")
    first = requests.get(f"{link}?page=visit", timeout=10)
    assert re.search(r'name="stars" value="2" checked', first.text), "what was answered stands there"
    # Another opinion takes back what hung on it.
    assert post(link, "visit", stars=5, quality=8).status_code == 303
    assert 'value="delay"' not in requests.get(f"{link}?page=time", timeout=10).text
    assert central.fill_in(f"{link}?page=rest", {}).status_code == 200
    assert central.rows("SELECT question, value FROM answer_value ORDER BY 1") == [("quality", 8), ("stars", 5)]
    assert central.rows("SELECT count(*) FROM answer_choice") == [(0,)]
    assert central.rows("SELECT page, seconds FROM survey_page WHERE page = 'visit'") == [("visit", 30)]


def test_nobody_sends_the_last_page_past_what_is_required(central: Central, link: str) -> None:
    sent = post(link, "rest", recommend=9, comment="x")
    assert sent.status_code == 303 and sent.headers["Location"].endswith("?page=visit")
    assert central.rows("SELECT count(*) FROM answer") == [(0,)]
    refused = post(link, "visit", quality=9)
    assert refused.status_code == 422 and re.search(r'name="quality" value="9" checked', refused.text)


def test_what_is_too_long_is_not_kept_and_locks_nothing(central: Central, link: str) -> None:
    huge = 250_000 * "x"
    assert post(link, "visit", comment=huge).status_code == 422, "it has no such field"
    assert post(link, "visit", stars=2, comment=huge).status_code == 303
    assert post(link, "rest", comment=huge).status_code == 422
    assert central.rows("SELECT length(given ->> 'comment') FROM partial_answer") == [(0,)]
    assert central.fill_in(link, {}, "kurz").status_code == 200
    many = "&".join(f"f{n}=1" for n in range(300))
    assert requests.post(link, data=many, timeout=10).status_code == 400


def test_a_question_that_was_left_out_says_so_where_it_stands(link: str) -> None:
    page = post(link, "visit", quality=9).text
    assert 'aria-describedby="stars-missing"' in page and "Veuillez répondre à cette question." in page
    assert page.count("-missing") == 2 and "autofocus" not in page


def test_reading_a_link_is_a_probe_and_nothing_else(central: Central, client: CollectorClient, link: str) -> None:
    """Scanners read with GET and HEAD, browsers ahead of time (B-N2)."""
    before = central.rows("SELECT i::text, s::text, (SELECT max(seq) FROM feed) FROM invitation i, sample s")
    requests.head(link, timeout=10)
    requests.get(link, headers={"Sec-Purpose": "prefetch"}, timeout=10)
    requests.get(f"{link}?stars=1&page=rest", timeout=10)
    requests.get(f"{link}/stop", timeout=10)
    after = central.rows("SELECT i::text, s::text, (SELECT max(seq) FROM feed) FROM invitation i, sample s")
    assert after == before, "and no desk is woken"
    assert central.rows("SELECT times FROM survey_probe") == [(4,)]
    assert central.rows("SELECT count(*) FROM partial_answer") == central.rows("SELECT count(*) FROM survey_page") == [(0,)]
    client.open_session()
    (state,) = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])).jobs
    assert state.opened_at is None and state.started_at is None


def test_opened_and_begun_are_facts_of_their_own(central: Central, client: CollectorClient, link: str) -> None:
    opened = central.clock.now_utc()
    assert requests.post(f"{link}/seen", timeout=10).status_code == 204
    central.clock.pass_time(60)
    assert requests.post(f"{link}/seen", timeout=10).status_code == 204, "the first time counts"
    started = central.clock.now_utc()
    post(link, "visit", stars=4)
    client.open_session()
    (state,) = client.call(endpoints.JOB_STATES, JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])).jobs
    assert (state.opened_at, state.started_at, state.answered_at) == (opened, started, None)
    assert requests.post(f"{link[:-3]}xyz/seen", timeout=10).status_code == 204, "it tells nothing about links"


def test_a_star_link_marks_and_keeps_nothing(central: Central, link: str) -> None:
    (mail,) = central.mails()
    assert "?stars=5" in mail.read_text() or "stars=3D5" in mail.read_text()
    page = requests.get(f"{link}?stars=4", timeout=10).text
    assert re.findall(r'name="stars" value="(\d)" checked', page) == ["4"]
    assert "checked" not in requests.get(f"{link}?stars=6", timeout=10).text
    assert "checked" not in requests.get(link, timeout=10).text
    post(link, "visit", stars=2)
    page = requests.get(f"{link}?stars=5&page=visit", timeout=10).text
    assert re.findall(r'name="stars" value="(\d)" checked', page) == ["2"], "what was answered stays"


@pytest.mark.parametrize("ending", ["stop", "withdraw", "erase", "expire"])
def test_what_was_begun_goes_with_the_survey(
    central: Central, client: CollectorClient, link: str, ending: str
) -> None:
    post(link, "visit", stars=2)
    post(link, "rest", step="back", comment="Rufen Sie Zoé an")
    assert central.rows("SELECT given ->> 'comment' FROM partial_answer") == [("Rufen Sie Zoé an",)]
    client.open_session()
    if ending == "stop":
        requests.post(f"{link}/stop", timeout=10)
    elif ending == "expire":
        central.clock.pass_time(31 * 86400)
        central.wait()
    else:
        body = WithdrawMessage(job_key="C:1") if ending == "withdraw" else EraseMessage(job_key="C:1")
        send(central, client, (body, "b"))
    assert central.rows("SELECT count(*) FROM partial_answer") == [(0,)]
    assert "Zoé an" not in dump(central)
    assert post(link, "visit", stars=2).status_code == 410
    pages = central.rows("SELECT page FROM survey_page ORDER BY 1")
    assert pages == [("rest",), ("visit",)], "where people stop stays known"


def test_words_of_an_answer_go_with_the_customer(central: Central, client: CollectorClient, link: str) -> None:
    with central.service.admin() as connection:
        from sqlalchemy import text

        connection.execute(
            text("UPDATE invitation SET questionnaire_id = (SELECT id FROM questionnaire WHERE key = 'insurer')")
        )
    values = {"stars": 4, "claim_handling": 3, "claim_better": "Herr Zwölfer war\nnie da", "claim_way": "broker"}
    assert central.fill_in(link, values).status_code == 200
    assert central.rows("SELECT question, words FROM answer_text") == [("claim_better", "Herr Zwölfer war\nnie da")]
    client.open_session()
    send(central, client, (EraseMessage(job_key="C:1"), "b"))
    assert "Zwölfer" not in dump(central)
    assert central.rows("SELECT choice FROM answer_choice") == [("broker",)], "answers stay, anonymous"


def test_two_who_send_the_same_survey_at_once_are_one_answer(central: Central, link: str) -> None:
    post(link, "visit", stars=4)
    post(link, "time", on_time=1)
    with ThreadPoolExecutor(8) as pool:
        said = sorted(answer.status_code for answer in pool.map(lambda n: post(link, "rest", recommend=n), range(8)))
    assert said == [200] + 7 * [409]
    assert central.rows("SELECT count(*) FROM answer") == [(1,)]


def test_the_days_that_were_promised_stand_before_on_time(central: Central, client: CollectorClient) -> None:
    """First and revised (A-N7)."""
    for order, day in enumerate((3, 9, None, 9, 9), start=1):
        promised = None if day is None else date(2026, 11, day)
        dates = JobDates(promised=promised, delivered=date(2026, 11, 10))
        send(central, client, (message(1, order=order, dates=dates), f"k{order}"))
    link = ripen(central)
    post(link, "visit", stars=4)
    page = requests.get(link, timeout=10).text
    assert "données\u00a0: 3 novembre 2026; 9 novembre 2026<" in page and "10 novembre 2026" in page
    assert page.index("3 novembre") < page.index('name="on_time"')


def test_reports_tell_what_was_chosen_in_words(central: Central, link: str) -> None:
    central.fill_in(link, UNHAPPY, "Trop long.")
    now, shops = central.clock.now_utc(), [central.shops["North"]]
    rows: dict[str, Table] = {}
    for report in ("R-02", "R-29"):
        request = Request(report, {"period": "2026-10-01..2027-03-31"}, shops, "fr", "Ada", now)
        with central.parts.web.scoped(central.scope(shops, 1)) as connection:
            parts = [decode_part(codec.encode(p)) for p in REPORTS[report].build(ReportContext(connection, request, REPORTS[report]))]
        rows[report] = next(node for part in parts for node in part.nodes if isinstance(node, Table))
    said = {row[4]: row[5] for row in rows["R-02"].rows}
    assert said["Nous en sommes désolés. Qu’est-ce qui n’a pas bien été?"] == "Les délais, Ce que j’ai dû payer"
    assert said["Votre véhicule était-il prêt à la date promise?"] == "Non"
    titles = [column.title for column in rows["R-29"].columns]
    (job,) = rows["R-29"].rows
    assert job[titles.index("Comment l’atelier a été choisi")] == "C’est près de chez moi"
    assert job[titles.index("Qualité de la réparation")] == 4


def test_an_answer_published_by_night_is_shown_from_the_second_midnight(
    central: Central, client: CollectorClient, link: str
) -> None:
    """A-21: answered on Saturday 10:00 in Toronto, shown on Monday; the desk is told, and the alert is not held back."""
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE programme SET publishing = 'nightly'")
    central.license("alerts")
    assert central.fill_in(link, UNHAPPY).status_code == 200
    central.wait()
    assert central.rows("SELECT count(*) FROM alert") == [(1,)], "whoever can mend it hears of it the next morning"
    shown = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert central.rows("SELECT visible_from FROM answer") == [(shown,)]

    def state() -> JobStateInfo:
        client.open_session()
        asked = JobStateRequest(shop_id=central.shops["North"], job_keys=["C:1"])
        return client.call(endpoints.JOB_STATES, asked).jobs[0]

    assert (state().state, state().stars, state().published_at) == ("answered", None, None)
    central.clock.jump_to(shown - timedelta(seconds=1))
    central.wait()
    ((before,),) = central.rows("SELECT max(seq) FROM feed")
    assert state().stars is None
    central.clock.jump_to(shown)
    central.wait()
    assert (state().stars, state().published_at) == (2, shown)
    assert central.rows(f"SELECT kind, key FROM feed WHERE seq > {before}") == [("job", "C:1")]
