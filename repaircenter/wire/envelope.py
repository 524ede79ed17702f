"""How messages travel: outbox rows in batches, the answer to each, and refusals."""

from msgspec import Struct


class Envelope(Struct, frozen=True, kw_only=True):
    """One outbox row on its way: `key` is the same on every try, `payload` the message of `kind` as JSON text."""

    key: str
    kind: str
    schema: int
    shop_id: int
    digest: str
    payload: str


class BatchRequest(Struct, frozen=True, kw_only=True):
    items: list[Envelope]


class ItemAnswer(Struct, frozen=True, kw_only=True):
    """`outcome`: kept, filtered, already_have, superseded, withdrawn, erased, refused."""

    key: str
    outcome: str
    reason: str | None = None
    server_id: int | None = None


class BatchAnswer(Struct, frozen=True, kw_only=True):
    items: list[ItemAnswer]


class Refusal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not carried out: a code the desk has words for, with the facts they need."""

    code: str
    least_version: int | None = None
    facts: dict[str, str] = {}
