"""Fourth step: when to send, and exactly what: the newest estimate of the folder as it would leave this PC (A-N8)."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.outbox.sent_view import SentView, field_name
from repaircenter.desk.settings.first_run.step import Host, Step
from repaircenter.desk.settings.rule_choice import RuleChoice
from repaircenter.shop.model.folder import DEFAULT_CODE_PAGE
from repaircenter.shop.outbox.messages import every_field


class SendingStep(Step):
    name = "sending"

    def __init__(self, context: DeskContext, host: Host) -> None:
        super().__init__(context, host)
        bind = context.texts.bind
        self._looking = Query(context.operations, takes_long=True)
        self._example = ""
        self._rules = RuleChoice(context, lambda _rule: None)
        self._rules.choose("create")
        self._sent = SentView(context)
        self._sent.setMinimumHeight(120)
        self._seen = bind(QCheckBox(), "desk.setup.seen")
        self._seen.toggled.connect(lambda _on: host.say(""))
        for part in (self._rules, self._sent, self._seen):
            self.column.addWidget(part)
        self.first = self._rules

    def retranslate(self) -> None:
        self._rules.retranslate()
        self._sent.retranslate()
        self._show(self._example or None)

    def begin_with(self, rule: str) -> None:
        if rule:
            self._rules.choose(rule)

    def shown(self) -> None:
        """Look for an example in the folder; until there is one the fields are named."""
        control, folder = self.control, self.host.answers.folder
        self._show(self._example or None)
        if control is not None:
            self._looking.ask(lambda: self._look(folder), self._show, lambda _sentence: None)

    def _look(self, folder: str) -> str | None:
        control = self.control
        if control is None:
            return None
        paths = [folder] if folder else [setting.path for setting in control.folders.settings()]
        return control.folders.example(paths[0], DEFAULT_CODE_PAGE) if paths else None

    def _show(self, example: str | None) -> None:
        words = self.context.words
        self._example = example or ""
        if example:
            self._sent.show_payload(words("desk.setup.example"), example)
        else:
            rows = [(field_name(self.context, path), path) for path in every_field()]
            self._sent.show_fields(words("desk.setup.no_example"), rows)

    def go_on(self, done: Callable[[], None]) -> None:
        control, rule = self.control, self._rules.rule
        if not self._seen.isChecked():
            self.host.say(self.context.words("error.seen"))
        elif control is not None:
            self.host.run(lambda: control.jobs.change_rule(rule, send_present=True), lambda _count: done())
