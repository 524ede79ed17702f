"""A page for who is signed in: without anybody it asks who one is, without a service it says so."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.sign_in import SignInPanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.empty_state import EmptyState


class PersonStack(QStackedWidget):
    """Shows `work` while somebody is signed in. `begin` is called for everybody who comes, `leave` when they are gone."""

    def __init__(
        self,
        context: DeskContext,
        account: Account,
        work: QWidget,
        begin: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context, self._account, self._work = context, account, work
        self._begin, self._leave = begin, leave
        self._email = ""
        self._has_service = False
        self._nothing, self._sign_in = EmptyState(), SignInPanel(context, account)
        for widget in (self._nothing, self._sign_in, work):
            self.addWidget(widget)
        account.changed.connect(self._account_changed)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._nothing.say(words("desk.surveys.no_service"), words("desk.surveys.no_service_text"))
        self._sign_in.retranslate()

    def attach(self, has_service: bool) -> None:
        """Whether there is a service to sign in to."""
        self._has_service = has_service
        self._account_changed()

    def _account_changed(self) -> None:
        session = self._account.session
        if session is not None and self._has_service:
            self.setCurrentWidget(self._work)
            if self._email != self._account.email:
                if self._email:
                    self.forget()
                self._email = self._account.email
                self._begin()
            return
        self.setCurrentWidget(self._sign_in if self._has_service else self._nothing)
        # A session that has ended is opened again in place, also after the desk was locked; who has left leaves nothing.
        if self._email and (self._account.asked_to_sign_in or self._account.email != self._email):
            self.forget()

    def forget(self) -> None:
        """Nobody is here any more."""
        self._email = ""
        self._leave()
