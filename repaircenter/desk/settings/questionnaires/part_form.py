"""The part that is chosen: its words in three languages, what it is, and whom it is for."""

from typing import Any, Final

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, LINES, TEXT, Field, Form
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.questionnaires.editing import (
    COMMENT,
    ENDING,
    PAGE,
    QUESTION,
    QUESTIONNAIRE,
    WITH_OPTIONS,
    Part,
    asked_before,
    conditions_on,
    part_at,
    put,
    translated,
)
from repaircenter.desk.settings.questionnaires.options_editor import OptionsEditor
from repaircenter.desk.settings.questionnaires.part_words import condition_text, excerpt
from repaircenter.wire.surveys.questionnaires import YES_NO, Condition, Questionnaire, Translated

SECTIONS: Final = ("shop", "insurer")
_LANGUAGES: Final = ("fr", "en", "es")
_HIGH, _WIDE = 52, 640
_NOBODY: Final = Translated(en="", fr="", es="")
_FIELDS = (
    *(Field(name=f"name_{one}", kind=TEXT, width=_WIDE) for one in _LANGUAGES),
    *(Field(name=f"words_{one}", kind=LINES, high=_HIGH, width=_WIDE) for one in _LANGUAGES),
    Field(name="section", kind=CHOICE),
    Field(name="required", kind=CHECK),
    Field(name="dates", kind=CHECK),
    Field(name="about", kind=CHOICE),
    Field(name="answered", kind=CHOICE),
)


