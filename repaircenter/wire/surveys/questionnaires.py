"""A questionnaire as it is kept and changed: pages and questions with their scale, section and texts (A-03, A-04, B-N6,
D-07, D-08)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

NUMBERS, STARS, FACES = "numbers", "stars", "faces"
LOOKS: Final = {NUMBERS, STARS, FACES}
RECOMMEND: Final = "recommend"
YES_NO, CHOICE, SEVERAL, TEXT = "yes_no", "choice", "several", "text"
YES, NO = 1, 0
# What a shop's figures count (requirements 7); the other kinds tell what happened.
_SCORED: Final = ("stars", "scale", "nps")
# A placeholder of a text: {shop}, {name}, {vehicle}, or {answer.KEY} of an earlier question (D-08).
_PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


def _short(language: str) -> str:
    """`fr-CA` -> `fr`; whatever is none of the three is asked in English."""
    short = language.replace("_", "-").partition("-")[0].lower()
    return short if short in Translated.__struct_fields__ else "en"


class Translated(msgspec.Struct, frozen=True, kw_only=True):
    """A text in the three languages."""

    en: str
    fr: str
    es: str

    def source(self, language: str) -> str:
        words: str = getattr(self, _short(language))
        return words

    def text(self, language: str, facts: Mapping[str, str]) -> str:
        """Return the text with its placeholders filled in; one without a fact is empty."""
        return _PLACEHOLDER.sub(lambda place: facts.get(place[1], ""), self.source(language))

    def placeholders(self, language: str) -> list[str]:
        return _PLACEHOLDER.findall(self.source(language))

    def stray_braces(self, language: str) -> bool:
        """Whether something in braces is no placeholder."""
        return bool(set("{}") & set(_PLACEHOLDER.sub("", self.source(language))))


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier question must have been answered with (D-07); a missing answer meets no condition (MODULES 2).

    Numbers and yes (1) or no (0) lie between `at_least` and `at_most`; of a choice one of `among` was chosen.
    """

    question: str
    at_least: int | None = None
    at_most: int | None = None
    among: list[str] = []


class Variant(Translated, frozen=True, kw_only=True):
    """A text for those whose answers meet all conditions."""

    when: list[Condition] = []


class Option(Translated, frozen=True, kw_only=True):
    """What may be chosen; `key` is what is kept."""

    key: str


class Question(Translated, frozen=True, kw_only=True):
    """`kind`: stars, scale, nps, yes_no, choice, several, text. `top` is the least value of the top box (requirements 7.2).

    How a value is offered is chosen by language, because cultures read marks differently (B-N6): `looks` is numbers,
    stars or faces, `words` says each value in words. What is kept is the value alone, so that answers stay comparable.
    `page` is the key of its page, empty for the only one. `dates` shows what was promised before it asks (A-N7). `short`
    is what reports call it where its text names the shop.
    """

    key: str
    section: str
    kind: str
    minimum: int = 0
    maximum: int = 1
    top: int | None = None
    required: bool = False
    looks: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    page: str = ""
    when: list[Condition] = []
    options: list[Option] = []
    dates: bool = False
    short: Translated | None = None

    @property
    def is_scored(self) -> bool:
        """Whether its values are points of a scale, which figures count and alerts judge."""
        return self.kind in _SCORED

    @property
    def top_box(self) -> int:
        """The least value of the top box: the two best values where the questionnaire names none (requirements 7.2)."""
        return self.maximum - 1 if self.top is None else self.top

    def label(self, language: str, shop: str = "") -> str:
        """The question as a report names it: of no customer, without the shop unless it is named."""
        if not shop and self.short is not None:
            return self.short.text(language, {})
        return self.text(language, {"shop": shop}).replace("  ", " ")

    def look(self, language: str) -> str:
        return self.looks.get(_short(language), STARS if self.kind == "stars" else NUMBERS)

    def word(self, language: str, value: int) -> str:
        """What a value means; empty where only the ends of the scale are named."""
        words = self.words.get(_short(language), [])
        return words[value - self.minimum] if words else ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that are shown together; `title` stands above them."""

    key: str
    when: list[Condition] = []
    title: Translated | None = None


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True):
    """Without `pages` all questions stand on one. Of `comments` and `endings` the first variant that fits is said: above
    the field for a comment (B-P6), and once the answers were sent."""

    key: str
    version: int
    questions: list[Question]
    name: Translated | None = None
    pages: list[Page] = []
    comments: list[Variant] = []
    endings: list[Variant] = []

    @property
    def all_pages(self) -> Sequence[Page]:
        return self.pages or (Page(key=""),)

    def title(self, language: str) -> str:
        """What people call it."""
        return self.key if self.name is None else self.name.text(language, {})

    def place_of(self, kind: str, number: int) -> str:
        """Return how people count a part: `2` the second page, `2.3` its third question; comments come after the last
        page, endings after those. The questionnaire itself is `0`."""
        pages = [page.key for page in self.all_pages]
        if kind == "page":
            return str(number + 1)
        if kind == "question":
            page = self.questions[number].page
            before = sum(question.page == page for question in self.questions[:number])
            return f"{pages.index(page) + 1 if page in pages else 0}.{before + 1}"
        after = {"comment": 1, "ending": 2}.get(kind)
        return "0" if after is None else f"{len(pages) + after}.{number + 1}"


class KeptQuestionnaire(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire in its newest version. `programmes` ask it; whoever made it the organisation's own changes it, ours
    and the operator's are copied. `version` is what a change must have seen."""

    id: int
    version: int
    is_own: bool
    content: Questionnaire
    programmes: list[str]
    changed_by: str | None = None
    changed_at: datetime | None = None


class QuestionnaireList(msgspec.Struct, frozen=True, kw_only=True):
    """`may_change` for whoever manages every shop of the organisation: they are those of all."""

    questionnaires: list[KeptQuestionnaire]
    may_change: bool


class NewQuestionnaire(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation's own questionnaire. `key` is made once for what is done, so that it is done once; the
    questionnaire's own key and version are the service's to give."""

    key: str
    content: Questionnaire


class QuestionnaireChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another version of an organisation's own questionnaire."""

    key: str
    version: int
    content: Questionnaire
