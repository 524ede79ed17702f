"""Configuration > Contested answers: a shop contests an answer, somebody else decides (A-N6, B-P4)."""

import uuid
from typing import Any

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.list_page import Listing
from repaircenter.desk.settings.contests.contest_panel import NOBODY, ContestPanel
from repaircenter.desk.settings.contests.contest_words import MARKS, about, state_of, state_text
from repaircenter.desk.settings.records_page import RecordsPage
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.contests import Contest, ContestChange, ContestList, ContestQuery, NewContest
from repaircenter.wire.vocabulary import CONTEST, CONTEST_STATES, WITHDRAWN_CONTEST

_COLUMNS: tuple[Column[Contest], ...] = (
    Column(
        name="state",
        text=state_text,
        order=lambda contest: CONTEST_STATES.index(contest.state) if contest.state in CONTEST_STATES else -1,
        width=150,
        mark=state_of,
    ),
    Column(
        name="answer",
        text=lambda contest, context: about(contest.answer, context),
        order=lambda contest: contest.answer.answered_at,
        width=280,
        grows=True,
    ),
    Column(
        name="shop",
        text=lambda contest, _context: contest.answer.shop,
        order=lambda contest: contest.answer.shop.casefold(),
        width=110,
    ),
    Column(
        name="made",
        text=lambda contest, context: context.instant(contest.made_at, contest.answer.zone),
        order=lambda contest: contest.made_at,
        width=136,
    ),
    Column(
        name="by",
        text=lambda contest, _context: contest.made_by or "",
        order=lambda contest: (contest.made_by or "").casefold(),
        width=120,
    ),
)


class ContestsPage(RecordsPage[Contest, ContestList]):
    """For whoever may contest answers; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "contests", account, CONTEST, NOBODY)
        self.panel = self._panel = ContestPanel(context, self.keep, self.discard, self._withdraw)
        # The answer a link leads to, until the list with it has come.
        self._wanted: int | None = None
        self.build_records(_COLUMNS, "state", MARKS, self._panel)

    def key(self, row: Contest) -> int:
        return row.id

    def ask(self, link: PersonLink) -> ContestList:
        return link.call(endpoints.CONTESTS, ContestQuery(answer_id=self._wanted))

    def show_place(self, inner: str) -> None:
        """Contest an answer, or show the contest there is of it; what is written here is kept first."""
        if inner.isdecimal() and not self._panel.is_changed:
            self._wanted = int(inner)
            self.list.load()

    def take(self, listing: Listing[Contest]) -> None:
        super().take(listing)
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._panel.is_changed:
            return
        known = next((one for one in self.listed.contests if one.answer.id == wanted and one.state != WITHDRAWN_CONTEST), None)
        if known is not None:
            self.list.choose(known.id)
            self.show_record(known)
            return
        self._pressed_new()
        if not self._panel.choose_answer(wanted):
            self._panel.say(self.context.words("error.not_contestable"))

    def rows(self, listed: ContestList, search: str) -> list[Contest]:
        def words(contest: Contest) -> str:
            answer = contest.answer
            facts = (answer.ro_number, answer.customer, answer.vehicle, answer.shop, contest.made_by, contest.evidence)
            return " ".join(fact for fact in facts if fact).casefold()

        return [contest for contest in listed.contests if search.casefold() in words(contest)]

    def change(self, record: Contest | None) -> NewContest | ContestChange:
        key = uuid.uuid4().hex
        if record is None:
            values = self._panel.new.values()
            return NewContest(
                key=key, answer_id=values["answer"], reason=values["reason"], evidence=values["evidence"]
            )
        values = self._panel.decision.values()
        return ContestChange(key=key, version=record.version, state=values["state"], note=values["note"])

    def call(self, link: PersonLink, record: Contest | None, asked: Any) -> Contest:
        if record is None:
            return link.call(endpoints.CONTEST_ANSWER, asked)
        return link.call(endpoints.CHANGE_CONTEST, asked, contest_id=record.id)

    def told(self, asked: Any, now: Contest) -> str:
        what = "made" if isinstance(asked, NewContest) else now.state
        return self.context.words(f"desk.contests.told_{what}")

    def _withdraw(self) -> None:
        """The answer counts as it was given."""
        record = self._panel.record
        if record is not None:
            self.do(ContestChange(key=uuid.uuid4().hex, version=record.version, state=WITHDRAWN_CONTEST))
