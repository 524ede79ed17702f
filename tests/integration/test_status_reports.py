"""What became of what was sent: R-19, R-20 and R-30, against what was done to each job."""

from collections import Counter
from datetime import timedelta

import pytest
import requests

from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.report import ReportContext, Request
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import codec
from repaircenter.wire.document.cells import Figure, Linked
from repaircenter.wire.document.charts import ColumnChart
from repaircenter.wire.document.nodes import Empty, Node, Table
from repaircenter.wire.document.parts import decode_part
from repaircenter.wire.jobs import Contact, People, WithdrawMessage
from tests.conftest import Central
from tests.integration.test_reminders import letters
from tests.integration.test_service import client, link_in, message, send

__all__ = ["client"]


def run(central: Central, report: str, **given: str) -> list[Node]:
    shops = [central.shops["North"], central.shops["South"]]
    request = Request(report, {"period": "2026-10-01..2027-03-31", **given}, shops, "en", "Ada", central.clock.now_utc())
    with central.parts.web.scoped(central.scope(shops, 1)) as connection:
        parts = list(REPORTS[report].build(ReportContext(connection, request, REPORTS[report])))
    return [node for part in parts for node in decode_part(codec.encode(part)).nodes]


def tables(nodes: list[Node]) -> list[Table]:
    return [node for node in nodes if isinstance(node, Table)]


def plain(cell: object) -> object:
    cell = cell.value if isinstance(cell, Linked) else cell
    return cell.value if isinstance(cell, Figure) else cell


def of(table: Table, row: int = 0) -> dict[str, object]:
    """A row by the titles of its columns."""
    return {column.title: plain(cell) for column, cell in zip(table.columns, table.rows[row], strict=True)}


@pytest.fixture
def world(central: Central, client: CollectorClient) -> Central:
    """Eight customers: 1 completed, 2 stopped on the second page, 3 looked, 4 did nothing, 5 is 1 again, 6 has no address,
    7 stopped mails, 8 came later and ages; a ninth job is nobody's, a tenth was withdrawn before it was asked."""
    send(
        central,
        client,
        *((message(n), f"k{n}") for n in (1, 2, 3, 4)),
        (message(5, contact=Contact(first_name="E", email="c1@example.com", phones=["5145550101"])), "k5"),
        (message(6, contact=Contact(first_name="F"), people=People()), "k6"),
        (message(7), "k7"),
        (message(9, insurer="Nobody"), "k9"),
        (message(10, ro_number="26-1"), "k10"),
        (WithdrawMessage(job_key="C:10"), "w10"),
    )
    central.clock.pass_time(15 * 86400)
    client.open_session()
    send(central, client, (message(8, ro_number="26-1"), "k8"))
    central.clock.pass_time(5 * 86400)
    central.wait()
    links = {str(letter["To"]): link_in(letter) for letter in letters(central)}
    central.fill_in(links["c1@example.com"], {"stars": 5, "on_time": 1, "recommend": 9})
    shown = int((central.clock.now_utc() - timedelta(seconds=40)).timestamp())
    page = {"page": "visit", "stars": "2", "shown": shown}
    assert requests.post(links["c2@example.com"], data=page, timeout=10).status_code == 200
    requests.post(f"{links['c3@example.com']}/seen", timeout=10)
    requests.get(links["c4@example.com"], timeout=10)
    requests.post(f"{links['c7@example.com']}/stop", timeout=10)
    return central


def test_the_funnel_counts_each_step_of_the_way(world: Central) -> None:
    ways, pages, left_out = tables(run(world, "R-20"))
    row = of(ways)
    # Of the tenth, withdrawn while it aged, the day it would have been asked has come.
    assert (row["Due"], row["Asked lately"], row["No address"], row["Withdrawn"], row["Waiting"]) == (8, 1, 1, 1, 0)
    assert (row["Sent"], row["Opened"], row["Started"], row["Completed"], row["Unsubscribed"]) == (5, 3, 2, 1, 1)
    assert ways.total is not None and [plain(cell) for cell in ways.total[1:]] == [plain(c) for c in ways.rows[0][1:]]
    assert row["Response"] == pytest.approx(100 * 1 / 5)
    (chart,) = [node for node in run(world, "R-20") if isinstance(node, ColumnChart)]
    assert [column.value for column in chart.columns] == [8, 5, 3, 2, 1]
    assert [plain(line[1]) for line in pages.rows] == [2, 2, 1, 1], "where they stop"
    assert plain(pages.rows[2][2]) == pytest.approx(50) and of(pages, 1)["Seconds (median)"] == 20
    answered = {str(plain(line[0])): (plain(line[1]), plain(line[2])) for line in left_out.rows}
    assert answered["Was your vehicle ready on the promised date?"] == (1, 100.0)
    assert answered["Quality of the repair"] == (0, 0.0)
    assert answered["We are sorry. What went wrong?"] == (0, None), "not everybody is asked"


