"""Withdraw, erase and known jobs at the service (DESIGN 4.2, 4.6, 4.10), counted in PostgreSQL."""

import re

import pytest

from repaircenter.shop.ports import NotSignedIn
from repaircenter.uplink.collector import CollectorClient
from repaircenter.wire import endpoints
from repaircenter.wire.content import content_digest
from repaircenter.wire.jobs import EraseMessage, KnownJob, KnownRequest, WithdrawMessage
from tests.conftest import Central
from tests.integration.test_service import FOREIGN, client, message, outcomes, send

__all__ = ["client"]


def dump(central: Central) -> str:
    """Everything the service's tables hold, as text."""
    tables = [
        row[0]
        for row in central.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            # Keys for the server's administrator only.
            "AND tablename <> 'repaircenter_secret'"
        )
    ]
    return "\n".join(str(central.rows(f"SELECT * FROM {table}")) for table in tables)


def answer(central: Central, comment: str) -> None:
    """The customer answers the survey on the web page."""
    import email
    import email.policy

    mail = email.message_from_bytes(central.mails()[-1].read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+", body.get_content())
    assert link is not None
    done = central.fill_in(link[0], {"stars": 5, "quality": 5, "recommend": 5}, comment)
    assert done.status_code < 400, done.text[:300]


def test_erase_leaves_nothing_of_the_customer_and_the_answer_stays_anonymous(
    central: Central, client: CollectorClient
) -> None:
    send(central, client, (message(1), "k1"))
    central.clock.pass_time(70 * 86400)
    central.wait()
    answer(central, "Éloïse was delighted")
    assert central.rows("SELECT count(*) FROM answer WHERE comment IS NOT NULL") == [(1,)]
    client.open_session()
    assert outcomes(send(central, client, (EraseMessage(job_key="C:1"), "k2"))) == [("erased", None)]
    text = dump(central)
    for word in ("Éloïse", "Gagné-Côté", "c1@example.com", "5145550101", "C:1'", "26-1'"):
        assert word not in text, word
    assert central.rows("SELECT count(*), count(comment) FROM answer") == [(1, 0)]


def test_an_erased_customer_stays_erased_whoever_sends_the_job_again(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "k1"))
    assert outcomes(send(central, client, (EraseMessage(job_key="C:1"), "k2"))) == [("erased", None)]
    assert outcomes(send(central, client, (EraseMessage(job_key="C:1"), "k2"))) == [("erased", None)], "same key"
    assert outcomes(send(central, client, (message(1, order=5), "k3"))) == [("erased", None)]
    assert outcomes(send(central, client, (message(1, FOREIGN), "k4"))) == [("erased", None)]
    assert "Gagné-Côté" not in dump(central)
    assert central.rows("SELECT state FROM sample") == [("withdrawn",)]
    central.clock.pass_time(70 * 86400)
    central.wait()
    assert central.mails() == []


def test_a_job_that_was_never_kept_is_erased_too(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1, FOREIGN), "k1"))
    assert outcomes(send(central, client, (EraseMessage(job_key="C:1"), "k2"))) == [("erased", None)]
    assert central.rows("SELECT count(*) FROM filtered_job") == [(0,)]
    assert outcomes(send(central, client, (message(1), "k3"))) == [("erased", None)]


def test_job_and_erase_in_one_batch_are_taken_in_their_order(central: Central, client: CollectorClient) -> None:
    found = send(central, client, (message(1), "a"), (EraseMessage(job_key="C:1"), "b"), (message(1, order=3), "c"))
    assert [one[0] for one in outcomes(found)] == ["kept", "erased", "erased"]
    assert "Gagné-Côté" not in dump(central)


def test_a_withdrawn_job_is_taken_again_when_it_is_sent_again(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "k1"), (WithdrawMessage(job_key="C:1"), "k2"))
    assert "Gagné-Côté" not in dump(central)
    assert outcomes(send(central, client, (message(1), "k3"))) == [("kept", None)]
    assert central.rows("SELECT state FROM sample") == [("ageing",)]


def test_the_service_says_which_jobs_it_has_exactly_so(central: Central, client: CollectorClient) -> None:
    send(central, client, (message(1), "k1"), (message(2), "k2"), (message(3, FOREIGN), "k3"), (message(4), "k4"))
    send(central, client, (WithdrawMessage(job_key="C:4"), "k5"))
    asked = [KnownJob(job_key=f"C:{n}", digest=content_digest(message(n))) for n in (1, 3, 4, 9)]
    asked.append(KnownJob(job_key="C:2", digest=content_digest(message(2, total_cents=1))))
    assert client.call(endpoints.KNOWN_JOBS, KnownRequest(shop_id=central.shops["North"], jobs=asked)).job_keys == [
        "C:1"
    ]
    with pytest.raises(NotSignedIn):
        client.call(endpoints.KNOWN_JOBS, KnownRequest(shop_id=central.shops["Other"], jobs=asked))
