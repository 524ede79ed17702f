"""The page of alerts: what is open first, one of them beside it, and of which one gets mail (A-06, A-P1, A-P3)."""

import uuid
from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtWidgets import QStackedWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.person_page import PersonPage
from repaircenter.desk.alerts.alert_details import AlertDetails
from repaircenter.desk.alerts.alert_list import MARKS, Filters, choose, columns, is_mine, is_open, is_overdue
from repaircenter.desk.alerts.mail_choice import MailChoice
from repaircenter.desk.alerts.recovery_form import RecoveryForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.list_page import Listing, Nothing, Wanted
from repaircenter.desk.kit.operations import Command
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, AlertList, Recovery

# A colleague's work on another PC is seen after a minute at the latest; what the service tells this one at once.
_LOOK_MS = 60_000
_CHIPS = ("open", "overdue", "mine")


class AlertsPage(PersonPage[Alert, AlertList]):
    """`say_open` is told how many are open, for the bar; `say_new` how many came while somebody was signed in."""

    def __init__(
        self,
        context: DeskContext,
        account: Account,
        open_place: Callable[[str], None],
        say_open: Callable[[int], None],
        say_new: Callable[[int], None],
    ) -> None:
        nobody = AlertList(alerts=[], colleagues=[], me=0, may_end=False)
        super().__init__(
            context, account, "alerts", _CHIPS, columns(context.clock.now_utc), MARKS, look_ms=_LOOK_MS, nobody=nobody
        )
        self._open_place, self._say_open, self._say_new = open_place, say_open, say_new
        # What was read before; None before the first reading.
        self._read_before: set[int] | None = None
        self._form: RecoveryForm | None = None
        # The alert as it was when writing about it began, and whether a colleague's work on it is to be said.
        self._written: Alert | None = None
        self._catches_up = False
        # What was asked for last and not answered: the same once more is no second change.
        self._lost: tuple[int, AlertChange] | None = None
        self._act, self._see = Command(context.operations, self._set_busy), Command(context.operations)
        self._mail = MailChoice(context)
        self._details = AlertDetails(context)
        self._details.wanted.connect(self._do)
        self._details.given.connect(self._give)
        self._right = QStackedWidget()
        self._right.addWidget(self._details)
        self.build(self._right, (760, 480), below=(self._mail,))

    def retranslate(self) -> None:
        super().retranslate()
        self._details.retranslate()
        self._mail.retranslate()
        if self._form is not None:
            self._form.retranslate()

    def choose_shop(self, shop_id: int | None) -> None:
        super().choose_shop(shop_id)
        self._mail.choose_shop(shop_id)

    def react(self, fact: str) -> None:
        if fact == "alerts_changed":
            self._refresh()

    def _begin(self) -> None:
        super()._begin()
        if self._link is not None:
            self._mail.begin(self._link)

    def _forget(self) -> None:
        super()._forget()
        self._mail.forget()
        self._leave_form()
        self._lost, self._catches_up, self._read_before = None, False, None
        if self._form is not None:
            self._right.removeWidget(self._form)
            self._form.deleteLater()
            self._form = None
        self._details.show_alert(None, ())
        self._say_open(0)

    # The list.

    def key(self, row: Alert) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[Alert]] | None:
        link, now = self._asked, self._context.clock.now_utc()
        if link is None:
            return None
        open_only, overdue, mine = (self._chips.is_on(name) for name in _CHIPS)
        filters = Filters(open_only, overdue, mine, self._shop_id, wanted.search)

        def read() -> Listing[Alert]:
            listed = link.call(endpoints.ALERT_LIST)
            return Listing(choose(listed.alerts, filters, wanted.order, listed.me, now), listed)

        return read

    def take(self, listing: Listing[Alert]) -> None:
        listed: AlertList = listing.extra
        self._listed = listed
        new = {alert.id for alert in listed.alerts if alert.state == "new"}
        if self._read_before is not None and new - self._read_before:
            self._say_new(len(new - self._read_before))
        self._read_before = {alert.id for alert in listed.alerts}
        now = self._context.clock.now_utc()
        here = [alert for alert in listed.alerts if self._shop_id in (None, alert.shop_id)]
        self._chips.show_count("open", sum(map(is_open, here)))
        self._chips.show_count("overdue", sum(is_overdue(alert, now) for alert in here))
        self._chips.show_count("mine", sum(is_open(a) and is_mine(a, listed.me) for a in here))
        self._say_open(sum(map(is_open, listed.alerts)))
        self._say_more(len(listed.alerts), are_more=listed.more)
        if self._catches_up:
            self._catch_up()
        if not self.holds_unsaved:
            self._show_chosen()

    def choose(self, row: Alert | None) -> bool:
        if self.holds_unsaved:
            return False
        self._details.say("")
        self._show_chosen()
        if row is not None and row.state == "new":
            self._mark_seen(row)
        return True

    def nothing(self, search: str) -> Nothing:
        words = self._context.words
        is_narrowed = search or self._chips.is_on("overdue") or self._chips.is_on("mine")
        key = "nothing_found" if is_narrowed else "nothing_open" if self._chips.is_on("open") else "empty"
        return Nothing(words(f"desk.alerts.{key}_title"), words(f"desk.alerts.{key}_text"))

    # One alert.

    @property
    def chosen(self) -> Alert | None:
        return self._known(self._page.chosen)

    def _known(self, alert_id: object) -> Alert | None:
        return next((alert for alert in self._listed.alerts if alert.id == alert_id), None)

    @property
    def holds_unsaved(self) -> bool:
        return self._form is not None and self._right.currentWidget() is self._form

    def may_leave(self, go: Callable[[], None]) -> bool:
        """What is being written is kept or given up first."""
        if not self.holds_unsaved:
            return True
        words = self._context.words

        def discard() -> None:
            self._leave_form()
            go()

        assert self._form is not None
        self._note.say(words("desk.alerts.unsaved"), [(words("desk.configuration.discard"), discard)])
        self._form.form.focus_on("action")
        return False

    def _show_chosen(self) -> None:
        self._details.show_alert(self.chosen, self._listed.colleagues)

    def _do(self, what: str) -> None:
        alert = self.chosen
        if alert is None:
            return
        if what == "write":
            self._write(alert)
        elif what == "survey":
            self._open_place(f"surveys/{alert.shop_id}/{alert.job_key}")
        elif what == "job":
            self._open_place(f"jobs/{alert.ro_number}")
        elif what == "contest":
            self._open_place(f"contests/{alert.answer_id}")
        else:
            self._change(alert, state="in_hand", owner_id=self._listed.me if what == "take" else None)

    def _give(self, who: int) -> None:
        if self.chosen is not None:
            self._change(self.chosen, owner_id=who)

    def _write(self, alert: Alert) -> None:
        if self._form is None:
            self._form = RecoveryForm(self._context, self._keep_recovery, self._leave_form)
            self._right.addWidget(self._form)
        self._written = alert
        self._right.setCurrentWidget(self._form)
        self._form.show_alert(alert)

    def _leave_form(self) -> None:
        self._written = None
        self._note.clear()
        self._right.setCurrentWidget(self._details)
        self._show_chosen()

    def _keep_recovery(self, recovery: Recovery | None, is_done: bool) -> None:
        """What was written belongs to the alert as it was when writing began."""
        if self._written is not None:
            self._change(self._written, state="done" if is_done else "in_hand", recovery=recovery)

    def _change(
        self, alert: Alert, *, state: str | None = None, owner_id: int | None = None, recovery: Recovery | None = None
    ) -> None:
        """Do something with an alert, once: what is asked for again after an answer got lost is the same change."""
        link = self._link
        if link is None:
            return
        change = AlertChange(
            key=uuid.uuid4().hex, version=alert.version, state=state, owner_id=owner_id, recovery=recovery
        )
        if self._lost is not None and self._lost[0] == alert.id and _content(self._lost[1]) == _content(change):
            change = self._lost[1]
        self._lost = alert.id, change
        self._act.run(
            partial(link.call, endpoints.CHANGE_ALERT, change, alert_id=alert.id),
            self._changed,
            partial(self._refused, alert),
        )

    def _set_busy(self, busy: bool) -> None:
        """Nothing else is begun while something is being done; what is being written stays under the cursor."""
        self._details.setEnabled(not busy)
        if self._form is not None:
            self._form.set_busy(busy)

    def _changed(self, alert: Alert) -> None:
        self._lost = None
        was_written = self._written is not None and self._written.id == alert.id
        if was_written:
            self._leave_form()
        self._put(alert)
        self._details.say("")
        words = self._context.words
        if alert.state == "done":
            self._context.tell(words("desk.alerts.told_done"))
        elif was_written:
            self._context.tell(words("desk.alerts.told_written"))
        self._page.load()

    def _put(self, alert: Alert) -> None:
        """An alert as it is now, in the place of what was known of it."""
        known = [alert if one.id == alert.id else one for one in self._listed.alerts]
        self._listed = msgspec.structs.replace(self._listed, alerts=known)
        if not self.holds_unsaved:
            self._show_chosen()

    def _refused(self, alert: Alert, sentence: str) -> None:
        """What was written stays; what somebody else did meanwhile is shown."""
        if self._form is not None and self._written is not None and self._written.id == alert.id:
            self._form.say(sentence)
            self._catches_up = True
        elif self.chosen is not None and self.chosen.id == alert.id:
            self._details.say(sentence)
        else:
            self._context.tell(f"{alert.customer or alert.ro_number or ''} · {sentence}")
        self._page.load()

    def _catch_up(self) -> None:
        """After a refusal: what a colleague has done meanwhile is said beside what is being written, and then known."""
        form, written, self._catches_up = self._form, self._written, False
        now = None if written is None else self._known(written.id)
        if form is None or written is None or now is None or now.version == written.version:
            return
        lost = None if self._lost is None else self._lost[1]
        if lost is not None and (now.recovery, now.state) == (lost.recovery, lost.state):
            # It was done, and its answer got lost.
            self._changed(now)
            return
        self._written, self._lost = now, None
        done = "" if now.recovery is None or now.recovery == written.recovery else now.recovery.action
        who = now.changed_by or ""
        form.say(
            self._context.words("desk.alerts.meanwhile" if done else "desk.alerts.meanwhile_state", who=who, text=done)
        )

    def _mark_seen(self, alert: Alert) -> None:
        """It was opened; one that somebody has taken meanwhile stays theirs. The next one waits for its turn."""
        link = self._link
        if link is not None:
            change = AlertChange(key=uuid.uuid4().hex, version=alert.version, state="seen")
            work = partial(link.call, endpoints.CHANGE_ALERT, change, alert_id=alert.id)
            self._see.run(work, self._seen, lambda _sentence: None)

    def _seen(self, alert: Alert) -> None:
        self._put(alert)
        self._page.refresh()
        chosen = self.chosen
        if chosen is not None and chosen.state == "new":
            self._mark_seen(chosen)


def _content(change: AlertChange) -> AlertChange:
    return msgspec.structs.replace(change, key="")
