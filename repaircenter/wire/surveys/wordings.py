"""What customers are written, in an organisation's own words (A-25)."""

from datetime import datetime

from msgspec import Struct


class Wording(Struct, frozen=True, kw_only=True):
    """A message in a language with its placeholders; `mandatory` ones must stand in its body. `version` is what a change must
    have seen, 0 for what was never changed."""

    id: int
    message: str
    channel: str
    language: str
    version: int
    subject: str
    body: str
    is_own: bool
    placeholders: list[str]
    mandatory: list[str]
    changed_by: str | None = None
    changed_at: datetime | None = None


class WordingList(Struct, frozen=True, kw_only=True):
    """`may_change` for whoever manages every shop of the organisation: the words are those of all."""

    wordings: list[Wording]
    may_change: bool


class WordingChange(Struct, frozen=True, kw_only=True):
    """Own words, or the standard ones again (None). `key` is made once for what is done, so that it is done once."""

    key: str
    version: int
    subject: str | None = None
    body: str | None = None


class WordingDraft(Struct, frozen=True, kw_only=True):
    """Words that are not kept yet; with `to_me` what they make is mailed to whoever asks."""

    subject: str
    body: str
    to_me: bool = False


class ShownWording(Struct, frozen=True, kw_only=True):
    """What a customer would read."""

    subject: str
    body: str
