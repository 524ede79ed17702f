"""Mail about contests: to whoever may decide one, and to who made it once it is decided (A-N6)."""

from datetime import datetime

from sqlalchemy import Connection

from repaircenter.central.accounts.queries import person
from repaircenter.central.accounts.roles import may
from repaircenter.central.contests import queries
from repaircenter.central.contests.queries import ContestRow, Mail
from repaircenter.central.contests.web import answer_lines
from repaircenter.central.core.events import ERASED, WITHDRAWN, Event, Listener
from repaircenter.central.core.outgoing import DROPPED, Ended, Letter, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages.queueing import queue_message
from repaircenter.central.templates.rendering import Template, render
from repaircenter.rendering.values import instant
from repaircenter.runtime.text import Texts
from repaircenter.wire.vocabulary import CONTEST, LAPSED, OPEN, REJECTED, REVIEW_CONTESTS, UPHELD

LETTER = "contest.letter"
SENDER = "RepairCenter"
_FACTS = frozenset(("name", "shop", "about", "reason", "evidence", "until", "answers"))
ASKED = Template("contests", "asked", _FACTS, frozenset(("shop", "evidence", "until")))
DECIDED = Template(
    "contests", "decided", frozenset(("name", "shop", "about", "state", "by", "note")), frozenset(("shop", "state"))
)
# What the one who contested an answer is told of; they withdrew it themselves else.
_TOLD = frozenset((UPHELD, REJECTED, LAPSED))


def tell(service: Service, _enqueue: Enqueue, contest_id: int) -> None:
    """Queue one message a person about a contest as it stands now."""
    with service.worker.scoped(WORKER) as connection:
        _tell(connection, contest_id, service.clock.now_utc())


def _tell(connection: Connection, contest_id: int, now: datetime) -> None:
    for row in queries.contests(connection, 1, contest_id):
        for person_id in _readers(connection, row):
            mail_id = queries.add_mail(connection, row, person_id)
            if mail_id is not None:
                queue_message(connection, row.given.org_id, row.given.shop_id, LETTER, mail_id, now, now)


def _readers(connection: Connection, row: ContestRow) -> list[int]:
    people = queries.people_at(connection, row.given.shop_id)
    if row.state == OPEN:
        return [one.person_id for one in people if one.person_id != row.made_by and may(one.roles, REVIEW_CONTESTS)]
    return [row.made_by] if row.state in _TOLD else []


def lapse(service: Service, _enqueue: Enqueue, contest_id: int) -> None:
    """End a contest nobody decided, and say so to who made it."""
    with service.worker.scoped(WORKER) as connection:
        now = service.clock.now_utc()
        if queries.lapse(connection, contest_id, now):
            _tell(connection, contest_id, now)


def prepare(service: Service, connection: Connection, mail_id: int) -> Recipient | Ended:
    """Judge a message as things stand now: the contest may be decided, its reader may have lost the right."""
    mail = queries.mail(connection, mail_id, service.clock.now_utc())
    row = next(iter(queries.contests(connection, 1, mail.contest_id)), None) if mail is not None else None
    if mail is None or row is None or row.version != mail.version:
        return Ended(DROPPED, "not_there")
    if not may(mail.roles, REVIEW_CONTESTS if row.state == OPEN else CONTEST):
        return Ended(DROPPED, "not_there")
    reviewer = None if row.decided_by is None else person(connection, row.decided_by)
    by = None if reviewer is None else reviewer.name
    return Recipient(mail.org_id, mail.email, lambda _service: write(mail, row, by))


def write(mail: Mail, row: ContestRow, by: str | None) -> Letter:
    """Return the mail in the language of its reader."""
    words, given = Texts(mail.language), row.given
    about = " - ".join(fact for fact in (given.ro_number, given.customer, given.vehicle) if fact) or given.programme
    facts: dict[str, str | None] = {"name": mail.name, "shop": given.shop, "about": about}
    if row.state == OPEN:
        facts |= {
            "reason": words(f"common.contest.reason.{row.reason}"),
            "evidence": row.evidence,
            "until": instant(row.ends_at, given.zone, mail.language),
            "answers": "\n".join(answer_lines(given, words)),
        }
        subject, body = render(ASKED, mail.language, facts)
    else:
        facts |= {"state": row.state, "by": by, "note": row.note}
        subject, body = render(DECIDED, mail.language, facts)
    return Letter(SENDER, subject, body)


def ended(_connection: Connection, _mail_id: int, _state: str, _reason: str | None, _at: datetime) -> None:
    """A message that does not arrive changes no contest: it stands on the desk all the same."""


def end_contests(connection: Connection, event: Event) -> None:
    """End what was open about a job that is gone, and say nothing."""
    queries.end_gone(connection, event.job_id, event.at)


KIND = MessageKind(LETTER, prepare, ended, to_staff=True)
LISTENERS: dict[str, Listener] = {ERASED: end_contests, WITHDRAWN: end_contests}
