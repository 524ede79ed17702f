"""Every state the service tells has a word, a mark and, where it is an end, a sentence (issue 13.7, 13.26)."""

import pytest

from repaircenter.desk.jobs.job_list import SURVEY
from repaircenter.runtime.text import LANGUAGES, Texts
from repaircenter.wire.vocabulary import ENDED_STATES, SURVEY_STATES


@pytest.mark.parametrize("state", SURVEY_STATES)
def test_a_state_is_known_in_three_languages(state: str) -> None:
    assert state in SURVEY
    for language in LANGUAGES:
        words = Texts(language)
        assert words.has(f"desk.survey.{state}")
        if state in ENDED_STATES and state != "answered":
            assert words.has(f"desk.job.status.end.{state}")


@pytest.mark.parametrize(
    "reason", ["no_address", "bad_address", "bounced", "mail_failed", "do_not_contact", "opted_out"]
)
def test_a_reason_is_said_on_the_desk_and_in_reports(reason: str) -> None:
    for language in LANGUAGES:
        assert Texts(language).has(f"desk.reason.{reason}") and Texts(language).has(f"report.reason.{reason}")
