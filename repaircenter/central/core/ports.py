"""What areas ask of each other's adapters."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Protocol


class MailTransport(Protocol):
    """`send` returns when the message was taken, or raises Later or Refused; `name` is the same on every try. It comes back
    to `returns_to`, or to whom it is from."""

    def send(self, message: EmailMessage, name: str, returns_to: str | None = None) -> None: ...


class TextTransport(Protocol):
    """`send` returns when the text to a number (E.164) was taken, or raises Later, Refused or Stopped; `name` is the same on
    every try. What becomes of it is said at the address `told_at`, in a form that `is_signed` by the service."""

    def send(self, number: str, words: str, name: str, told_at: str) -> None: ...

    def is_signed(self, address: str, form: Mapping[str, str], signature: str) -> bool: ...
