"""Text messages in the short alphabet of telephones (tech.md 15)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.messages.gsm import BASIC, EXTENDED, plain_letters
from repaircenter.central.surveys.invitation import WORDS as INVITATION
from repaircenter.central.surveys.reminder import WORDS as REMINDER
from repaircenter.central.templates.rendering import Template, render, wrong
from repaircenter.runtime.text import LANGUAGES


def count_parts(words: str) -> int:
    """Return how many messages a telephone company counts."""
    if all(letter in BASIC or letter in EXTENDED for letter in words):
        length, one, part = len(words) + sum(letter in EXTENDED for letter in words), 160, 153
    else:
        length, one, part = len(words.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= one else -(-length // part)


@pytest.mark.parametrize(
    ("words", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
     ("ê" * 70, 1), ("ê" * 71, 2), ("\U0001f600" * 35, 1), ("\U0001f600" * 36, 2)],
)  # fmt: skip
def test_parts_are_counted_as_telephone_companies_do(words: str, parts: int) -> None:
    assert count_parts(words) == parts


@pytest.mark.parametrize(
    ("words", "plain"),
    [("Château l’Été, ça va : cœur", "Chateau l'Été, ca va : coeur"), ("niño €5 «x»", 'niño €5 "x"'), ("汽车", "汽车")],
)
def test_a_letter_the_alphabet_lacks_becomes_the_one_it_is_made_of(words: str, plain: str) -> None:
    assert plain_letters(words) == plain


@given(st.text())
def test_nothing_gets_longer_to_send(words: str) -> None:
    plain = plain_letters(words)
    assert plain_letters(plain) == plain
    assert count_parts(plain) <= count_parts(words) or "…" in words or "œ" in words or "Œ" in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [INVITATION.text, REMINDER.text], ids=["invitation", "reminder"])
def test_a_text_is_short(template: Template, language: str) -> None:
    """Two parts with a long name and a long link, in the short alphabet."""
    assert wrong(template, language) == ""
    facts = {"shop": "Carrosserie Beauséjour-Châteauguay", "link": "https://surveys.repaircenter.example/s/" + "x" * 22}
    subject, body = render(template, language, facts)
    plain = plain_letters(body.strip())
    assert not subject and count_parts(plain) <= 2 and len(plain) > 160 - 100
    assert (facts["link"] in plain and "STOP" in plain) or "ARRET" in plain or "BAJA" in plain
