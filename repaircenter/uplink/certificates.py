"""Certificates a person agreed to (DESIGN 3.10): the service is known by its certificate's SHA-256 and nothing else."""

import hashlib
import ssl
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

LOOK_SECONDS = 5.0


class PinnedAdapter(HTTPAdapter):
    """Speaks only to a server that shows exactly the certificate of `fingerprint` (SHA-256 in hex)."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, assert_fingerprint=self._fingerprint, assert_hostname=False, **options)


def fingerprint_of(address: str) -> str | None:
    """SHA-256 of the certificate the server at an address shows now; None when it shows none."""
    parts = urlsplit(address)
    try:
        pem = ssl.get_server_certificate((parts.hostname or "", parts.port or 443), timeout=LOOK_SECONDS)
    except (OSError, ValueError):
        return None
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
