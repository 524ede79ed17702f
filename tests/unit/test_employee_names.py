"""Which names are probably one person's (MODULES 2, employees)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.employees.rules import are_alike, suggest


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Benoît Tessier", "BENOIT TESSIER"),
        ("Benoît Tessier", "Tessier, Benoît"),
        ("B. Tessier", "Benoît Tessier"),
        ("Tessier B", "Benoît Tessier"),
        ("Tessier", "Benoît Tessier"),
        ("Jean-Guy Roy", "J.-G. Roy"),
        ("J.G. Roy", "Jean Guy Roy"),
        ("Marie-Ève Côté", "MARIE EVE COTE"),
        ("Ana María Ruiz", "Ana Ruiz"),
    ],
)
def test_names_of_one_person_are_alike(first: str, second: str) -> None:
    assert are_alike(first, second) and are_alike(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Benoît Tessier", "Bernard Tessier"),
        ("C. Tessier", "Benoît Tessier"),
        ("B. T.", "Benoît Tessier"),
        ("Ana Ruiz", "Ana Roy"),
        ("Roy", "Royer"),
        ("", "Ana Ruiz"),
        ("12", "Ana Ruiz"),
        ("Li Ng", "L. Ng"),
    ],
)
def test_names_of_two_people_are_not(first: str, second: str) -> None:
    """A short name in common is not enough where the rest is an initial."""
    assert not are_alike(first, second) and not are_alike(second, first)


def test_the_rarer_spelling_stands_for_the_more_frequent_one() -> None:
    assert suggest({"Benoît Tessier": 40, "B. TESSIER": 3, "Ana Ruiz": 9}, []) == {"B. TESSIER": "Benoît Tessier"}


def test_what_could_be_two_people_is_not_guessed() -> None:
    assert suggest({"Benoît Tessier": 40, "Bernard Tessier": 30, "B. Tessier": 3}, []) == {}


def test_what_was_decided_is_not_asked_again() -> None:
    assert suggest({"Benoît Tessier": 40, "B. TESSIER": 3}, ["B. TESSIER"]) == {}


NAME = st.text(alphabet="abé. ,-AB", max_size=12)


@given(NAME, NAME)
def test_likeness_goes_both_ways(first: str, second: str) -> None:
    assert are_alike(first, second) == are_alike(second, first)


@given(st.dictionaries(NAME, st.integers(1, 9), max_size=6))
def test_a_suggestion_never_leads_in_a_circle(names: dict[str, int]) -> None:
    suggested = suggest(names, [])
    for name in suggested:
        seen = {name}
        while name in suggested:
            name = suggested[name]
            assert name not in seen
            seen.add(name)


def test_a_thousand_names_are_compared_at_once() -> None:
    names = {f"{chr(65 + number % 26)}ean{number} Name{number}": number + 1 for number in range(1000)}
    begun = time.perf_counter()
    suggest(names, [])
    assert time.perf_counter() - begun < 2
