"""The signed address under which staff look at a questionnaire as a customer sees it; it opens nothing else. Pure."""

import base64
import hmac
from datetime import datetime, timedelta

import msgspec

from repaircenter.central.core.secrets import Signer

_LIFE = timedelta(hours=1)


class PreviewOf(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown: a questionnaire's key, whose it would be, and until when (seconds since 1970)."""

    questionnaire: str
    shop: str
    language: str
    until: int = 0


def sign(keyed: Signer, preview: PreviewOf, now_utc: datetime) -> str:
    """Return the token of a page that shows it for an hour."""
    whole = msgspec.structs.replace(preview, until=int((now_utc + _LIFE).timestamp()))
    content = _encode(msgspec.json.encode(whole))
    return f"{content}.{_encode(keyed.mac('preview', content))}"


def read(keyed: Signer, token: str, now_utc: datetime) -> PreviewOf | None:
    """Return what a token shows; None for one that is not ours or over."""
    content, _, mac = token.partition(".")
    if not hmac.compare_digest(_encode(keyed.mac("preview", content)).encode(), mac.encode()):
        return None
    preview = msgspec.json.decode(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)), type=PreviewOf)
    return preview if preview.until > now_utc.timestamp() else None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
