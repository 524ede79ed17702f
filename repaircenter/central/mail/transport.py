"""How messages leave: by SMTP, or into files that can be opened (demo, tests). Runs on the worker's threads."""

import os
import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

SMTP_SECONDS = 30.0


class MailTransport(Protocol):
    """`send` returns when the message was taken, or raises; `name` is the same on every try of one message."""

    def send(self, message: EmailMessage, name: str) -> None: ...


class FolderTransport:
    """One .eml a message for its owner only; writing it twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._folder / f"{name}.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        fresh.replace(self._folder / f"{name}.eml")


class SmtpTransport:
    """A mail server that takes our messages; TLS is used when it offers it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def send(self, message: EmailMessage, name: str) -> None:
        with smtplib.SMTP(self._host, self._port, timeout=SMTP_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
            server.send_message(message)
