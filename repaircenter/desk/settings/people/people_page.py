"""Configuration > People and rights: a list, and below it the person who is chosen or asked in (MODULES 2, accounts)."""

import uuid
from collections.abc import Callable
from functools import partial

import msgspec

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.desk.kit.operations import Command, Query
from repaircenter.desk.kit.widgets import button, row_of
from repaircenter.desk.settings.people.person_panel import PersonPanel
from repaircenter.desk.settings.people.person_words import MARKS, Nodes, columns, passes
from repaircenter.desk.settings.permitted_page import PermittedPage
from repaircenter.wire import endpoints
from repaircenter.wire.people import NewPerson, PersonChange, PersonInfo, PersonList
from repaircenter.wire.vocabulary import MANAGE_PEOPLE

_LIST_HIGH = 200
_NOBODY = PersonList(people=[], nodes=[], roles=[], me=0)
_Asked = NewPerson | PersonChange


class PeoplePage(PermittedPage):
    """For whoever manages people; anybody else is told so. What is written is kept by its button, or by Apply."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "people", account, MANAGE_PEOPLE)
        self._listed = _NOBODY
        self._nodes: Nodes = {}
        # What was asked for last and not answered: the same once more is done once.
        self._lost: _Asked | None = None
        self._act, self._history = Command(context.operations, self._set_busy), Query(context.operations)
        self._columns = columns(lambda: self._nodes)
        self._page = ListPage(
            context, "people", "desk.people", self._columns, self, order=("name", False), marks=MARKS
        )  # fmt: skip
        self._page.setFixedHeight(_LIST_HIGH)
        bind = context.texts.bind
        bind(self._page.table, name="desk.people.title")
        self._new = bind(button("", self._pressed_new), "desk.people.new")
        self._panel = PersonPanel(context, self._pressed_keep, self._pressed, self._pressed_discard)
        self.build((self._page, row_of(self._new), self._panel))
        self.setFocusProxy(self._page)
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self._page.retranslate()
        self._panel.retranslate()

    def begin(self) -> None:
        self._page.load()

    def load(self) -> None:
        super().load()
        self._panel.show_person(self._known(self._page.chosen), self._listed)

    def forget_person(self) -> None:
        """Nobody who may is here any more."""
        self._history.drop()
        self._listed, self._nodes, self._lost = _NOBODY, {}, None
        self._page.search.clear()
        self._page.choose(None)
        self._page.model.show([])
        self._panel.show_person(None, _NOBODY)

    # The list.

    def key(self, row: PersonInfo) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[PersonInfo]] | None:
        link = self.link
        if link is None:
            return None
        orders = {column.name: column.order for column in self._columns}

        def read() -> Listing[PersonInfo]:
            listed = link.call(endpoints.PEOPLE)
            rows = [person for person in listed.people if passes(person, wanted.search)]
            sort_rows(rows, wanted.order, orders, lambda person: person.id)
            return Listing(rows, listed)

        return read

    def take(self, listing: Listing[PersonInfo]) -> None:
        self._listed = listing.extra
        self._nodes = {node.id: node for node in self._listed.nodes}
        if not self._panel.is_changed:
            self._show(self._known(self._page.chosen))

    def choose(self, row: PersonInfo | None) -> bool:
        if self._panel.is_changed:
            self._panel.say(self.context.words("desk.people.unsaved"))
            return False
        self._show(row)
        return True

    def nothing(self, search: str) -> Nothing:
        words = self.context.words
        return Nothing(words("desk.people.nothing_title"), words("desk.people.nothing_text"))

    def _known(self, person_id: object) -> PersonInfo | None:
        return next((person for person in self._listed.people if person.id == person_id), None)

    def _show(self, person: PersonInfo | None) -> None:
        self._panel.show_person(person, self._listed)
        link = self.link
        if person is None or link is None:
            self._history.drop()
            return
        self._history.ask(
            partial(link.call, endpoints.PERSON_HISTORY, person_id=person.id),
            lambda history: self._panel.show_history(history.events),
        )

    # One person.

    def _pressed_new(self) -> None:
        if self._panel.is_changed:
            self._panel.say(self.context.words("desk.people.unsaved"))
            return
        self._page.choose(None)
        self._panel.begin_new(self._listed)

    def _pressed_discard(self) -> None:
        self._lost = None
        self._show(self._known(self._page.chosen))

    def stop(self) -> None:
        self._pressed_discard()

    @property
    def is_changed(self) -> bool:
        return self._panel.is_changed

    def apply(self, done: Callable[[], None]) -> None:
        if not self.is_changed:
            done()
        elif not (refusal := self._panel.refusal()):
            self._keep(done)
        else:
            self._panel.say(refusal)

    def _pressed_keep(self) -> None:
        self.apply(lambda: None)

    def _keep(self, done: Callable[[], None]) -> None:
        values, person, key = self._panel.form.values(), self._panel.person, uuid.uuid4().hex
        grants = self._panel.grants.grants()
        if person is None:
            asked: _Asked = NewPerson(
                key=key, email=values["email"], name=values["name"], language=values["language"], grants=grants
            )
        else:
            asked = PersonChange(key=key, version=person.version, grants=grants)
            if person.wholly:
                asked = msgspec.structs.replace(asked, name=values["name"], language=values["language"])
        self._do(person, asked, done)

    def _pressed(self, what: str) -> None:
        person = self._panel.person
        if person is None:
            return
        change = PersonChange(
            key=uuid.uuid4().hex,
            version=person.version,
            closed=None if what == "link" else what == "close",
            link=what == "link",
        )
        self._do(person, change, lambda: None)

    def _do(self, person: PersonInfo | None, asked: _Asked, done: Callable[[], None]) -> None:
        """Have the service do it, once: what is asked for again after an answer got lost has the same key."""
        link = self.link
        if link is None:
            return
        if self._lost is not None and msgspec.structs.replace(asked, key=self._lost.key) == self._lost:
            asked = self._lost
        self._lost = asked
        work: Callable[[], PersonInfo]
        if isinstance(asked, NewPerson):
            work = partial(link.call, endpoints.ADD_PERSON, asked)
        else:
            assert person is not None
            work = partial(link.call, endpoints.CHANGE_PERSON, asked, person_id=person.id)

        def changed(now: PersonInfo) -> None:
            self._lost = None
            others = [one for one in self._listed.people if one.id != now.id]
            self._listed = msgspec.structs.replace(self._listed, people=[*others, now])
            self._page.choose(now.id)
            self._show(now)
            self.context.tell(self.context.words(f"desk.people.{_told(asked)}", name=now.name, email=now.email))
            self._page.load()
            done()

        self._panel.say("")
        self._act.run(work, changed, self._refused)

    def _refused(self, sentence: str) -> None:
        """What was written stays, and what is in the way is said; what somebody else did meanwhile is read."""
        self._panel.say(sentence)
        self._page.load()

    def _set_busy(self, busy: bool) -> None:
        self._panel.set_busy(busy)
        self._new.setEnabled(not busy)


def _told(asked: _Asked) -> str:
    """The key of what is said once it is done."""
    if isinstance(asked, NewPerson):
        return "told_invited"
    if asked.link:
        return "told_link"
    return "told_kept" if asked.closed is None else "told_closed" if asked.closed else "told_reopened"
