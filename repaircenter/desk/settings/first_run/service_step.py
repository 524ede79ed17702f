"""Third step: the service, and the shop admin who pairs this PC with it once."""

from collections.abc import Callable

from repaircenter.desk.account.certificate_panel import CertificatePanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, SECRET, Field, Form
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.first_run.step import Host, Person, Step
from repaircenter.shop.ports import UnknownCertificate

_FIELDS = (
    Field(name="service"),
    Field(name="email"),
    Field(name="password", kind=SECRET),
    Field(name="stay", kind=CHECK),
)


class ServiceStep(Step):
    name = "service"
    next_key = "desk.setup.pair"

    def __init__(self, context: DeskContext, host: Host, go_on: Callable[[], None]) -> None:
        super().__init__(context, host)
        self.form = Form(context, "desk.setup", _FIELDS)
        self.form.put("stay", True)
        self.form.changed.connect(lambda: host.say(""))
        self.certificate = CertificatePanel(context, self._trust)
        self._go_on = go_on
        self._paired = label("", "soft", wrap=True)
        self._paired.hide()
        for part in (self.form, self.certificate, self._paired):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.setFocusProxy(self.form)

    def retranslate(self) -> None:
        self.certificate.retranslate()
        self.shown()

    def shown(self) -> None:
        paired = self.host.answers.paired
        self._paired.setVisible(paired is not None)
        if paired is not None:
            self._paired.setText(self.context.words("desk.setup.paired", service=paired[0], email=paired[1]))

    def begin_with(self, service: str) -> None:
        if service and not self.form.values()["service"]:
            self.form.put("service", service)

    def focus(self) -> None:
        """The keyboard goes to the first field that is empty."""
        values = self.form.values()
        empty = (name for name in ("service", "email", "password") if not values[name])
        self.form.focus_on(next(empty, "service"))

    def go_on(self, done: Callable[[], None]) -> None:
        control, answers, values = self.control, self.host.answers, self.form.values()
        service, email, password = values["service"], values["email"], values["password"]
        if answers.paired is not None and not password and (service or "", email or "") in (answers.paired, ("", "")):
            # Back from a later step, and nothing was changed.
            done()
            return
        if control is None or not (service and email and password):
            self.host.say(self.context.words("error.fill_all"))
            return
        folder = None if answers.only_shows else answers.folder

        def work() -> str | None:
            try:
                control.setup.configure(service, folder, email, password)
            except UnknownCertificate as unknown:
                return unknown.fingerprint
            return None

        def paired(fingerprint: str | None) -> None:
            self.certificate.ask(fingerprint, service)
            if fingerprint is None:
                self.form.put("password", None)
                answers.paired, answers.person = (service, email), Person(email, password, values["stay"])
                done()

        self.host.run(work, paired)

    def _trust(self, fingerprint: str, address: str) -> None:
        control = self.control
        if control is not None:
            self.host.run(lambda: control.setup.trust_certificate(address, fingerprint), lambda _none: self._go_on())
