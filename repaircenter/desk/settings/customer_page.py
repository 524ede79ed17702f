"""Configuration > Customer experience: when job data is sent, and what another rule does to the jobs already there."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.rule_choice import RuleChoice
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.shop.model.outbox import SEND_RULES, RuleChange


class CustomerPage(SettingsPage):
    """Says what a rule would do before it does it (A-19)."""

    def __init__(self, context: DeskContext, open_page: Callable[[str], None]) -> None:
        super().__init__(context, "customer")
        self._kept = "create"
        self._always_kept = False
        self._rules = RuleChoice(context, self._chosen)
        self._effect = label("", wrap=True)
        self._present = QCheckBox()
        self._always = QCheckBox()
        self._always_note = label("", "soft", wrap=True)
        self._leaves = button("", lambda: open_page("sending"))
        self.build((self._rules, self._effect, self._present, self._always, self._always_note, row_of(self._leaves)))
        self._change: RuleChange | None = None
        self.setFocusProxy(self._rules)
        bind = self.context.texts.bind
        bind(self._always, "desk.customer.always")
        bind(self._always_note, "desk.customer.always_text")
        bind(self._leaves, "desk.more.leaves")
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self._rules.retranslate()
        self._say_effect()

    def load(self) -> None:
        control = self.control
        if control is None:
            return

        def read() -> tuple[str, bool]:
            rule = control.reader.setting("send_rule") or "create"
            return rule if rule in SEND_RULES else "create", control.reader.setting("exclude_always") == "yes"

        def show(kept: tuple[str, bool]) -> None:
            self._kept, self._always_kept = kept
            self._rules.choose(self._kept)
            self._always.setChecked(self._always_kept)
            self._change = None
            self._present.setChecked(False)
            self._say_effect()

        self.context.background.run(read, show, self.say)

    def _chosen(self, rule: str) -> None:
        control = self.control
        self._change = None
        self._present.setChecked(False)
        self._say_effect()
        if control is None or rule == self._kept:
            return

        def show(change: RuleChange) -> None:
            if change.rule == self._rules.rule:
                self._change = change
                self._say_effect()

        self.context.background.run(lambda: control.jobs.preview_rule(rule), show, self.say)

    def _say_effect(self) -> None:
        """What the chosen rule does to the jobs already there."""
        words, change = self.context.words, self._change
        self._effect.setVisible(change is not None)
        self._present.setVisible(change is not None and change.would_send > 0)
        if change is None:
            return
        sentences = [words.count("desk.customer.reached", change.would_send)]
        if change.sent:
            sentences.append(words.count("desk.customer.sent", change.sent))
        if change.waiting:
            sentences.append(words.count("desk.customer.waiting", change.waiting))
        if change.excluded:
            sentences.append(words.count("desk.customer.excluded", change.excluded))
        self._effect.setText(" ".join(sentences))
        self._present.setText(words.count("desk.customer.send_present", change.would_send))

    @property
    def is_changed(self) -> bool:
        return self._rules.rule != self._kept or self._always.isChecked() != self._always_kept

    def apply(self, done: Callable[[], None]) -> None:
        control, rule, always = self.control, self._rules.rule, self._always.isChecked()
        if control is None or not self.is_changed:
            done()
            return
        present = self._present.isChecked() and self._change is not None
        changed = rule != self._kept

        def keep() -> None:
            control.jobs.put_setting("exclude_always", "yes" if always else "no")
            if changed:
                control.jobs.change_rule(rule, send_present=present)

        def kept() -> None:
            self._kept, self._always_kept = rule, always
            self.load()
            done()

        self.run(keep, kept)
