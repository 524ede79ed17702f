"""E-mail addresses and phone numbers: from what was typed to what can be used, at every door. Pure, any thread.

The rules of addresses are email-validator's, those of numbers libphonenumber's (decision 011). Both libraries are loaded
with the first address or number (start-up time is the reason).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

HOME_COUNTRY: Final = "CA"
_NORTH_AMERICA: Final = "+1"
_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_IN_BRACKETS: Final = re.compile(r"<([^<>]*)>")
_BETWEEN: Final = re.compile(r"[\s,;<>\"]+")
# Typed where a customer has no address; the doubtful ones only when the domain repeats them (`none@none.com`).
_NO_ADDRESS: Final = frozenset(
    (
        *(
            "noemail",
            "nomail",
            "noemailaddress",
            "noaddress",
            "donotemail",
            "notprovided",
            "notavailable",
            "emailrefused",
        ),
        *("pasdecourriel", "aucuncourriel", "sanscourriel", "sincorreo", "notienecorreo", "sinemail"),
    )
)
_DOUBTFUL: Final = frozenset(
    (
        *("none", "na", "no", "x", "xx", "xxx", "unknown", "refused", "declined", "test", "email", "customer"),
        *("aucun", "inconnu", "ninguno"),
    )
)
# Local parts every rule takes: the library is asked about the others.
_PLAIN_LOCAL: Final = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_TEN_DIGITS: Final = re.compile(r"(?:\+?1)?([2-9][0-9]{9})")
# Area codes of personal numbers, whose later digits matter too.
_PERSONAL: Final = frozenset(("500", *(f"52{n}" for n in range(1, 10)), "533", "544", "566", "577", "588"))
_NOT_LETTER: Final = re.compile(r"[^a-z]")
_LONGEST_LOCAL: Final = 64
_LEAST_DIGITS, _MOST_DIGITS = 7, 15
_ONE_DIGIT: Final = re.compile(r"1?([0-9])\1*")
_COUNTING: Final = frozenset(("1234567", "1234567890", "0123456789"))


@dataclass(frozen=True, slots=True)
class Emails:
    """`address` is the one to use, `others` are further ones of the same cell; `refused` says that text was no address."""

    address: str | None
    others: tuple[str, ...] = ()
    refused: bool = False


@lru_cache(maxsize=4096)
def read_email(text: str | None) -> Emails:
    """Return the usable addresses of a cell: bare, in angle brackets with or without a name, or several.

    A line end or another control character makes the whole cell no address: it could become a header of its own.
    """
    typed = (text or "").replace("\xa0", " ").strip()
    if not typed:
        return Emails(None)
    if not typed.isprintable():
        return Emails(None, refused=True)
    bracketed = _IN_BRACKETS.findall(typed)
    parts = bracketed or [part for part in _BETWEEN.split(typed) if part]
    # "ana smith@example.com" is a mistyped address, not somebody called smith.
    if not bracketed and not all("@" in part for part in parts):
        return Emails(None, refused=True)
    usable = [address for part in parts if (address := _usable(part.strip().removeprefix("mailto:")))]
    addresses = tuple({address.lower(): address for address in reversed(usable)}.values())[::-1]
    return Emails(addresses[0], addresses[1:]) if addresses else Emails(None, refused=True)


def load() -> None:
    """Load both libraries now rather than with the first address (the service, at its start)."""
    read_email("a@example.com")
    read_phones("(514) 555-0101")


def email_key(address: str) -> str:
    """Return the form in which two spellings of one address are equal: consent and duplicates are judged by it."""
    return address.strip().lower()


def _usable(part: str) -> str | None:
    local, _, domain = part.rpartition("@")
    if _PLAIN_LOCAL.fullmatch(local):
        # The library needs longer than everything else that is done with a job; a domain is judged once.
        judged = _judged_domain(domain)
        usable = None if judged is None else f"{local}@{judged}"
    else:
        usable = _judged(part)
    if usable is None:
        return None
    local = _NOT_LETTER.sub("", local.lower())
    site = _NOT_LETTER.sub("", domain.lower().partition(".")[0])
    if local in _NO_ADDRESS or (local in _DOUBTFUL and (site in _DOUBTFUL or site in _NO_ADDRESS)):
        return None
    return usable


@lru_cache(maxsize=4096)
def _judged_domain(domain: str) -> str | None:
    """The domain as it is written, None for one that takes no mail of ours."""
    judged = _judged(f"a@{domain}")
    return None if judged is None else judged.rpartition("@")[2]


def _judged(address: str) -> str | None:
    """The address as email-validator writes it; None for one it refuses.

    Also for one that needs SMTPUTF8, or ends in a domain like .orgá: it reaches nobody we can mail to.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None
    is_usable = checked.domain.rpartition(".")[2].isascii() and len(checked.local_part) <= _LONGEST_LOCAL
    return checked.ascii_email if is_usable else None


