"""How messages leave: by SMTP, or into files that can be opened (demo, tests). Runs on the worker's threads."""

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

SMTP_SECONDS = 30.0
STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"
_PERMANENT = 500


class Later(Exception):
    """The message was not taken and may be tried again; the text is a code, never an address."""


class Refused(Exception):
    """The mail server will never take this message for this address; the text is its code."""


class FolderTransport:
    """One .eml a message for its owner only; writing it twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, name: str, returns_to: str | None = None) -> None:
        if returns_to is not None:
            message["Return-Path"] = f"<{returns_to}>"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._folder / f"{name}.new"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message.as_bytes(policy=message.policy.clone(linesep="\n")))
            fresh.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Later(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where a mail server listens and how it knows us. `security` is starttls, tls (port 465) or plain (this machine)."""

    host: str
    port: int = 25
    security: str = STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class SmtpTransport:
    """A mail server that takes our messages, one recipient each. Its certificate is verified (tech.md 15)."""

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        self._to = server
        self._context = context or ssl.create_default_context()

    def send(self, message: EmailMessage, name: str, returns_to: str | None = None) -> None:
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Later(type(error).__name__) from None
        try:
            if self._to.security == STARTTLS:
                server.starttls(context=self._context)
            if self._to.user:
                server.login(self._to.user, self._to.password or "")
            server.send_message(message, from_addr=returns_to)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise (Refused if code >= _PERMANENT else Later)(str(code)) from None
        except smtplib.SMTPDataError as error:
            raise (Refused if error.smtp_code >= _PERMANENT else Later)(str(error.smtp_code)) from None
        except smtplib.SMTPResponseException as error:
            # A refused sign-in or sender is a matter of our settings, not of this customer's address.
            raise Later(f"{type(error).__name__} {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Later(type(error).__name__) from None
        finally:
            try:
                server.quit()  # once the message was taken, nothing may look like a failure
            except (OSError, smtplib.SMTPException):
                server.close()

    def _connect(self) -> smtplib.SMTP:
        to = self._to
        if to.security == TLS:
            return smtplib.SMTP_SSL(to.host, to.port, timeout=SMTP_SECONDS, context=self._context)
        return smtplib.SMTP(to.host, to.port, timeout=SMTP_SECONDS)
