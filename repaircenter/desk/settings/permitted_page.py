"""A page of the Configuration for whoever may: anybody else is told whom to ask."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.shop.ports import PersonLink


class PermittedPage(SettingsPage):
    """Shows its parts while somebody with the permission is signed in, else a sentence (`desk.KEY.sign_in` or
    `.not_yours`). `begin` is called for everybody who comes, `forget_person` when they are gone."""

    def __init__(self, context: DeskContext, key: str, account: Account, permission: str) -> None:
        super().__init__(context, key)
        self.account, self._permission = account, permission
        self._key = key
        self._work, self._why = QWidget(), label("", "soft", wrap=True)

    def build(self, parts: Sequence[QWidget]) -> None:
        column = QVBoxLayout(self._work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in parts:
            column.addWidget(part)
        super().build((self._why, self._work))
        self.account.changed.connect(self._account_changed)

    def retranslate(self) -> None:
        super().retranslate()
        key = "sign_in" if self.account.session is None else "not_yours"
        self._why.setText(self.context.words(f"desk.{self._key}.{key}"))

    @property
    def link(self) -> PersonLink | None:
        """Whom to ask; None while who is here may not."""
        session = self.account.session
        if self.control is None or session is None or self._permission not in session.permissions:
            return None
        return self.control.person

    def load(self) -> None:
        self._account_changed()

    def begin(self) -> None:
        """Ask what is shown."""

    def _account_changed(self) -> None:
        if self.account.session is None and self.account.is_interrupted:
            return  # whoever is here signs in again where they are: nothing is hidden
        may = self.link is not None
        self._work.setVisible(may)
        self._why.setVisible(not may)
        PermittedPage.retranslate(self)
        if may:
            self.begin()
        else:
            self.forget_person()