def read_phones(text: str | None, country: str = HOME_COUNTRY) -> tuple[str, ...]:
    """Return the numbers of a cell, each once: E.164 where the number is valid in the shop's `country`, else its digits.

    An extension follows as `;ext=22` (RFC 3966). What people type after a number ("after 5 pm") is left out, a
    placeholder (0000000000) is no number.
    """
    typed = (text or "").strip()
    return _read_phones(typed, country) if typed else ()


@lru_cache(maxsize=4096)
def _read_phones(typed: str, country: str) -> tuple[str, ...]:
    if (plain := _TEN_DIGITS.fullmatch(typed)) and not _is_placeholder(plain[1]):
        # As files have them. Whether a number of North America is valid shows in its first six digits.
        digits = plain[1]
        if digits[:3] not in _PERSONAL and _is_north_american(digits[:6], country):
            return (f"{_NORTH_AMERICA}{digits}",)
    import phonenumbers

    matches = phonenumbers.PhoneNumberMatcher(typed, country, leniency=phonenumbers.Leniency.VALID)
    numbers = [_written(match.number) for match in matches]
    if not numbers:
        # All digits in one piece, as files have them, are not always found in running text.
        try:
            whole = phonenumbers.parse(typed, country)
        except phonenumbers.NumberParseException:
            return ()
        digits = _NOT_DIGIT.sub("", typed) if typed.isascii() else str(whole.national_number)
        if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS or _is_placeholder(digits):
            return ()
        numbers = [_written(whole) if phonenumbers.is_valid_number(whole) else digits]
    return tuple(dict.fromkeys(number for number in numbers if not _is_placeholder(_NOT_DIGIT.sub("", number))))


@lru_cache(maxsize=4096)
def _is_north_american(first_six: str, country: str) -> bool:
    import phonenumbers

    if phonenumbers.country_code_for_region(country) != 1:
        return False
    return phonenumbers.is_valid_number(phonenumbers.parse(f"{first_six}0123", country))


def _written(number: "PhoneNumber") -> str:
    import phonenumbers

    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};ext={number.extension}" if number.extension else plain


def _is_placeholder(digits: str) -> bool:
    return _ONE_DIGIT.fullmatch(digits) is not None or digits in _COUNTING


def number_of(phone: str) -> str:
    """Return a kept number without its extension."""
    return phone.partition(";")[0]


def dialled(phone: str) -> str:
    """Return the digits people type for a kept number: without the prefix of North America and without extension."""
    return _NOT_DIGIT.sub("", number_of(phone).removeprefix(_NORTH_AMERICA))


def shown_phone(phone: str) -> str:
    """Return a kept number as people read it; one that is not E.164 stays as it is."""
    number, _, extension = phone.partition(";ext=")
    if number.startswith(_NORTH_AMERICA) and len(number) == 12:
        number = f"{number[2:5]}-{number[5:8]}-{number[8:]}"
    elif number.startswith("+"):
        import phonenumbers

        parsed = phonenumbers.parse(number)
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return f"{number} x{extension}" if extension else number
