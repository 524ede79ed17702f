"""Configuration > Connection: the service, this PC's pairing, the person at the desk, and the daily cut-off."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.certificate_panel import CertificatePanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.pieces import button, label, row_of
from repaircenter.desk.settings.connection_words import connection_sentence
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.runtime.errors import KnownError
from repaircenter.shop.model.state import CollectorState
from repaircenter.shop.ports import NotEncrypted, UnknownCertificate

_LOCK_MINUTES = (0, 5, 15, 30, 60)
_FIELDS = ("service", "email", "password")
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
        self._reconnect = button("", reconnect, primary=True)
        self._certificate = CertificatePanel(context, self._trust)
        self._edits = {name: QLineEdit() for name in _FIELDS}
        self._labels = {name: label("") for name in (*_FIELDS, "lock")}
        self._edits["password"].setEchoMode(QLineEdit.EchoMode.Password)
        self._test, self._pair = button("", self._pressed_test), button("", self._pressed_pair)
        self._result = label("", "soft", wrap=True)
        self._person = label("", wrap=True)
        self._sign_out = button("", account.sign_out)
        self._lock = QComboBox()
        self._heads = [label("", "title") for _ in range(2)]
        self.build((self._status, row_of(self._reconnect), self._certificate, *self._pairing(), *self._person_part()))
        account.changed.connect(self._show_person)
        bind = self.context.texts.bind
        for head, name in zip(self._heads, ("pairing", "person"), strict=True):
            bind(head, f"desk.connection.{name}")
        for name, caption in self._labels.items():
            bind(caption, f"desk.connection.{name}")
        for name, edit in self._edits.items():
            bind(edit, name=f"desk.connection.{name}")
        bind(self._lock, name="desk.connection.lock")
        bind(self._reconnect, "desk.more.reconnect")
        bind(self._test, "desk.directories.test")
        bind(self._pair, "desk.connection.pair")
        bind(self._sign_out, "desk.more.sign_out")
        self.retranslate()

    def _pairing(self) -> tuple[QWidget, ...]:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        for name in _FIELDS:
            self._labels[name].setBuddy(self._edits[name])
            form.addRow(self._labels[name], self._edits[name])
        row = QHBoxLayout()
        for widget in (self._test, self._pair):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(form)
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
        form = QFormLayout()
        self._labels["lock"].setBuddy(self._lock)
        form.addRow(self._labels["lock"], self._lock)
        column.addLayout(row)
        column.addLayout(form)
        return self._heads[1], frame

    def retranslate(self) -> None:
        super().retranslate()
        words = self.context.words
        self._certificate.retranslate()
        self._lock.clear()
        for minutes in _LOCK_MINUTES:
            key = "never" if not minutes else "after"
            self._lock.addItem(words(f"desk.connection.lock_{key}", n=minutes), minutes)
        self._lock.setCurrentIndex(max(self._lock.findData(self._account.lock_minutes), 0))
        if self._state is not None:
            self.show_state(self._state)
        self._show_person()

    def load(self) -> None:
        control = self.control
        self.say("")
        self._result.hide()
        self._edits["password"].clear()
        self._lock.setCurrentIndex(max(self._lock.findData(self._account.lock_minutes), 0))
        if control is not None:
            self.context.background.run(
                lambda: control.reader.setting("service_address") or "", self._show_address, self.say
            )

    def _show_address(self, address: str) -> None:
        self._kept_address = address
        self._edits["service"].setText(address)

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
        control, address = self.control, self._edits["service"].text().strip()
        if control is None or not address:
            return

        def test() -> tuple[KnownError | None, str | None]:
            try:
                return control.setup.check_service(address), None
            except UnknownCertificate as unknown:
                return unknown, unknown.fingerprint

        self.say("")
        self.context.background.run(test, lambda found: self._tested(address, found), self.say)

    def _tested(self, address: str, found: tuple[KnownError | None, str | None]) -> None:
        trouble, fingerprint = found
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
        values = {name: edit.text().strip() for name, edit in self._edits.items()}
        if control is None or not all(values.values()):
            self.say(self.context.words("error.fill_all"))
            return
        self._edits["password"].clear()

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

    def apply(self, done: Callable[[], None]) -> None:
        self.context.remember("lock_minutes", int(self._lock.currentData() or 0))
        done()
