"""Configuration > Messages to customers: their words, in the organisation's own way (A-25)."""

import uuid
from typing import Any

import msgspec

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.desk.settings.wordings.wording_panel import NOTHING, WordingPanel
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.wordings import ShownWording, Wording, WordingChange, WordingList
from repaircenter.wire.vocabulary import CHANGE_ORGANISATION

_OWN, _STANDARD = "own", "standard"
_MARKS = {_OWN: ("pencil-outline", "accent"), _STANDARD: ("check", "soft")}


def _state(wording: Wording) -> str:
    return _OWN if wording.is_own else _STANDARD


_COLUMNS: tuple[Column[Wording], ...] = (
    Column(
        name="message",
        text=lambda wording, context: context.words(f"desk.wordings.message.{wording.message}"),
        order=lambda wording: wording.id,
        width=220,
        grows=True,
    ),
    Column(
        name="language",
        text=lambda wording, context: context.words(f"desk.wordings.language.{wording.language}"),
        order=lambda wording: wording.language,
        width=110,
    ),
    Column(
        name="state",
        text=lambda wording, context: context.words(f"desk.wordings.state.{_state(wording)}"),
        order=_state,
        width=130,
        mark=_state,
    ),
    Column(
        name="subject",
        text=lambda wording, _context: wording.subject or wording.body,
        order=lambda wording: wording.subject,
        width=260,
        grows=True,
    ),
)


class WordingsPage(RecordsPage[Wording, WordingList]):
    """For whoever may change the organisation; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "wordings", account, CHANGE_ORGANISATION, NOTHING)
        self.panel = self._panel = WordingPanel(context, self.keep, self.discard, self._show, self._restore)
        self._look = Command(context.operations, self._panel.set_busy)
        self.build_records(_COLUMNS, "message", _MARKS, self._panel, adds=False)

    def key(self, row: Wording) -> int:
        return row.id

    def ask(self, link: PersonLink) -> WordingList:
        return link.call(endpoints.WORDINGS)

    def rows(self, listed: WordingList, search: str) -> list[Wording]:
        return [
            wording for wording in listed.wordings if search.casefold() in f"{wording.subject} {wording.body}".casefold()
        ]

    def change(self, record: Wording | None) -> WordingChange:
        draft, version = self._panel.draft, 0 if record is None else record.version
        return WordingChange(key=uuid.uuid4().hex, version=version, subject=draft.subject, body=draft.body)

    def call(self, link: PersonLink, record: Wording | None, asked: Any) -> Wording:
        assert record is not None, "no message is added by hand"
        return link.call(endpoints.CHANGE_WORDING, asked, wording_id=record.id)

    def told(self, asked: Any, now: Wording) -> str:
        return self.context.words(f"desk.wordings.told_{'kept' if now.is_own else 'restored'}")

    def _restore(self) -> None:
        """The standard words again; one's own stay among the versions."""
        record = self._panel.record
        if record is not None:
            self.do(WordingChange(key=uuid.uuid4().hex, version=record.version))

    def _show(self, to_me: bool) -> None:
        """What a customer would read, and a mail of it to whoever asks."""
        link, record = self.link, self._panel.record
        if link is None or record is None:
            return
        draft = msgspec.structs.replace(self._panel.draft, to_me=to_me)

        def shown(what: ShownWording) -> None:
            self._panel.show_shown(what)
            if to_me:
                self.context.tell(self.context.words("desk.wordings.told_test"))

        self._panel.say("")
        self._look.run(lambda: link.call(endpoints.SHOW_WORDING, draft, wording_id=record.id), shown, self._panel.say)
