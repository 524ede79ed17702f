"""Makes the e-mail of a letter: sender, opt-out (RFC 8058), and a Message-ID that is the same on every try."""

from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from repaircenter.central.core.outgoing import Letter

# RFC 5322's limit: a header value without a blank (a link) must stay in one piece, folding would encode it.
_POLICY = policy.SMTP.clone(max_line_length=998)


def compose(
    letter: Letter, address: str, kind: str, message_id: int, sender: str, now: datetime, replies_to: str | None = None
) -> EmailMessage:
    """Return the message to one address, from the letter's sender at our own address `sender`; answers go to `replies_to`."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(letter.sender, addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    if replies_to is not None:
        message["Reply-To"] = Address(letter.sender, addr_spec=replies_to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{kind.rpartition('.')[2]}-{message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_link:
        message["List-Unsubscribe"] = f"<{letter.stop_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    return message
