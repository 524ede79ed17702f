"""What was done about an alert: cause, action, outcome (A-P1)."""

from collections.abc import Callable, Sequence

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, LINES, Field, Form, FormPage
from repaircenter.wire.alerts import Alert, Recovery
from repaircenter.wire.vocabulary import ALERT_CAUSES, ALERT_OUTCOMES, LONGEST_ACTION


def _wrong_action(text: str) -> str:
    return "too_long" if len(text) > LONGEST_ACTION else ""


def _choices(name: str, known: Sequence[str]) -> dict[str, str]:
    """Nothing is chosen for anybody: what nobody looked at would count in the figures."""
    return {"": "desk.alerts.recovery.choose", **{word: f"common.alert.{name}.{word}" for word in known}}


_FIELDS = (
    Field(name="cause", kind=CHOICE, choices=_choices("cause", ALERT_CAUSES)),
    Field(name="action", kind=LINES, hint="desk.alerts.recovery.action_hint", refusal=_wrong_action),
    Field(name="outcome", kind=CHOICE, choices=_choices("outcome", ALERT_OUTCOMES)),
    Field(name="done", kind=CHECK),
)


class RecoveryForm(FormPage):
    """In place of an alert's details; `keep` is called with what was written, and whether the alert is done by it.

    Who may not end alerts is not asked. Where the programme does not demand it an alert is done without a word (None).
    """

    def __init__(
        self, context: DeskContext, keep: Callable[[Recovery | None, bool], object], leave: Callable[[], object]
    ) -> None:
        self._demanded, self._may_end, self._is_busy = True, False, False
        self.form = Form(context, "desk.alerts.recovery", _FIELDS)
        super().__init__(context, "desk.alerts.recovery", (self.form,), lambda: self._keep(keep), leave)

    def show_alert(self, alert: Alert) -> None:
        self.say("")
        written, self._demanded, self._may_end = alert.recovery, alert.recovery_demanded, alert.may_end
        self.form.show_field("done", self._may_end)
        self.form.show_values(
            {
                "cause": written.cause if written else None,
                "action": written.action if written else None,
                "outcome": written.outcome if written else None,
                "done": True,
            }
        )
        self.form.focus_on("action")

    def set_busy(self, busy: bool) -> None:
        """While it is being kept it is not kept again."""
        self._is_busy = busy

    def _keep(self, keep: Callable[[Recovery | None, bool], object]) -> None:
        if self._is_busy:
            return
        values = self.form.values()
        missing = [name for name in ("cause", "action", "outcome") if values[name] is None]
        is_done = self._may_end and values["done"]
        if len(missing) == 3 and is_done and not self._demanded:
            keep(None, True)
        elif missing:
            self.say(self._context.words("error.recovery_missing"))
            self.form.focus_on(missing[0])
        else:
            recovery = Recovery(cause=values["cause"], action=values["action"], outcome=values["outcome"])
            keep(recovery, is_done)
