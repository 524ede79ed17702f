"""What areas ask of each other's adapters."""

from email.message import EmailMessage
from typing import Protocol


class MailTransport(Protocol):
    """`send` returns when the message was taken, or raises Later or Refused; `name` is the same on every try. It comes back
    to `returns_to`, or to whom it is from."""

    def send(self, message: EmailMessage, name: str, returns_to: str | None = None) -> None: ...
