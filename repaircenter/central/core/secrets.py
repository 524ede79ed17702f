"""Random tokens and keyed digests. Tokens are stored only as SHA-256 (requirements 6.11); digests of rejected data
and of addresses are HMACs with the service's own secret (DESIGN 4.10)."""

import base64
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


def new_token() -> str:
    """256 random bits, safe in a header or an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def sign_in_address(keyed: "Signer", email: str) -> bytes:
    """Return the keyed digest under which failed sign-ins of an address are counted."""
    return keyed.mac("sign-in", email.strip().lower())


def draw_link(keyed: "Signer") -> tuple[bytes, bytes]:
    """(nonce, hash of its token) of a new link to a person's page."""
    nonce = secrets.token_bytes(16)
    return nonce, token_hash(keyed.password_token(nonce))


class Passwords:
    """Argon2id hashes of passwords. `hasher` says how much work a new one costs; the usual one takes 64 MB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def fits(self, stored: str, password: str) -> bool:
        """Return whether `stored` is a hash of the password, whatever work it was made with."""
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


class Signer:
    """Digests and tokens derived from one secret of the service."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def mac(self, purpose: str, *parts: object) -> bytes:
        message = "\x1f".join((purpose, *map(str, parts))).encode()
        return hmac.digest(self._secret, message, "sha256")

    def refresh_token(self, old: str, attempt: str) -> str:
        """The successor of a refresh token: the same for the same attempt, so that a lost answer can come again."""
        raw = hmac.digest(self._secret, f"refresh\x1f{old}\x1f{attempt}".encode(), "sha256")
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def survey_token(self, invitation_nonce: bytes) -> str:
        """The token of a consumer page; derived, so that it stands nowhere in the database."""
        return self._page_token(b"survey", invitation_nonce)

    def password_token(self, link_nonce: bytes) -> str:
        """The token of a page of one of the shop's own people: a password chosen, an address confirmed."""
        return self._page_token(b"password", link_nonce)

    def _page_token(self, purpose: bytes, nonce: bytes) -> str:
        raw = hmac.digest(self._secret, purpose + b"\x1f" + nonce, "sha256")
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")
