"""Which job an estimate belongs to and which version it is (DESIGN 4.2, ems.md 7). Pure."""

import hashlib
from datetime import UTC, datetime

from repaircenter.ems.estimate import Estimate, RepairFacility
from repaircenter.runtime.text import canonical, digits, sort_key


def job_key(estimate: Estimate) -> str:
    """(EST_SYSTEM, ESTFILE_ID), else RO_ID with year, else VIN + claim number, else the export itself.

    The key leaves this PC, a VIN does not (DESIGN 4.7): a key made of one holds its digest.
    """
    system = (estimate.system or "?").upper()
    if estimate.estimate_id:
        return f"{system}:{canonical(estimate.estimate_id)}"
    if estimate.ro_number and estimate.created_at:
        return f"ro:{canonical(estimate.ro_number)}:{estimate.created_at.year}"
    vin, claim = canonical(estimate.vehicle.vin), canonical(estimate.insurer.claim_number)
    if vin and claim:
        return f"vin:{hashlib.sha256(f'{vin}:{claim}'.encode()).hexdigest()[:32]}"
    return f"set:{system}:{canonical(estimate.export_id or estimate.base)}"


def is_weak(key: str) -> bool:
    """Whether a key was made without the estimate's own number: a later export may bring a better one."""
    return key.startswith(("ro:", "vin:", "set:", "hand:"))


def version_order(label: str | None, created_at: datetime | None) -> int:
    """E01 < S01 < S02, then creation time: one number that orders the versions of a job."""
    text = (label or "").strip().upper()
    number = int(text[1:]) if text[1:].isascii() and text[1:].isdigit() else 0
    rank = {"E": 0, "S": 100}.get(text[:1], 0) + min(number, 99)
    seconds = int(created_at.replace(tzinfo=UTC).timestamp()) if created_at else 0
    return rank * 10**11 + min(max(seconds, 0), 10**11 - 1)


def facility_key(shop: RepairFacility) -> str | None:
    """What tells one repair facility from another: tax id, licence, phone, name, in this order (DESIGN 4.1)."""
    for prefix, value in (
        ("tax", canonical(shop.tax_id)),
        ("licence", canonical(shop.licence)),
        ("phone", _national(shop.phone)),
        ("name", canonical(shop.name)),
    ):
        if value:
            return f"{prefix}:{value}"
    return None


def _national(phone: str | None) -> str:
    """The digits of a phone number without the prefix of North America, so that both spellings are one facility."""
    number = digits(phone)
    return number[1:] if len(number) == 11 and number[0] == "1" else number


def facility_label(shop: RepairFacility) -> str:
    return " · ".join(part for part in (shop.name, shop.phone, shop.tax_id) if part)


def search_text(*parts: object) -> str:
    """Words as the search compares them: folded, and once more without punctuation."""
    folded = [sort_key(str(part)) for part in parts if part]
    return " ".join([*folded, *(plain for part in folded if (plain := canonical(part)) and plain != part)])
