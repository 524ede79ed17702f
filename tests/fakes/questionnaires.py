"""Questionnaires at a service, by hand: it does what is asked and remembers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.questionnaires import (
    Condition,
    KeptQuestionnaire,
    NewQuestionnaire,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionnaireChange,
    QuestionnaireList,
    Translated,
)

OURS, OWN = 1, 2
CHANGED = datetime(2026, 11, 2, 15, tzinfo=UTC)


def question(key: str, kind: str, fr: str, **more: Any) -> Question:
    return Question(key=key, kind=kind, section="shop", fr=fr, **{"en": f"{key}?", "es": f"¿{key}?", "page": "one", **more})


def translated(fr: str) -> Translated:
    return Translated(en=f"{fr} (en)", fr=fr, es=f"{fr} (es)")


STARS = question("stars", "stars", "Dans l’ensemble?", minimum=1, maximum=5, required=True)
PROBLEM = question(
    "problem", "several", "Qu’est-ce qui n’a pas été?", page="two", when=[Condition(question="stars", at_most=3)],
    options=[Option(key="price", en="Price", fr="Le prix", es="Precio"), Option(key="delay", en="Delay", fr="Le délai", es="Plazo")],
)  # fmt: skip
LATE = question("q_late", "yes_no", "À la date promise?", page="two")


def asks(key: str, name: str, *questions: Question) -> Questionnaire:
    pages = [Page(key="one"), Page(key="two")]
    return Questionnaire(key=key, version=1, name=translated(name), pages=pages, questions=list(questions))


@dataclass
class FakeQuestionnaires:
    """`asked` is what was asked for; it refuses with a code and facts."""

    kept: list[KeptQuestionnaire] = field(
        default_factory=lambda: [
            KeptQuestionnaire(
                id=OURS, version=3, is_own=False, content=asks("standard", "Carrosserie", STARS, PROBLEM, LATE),
                programmes=["Assurances Exemple"],
            ),
            KeptQuestionnaire(
                id=OWN, version=2, is_own=True, content=asks("own_1_1", "Maison", STARS, LATE), programmes=[],
                changed_by="Ada", changed_at=CHANGED,
            ),
        ]
    )  # fmt: skip
    may_change: bool = True
    asked: list[Any] = field(default_factory=list)
    refusal: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def answers(self) -> dict[Any, Callable[..., Any]]:
        return {
            endpoints.QUESTIONNAIRES: lambda: QuestionnaireList(questionnaires=self.kept, may_change=self.may_change),
            endpoints.ADD_QUESTIONNAIRE: self.add,
            endpoints.CHANGE_QUESTIONNAIRE: self.change,
        }

    def add(self, new: NewQuestionnaire) -> KeptQuestionnaire:
        made = KeptQuestionnaire(id=9, version=1, is_own=True, content=new.content, programmes=[], changed_by="Ada")
        return self._done(new, made)

    def change(self, change: QuestionnaireChange, questionnaire_id: int) -> KeptQuestionnaire:
        before = next(one for one in self.kept if one.id == questionnaire_id)
        return self._done(
            change, msgspec.structs.replace(before, version=before.version + 1, content=change.content)
        )

    def _done(self, asked: Any, now: KeptQuestionnaire) -> KeptQuestionnaire:
        self.asked.append(asked)
        if self.refusal:
            raise ServiceRefused(self.refusal, **self.facts)
        self.kept = [*(one for one in self.kept if one.id != now.id), now]
        return now
