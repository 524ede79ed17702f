"""A database that is away is said in a line, and everything else with its trace (issue 17: operating)."""

import logging

import pytest
from sqlalchemy.exc import OperationalError

from repaircenter.central.core.work import AWAY_SECONDS, patient


def test_a_database_that_is_away_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def step() -> float:
        raise OperationalError("SELECT 'secret'", {}, ConnectionError("no"))

    with caplog.at_level(logging.WARNING):
        assert patient("tick", step)() == AWAY_SECONDS
    (record,) = caplog.records
    assert record.getMessage() == "tick waits for the database: ConnectionError" and record.exc_info is None


def test_a_mistake_is_none_of_the_database() -> None:
    def step() -> float:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        patient("tick", step)()
    assert patient("tick", lambda: 7.0)() == 7.0
