"""Configuration > People and rights: who has an account, and what each may where (MODULES 2, accounts)."""

import uuid
from functools import partial
from typing import Any

import msgspec

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.settings.people.person_panel import PersonPanel
from repaircenter.desk.settings.people.person_words import MARKS, columns, passes
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.people import NewPerson, PersonChange, PersonInfo, PersonList
from repaircenter.wire.vocabulary import MANAGE_PEOPLE


class PeoplePage(RecordsPage[PersonInfo, PersonList]):
    """For whoever manages people; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "people", account, MANAGE_PEOPLE, PersonList(people=[], nodes=[], roles=[], me=0))
        self._history = Query(context.operations)
        self.panel = self._panel = PersonPanel(context, self.keep, self._pressed, self.discard)
        self.build_records(columns(lambda: {node.id: node for node in self.listed.nodes}), "name", MARKS, self._panel)

    def key(self, row: PersonInfo) -> int:
        return row.id

    def ask(self, link: PersonLink) -> PersonList:
        return link.call(endpoints.PEOPLE)

    def rows(self, listed: PersonList, search: str) -> list[PersonInfo]:
        return [person for person in listed.people if passes(person, search)]

    def show_record(self, record: PersonInfo | None) -> None:
        super().show_record(record)
        link = self.link
        if record is None or link is None:
            self._history.drop()
            return
        self._history.ask(
            partial(link.call, endpoints.PERSON_HISTORY, person_id=record.id),
            lambda history: self._panel.show_history(history.events),
        )

    def change(self, record: PersonInfo | None) -> NewPerson | PersonChange:
        values, key, grants = self._panel.form.values(), uuid.uuid4().hex, self._panel.grants.grants()
        if record is None:
            return NewPerson(
                key=key, email=values["email"], name=values["name"], language=values["language"], grants=grants
            )
        asked = PersonChange(key=key, version=record.version, grants=grants)
        if not record.wholly:
            return asked
        return msgspec.structs.replace(asked, name=values["name"], language=values["language"])

    def call(self, link: PersonLink, record: PersonInfo | None, asked: Any) -> PersonInfo:
        if record is None:
            return link.call(endpoints.ADD_PERSON, asked)
        return link.call(endpoints.CHANGE_PERSON, asked, person_id=record.id)

    def told(self, asked: Any, now: PersonInfo) -> str:
        if isinstance(asked, NewPerson):
            what = "invited"
        elif asked.link:
            what = "link"
        else:
            what = "kept" if asked.closed is None else "closed" if asked.closed else "reopened"
        return self.context.words(f"desk.people.told_{what}", name=now.name, email=now.email)

    def _pressed(self, what: str) -> None:
        """Another link, or the account closed or reopened."""
        person = self._panel.record
        if person is not None:
            closed = None if what == "link" else what == "close"
            key = uuid.uuid4().hex
            self.do(PersonChange(key=key, version=person.version, closed=closed, link=what == "link"))
