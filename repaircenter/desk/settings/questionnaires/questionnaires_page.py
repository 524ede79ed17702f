"""Configuration > Questionnaires: what customers are asked, ours and one's own (A-04, D-07, D-08)."""

import uuid
from typing import Any

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.settings.questionnaires.questionnaire_panel import NOTHING, QuestionnairePanel
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.desk.settings.survey_preview import SurveyPreview
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import PreviewRequest
from repaircenter.wire.surveys.questionnaires import (
    KeptQuestionnaire,
    NewQuestionnaire,
    QuestionnaireChange,
    QuestionnaireList,
)
from repaircenter.wire.vocabulary import CHANGE_PROGRAMMES

_OWN, _OURS = "own", "ours"
_MARKS = {_OWN: ("pencil-outline", "accent"), _OURS: ("check", "soft")}


def _state(kept: KeptQuestionnaire) -> str:
    return _OWN if kept.is_own else _OURS


_COLUMNS: tuple[Column[KeptQuestionnaire], ...] = (
    Column(
        name="name",
        text=lambda kept, context: kept.content.title(context.words.language),
        order=lambda kept: (not kept.is_own, kept.content.key),
        width=220,
        grows=True,
    ),
    Column(
        name="state",
        text=lambda kept, context: context.words(f"desk.questionnaires.state.{_state(kept)}"),
        order=_state,
        width=130,
        mark=_state,
    ),
    Column(
        name="questions",
        text=lambda kept, _context: str(len(kept.content.questions)),
        order=lambda kept: len(kept.content.questions),
        width=100,
        right=True,
    ),
    Column(
        name="version",
        text=lambda kept, _context: str(kept.version),
        order=lambda kept: kept.version,
        width=90,
        right=True,
    ),
    Column(
        name="programmes",
        text=lambda kept, _context: ", ".join(kept.programmes),
        order=lambda kept: len(kept.programmes),
        width=240,
        grows=True,
    ),
)


class QuestionnairesPage(RecordsPage[KeptQuestionnaire, QuestionnaireList]):
    """For whoever may change programmes; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "questionnaires", account, CHANGE_PROGRAMMES, NOTHING)
        self.panel = self._panel = QuestionnairePanel(context, self.keep, self.discard, self.preview, self._copy)
        self._look = SurveyPreview(context)
        self.build_records(_COLUMNS, "name", _MARKS, self._panel)

    def key(self, row: KeptQuestionnaire) -> int:
        return row.id

    def ask(self, link: PersonLink) -> QuestionnaireList:
        return link.call(endpoints.QUESTIONNAIRES)

    def rows(self, listed: QuestionnaireList, search: str) -> list[KeptQuestionnaire]:
        def words(kept: KeptQuestionnaire) -> str:
            language = self.context.words.language
            asked = (question.source(language) for question in kept.content.questions)
            return " ".join((kept.content.title(language), *asked, *kept.programmes)).casefold()

        return [kept for kept in listed.questionnaires if search.casefold() in words(kept)]

    def take(self, listing: Any) -> None:
        super().take(listing)
        self._new.setVisible(self.listed.may_change)

    def change(self, record: KeptQuestionnaire | None) -> NewQuestionnaire | QuestionnaireChange:
        key, content = uuid.uuid4().hex, self._panel.content
        if record is None:
            return NewQuestionnaire(key=key, content=content)
        return QuestionnaireChange(key=key, version=record.version, content=content)

    def call(self, link: PersonLink, record: KeptQuestionnaire | None, asked: Any) -> KeptQuestionnaire:
        if record is None:
            return link.call(endpoints.ADD_QUESTIONNAIRE, asked)
        return link.call(endpoints.CHANGE_QUESTIONNAIRE, asked, questionnaire_id=record.id)

    def told(self, asked: Any, now: KeptQuestionnaire) -> str:
        what = "added" if isinstance(asked, NewQuestionnaire) else "kept"
        return self.context.words(f"desk.questionnaires.told_{what}", name=now.content.title(self.context.words.language))

    def _copy(self) -> None:
        """One's own that asks what the chosen one asks."""
        if self._panel.record is not None:
            self._panel.begin_copy()
            self.list.choose(None)

    def preview(self) -> None:
        """Show what stands here in the browser as customers see it, kept or not."""
        link, session = self.link, self.account.session
        if link is None or session is None or not session.shops:
            return
        wanted = PreviewRequest(
            questionnaire=self._panel.content.key,
            shop_id=session.shops[0].id,
            language=self.context.words.language,
            content=self._panel.content,
        )
        self._look.show(link, wanted, self._panel.say)