def test_answers_from_before_pages_were_kept_did_not_stop_anywhere(world: Central) -> None:
    """Of a service that was brought up to date the older answers have no pages."""
    with world.service.admin() as connection:
        connection.exec_driver_sql(
            "DELETE FROM survey_page WHERE invitation_id IN (SELECT id FROM invitation WHERE answered_at IS NOT NULL)"
        )
    ways, pages, left_out = tables(run(world, "R-20"))
    assert of(ways)["Started"] == 2 and [plain(line[1]) for line in pages.rows] == [1, 1, 0, 0]
    assert plain(pages.rows[1][2]) == 100 and len(left_out.rows) == 11


def test_the_funnel_is_split_and_filtered(world: Central) -> None:
    (row,) = tables(run(world, "R-20", split="programme"))[0].rows
    assert row[0] == "Assurances Exemple"
    assert of(tables(run(world, "R-20", channel="email"))[0])["Due"] == 5
    for nothing in ({"channel": "phone"}, {"programme": "999"}, {"period": "2026-01-01..2026-06-30"}):
        assert any(isinstance(node, Empty) for node in run(world, "R-20", **nothing))


def test_samples_stand_one_a_row_with_their_state(world: Central) -> None:
    not_kept, rows = tables(run(world, "R-19"))
    assert [[plain(cell) for cell in line] for line in not_kept.rows] == [["This insurer has no survey program", 1]]
    told = [(of(rows, n)["RO"], of(rows, n)["State"], of(rows, n)["Reason"], of(rows, n)["Days to go"]) for n in range(9)]
    assert told[0] == ("26-1", "Aging", "", 14), "the newest first, due in so many days"
    assert Counter(state for _, state, _, _ in told) == {
        "Aging": 1, "Answered": 1, "Invited": 3, "Refused": 2, "Unreachable": 1, "Withdrawn": 1,
    }  # fmt: skip
    assert {reason for _, state, reason, _ in told if state == "Refused"} == {"Asked a short while ago", "Unsubscribed"}
    (chart,) = [node for node in run(world, "R-19") if isinstance(node, ColumnChart)]
    assert sum(column.value for column in chart.columns) == len(rows.rows) == 9


def test_what_jobs_lack_is_a_share_of_them(world: Central) -> None:
    """Eight stand there: the tenth was withdrawn, the ninth is nobody's."""
    (table,) = tables(run(world, "R-30"))
    row = of(table)
    assert row["Jobs"] == 8 and row["Sent"] == 5 and row["Bounced"] == 0
    assert [row[name] for name in ("No e-mail", "No phone", "Neither", "No estimator", "No insurer")] == [
        12.5, 12.5, 12.5, 12.5, 0,
    ]  # fmt: skip
    assert row["Same RO twice"] == 25, "the first and the eighth"
    assert any("South" in getattr(node, "text", "") for node in run(world, "R-30")), "a shop that sent nothing is named"


def test_what_a_mail_server_refused_at_once_was_not_sent(world: Central) -> None:
    """More refused than sent is no share over one."""
    with world.service.admin() as connection:
        connection.exec_driver_sql("UPDATE invitation SET bounced_at = sent_at, sent_at = NULL WHERE answered_at IS NULL")
    (table,) = tables(run(world, "R-30"))
    assert (of(table)["Sent"], of(table)["Bounced"]) == (1, 0)


def test_an_answer_that_is_held_back_is_no_response_yet(world: Central) -> None:
    """R-20 and the rates of other reports agree."""
    before = [of(tables(run(world, "R-20"))[0])["Response"], rate_of(world)]
    assert before[0] == before[1] == pytest.approx(20)
    with world.service.admin() as connection:
        connection.exec_driver_sql("UPDATE answer SET visible_from = '2027-06-01'")
        connection.exec_driver_sql("UPDATE invitation SET shown_at = '2027-06-01' WHERE shown_at IS NOT NULL")
    assert of(tables(run(world, "R-20"))[0])["Response"] == rate_of(world) == 0


def rate_of(central: Central) -> object:
    """The response rate of the shop as every other report counts it."""
    from repaircenter.central.reporting.sql import aggregates

    shops = [central.shops["North"], central.shops["South"]]
    request = Request("R-01", {"period": "2026-10-01..2027-03-31"}, shops, "en", "Ada", central.clock.now_utc())
    with central.parts.web.scoped(central.scope(shops, 1)) as connection:
        context = ReportContext(connection, request, REPORTS["R-01"])
        (responses,) = aggregates.responses(connection, context.selection, (aggregates.SHOP,)).values()
    return responses.rate.value
