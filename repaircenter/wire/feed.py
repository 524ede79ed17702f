"""What has changed at the service since a desk asked last (MODULES 2, `feed`)."""

from msgspec import Struct


class ChangesRequest(Struct, frozen=True, kw_only=True):
    """`after` is the place of the last answer, empty at first; with `wait_seconds` the service answers when something
    changes, or after so long."""

    after: str = ""
    wait_seconds: float = 0.0


class Change(Struct, frozen=True, kw_only=True):
    """Something of a shop to look at again: `kind` says what (job), `key` which."""

    kind: str
    shop_id: int
    key: str


class ChangesAnswer(Struct, frozen=True, kw_only=True):
    """`next` is where to go on. With `everything` the place was lost or is the first: look at everything once."""

    changes: list[Change]
    next: str
    everything: bool = False
