"""What a customer is shown of a questionnaire: the facts of the visit beside the questions (A-04, A-N7, D-08). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from repaircenter.central.surveys.answers import Answers, in_words
from repaircenter.runtime.text import Texts
from repaircenter.wire.surveys.questionnaires import Questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A questionnaire for one customer, with the `answers` given so far.

    `promised` are the days the customer was told, in their order, and `delivered_on` the day they had the vehicle back.
    """

    shop: str
    shop_address: str
    language: str
    first_name: str | None
    vehicle: str | None
    questionnaire: Questionnaire
    answers: Answers
    promised: Sequence[date]
    delivered_on: date | None

    def facts(self, words: Texts) -> dict[str, str]:
        """What the placeholders of its texts stand for."""
        given = {f"answer.{q.key}": in_words(q, self.answers, words) for q in self.questionnaire.questions}
        return given | {"shop": self.shop, "name": self.first_name or "", "vehicle": self.vehicle or ""}
