"""What a customer answered, by question: numbers, choices, words; read from a form, said in words. Pure."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from repaircenter.runtime.text import Texts, clean_text
from repaircenter.wire.surveys.questionnaires import CHOICE, SEVERAL, TEXT, YES_NO, Question

# Of a comment, and of what is written in answer to a question.
LONGEST_TEXT = 4000


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """`values` of scales and of yes (1) or no (0), `choices` the keys that were chosen, `texts` the customer's words."""

    values: dict[str, int] = {}
    choices: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    comment: str = ""

    def has(self, key: str) -> bool:
        """Whether a question was answered."""
        return key in self.values or key in self.choices or key in self.texts

    def without(self, keys: Collection[str]) -> "Answers":
        """The same without these questions."""
        return Answers(
            values={key: value for key, value in self.values.items() if key not in keys},
            choices={key: chosen for key, chosen in self.choices.items() if key not in keys},
            texts={key: words for key, words in self.texts.items() if key not in keys},
            comment=self.comment,
        )

    def with_page(self, questions: Sequence[Question], page: "Answers") -> "Answers":
        """The same with what was answered on a page, in place of what stood there."""
        others = self.without({question.key for question in questions})
        return Answers(
            values=others.values | page.values,
            choices=others.choices | page.choices,
            texts=others.texts | page.texts,
            comment=self.comment,
        )

    def with_comment(self, comment: str) -> "Answers":
        return msgspec.structs.replace(self, comment=comment)


def read_answers(questions: Sequence[Question], form: Mapping[str, Sequence[str]]) -> Answers:
    """What a posted form answers to these questions. Wrong values are left out."""
    values: dict[str, int] = {}
    choices: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for question in questions:
        given = form.get(question.key) or ("",)
        if question.kind in (CHOICE, SEVERAL):
            chosen = [option.key for option in question.options if option.key in given]
            if chosen and (question.kind == SEVERAL or len(chosen) == 1):
                choices[question.key] = chosen
        elif question.kind == TEXT:
            # A browser counts a line end once and sends two characters.
            if words := clean_text(given[0]):
                texts[question.key] = words
        elif (value := read_value(question, given[0])) is not None:
            values[question.key] = value
    return Answers(values=values, choices=choices, texts=texts)


def read_value(question: Question, raw: str) -> int | None:
    """A number of a question's scale; None for anything else."""
    is_number = raw.isascii() and raw.isdigit() and len(raw) < 4
    return int(raw) if is_number and question.minimum <= int(raw) <= question.maximum else None


def in_words(question: Question, answers: Answers, words: Texts) -> str:
    """What was answered, as a sentence of a page or a report says it; empty for nothing."""
    language, key = words.language, question.key
    if question.kind in (CHOICE, SEVERAL):
        chosen = answers.choices.get(key, ())
        known = {option.key: option.text(language, {}) for option in question.options}
        ordered = [*(option for option in known if option in chosen), *(one for one in chosen if one not in known)]
        # One that is offered no more is said by its key.
        return ", ".join(known.get(option, option) for option in ordered)
    if question.kind == TEXT:
        return answers.texts.get(key, "")
    value = answers.values.get(key)
    if value is None:
        return ""
    if question.kind == YES_NO:
        return words("common.yes" if value else "common.no")
    return question.word(language, value) or str(value)
