"""Configuration > Programs: whom each asks, when and by which rules (MODULES 4)."""

import uuid
from typing import Any

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.settings.programmes.programme_panel import INSURER, NETWORK, SHOP, ProgrammePanel
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.desk.settings.survey_preview import SurveyPreview
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import (
    NewProgramme,
    PreviewRequest,
    Programme,
    ProgrammeChange,
    ProgrammeList,
)
from repaircenter.wire.vocabulary import CHANGE_PROGRAMMES

_ACTIVE, _CLOSED = "active", "closed"
_MARKS = {_ACTIVE: ("check", "good"), _CLOSED: ("cancel", "unknown")}


def _state(programme: Programme) -> str:
    return _ACTIVE if programme.rules.active else _CLOSED


def _kind_text(programme: Programme, context: DeskContext) -> str:
    known = programme.kind if programme.kind in (INSURER, NETWORK, SHOP) else "unknown"
    return context.words(f"desk.programmes.kind.{known}")


_COLUMNS: tuple[Column[Programme], ...] = (
    Column(
        name="state",
        text=lambda programme, context: context.words(f"desk.programmes.state.{_state(programme)}"),
        order=lambda programme: not programme.rules.active,
        width=100,
        mark=_state,
    ),
    Column(
        name="name",
        text=lambda programme, _context: programme.rules.name,
        order=lambda programme: programme.rules.name.casefold(),
        width=200,
        grows=True,
    ),
    Column(name="kind", text=_kind_text, order=lambda programme: programme.kind, width=130),
    Column(
        name="ageing",
        text=lambda programme, context: context.words.count("desk.programmes.days", programme.rules.ageing_days),
        order=lambda programme: programme.rules.ageing_days,
        width=110,
        right=True,
    ),
    Column(
        name="shops",
        text=lambda programme, _context: str(len(programme.rules.shops)),
        order=lambda programme: len(programme.rules.shops),
        width=80,
        right=True,
    ),
    Column(
        name="waiting",
        text=lambda programme, _context: str(programme.waiting),
        order=lambda programme: programme.waiting,
        width=120,
        right=True,
    ),
)


class ProgrammesPage(RecordsPage[Programme, ProgrammeList]):
    """For whoever may change programmes; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        nothing = ProgrammeList(programmes=[], questionnaires=[], unclaimed=[])
        super().__init__(context, "programmes", account, CHANGE_PROGRAMMES, nothing)
        self.panel = self._panel = ProgrammePanel(context, self.keep, self.discard, self.preview)
        self._look = SurveyPreview(context)
        self.build_records(_COLUMNS, "name", _MARKS, self._panel)

    def key(self, row: Programme) -> int:
        return row.id

    def ask(self, link: PersonLink) -> ProgrammeList:
        return link.call(endpoints.PROGRAMMES)

    def rows(self, listed: ProgrammeList, search: str) -> list[Programme]:
        def words(programme: Programme) -> str:
            rules = programme.rules
            return " ".join((rules.name, *rules.names, *rules.codes)).casefold()

        return [programme for programme in listed.programmes if search.casefold() in words(programme)]

    def change(self, record: Programme | None) -> NewProgramme | ProgrammeChange:
        key, rules = uuid.uuid4().hex, self._panel.rules()
        if record is None:
            return NewProgramme(key=key, kind=self._panel.kind, rules=rules)
        return ProgrammeChange(key=key, version=record.version, rules=rules)

    def call(self, link: PersonLink, record: Programme | None, asked: Any) -> Programme:
        if record is None:
            return link.call(endpoints.ADD_PROGRAMME, asked)
        return link.call(endpoints.CHANGE_PROGRAMME, asked, programme_id=record.id)

    def preview(self) -> None:
        """Show the chosen questionnaire in the browser as customers see it."""
        link, shops = self.link, self._panel.shops.ticked() or [shop.id for shop in self.listed.shops]
        if link is None or not shops:
            return
        wanted = PreviewRequest(
            questionnaire=self._panel.questionnaire, shop_id=shops[0], language=self.context.words.language
        )
        self._look.show(link, wanted, self._panel.say)

    def told(self, asked: Any, now: Programme) -> str:
        what = "added" if isinstance(asked, NewProgramme) else "kept"
        return self.context.words(f"desk.programmes.told_{what}", name=now.rules.name)
