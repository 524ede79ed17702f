"""What areas ask of each other's adapters."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Protocol

# A message whose try ends without a word (a killed worker) is tried again after this.
MESSAGE_LEASE = timedelta(minutes=15)


class MailTransport(Protocol):
    """`send` returns when the message was taken, or raises Later or Refused; `name` is the same on every try."""

    def send(self, message: EmailMessage, name: str) -> None: ...
