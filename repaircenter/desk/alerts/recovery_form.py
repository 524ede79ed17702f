"""What was done about an alert: cause, action, outcome (A-P1)."""

from collections.abc import Callable, Sequence

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, LINES, Field, Form, FormPage
from repaircenter.wire.alerts import Alert, Recovery
from repaircenter.wire.vocabulary import ALERT_CAUSES, ALERT_OUTCOMES, LONGEST_ACTION


def _wrong_action(text: str) -> str:
    if not text:
        return "recovery_missing"
    return "too_long" if len(text) > LONGEST_ACTION else ""


def _choices(name: str, known: Sequence[str]) -> dict[str, str]:
    """Nothing is chosen for anybody: what nobody looked at would count in the figures."""
    return {"": "desk.alerts.recovery.choose", **{word: f"common.alert.{name}.{word}" for word in known}}


_FIELDS = (
    Field(name="cause", kind=CHOICE, choices=_choices("cause", ALERT_CAUSES)),
    Field(name="action", kind=LINES, hint="desk.alerts.recovery.action_hint", refusal=_wrong_action),
    Field(name="outcome", kind=CHOICE, choices=_choices("outcome", ALERT_OUTCOMES)),
)


class RecoveryForm(FormPage):
    """In place of an alert's details; `keep` is called with what was written, and whether the alert is done by it.

    Who may not end alerts is not asked.
    """

    def __init__(
        self, context: DeskContext, may_end: bool, keep: Callable[[Recovery, bool], object], leave: Callable[[], object]
    ) -> None:
        fields = (*_FIELDS, Field(name="done", kind=CHECK)) if may_end else _FIELDS
        self.form = Form(context, "desk.alerts.recovery", fields)
        super().__init__(context, "desk.alerts.recovery", (self.form,), lambda: self._keep(keep), leave)

    def show_alert(self, alert: Alert) -> None:
        self.say("")
        written = alert.recovery
        self.form.show_values(
            {
                "cause": written.cause if written else None,
                "action": written.action if written else None,
                "outcome": written.outcome if written else None,
                "done": True,
            }
        )
        self.form.focus_on("action")

    def _keep(self, keep: Callable[[Recovery, bool], object]) -> None:
        values = self.form.values()
        if values["cause"] is None or values["outcome"] is None:
            self.say(self._context.words("error.recovery_missing"))
            self.form.focus_on("cause" if values["cause"] is None else "outcome")
            return
        recovery = Recovery(cause=values["cause"], action=values["action"], outcome=values["outcome"])
        keep(recovery, values.get("done", False))
