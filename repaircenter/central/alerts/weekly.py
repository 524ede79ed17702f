"""Sunday evening: what a shop sent in the week, or the alarm that it sent nothing (A-22 ... A-25, A-N2, A-N5)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from repaircenter.central.accounts.roles import may
from repaircenter.central.alerts import queries, week_queries
from repaircenter.central.alerts.morning import SENDER, ended
from repaircenter.central.alerts.rules import WEEK, last_sunday_evening, next_sunday_evening, silent_stage
from repaircenter.central.alerts.week_queries import Life, Sample, Week
from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.templates.rendering import Template, render
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.rendering.values import day, instant, labelled
from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import Texts
from repaircenter.wire.vocabulary import END_ALERTS, NONE

STATUS = "alert.week_status"
LIST = Template(
    "alerts",
    "week",
    frozenset(("name", "shop", "from", "until", "late", "count", "several", "samples", "filtered")),
    frozenset(("shop", "from", "until", "samples")),
)
# Without the number to call nobody is helped: a text that lacks it cannot be used.
ALARM = Template(
    "alerts",
    "no_sample",
    frozenset(
        ("name", "shop", "from", "until", "late", "stage", "seen", "filtered", "support_phone", "support_address")
    ),
    frozenset(("shop", "support_phone")),
)
# What is shorter is no week: the first one of a shop, or of one whose zone was corrected, belongs to the next.
_LEAST = timedelta(days=2)
# What was on its way when the week ended is kept by then.
_SETTLES = timedelta(minutes=1)
# Told as late when it leaves so long after its time (A-N5).
_LATE = timedelta(hours=1)


def close_week(service: Service, _enqueue: Enqueue, shop_id: int) -> None:
    """End the week of a shop at the last Sunday evening and queue what its people are told; plan the next one.

    Weeks follow each other without a gap: one that was missed is part of the next, told once.
    """
    with service.worker.scoped(WORKER) as connection:
        now = service.clock.now_utc()
        shop = week_queries.shop_now(connection, shop_id, now)
        planned = last_sunday_evening(now, shop.zone)
        if shop.last_until is None:
            week_queries.add_week(connection, shop.org_id, shop_id, now, now, now)
        elif planned - shop.last_until >= _LEAST:
            week_id = week_queries.add_week(connection, shop.org_id, shop_id, shop.last_until, planned, now)
            for reader in queries.readers(connection, shop_id) if shop.takes_part else ():
                if may(reader.roles, END_ALERTS):
                    mail_id = week_queries.add_mail(connection, shop.org_id, shop_id, week_id, reader.id)
                    queue_message(connection, shop.org_id, shop_id, STATUS, mail_id, now, now + _SETTLES)
        due = next_sunday_evening(now, shop.zone)
        timers.put(connection, WEEK, [Due(shop.org_id, shop_id, shop_id, due)])


def prepare(service: Service, connection: Connection, mail_id: int) -> Recipient | Ended:
    """Judge the mail as things stand now. Who chose no mail gets no list, but the alarm."""
    week = week_queries.week(connection, mail_id, service.clock.now_utc())
    if week is None or not may(week.reader.roles, END_ALERTS):
        return Ended(DROPPED, "not_there")
    window = week.shop_id, week.from_at, week.until_at
    samples, filtered = week_queries.samples(connection, *window), week_queries.filtered(connection, *window)
    if samples and week.reader.choice == NONE:
        return Ended(DROPPED, "not_wanted")
    life = week_queries.life(connection, week.shop_id)
    return Recipient(week.org_id, week.email, lambda of: write(of, week, samples, filtered, life))


def write(
    service: Service, week: Week, samples: Sequence[Sample], filtered: Sequence[tuple[str, int]], life: Life
) -> Letter:
    """Return the list, or the alarm when there is nothing to list."""
    words, language = Texts(week.language), week.language
    facts: dict[str, str | None] = {
        "name": week.name,
        "shop": week.shop,
        "from": day(day_in(week.zone, week.from_at), language),
        "until": day(day_in(week.zone, week.until_at), language),
        "late": "yes" if service.clock.now_utc() - week.until_at > _LATE else None,
        "filtered": "\n".join(f"  {count} - {_reason(words, reason)}" for reason, count in filtered) or None,
    }
    if samples:
        more = {
            "count": str(len(samples)),
            "several": "yes" if len(samples) > 1 else None,
            "samples": "\n".join(_line(words, week, sample) for sample in samples),
        }
        return Letter(SENDER, *render(LIST, language, facts | more))
    more = {
        "stage": silent_stage(life.is_paired, life.seen_at, bool(filtered), week.until_at),
        "seen": None if life.seen_at is None else instant(life.seen_at, week.zone, language),
        "support_phone": service.support_phone or None,
        "support_address": service.sender,
    }
    return Letter(SENDER, *render(ALARM, language, facts | more))


def _line(words: Texts, week: Week, sample: Sample) -> str:
    known = [fact for fact in (sample.ro_number, sample.initials, sample.insurer) if fact]
    received = instant(sample.received_at, week.zone, words.language)
    key = f"report.state.{sample.state}"
    state = words(key) if words.has(key) else sample.state
    return f"  {labelled(received, ' - '.join(known) or '-', words.language)} - {state}"


def _reason(words: Texts, reason: str) -> str:
    key = f"report.reason.{reason}"
    return words(key) if words.has(key) else words("report.reason.unknown")


KIND = MessageKind(STATUS, prepare, ended, to_staff=True)
