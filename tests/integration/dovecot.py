"""A real IMAP server with one mailbox, and mail servers' reports for it."""

import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from repaircenter.central.messages.transport import TLS, MailServer

USER, SECRET = "surveys", "correct horse"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
IS_THERE = Path(DOVECOT).exists() and os.geteuid() == 0
_OWNER = "mail"


class Mailbox:
    """What stands in it, seen by another mail program."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.server = MailServer("127.0.0.1", port, TLS, USER, SECRET)
        self.context = ssl.create_default_context(cafile=str(certificate))

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        box = self._signed_in()
        try:
            box.select("INBOX")
            yield box
        finally:
            box.logout()

    def _signed_in(self) -> imaplib.IMAP4:
        """A mailbox that says for a moment that it is too busy to know who one is is asked again."""
        end = time.monotonic() + 20
        while True:
            box = imaplib.IMAP4_SSL("127.0.0.1", self.server.port, ssl_context=self.context)
            try:
                box.login(USER, SECRET)
            except imaplib.IMAP4.error as error:
                box.shutdown()
                if "UNAVAILABLE" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.5)
            else:
                return box

    def deliver(self, mail: bytes) -> None:
        with self.opened() as box:
            box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)

    def flags(self) -> list[set[str]]:
        """Of each mail in its order, without Recent."""
        with self.opened() as box:
            _, rows = box.fetch("1:*", "(FLAGS)")
        found = [imaplib.ParseFlags(row) for row in rows if isinstance(row, bytes)]
        return [{flag.decode() for flag in flags} - {"\\Recent"} for flags in found]


@contextmanager
def serving(folder: Path, certificate: Path, key: Path) -> Iterator[Mailbox]:
    """Dovecot with a mailbox of its own, over TLS on a free port of this machine."""
    owner = pwd.getpwnam(_OWNER)
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o011)
    mail = folder / "mail"
    mail.mkdir()
    os.chown(mail, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{SECRET}\n")
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{mail}
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={mail}
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""
    )
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Mailbox(port, certificate)
    finally:
        process.terminate()
        process.wait(10)


def report(to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server sends about a mail that it took and could not deliver (RFC 3464)."""
    lines = (
        "From: MAILER-DAEMON@mx.example",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"',
        "",
        "--=_1",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "I am sorry to have to inform you that your message could not be delivered.",
        "",
        "--=_1",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; c1@example.com",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "",
        "--=_1--",
        "",
    )
    return "\r\n".join(lines).encode()


def answer(to: str, text: str = "Merci!", **headers: str) -> bytes:
    """A mail that somebody wrote."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "c1@example.com", to, "Re: survey"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