class PartForm(QWidget):
    """`changed` when a person changed something; `questionnaire` is then the whole with what is written here."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.part = Part(QUESTIONNAIRE)
        self.questionnaire: Questionnaire | None = None
        self._is_shown = False
        # What may be answered to the question that is chosen, by its place in the list.
        self._conditions: list[list[Condition]] = [[]]
        self._title, self._note = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.form = Form(context, "desk.questionnaires.field", _FIELDS)
        self._options_head = context.texts.bind(label(""), "desk.questionnaires.options")
        self.options = OptionsEditor(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self.form, self._options_head, self.options, self._note):
            column.addWidget(widget)
        self.form.changed.connect(self._written)
        self.options.changed.connect(self._written)

    def retranslate(self) -> None:
        self.form.retranslate()
        self.options.retranslate()
        if self.questionnaire is not None:
            self.show_part(self.questionnaire, self.part)

    def show_part(self, questionnaire: Questionnaire, part: Part) -> None:
        """Show a part as it is."""
        self._is_shown = False
        self.questionnaire, self.part = questionnaire, part
        one, kind = part_at(questionnaire, part), part.kind
        words: Translated = (one.name if kind == QUESTIONNAIRE else one.title if kind == PAGE else one) or _NOBODY
        values: dict[str, Any] = {f"name_{language}": words.source(language) for language in _LANGUAGES}
        values |= {f"words_{language}": words.source(language) for language in _LANGUAGES}
        if kind == QUESTION:
            sections = dict.fromkeys([*SECTIONS, one.section])
            named = {name: self._context.words(f"desk.questionnaires.section.{name}") for name in SECTIONS}
            self.form.offer("section", [(name, named.get(name, name)) for name in sections])
            values |= {"section": one.section, "required": one.required, "dates": one.dates}
            self.options.show_options(one.options)
        self._offer_questions()
        when: list[Condition] = [] if kind == QUESTIONNAIRE else one.when
        about = when[0].question if when else ""
        self.form.show_values({**values, "about": about})
        self._offer_answers(when)
        self._show_fields()
        self._show_words()
        self._is_shown = True

    def focus_on_words(self) -> None:
        is_named = self.part.kind in (QUESTIONNAIRE, PAGE)
        self.form.focus_on(f"{'name' if is_named else 'words'}_{self._context.words.language}")

    def _show_fields(self) -> None:
        kind, questionnaire = self.part.kind, self.questionnaire
        assert questionnaire is not None
        one = part_at(questionnaire, self.part)
        for language in _LANGUAGES:
            self.form.show_field(f"name_{language}", kind in (QUESTIONNAIRE, PAGE))
            self.form.show_field(f"words_{language}", kind in (QUESTION, COMMENT, ENDING))
        for name in ("section", "required"):
            self.form.show_field(name, kind == QUESTION)
        self.form.show_field("dates", kind == QUESTION and one.kind == YES_NO)
        hangs = kind != QUESTIONNAIRE and bool(asked_before(questionnaire, self.part) or one.when)
        self.form.show_field("about", hangs)
        self.form.show_field("answered", hangs and bool(self.form.values()["about"]))
        for part in (self._options_head, self.options):
            part.setVisible(kind == QUESTION and one.kind in WITH_OPTIONS)

    def _show_words(self) -> None:
        words, kind, questionnaire = self._context.words, self.part.kind, self.questionnaire
        assert questionnaire is not None
        place = questionnaire.place_of(kind, self.part.number)
        if kind == QUESTION:
            named = words(f"desk.questionnaires.kind.{part_at(questionnaire, self.part).kind}")
        else:
            named = words(f"desk.questionnaires.part.{kind}")
        self._title.setText(named if kind == QUESTIONNAIRE else f"{place}  {named}")
        filled = {name: f"{{{name}}}" for name in ("shop", "name", "vehicle")} | {"answer": "{answer.…}"}
        self._note.setText(words(f"desk.questionnaires.note.{kind}", **filled))

    def _offer_questions(self) -> None:
        questionnaire, words = self.questionnaire, self._context.words
        assert questionnaire is not None
        offered: list[tuple[object, str]] = [("", words("desk.questionnaires.everybody"))]
        if self.part.kind != QUESTIONNAIRE:
            numbers = asked_before(questionnaire, self.part)
            # What it hangs on stays, also where the service will say that it stands too late.
            hung = [condition.question for condition in part_at(questionnaire, self.part).when]
            numbers += [n for n, one in enumerate(questionnaire.questions) if one.key in hung and n not in numbers]
            for number in sorted(numbers):
                question = questionnaire.questions[number]
                place = questionnaire.place_of(QUESTION, number)
                offered.append((question.key, f"{place}  {excerpt(question.source(words.language))}"))
        self.form.offer("about", offered)

    def _offer_answers(self, when: list[Condition]) -> None:
        """What may be answered to the chosen question; conditions that are more than one of these stay as they are."""
        questionnaire, about = self.questionnaire, self.form.values()["about"]
        assert questionnaire is not None
        question = next((one for one in questionnaire.questions if one.key == about), None)
        self._conditions = [] if question is None else [[one] for one in conditions_on(question)]
        if when and question is not None and when not in self._conditions:
            self._conditions.insert(0, when)
        by_key = {one.key: one for one in questionnaire.questions}
        texts = [condition_text(conditions, by_key, self._context.words) for conditions in self._conditions]
        self.form.offer("answered", list(enumerate(texts, start=1)))
        if when in self._conditions:
            self.form.put("answered", self._conditions.index(when) + 1)

    def _written(self) -> None:
        """Something was written: the whole has it now."""
        if not self._is_shown or self.questionnaire is None:
            return
        self._is_shown = False
        one, kind = part_at(self.questionnaire, self.part), self.part.kind
        values = self.form.values()
        if kind in (QUESTIONNAIRE, PAGE):
            words = translated(_NOBODY, lambda language: values[f"name_{language}"] or "")
            if kind == QUESTIONNAIRE:
                one = replace(one, name=words)
            else:
                one = replace(one, title=None if words == _NOBODY else words)
        else:
            one = translated(one, lambda language: values[f"words_{language}"] or "")
        if kind == QUESTION:
            one = replace(one, section=values["section"] or SECTIONS[0], required=values["required"])
            one = replace(one, dates=values["dates"] and one.kind == YES_NO)
            if one.kind in WITH_OPTIONS:
                one = replace(one, options=self.options.options())
        if kind != QUESTIONNAIRE:
            one = replace(one, when=self._chosen_conditions(one.when))
        self.questionnaire = put(self.questionnaire, self.part, one)
        self._show_fields()
        self._is_shown = True
        self.changed.emit()

    def _chosen_conditions(self, when: list[Condition]) -> list[Condition]:
        about, answered = (self.form.values()[name] for name in ("about", "answered"))
        if not about:
            return []
        if not when or when[0].question != about:
            # Another question was chosen: the first of its answers, until one is.
            self._offer_answers([])
            answered = 1
        number = int(answered or 1) - 1
        return self._conditions[number] if number < len(self._conditions) else when
