"""Mail that somebody wrote back: to which message of ours, and what they wrote, without what they quote. Pure.

Answers come to an address of the message's own (bounces.py). What a program wrote (a holiday, a list, a report) is none.
"""

import email
import hashlib
import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser

from repaircenter.central.core.secrets import Signer
from repaircenter.central.messages.bounces import message_about
from repaircenter.runtime.text import clean_text

LONGEST_WORDS = 4000
_MOST_READ = 20_000
# The lines above a quote that say whose it is, as many as mail programs fold it into.
_MOST_INTRODUCED = 3
# Where a mail that was answered begins: Outlook's lines, its header in our languages, a signature.
_BEGINS = re.compile(r"-{3,} ?\w[\w ’']{0,40} ?-{3,}|_{10,}|-- ?")
_INTRODUCES = re.compile(r"(?:On|Le|El|Am|Il|Em) ", re.IGNORECASE)
_FROM = re.compile(r"(?:From|De) ?:", re.IGNORECASE)
_MORE_OF_HEADER = re.compile(
    r"(?:Sent|Date|To|Subject|Envoyé|À|A|Objet|Enviado(?: el)?|Fecha|Para|Asunto) ?:", re.IGNORECASE
)
_BY_PROGRAMS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
_BULK = ("bulk", "junk", "list", "auto_reply")
_BREAKS = frozenset(("br", "p", "div", "li", "tr"))
# What is quoted in HTML stands in a blockquote.
_UNSEEN = frozenset(("style", "script", "head", "title", "blockquote"))


@dataclass(frozen=True, slots=True)
class Reply:
    """`words` somebody wrote back to `message_id`; `digest` is the mail's own: one that is read twice is one."""

    message_id: int
    words: str
    digest: bytes


def read_reply(keyed: Signer, raw: bytes) -> Reply | None:
    """Return what a person wrote back to one of ours; None for whatever a program wrote, and for mail without words."""
    mail = email.message_from_bytes(raw)
    message_id = message_about(keyed, mail)
    if message_id is None or _is_by_program(mail):
        return None
    words = clean_text(_without_quotes(_text_of(mail)[:_MOST_READ]))[:LONGEST_WORDS].strip()
    return Reply(message_id, words, _digest_of(mail, words)) if words else None


def _digest_of(mail: Message, words: str) -> bytes:
    """What the same mail has each time it is delivered, whichever way it came."""
    number = str(mail.get("Message-ID", "")).strip() or f"{mail.get('Date', '')} {mail.get('From', '')}"
    return hashlib.sha256(f"{number}\0{words}".encode("utf-8", "replace")).digest()


def _without_quotes(text: str) -> str:
    """The lines somebody wrote: none that is quoted, none that says whom is quoted, nothing of the mail below."""
    written: list[str] = []
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    for number, line in enumerate(lines):
        header = lines[number + 1 : number + 4]
        if _BEGINS.fullmatch(line) or (_FROM.match(line) and any(map(_MORE_OF_HEADER.match, header))):
            break
        if line.startswith(">"):
            _drop_introduction(written)
        else:
            written.append(line)
    return "\n".join(written)


def _drop_introduction(written: list[str]) -> None:
    """Take away "On Friday Ana wrote:" at the end of what is read so far."""
    while written and not written[-1]:
        written.pop()
    if not written or not written[-1].endswith(":"):
        return
    # Folded it has several lines: it goes back to the one that begins as such do. When in doubt the words are kept.
    for count in range(1, _MOST_INTRODUCED + 1):
        lines = written[-count:]
        if not all(lines):
            return
        if _INTRODUCES.match(lines[0]) and ("@" in "".join(lines) or any(map(str.isdecimal, "".join(lines)))):
            del written[-count:]
            return


def _is_by_program(mail: Message) -> bool:
    return (
        mail.get_content_type() == "multipart/report"
        or str(mail.get("Auto-Submitted", "no")).strip().lower() != "no"
        or str(mail.get("Precedence", "")).strip().lower() in _BULK
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or any(name in mail for name in _BY_PROGRAMS)
    )


def _text_of(mail: Message) -> str:
    """The plain text of a mail, or the text of its HTML where there is none; nothing of what is attached."""
    shown = [part for part in mail.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
    plain = next((part for part in shown if part.get_content_type() == "text/plain"), None)
    if plain is not None:
        return _decoded(plain)
    html = next((part for part in shown if part.get_content_type() == "text/html"), None)
    if html is None:
        return ""
    reader = _Seen()
    reader.feed(_decoded(html)[: 4 * _MOST_READ])
    return "".join(reader.parts)


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):  # an encoding that nobody knows, or that is none of texts
        text = raw.decode("utf-8", "replace")
    # Some encodings give halves of signs, which are no text.
    return text.encode("utf-8", "replace").decode()


class _Seen(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)
