"""Configuration > Connection: the service, this PC's pairing, the person at the desk, and the daily cut-off."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.certificate_panel import CertificatePanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, SECRET, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.connection_words import connection_sentence
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.ports import NotEncrypted, UnknownCertificate

_LOCK_MINUTES = (0, 5, 15, 30, 60)
_FIELDS = (Field(name="service"), Field(name="email"), Field(name="password", kind=SECRET))
_TO_AGREE = (UnknownCertificate.reason, NotEncrypted.reason)


class ConnectionPage(SettingsPage):
    """Address and account are only needed to pair again; the state is what matters every day."""

    def __init__(self, context: DeskContext, account: Account, reconnect: Callable[[], None]) -> None:
        super().__init__(context, "connection")
        self._account = account
        self._state: CollectorState | None = None
        # The fingerprint the collector met at the address that is kept; a test of another one has its own.
        self._of_state: str | None = None
        self._kept_address = ""
        self._status = label("", wrap=True)
        self._reconnect = button("", reconnect)
        self._certificate = CertificatePanel(context, self._trust)
        self._form = Form(context, "desk.connection", _FIELDS)
        self._locking = Form(context, "desk.connection", (Field(name="lock", kind=CHOICE),))
        self._test, self._pair = button("", self._pressed_test), button("", self._pressed_pair)
        self._result = label("", "soft", wrap=True)
        self._person = label("", wrap=True)
        self._sign_out = button("", account.sign_out)
        self._heads = [label("", "title") for _ in range(2)]
        self.build((self._status, row_of(self._reconnect), self._certificate, *self._pairing(), *self._person_part()))
        account.changed.connect(self._show_person)
        bind = self.context.texts.bind
        for head, name in zip(self._heads, ("pairing", "person"), strict=True):
            bind(head, f"desk.connection.{name}")
        bind(self._reconnect, "desk.more.reconnect")
        bind(self._test, "desk.directories.test")
        bind(self._pair, "desk.connection.pair")
        bind(self._sign_out, "desk.more.sign_out")
        self.retranslate()

    def _pairing(self) -> tuple[QWidget, ...]:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        for widget in (self._test, self._pair):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self._form)
        column.addLayout(row)
        column.addWidget(self._result)
        self._result.hide()
        return self._heads[0], frame

    def _person_part(self) -> tuple[QWidget, ...]:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._person, 1)
        row.addWidget(self._sign_out)
        column.addLayout(row)
        column.addWidget(self._locking)
        return self._heads[1], frame

    def retranslate(self) -> None:
        super().retranslate()
        words = self.context.words
        self._certificate.retranslate()
        keys = {minutes: "after" if minutes else "never" for minutes in _LOCK_MINUTES}
        offered = [(minutes, words(f"desk.connection.lock_{key}", n=minutes)) for minutes, key in keys.items()]
        self._locking.offer("lock", offered)
        self._locking.put("lock", self._account.lock_minutes)
        if self._state is not None:
            self.show_state(self._state)
        self._show_person()

    def load(self) -> None:
        control = self.control
        self.say("")
        self._result.hide()
        self._form.put("password", None)
        self._locking.put("lock", self._account.lock_minutes)
        if control is not None:
            self.context.background.run(
                lambda: control.reader.setting("service_address") or "", self._show_address, self.say
            )

    def _show_address(self, address: str) -> None:
        self._kept_address = address
        self._form.put("service", address)

    def show_state(self, state: CollectorState) -> None:
        self._state = state
        self._status.setText(connection_sentence(self.context, state.connection))
        unknown = state.connection.detail if state.connection.reason in _TO_AGREE else None
        if unknown is None and self._of_state:
            self._certificate.ask(None)
        elif (
            unknown is not None
            and self._certificate.fingerprint in ("", unknown, self._of_state)
            and unknown != self._of_state
        ):
            self._certificate.ask(unknown, self._kept_address)
        self._of_state = unknown

    def _show_person(self) -> None:
        words, session = self.context.words, self._account.session
        if session is not None:
            text = words("desk.connection.signed_in", name=session.person or self._account.email)
        elif self._account.email:
            text = words("desk.connection.known", name=self._account.email)
        else:
            text = words("desk.connection.nobody")
        self._person.setText(text)
        self._sign_out.setVisible(self._account.kept is not None)

    def _pressed_test(self) -> None:
        control, address = self.control, self._form.values()["service"] or ""
        if control is None or not address:
            return

        def test() -> tuple[KnownError | None, str | None]:
            try:
                return control.setup.check_service(address), None
            except UnknownCertificate as unknown:
                return unknown, unknown.fingerprint

        self.say("")
        self.context.background.run(test, lambda outcome: self._tested(address, outcome), self.say)

    def _tested(self, address: str, outcome: tuple[KnownError | None, str | None]) -> None:
        trouble, fingerprint = outcome
        words = self.context.words
        self._certificate.ask(fingerprint, address)
        self._result.setText(trouble.said(words) if trouble is not None else words("desk.connection.answers"))
        self._result.show()

    def _trust(self, fingerprint: str, address: str) -> None:
        control = self.control
        if control is None:
            return

        def kept() -> None:
            self._certificate.ask(None)
            self._pressed_test()

        self.run(lambda: control.setup.trust_certificate(address, fingerprint), kept)

    def _pressed_pair(self) -> None:
        control = self.control
        values = self._form.values()
        if control is None or not all(values.values()):
            self.say(self.context.words("error.fill_all"))
            return
        self._form.put("password", None)

        def pair() -> str | None:
            try:
                control.setup.pair_again(values["service"], values["email"], values["password"])
            except UnknownCertificate as unknown:
                return unknown.fingerprint
            return None

        def paired(fingerprint: str | None) -> None:
            self._certificate.ask(fingerprint, values["service"])
            if fingerprint is None:
                self._kept_address = values["service"]
                self._result.setText(self.context.words("desk.connection.paired"))
                self._result.show()

        self.say("")
        self.context.background.run(pair, paired, self.say)

    @property
    def is_changed(self) -> bool:
        return int(self._locking.values()["lock"] or 0) != self._account.lock_minutes

    def apply(self, done: Callable[[], None]) -> None:
        self.context.remember("lock_minutes", int(self._locking.values()["lock"] or 0))
        done()
