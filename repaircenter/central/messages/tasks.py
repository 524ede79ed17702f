"""Sends one message: judged and rendered now, so that neither its text nor its token stands in the database (DESIGN 3.16).

Three steps: a transaction that judges consent and address as they are now and takes the message; the mail server, with
no transaction open; a transaction that says what became of it. A kill between the last two sends it again with the same
Message-ID after `MESSAGE_LEASE`; of a text its service cannot know that it is the same.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from repaircenter.central.core.outgoing import BOUNCED, DELIVERED, DROPPED, FAILED, SENT, Ended, MessageKind, Recipient
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Enqueue
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages import queries, rules
from repaircenter.central.messages.bounces import return_address
from repaircenter.central.messages.compose import compose
from repaircenter.central.messages.gate import address_mac, objection
from repaircenter.central.messages.gsm import plain_letters
from repaircenter.central.messages.queries import Taken
from repaircenter.central.messages.queueing import TIMER
from repaircenter.central.messages.text_messages import NO_SUCH_NUMBER, STOPPED, NoSuchNumber, Stopped
from repaircenter.central.messages.transport import Later, Refused
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.wire.vocabulary import SMS

log = logging.getLogger(__name__)
# A message whose try ends without a word (a killed worker) is tried again after this.
MESSAGE_LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages of the registered kinds."""

    kinds: Mapping[str, MessageKind]

    def send(self, service: Service, _enqueue: Enqueue, message_id: int) -> None:
        """Send a waiting message once; one that has ended is left alone."""
        with service.worker.scoped(WORKER) as connection:
            prepared = self._prepare(service, connection, message_id)
        if prepared is None:
            return
        taken, recipient = prepared
        reason: str | None = None
        refused: Refused | None = None
        try:
            _hand_in(service, taken, recipient, message_id, is_answered=self.kinds[taken.kind].replied is not None)
        except Later as error:
            reason = str(error)
        except OSError as error:
            reason = type(error).__name__
        except Refused as error:
            reason, refused = str(error), error
        with service.worker.scoped(WORKER) as connection:
            now = service.clock.now_utc()
            pause = None if refused is not None else rules.pause_after(taken.attempts)
            if reason is None:
                self._end(connection, message_id, taken, SENT, None, now)
                # What became of it was told before we knew that it had left.
                told = queries.told(connection, message_id)
                if told is not None:
                    self.was_told(service, connection, message_id, *told, now)
            elif isinstance(refused, Stopped):
                queries.opt_out(connection, taken.org_id, address_mac(service, recipient.address), now)
                self._end(connection, message_id, taken, DROPPED, "opted_out", now, reason)
            elif pause is not None:
                log.warning("message %s was not taken (%s); it is tried again", message_id, reason)
                queries.set_reason(connection, message_id, reason)
                _try_at(connection, message_id, taken, now + pause)
            else:
                log.warning("message %s has failed (%s)", message_id, reason)
                if isinstance(refused, NoSuchNumber):
                    queries.add_dead(connection, message_id, now)
                why = "bounced" if refused is not None else "mail_failed"
                self._end(connection, message_id, taken, FAILED, why, now, reason)

    def was_told(
        self, service: Service, connection: Connection, message_id: int, status: str, code: int, at: datetime
    ) -> None:
        """Keep what became of a text, once: it was delivered, or did not arrive, with a code of who carried it."""
        if queries.is_under_way(connection, message_id):
            queries.set_told(connection, message_id, status, code)
        elif status == DELIVERED:
            sent = queries.deliver(connection, message_id)
            if sent is not None:
                self.kinds[sent.kind].ended(connection, sent.subject_id, DELIVERED, None, at)
        elif code == STOPPED:
            queries.opt_out_of(connection, message_id, at)
            stopped = queries.bounce(connection, message_id, str(code))
            if stopped is not None:
                self.kinds[stopped.kind].ended(connection, stopped.subject_id, DROPPED, "opted_out", at)
        else:
            sent = queries.bounce(connection, message_id, str(code or status))
            if sent is not None:
                log.info("text %s did not arrive (%s)", message_id, code)
                self.came_back(connection, message_id, sent, code in NO_SUCH_NUMBER, at)

    def came_back(self, connection: Connection, message_id: int, sent: Taken, is_dead: bool, at: datetime) -> None:
        """Tell the area of a message that it came back after it was sent; a dead address is remembered."""
        if is_dead:
            queries.add_dead(connection, message_id, at)
        self.kinds[sent.kind].ended(connection, sent.subject_id, BOUNCED, None, at)

    def _prepare(self, service: Service, connection: Connection, message_id: int) -> tuple[Taken, Recipient] | None:
        """The message and whom it goes to; None when there is nothing to send (any more)."""
        now = service.clock.now_utc()
        message = queries.waiting(connection, message_id)
        # The task of a killed worker is given back long before its lease is over.
        if message is None or timers.is_ahead(connection, TIMER, message_id, now):
            return None
        kind = self.kinds[message.kind]
        at = now if kind.to_staff else rules.next_hour_to_write(now, message.zone)
        if at > now:
            # No attempt: it is judged anew in the morning.
            timers.put(connection, TIMER, [Due(message.org_id, message.shop_id, message_id, at)])
            return None
        taken = queries.take(connection, message_id)
        if taken is None:
            return None
        if taken.attempts > rules.MOST_ATTEMPTS:  # it ended without a word each time
            self._end(connection, message_id, taken, FAILED, "mail_failed", now, "gave_up")
            return None
        _try_at(connection, message_id, taken, now + MESSAGE_LEASE)
        recipient = kind.prepare(service, connection, taken.subject_id)
        if isinstance(recipient, Recipient) and recipient.channel != taken.channel:
            recipient = Ended(DROPPED)  # it is asked another way meanwhile
        if isinstance(recipient, Ended):
            self._end(connection, message_id, taken, recipient.state, recipient.reason, now)
            return None
        refusal = None if kind.to_staff else objection(service, connection, recipient.org_id, recipient.address)
        if refusal is not None:
            self._end(connection, message_id, taken, DROPPED, refusal, now)
            return None
        queries.set_address(connection, message_id, address_mac(service, recipient.address))
        return taken, recipient

    def _end(
        self,
        connection: Connection,
        message_id: int,
        taken: Taken,
        state: str,
        reason: str | None,
        at: datetime,
        detail: str | None = None,
    ) -> None:
        """End the message and tell its area; `detail` is what the mail server said."""
        if queries.end(connection, message_id, state, at, detail or reason):
            timers.cancel(connection, [TIMER], [message_id])
            self.kinds[taken.kind].ended(connection, taken.subject_id, state, reason, at)


def _hand_in(service: Service, taken: Taken, recipient: Recipient, message_id: int, *, is_answered: bool) -> None:
    """Give a message to whom it leaves by. Raises Later, Refused, Stopped, OSError."""
    letter, name = recipient.write(service), f"{message_id:08d}"
    if recipient.channel != SMS:
        returns_to = return_address(service.keyed, service.sender, message_id) if service.reads_inbox else None
        replies_to, now = returns_to if is_answered else None, service.clock.now_utc()
        message = compose(letter, recipient.address, taken.kind, message_id, service.sender, now, replies_to)
        service.mail.send(message, name, returns_to)
    elif service.texts is None:
        raise Later("no_texts")
    else:
        service.texts.send(recipient.address, plain_letters(letter.body), name, told_at(service, message_id))


def told_at(service: Service, message_id: int) -> str:
    """Return where it is said what became of a text."""
    return f"{service.public_address}/texts/{message_id}"


def _try_at(connection: Connection, message_id: int, taken: Taken, at: datetime) -> None:
    timers.put(connection, TIMER, [Due(taken.org_id, taken.shop_id, message_id, at)])
