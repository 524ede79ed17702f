"""The page of calls: who is to be called, and one call at a time beside the list (A-20, 6.9)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.person_page import PersonPage
from repaircenter.desk.calls.call_list import APPOINTMENT, DUE, MARKS, Filters, choose, columns, state_of
from repaircenter.desk.calls.call_panel import CallPanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.list_page import Listing, Nothing, Wanted
from repaircenter.desk.kit.operations import Command
from repaircenter.shop.ports import ServiceRefused
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.interviews import CallBegin, CallEnd, Conversation, Interview, InterviewList, SpokenPage
from repaircenter.wire.vocabulary import APPOINTMENT as LATER_CALL
from repaircenter.wire.vocabulary import BUSY, DO_NOT_CALL, INTERVIEW, NO_ANSWER

# What colleagues take is seen after half a minute at the latest.
_LOOK_MS = 30_000
# After these nothing can be done about a customer any more, by this person or now.
_OVER = frozenset(("survey_over", "call_over", "being_called", "changed_meanwhile", "not_there"))
# The customer is called again.
_AGAIN = frozenset((NO_ANSWER, BUSY, LATER_CALL))
A = TypeVar("A")


class CallsPage(PersonPage[Interview, InterviewList]):
    """`say_due` is told how many are to be called now, for the bar."""

    def __init__(self, context: DeskContext, account: Account, say_due: Callable[[int], None]) -> None:
        nobody = InterviewList(interviews=[])
        super().__init__(
            context, account, "calls", ("due",), columns(context.clock.now_utc), MARKS, look_ms=_LOOK_MS, nobody=nobody
        )
        self._say_due = say_due
        self._act = Command(context.operations, self._set_busy)
        self.panel = CallPanel(context)
        self.panel.called.connect(self._call)
        self.panel.spoken.connect(self._speak)
        self.panel.ended.connect(self._end)
        self.panel.closed.connect(self._leave)
        self.build(self.panel, (620, 620))

    def retranslate(self) -> None:
        super().retranslate()
        self.panel.retranslate()

    def _begin(self) -> None:
        """Somebody has signed in; who may not call is not asked for anything."""
        session = self._account.session
        if session is not None and INTERVIEW in session.permissions:
            super()._begin()

    def _forget(self) -> None:
        super()._forget()
        self._act.drop()
        self._note.clear()
        self.panel.show_interview(None)
        self._say_due(0)

    # The list.

    def key(self, row: Interview) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[Interview]] | None:
        link, now = self._asked, self._context.clock.now_utc()
        if link is None:
            return None
        filters = Filters(self._chips.is_on("due"), self._shop_id, wanted.search)

        def read() -> Listing[Interview]:
            listed = link.call(endpoints.INTERVIEWS)
            return Listing(choose(listed.interviews, filters, wanted.order, now), listed)

        return read

    def take(self, listing: Listing[Interview]) -> None:
        self._listed = listing.extra
        now = self._context.clock.now_utc()
        due = [one for one in self._listed.interviews if state_of(one, now) in (DUE, APPOINTMENT)]
        self._chips.show_count("due", sum(self._shop_id in (None, one.shop_id) for one in due))
        self._say_due(len(due))
        self._say_more(len(self._listed.interviews), are_more=self._listed.more)
        if not self.panel.is_calling:
            self._show_chosen()

    def choose(self, row: Interview | None) -> bool:
        going = self.panel.conversation
        if self._act.is_running or (going is not None and going.page is not None):
            if row is not None:
                self._say_going_on(lambda: None)
            return False
        if row is not None:
            self._note.clear()
        if row is not None or not self.panel.is_calling:  # whoever is interviewed leaves the list, and is thanked yet
            self._show_chosen()
        return True

    def nothing(self, search: str) -> Nothing:
        words = self._context.words
        key = "nothing_found" if search else "nothing_due" if self._chips.is_on("due") else "empty"
        return Nothing(words(f"desk.calls.{key}_title"), words(f"desk.calls.{key}_text"))

    def show_later(self) -> None:
        """Show also who is not to be called now."""
        self._chips.switch("due", on=False)
        self._reload()

    @property
    def chosen(self) -> Interview | None:
        return next((one for one in self._listed.interviews if one.id == self._page.chosen), None)

    def _show_chosen(self) -> None:
        self.panel.show_interview(self.chosen)

    # A call.

    @property
    def holds_unsaved(self) -> bool:
        going = self.panel.conversation
        return self._act.is_running or (going is not None and going.page is not None)

    def may_leave(self, go: Callable[[], None]) -> bool:
        """A call that goes on is ended first, or left as it is; a complete interview is merely read."""
        if not self.holds_unsaved:
            if self.panel.is_calling:
                self._leave()
            return True
        self._say_going_on(go)
        return False

    def _say_going_on(self, go: Callable[[], None]) -> None:
        """A colleague may take the call that is left so in an hour."""
        words = self._context.words

        def leave() -> None:
            self._act.drop()
            self._leave()
            go()

        self._note.say(words("desk.calls.going_on"), [(words("desk.calls.leave"), leave)])

    def _ask(self, call: Callable[[], A], done: Callable[[A], object]) -> None:
        """Do something of a call once at a time; what the service has ended or given to somebody else is left."""

        def work() -> A | str:
            try:
                return call()
            except ServiceRefused as refused:
                if refused.code in _OVER:
                    return refused.code
                raise

        def finished(outcome: A | str) -> None:
            if isinstance(outcome, str):
                self._is_over(outcome)
            else:
                done(outcome)

        self._act.run(work, finished, self.panel.say)

    def _is_over(self, code: str) -> None:
        """Nothing can be done about this customer now: said above the list, which goes on without them."""
        shown = self.panel.shown
        who = "" if shown is None else shown.customer or shown.ro_number or ""
        self._leave()
        self._note.say(f"{who} · {self._context.words(f'error.{code}')}".removeprefix(" · "))

    def _call(self) -> None:
        interview, link = self.chosen, self._link
        if interview is not None and link is not None:
            begin = CallBegin(attempts=interview.attempts)
            self._note.clear()
            self._ask(partial(link.call, endpoints.BEGIN_CALL, begin, interview_id=interview.id), self._begun)

    def _begun(self, conversation: Conversation) -> None:
        if conversation.refusal:
            self._is_over(conversation.refusal)
            return
        self._note.clear()
        self.panel.show_conversation(conversation)
        self._page.refresh()

    def _speak(self, spoken: SpokenPage) -> None:
        going, link = self.panel.conversation, self._link
        if going is not None and link is not None:
            self._note.clear()
            work = partial(link.call, endpoints.SPEAK_PAGE, spoken, interview_id=going.interview.id)
            self._ask(work, self._spoken)

    def _spoken(self, conversation: Conversation) -> None:
        self.panel.show_conversation(conversation)
        if conversation.page is None:
            self._context.tell(self._context.words("desk.calls.told_interviewed"))
            self._page.load()

    def _end(self, outcome: str, at: datetime | None) -> None:
        if outcome == DO_NOT_CALL:
            words = self._context.words
            self._note.say(
                words("desk.calls.sure"), [(words("desk.calls.outcome.do_not_call"), lambda: self._do_end(outcome, at))]
            )
        else:
            self._do_end(outcome, at)

    def _do_end(self, outcome: str, at: datetime | None) -> None:
        """End the call. Where the customer is called again, what they have answered on this page is kept."""
        going, link, answered = self.panel.conversation, self._link, self.panel.answered(back=True)
        if going is None or link is None:
            return
        number = going.interview.id

        def end() -> bool:
            if outcome in _AGAIN and answered is not None and _says_something(answered):
                link.call(endpoints.SPEAK_PAGE, answered, interview_id=number)
            link.call(endpoints.END_CALL, CallEnd(outcome=outcome, at=at), interview_id=number)
            return True

        self._note.clear()
        self._ask(end, lambda _done: self._has_ended())

    def _has_ended(self) -> None:
        self._context.tell(self._context.words("desk.calls.told_ended"))
        self._leave()
        self._page.setFocus()

    def _leave(self) -> None:
        """Back to the list."""
        self._note.clear()
        self.panel.show_interview(None)
        self._page.load()

    def _set_busy(self, busy: bool) -> None:
        self.panel.set_busy(busy)


def _says_something(page: SpokenPage) -> bool:
    """Whether a customer has answered anything on a page."""
    return bool(page.comment) or any(map(any, page.given.values()))
