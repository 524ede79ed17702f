"""Reads the inbox to which mail comes back (IMAP): bounces, and what customers write back. The rest stays there for a person,
unread and flagged.
"""

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import DataError

from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages import queries
from repaircenter.central.messages.bounces import read_bounce
from repaircenter.central.messages.replies import Reply, read_reply
from repaircenter.central.messages.tasks import Sender
from repaircenter.central.messages.transport import STARTTLS, TLS, MailServer

log = logging.getLogger(__name__)
IMAP_SECONDS = 30.0
# Between two looks, and after one that failed.
LOOK_SECONDS, PATIENCE_SECONDS = 60.0, 300.0
# A bounce quotes at most the mail it is about; what is larger is none.
_MOST_BYTES, _MOST_AT_ONCE = 256 * 1024, 200
_NEW = "(UNSEEN UNFLAGGED)"
_READ, _FOR_A_PERSON = r"(\Seen)", r"(\Flagged)"


class Inbox:
    """Looks for mail that came back, and tells the messages it is about."""

    def __init__(
        self, service: Service, server: MailServer, sender: Sender, context: ssl.SSLContext | None = None
    ) -> None:
        self._service, self._server, self._sender = service, server, sender
        self._context = context or ssl.create_default_context()

    def step(self) -> float:
        """Look once; return the seconds until the next look."""
        try:
            self.look()
        except (OSError, imaplib.IMAP4.error) as error:
            log.warning("the inbox could not be read (%s)", type(error).__name__)
            return PATIENCE_SECONDS
        return LOOK_SECONDS

    def look(self) -> int:
        """Read what is new; return how many bounces and replies there were.

        A mail is marked after what it says is kept: a kill between the two reads it again, and it changes nothing then.
        """
        read = 0
        with self._open() as mailbox:
            _, found = mailbox.uid("SEARCH", _NEW)
            for number in (found[0] or b"").split()[:_MOST_AT_ONCE]:
                uid = number.decode()
                _, parts = mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_MOST_BYTES}>)")
                raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
                flag = self._take(raw)
                read += flag == _READ
                if flag is not None:
                    mailbox.uid("STORE", uid, "+FLAGS.SILENT", flag)
        return read

    def _take(self, raw: bytes) -> str | None:
        """Keep what a mail says; return how it is marked, None for one that is looked at again the next time."""
        try:
            bounce = read_bounce(self._service.keyed, raw)
            reply = read_reply(self._service.keyed, raw) if bounce is None else None
        except Exception:  # whatever a stranger wrote: it is not ours to break on
            log.exception("a mail of the inbox could not be read")
            return _FOR_A_PERSON
        if reply is not None:
            try:
                return _READ if self._keep(reply) else _FOR_A_PERSON
            except (DataError, UnicodeError):  # words that the database does not take keep nobody else's mail waiting
                log.exception("a reply could not be kept")
                return _FOR_A_PERSON
        if bounce is None:
            return _FOR_A_PERSON
        with self._service.worker.scoped(WORKER) as connection:
            if queries.is_under_way(connection, bounce.message_id):
                return None
            now = self._service.clock.now_utc()
            sent = queries.bounce(connection, bounce.message_id, bounce.status)
            if sent is not None:
                log.info("message %s came back (%s)", bounce.message_id, bounce.status)
                self._sender.came_back(connection, bounce.message_id, sent, bounce.is_dead, now)
        return _READ

    def _keep(self, reply: Reply) -> bool:
        """Whether somebody sees on the desk what a customer wrote."""
        with self._service.worker.scoped(WORKER) as connection:
            sent = queries.answered(connection, reply.message_id)
            replied = None if sent is None else self._sender.kinds[sent.kind].replied
            if sent is None or replied is None:
                return False
            now = self._service.clock.now_utc()
            return replied(self._service, connection, sent.subject_id, reply.words, reply.digest, now)

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        to = self._server
        if to.security == TLS:
            mailbox: imaplib.IMAP4 = imaplib.IMAP4_SSL(to.host, to.port, ssl_context=self._context, timeout=IMAP_SECONDS)
        else:
            mailbox = imaplib.IMAP4(to.host, to.port, timeout=IMAP_SECONDS)
        try:
            if to.security == STARTTLS:
                mailbox.starttls(self._context)
            mailbox.login(to.user or "", to.password or "")
            mailbox.select("INBOX")
            yield mailbox
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                mailbox.logout()
