"""Who worked on a job, as people write it (B-N7)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from repaircenter.central.intake.rules import usable
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop.jobs.credits import MOST, credit_lines, read_credits
from repaircenter.shop.model.job import Job
from repaircenter.shop.outbox.messages import job_message
from repaircenter.wire.jobs import Credits


def technicians(text: str) -> list[tuple[str, float]]:
    return read_credits(text, "").technician


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n  \n", []),
        ("Ana Ruiz", [("Ana Ruiz", 1.0)]),
        ("Ana  Ruiz\nBen Roy", [("Ana Ruiz", 0.5), ("Ben Roy", 0.5)]),
        ("Ana Ruiz 60 %\nBen Roy 40%", [("Ana Ruiz", 0.6), ("Ben Roy", 0.4)]),
        ("Ana Ruiz\u00a0: 60,5\u00a0%\nBen Roy – 39.5 %", [("Ana Ruiz", 0.605), ("Ben Roy", 0.395)]),
        ("Ana 50 %\nBen\nCarla", [("Ana", 0.5), ("Ben", 0.25), ("Carla", 0.25)]),
        ("Équipe 2\nBaie 3", [("Équipe 2", 0.5), ("Baie 3", 0.5)]),
    ],
)
def test_names_and_shares_are_read_as_people_write_them(text: str, expected: list[tuple[str, float]]) -> None:
    assert technicians(text) == expected


def test_thirds_are_rounded_by_people_and_add_up_all_the_same() -> None:
    shares = [share for _, share in technicians("A 33 %\nB 33 %\nC 33 %")]
    assert sum(shares) == 1 and max(shares) - min(shares) < 1e-5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ana 60 %\nBen 30 %", "credit_shares"),
        ("Ana 60 %", "credit_shares"),
        ("Ana 120 %", "credit_shares"),
        ("Ana 0 %\nBen 100 %", "credit_shares"),
        ("Ana 60 %\nBen 40 %\nCarla", "credit_shares"),
        ("Ana\nAna", "credit_name"),
        ("x" * 81, "credit_name"),
        ("\n".join(f"T{n}x" for n in range(MOST + 1)), "credit_many"),
    ],
)
def test_what_does_not_add_up_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        technicians(text)
    assert refused.value.code == code


NAMES = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=20), max_size=MOST, unique=True)


@given(st.data())
def test_what_was_read_is_written_and_read_the_same(data: st.DataObject) -> None:
    names = data.draw(NAMES)
    parts = data.draw(st.lists(st.integers(1, 50), min_size=len(names), max_size=len(names)))
    people = [(name, part / sum(parts)) for name, part in zip(names, parts, strict=True)]
    again = technicians(credit_lines(people))
    assert [name for name, _ in again] == names
    assert all(abs(share - was) < 0.01 for (_, share), (_, was) in zip(again, people, strict=True))


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(one: str, other: str) -> None:
    try:
        read = read_credits(one, other)
    except InputRefused:
        return
    assert isinstance(read, Credits)
    for people in (read.technician, read.service_writer):
        assert not people or sum(share for _, share in people) == pytest.approx(1, abs=1e-4)
        assert all(name and 0 < share <= 1 for name, share in people)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ([("Ana", 0.6), ("Ben", 0.4)], [("Ana", 0.6), ("Ben", 0.4)]),
        ([("Ana", 0.3), ("Ana ", 0.3), ("Ben", 0.4)], [("Ana", 0.6), ("Ben", 0.4)]),
        ([("Ana", 0.5), ("Ben", 0.0), ("Carla", -1.0), ("", 0.3), ("Dan", 7.0), ("Eve", math.nan)], [("Ana", 1.0)]),
        ([("Ana", 0.2), ("Ben", 0.2)], [("Ana", 0.5), ("Ben", 0.5)]),
        ([(f"N{number}", 0.1) for number in range(10)], [(f"N{number}", 0.125) for number in range(8)]),
        ([("Ana", -1.0)], []),
    ],
)
def test_the_service_keeps_shares_that_are_one_together(
    sent: list[tuple[str, float]], kept: list[tuple[str, float]]
) -> None:
    """Whatever a desk sends: each person once, at most eight, no share below nothing or above the whole."""
    message = replace(job_message(Job(job_key="C:1", version="E01"), None), credits=Credits(technician=sent))
    assert usable(message, "CA").credits.technician == kept
