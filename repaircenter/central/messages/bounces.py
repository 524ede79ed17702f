"""Mail that came back: which message of ours it was, and whether for good (RFC 3464). Pure.

A message leaves from an address of its own (VERP): the sender's with `+b` and the message's number and digest. What comes
back to that address is about that message; without the digest anybody could make a customer out of reach.
"""

import base64
import email
import re
from dataclasses import dataclass
from email.message import Message

from repaircenter.central.core.secrets import Signer

_MARK = re.compile(r"\+b(\d{1,18})-([a-z2-7]{16})@", re.IGNORECASE)
# Where mail servers write for whom a mail came.
_FOR = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})")
# The address itself: there is no such mailbox, no such domain, it has moved. 5.1.7 and 5.1.8 are about ours.
_ADDRESS, _SENDERS = "1", ("7", "8")


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id` did not arrive, with the status a mail server gave (RFC 3463). `is_dead` when it is the address's fault."""

    message_id: int
    status: str
    is_dead: bool


def return_address(keyed: Signer, sender: str, message_id: int) -> str:
    """Return the address to which a message comes back."""
    local, _, domain = sender.rpartition("@")
    return f"{local}+b{message_id}-{_digest(keyed, message_id)}@{domain}"


def read_bounce(keyed: Signer, raw: bytes) -> Bounce | None:
    """Return what a mail says of one of ours; None for an answer, a delay, and whatever is not about one of ours."""
    # The newer policies read headers so closely that some of what strangers write breaks them.
    mail = email.message_from_bytes(raw)
    message_id = message_about(keyed, mail)
    if message_id is None or mail.get_content_type() != "multipart/report":
        return None
    status = _failed_status(mail)
    return None if status is None else Bounce(
        message_id, ".".join(status), status[1] == _ADDRESS and status[2] not in _SENDERS
    )


def message_about(keyed: Signer, mail: Message) -> int | None:
    """Return which message of ours a mail came back to, by the address it was written to."""
    for name in _FOR:
        for value in mail.get_all(name, []):
            found = _MARK.search(str(value))
            if found and found[2].lower() == _digest(keyed, int(found[1])):
                return int(found[1])
    return None


def _failed_status(mail: Message) -> tuple[str, str, str] | None:
    """The status of a recipient that failed for good."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Message):
                continue
            action, status = str(block.get("Action", "")), _STATUS.match(str(block.get("Status", "")))
            if action.strip().lower() == "failed" and status is not None and status[1] == "5":
                return status[1], status[2], status[3]
    return None


def _digest(keyed: Signer, message_id: int) -> str:
    """Ten bytes in letters and digits: mail servers do not keep capitals."""
    return base64.b32encode(keyed.mac("bounce", message_id)[:10]).decode().lower()
