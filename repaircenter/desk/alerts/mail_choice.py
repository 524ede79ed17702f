"""Of which alerts a person gets mail, for the shop chosen in the bar or for all (A-P3)."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command, Query
from repaircenter.desk.kit.widgets import label
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.alerts import AlertChoice, AlertChoices

# What differs between shops is chosen for none of them by itself.
_DIFFERENT = ""


class MailChoice(QWidget):
    """One choice; kept as soon as it is made."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._link: PersonLink | None = None
        self._shop_id: int | None = None
        self._choices = AlertChoices(choices=[])
        self._held, self._choosing = Query(context.operations), Command(context.operations, self._set_busy)
        bind = context.texts.bind
        self.box = bind(QComboBox(), name="desk.alerts.mail")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.activated.connect(lambda _index: self._choose(self.box.currentData()))
        caption = bind(label("", "soft"), "desk.alerts.mail")
        caption.setBuddy(self.box)
        self._problem = label("", "problem", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(caption)
        row.addWidget(self.box)
        row.addWidget(self._problem, 1)

    def begin(self, link: PersonLink) -> None:
        """Somebody has signed in: ask what they chose."""
        self._link = link
        self._held.ask(partial(link.call, endpoints.ALERT_CHOICES), self._show, self._problem.setText)

    def forget(self) -> None:
        self._show(AlertChoices(choices=[]))

    def choose_shop(self, shop_id: int | None) -> None:
        self._shop_id = shop_id
        self.retranslate()

    def _show(self, choices: AlertChoices) -> None:
        self._choices = choices
        self._problem.setText("")
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        held = {one.choice for one in self._chosen_shops()}
        self.box.clear()
        if len(held) > 1:
            self.box.addItem(words("desk.alerts.mail_different"), _DIFFERENT)
        for choice in self._offered():
            self.box.addItem(words(f"desk.alerts.mail_{choice}"), choice)
        self.box.setCurrentIndex(max(self.box.findData(next(iter(held), "")), 0) if len(held) == 1 else 0)
        self.box.setEnabled(bool(held))

    def _chosen_shops(self) -> list[AlertChoice]:
        return [one for one in self._choices.choices if self._shop_id in (None, one.shop_id)]

    def _offered(self) -> list[str]:
        """What may be chosen in each of the chosen shops."""
        return min((one.offered for one in self._chosen_shops()), key=len, default=[])

    def _set_busy(self, busy: bool) -> None:
        self.box.setEnabled(not busy and bool(self._chosen_shops()))

    def _choose(self, choice: str) -> None:
        link = self._link
        if link is None or choice == _DIFFERENT:
            return
        choices = [AlertChoice(shop_id=one.shop_id, choice=choice) for one in self._chosen_shops()]
        asked = AlertChoices(choices=choices)

        def refused(sentence: str) -> None:
            self.retranslate()
            self._problem.setText(sentence)

        self._choosing.run(partial(link.call, endpoints.CHOOSE_ALERTS, asked), self._show, refused)
