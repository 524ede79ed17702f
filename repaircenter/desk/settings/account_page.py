"""Configuration > My account: the address to which one's mail goes, changed once old and new have confirmed it (A-26)."""

from functools import partial

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import Field, Form
from repaircenter.desk.kit.operations import Command, Query
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.permitted_page import PermittedPage
from repaircenter.runtime.contact import read_email
from repaircenter.wire import endpoints
from repaircenter.wire.people import MyAddress, WantedAddress
from repaircenter.wire.vocabulary import RUN_REPORTS


def _wrong_address(text: str) -> str:
    return "" if read_email(text).address is not None else "bad_email"


class AccountPage(PermittedPage):
    """Of whoever is signed in. The two mails leave with the button, nothing is kept by Apply."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "my_account", account, RUN_REPORTS)
        self._mine: MyAddress | None = None
        self._asking, self._act = Query(context.operations), Command(context.operations, self._set_busy)
        self._now, self._wanted = label("", wrap=True), label("", "attention", wrap=True)
        self._form = Form(context, "desk.my_account", (Field(name="address", refusal=_wrong_address),))
        self._send = context.texts.bind(button("", self._pressed_send), "desk.my_account.send")
        self.build((self._now, self._wanted, self._form, row_of(self._send)))
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self._show()

    def begin(self) -> None:
        link = self.link
        if link is not None:
            self._asking.ask(partial(link.call, endpoints.MY_ADDRESS), self._take, self.say)

    def forget_person(self) -> None:
        """Nobody is here any more."""
        self._asking.drop()
        self._mine = None
        self._form.show_values({})
        self.say("")
        self._show()

    def _take(self, mine: MyAddress) -> None:
        self._mine = mine
        self.say("")
        self._show()

    def _show(self) -> None:
        words, mine = self.context.words, self._mine
        self._send.setEnabled(mine is not None and not self._act.is_running)
        self._now.setText("" if mine is None else words("desk.my_account.now", address=mine.address))
        wanted = mine is not None and mine.wanted is not None
        self._wanted.setVisible(wanted)
        if mine is None or mine.wanted is None:
            self._wanted.setText("")
            return
        missing = "both"
        if mine.old_confirmed or mine.new_confirmed:
            missing = "new" if mine.old_confirmed else "old"
        when = self.context.instant(mine.until)
        self._wanted.setText(words(f"desk.my_account.waits_{missing}", address=mine.wanted, when=when))

    def _pressed_send(self) -> None:
        link, refusal = self.link, self._form.refusal()
        self.say(refusal)
        if refusal or link is None:
            return
        asked = WantedAddress(address=self._form.values()["address"])

        def done(mine: MyAddress) -> None:
            self._form.show_values({})
            self._take(mine)
            self.context.tell(self.context.words("desk.my_account.told"))

        self._act.run(partial(link.call, endpoints.CHANGE_ADDRESS, asked), done, self.say)

    def _set_busy(self, busy: bool) -> None:
        self._send.setEnabled(not busy)
