"""The page of alerts: what is open first, one of them beside it, and of which one gets mail (A-06, A-P1, A-P3)."""

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.person_stack import PersonStack
from repaircenter.desk.alerts.alert_details import AlertDetails
from repaircenter.desk.alerts.alert_list import MARKS, Filters, choose, columns, is_open, is_overdue
from repaircenter.desk.alerts.recovery_form import RecoveryForm
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.operations import Command, Query
from repaircenter.desk.kit.room import RoomPage
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, AlertChoice, AlertChoices, AlertList, Recovery

# A colleague's work on another PC is seen after a minute at the latest; what the service tells this one at once.
_LOOK_MS = 60_000
_CHIPS = ("open", "overdue", "mine")
_DIFFERENT = ""


class AlertsPage(RoomPage):
    """`say_open` is told how many are open, for the bar."""

    def __init__(
        self, context: DeskContext, account: Account, open_place: Callable[[str], None], say_open: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._context, self._open_place, self._say_open = context, open_place, say_open
        self._link: PersonLink | None = None
        self._shop_id: int | None = None
        self._listed = AlertList(alerts=[], colleagues=[], me=0, may_end=False)
        self._choices = AlertChoices(choices=[])
        self._form: RecoveryForm | None = None
        self._act, self._see = Command(context.operations), Command(context.operations)
        self._choosing, self._held = Command(context.operations), Query(context.operations)
        self._build()
        self._stack = PersonStack(context, account, self._work, self._begin, self._forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._refresh)
        self.setFocusProxy(self._page)
        self.retranslate()

    def _build(self) -> None:
        bind = self._context.texts.bind
        self._chips = Chips(self._context, "desk.alerts", _CHIPS, {}, self._reload)
        self._chips.switch_on("open")
        self._page = ListPage(
            self._context, "alerts", "desk.alerts", columns(self._context.clock.now_utc), self,
            order=("due", False), marks=MARKS, above=(self._chips,),
        )  # fmt: skip
        bind(self._page.table, name="desk.page.alerts")
        self._mail = bind(QComboBox(), name="desk.alerts.mail")
        self._mail.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._mail.activated.connect(lambda _index: self._choose_mail(self._mail.currentData()))
        caption = bind(label("", "soft"), "desk.alerts.mail")
        caption.setBuddy(self._mail)
        self._mail_problem = label("", "problem", wrap=True)
        mail = QHBoxLayout()
        mail.addWidget(caption)
        mail.addWidget(self._mail)
        mail.addWidget(self._mail_problem, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 4, 8)
        column.addWidget(self._page, 1)
        column.addLayout(mail)
        self._details = AlertDetails(self._context)
        self._details.wanted.connect(self._do)
        self._details.given.connect(lambda who: self._change(owner_id=who))
        self._right = QStackedWidget()
        self._right.addWidget(self._details)
        self._work = QSplitter(Qt.Orientation.Horizontal)
        self._work.setChildrenCollapsible(False)
        self._work.addWidget(left)
        self._work.addWidget(self._right)
        self._work.setSizes([760, 480])

    def retranslate(self) -> None:
        self._chips.retranslate()
        self._page.retranslate()
        self._details.retranslate()
        self._stack.retranslate()
        self._offer_mail()
        if self._form is not None:
            self._form.retranslate()

    def load_icons(self) -> None:
        self._page.load_icons()

    def attach_service(self, control: ShopControl) -> None:
        self._link = control.person
        self._stack.attach(control.person is not None)

    def choose_shop(self, shop_id: int | None) -> None:
        self._shop_id = shop_id
        self._reload()
        self._offer_mail()

    def react(self, fact: str) -> None:
        if fact == "alerts_changed":
            self._refresh()

    def opened(self, place: str, *, fresh: bool) -> None:
        self._refresh()

    def forget_person(self) -> None:
        self._stack.forget()

    def close_down(self) -> None:
        self._timer.stop()

    def _begin(self) -> None:
        """Somebody has signed in."""
        self._timer.start()
        self._page.read_all()
        self._ask_choices()

    def _forget(self) -> None:
        self._timer.stop()
        self._listed = AlertList(alerts=[], colleagues=[], me=0, may_end=False)
        self._choices = AlertChoices(choices=[])
        self._page.search.clear()
        self._page.choose(None)
        self._page.model.show([])
        self._leave_form()
        if self._form is not None:
            self._right.removeWidget(self._form)
            self._form.deleteLater()
            self._form = None
        self._details.show_alert(None, (), False)
        self._say_open(0)

    # The list.

    def key(self, row: Alert) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[Alert]] | None:
        link, now = self._link, self._context.clock.now_utc()
        if link is None or not self._timer.isActive():
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
        now = self._context.clock.now_utc()
        here = [alert for alert in listed.alerts if self._shop_id in (None, alert.shop_id)]
        self._chips.show_count("open", sum(map(is_open, here)))
        self._chips.show_count("overdue", sum(is_overdue(alert, now) for alert in here))
        self._chips.show_count("mine", sum(is_open(a) and a.owner_id == listed.me for a in here))
        self._say_open(sum(map(is_open, listed.alerts)))
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

    def _reload(self) -> None:
        """Another chip, another shop."""
        self._page.load()

    def _refresh(self) -> None:
        if self._timer.isActive():
            self._page.refresh()

    @property
    def count_shown(self) -> int:
        return len(self._page.model.rows)

    def choose_first(self) -> None:
        self._page.choose_first()

    # One alert.

    @property
    def chosen(self) -> Alert | None:
        return next((alert for alert in self._listed.alerts if alert.id == self._page.chosen), None)

    @property
    def holds_unsaved(self) -> bool:
        return self._form is not None and self._right.currentWidget() is self._form

    def _show_chosen(self) -> None:
        self._details.show_alert(self.chosen, self._listed.colleagues, self._listed.may_end)

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
        else:
            self._change(state="in_hand")

    def _write(self, alert: Alert) -> None:
        if self._form is None:
            self._form = RecoveryForm(self._context, self._listed.may_end, self._keep_recovery, self._leave_form)
            self._right.addWidget(self._form)
        self._right.setCurrentWidget(self._form)
        self._form.show_alert(alert)

    def _leave_form(self) -> None:
        self._right.setCurrentWidget(self._details)
        self._show_chosen()

    def _keep_recovery(self, recovery: Recovery, is_done: bool) -> None:
        self._change(state="done" if is_done else "in_hand", recovery=recovery)

    def _change(
        self, *, state: str | None = None, owner_id: int | None = None, recovery: Recovery | None = None
    ) -> None:
        """Do something with the chosen alert; said here when it could not be done."""
        link, alert = self._link, self.chosen
        if link is None or alert is None:
            return
        change = AlertChange(
            key=uuid.uuid4().hex, version=alert.version, state=state, owner_id=owner_id, recovery=recovery
        )
        self._act.run(
            partial(link.call, endpoints.CHANGE_ALERT, change, alert_id=alert.id), self._changed, self._refused
        )

    def _changed(self, alert: Alert) -> None:
        self._put(alert)
        self._details.say("")
        was_writing, words = self.holds_unsaved, self._context.words
        if was_writing:
            self._leave_form()
        if alert.state == "done":
            self._context.tell(words("desk.alerts.told_done"))
        elif was_writing:
            self._context.tell(words("desk.alerts.told_written"))
        self._page.load()

    def _put(self, alert: Alert) -> None:
        """An alert as it is now, in the place of what was known of it."""
        known = [alert if one.id == alert.id else one for one in self._listed.alerts]
        self._listed = AlertList(
            alerts=known, colleagues=self._listed.colleagues, me=self._listed.me, may_end=self._listed.may_end
        )
        if not self.holds_unsaved:
            self._show_chosen()

    def _refused(self, sentence: str) -> None:
        """What was written stays; what somebody else did meanwhile is shown."""
        if self._form is not None and self.holds_unsaved:
            self._form.say(sentence)
        else:
            self._details.say(sentence)
        self._page.load()

    def _mark_seen(self, alert: Alert) -> None:
        """It was opened; one that somebody has taken meanwhile stays theirs."""
        link = self._link
        if link is not None:
            change = AlertChange(key=uuid.uuid4().hex, version=alert.version, state="seen")
            work = partial(link.call, endpoints.CHANGE_ALERT, change, alert_id=alert.id)
            self._see.run(work, self._seen, lambda _sentence: None)

    def _seen(self, alert: Alert) -> None:
        self._put(alert)
        self._page.refresh()

    # Of which alerts one gets mail.

    def _ask_choices(self) -> None:
        link = self._link
        if link is not None:
            self._held.ask(partial(link.call, endpoints.ALERT_CHOICES), self._show_choices)

    def _show_choices(self, choices: AlertChoices) -> None:
        self._choices = choices
        self._mail_problem.setText("")
        self._offer_mail()

    def _offer_mail(self) -> None:
        """What holds for the shop that was chosen, or for all of them."""
        words = self._context.words
        held = {one.choice for one in self._choices.choices if self._shop_id in (None, one.shop_id)}
        self._mail.clear()
        if len(held) > 1:
            self._mail.addItem(words("desk.alerts.mail_different"), _DIFFERENT)
        for choice in self._choices.offered:
            self._mail.addItem(words(f"desk.alerts.mail_{choice}"), choice)
        self._mail.setCurrentIndex(max(self._mail.findData(next(iter(held), "")), 0) if len(held) == 1 else 0)
        self._mail.setEnabled(bool(self._choices.offered))

    def _choose_mail(self, choice: str) -> None:
        link = self._link
        if link is None or choice == _DIFFERENT:
            return
        shops = [one.shop_id for one in self._choices.choices if self._shop_id in (None, one.shop_id)]
        asked = AlertChoices(choices=[AlertChoice(shop_id=shop, choice=choice) for shop in shops])

        def refused(sentence: str) -> None:
            self._offer_mail()
            self._mail_problem.setText(sentence)

        self._choosing.run(partial(link.call, endpoints.CHOOSE_ALERTS, asked), self._show_choices, refused)
