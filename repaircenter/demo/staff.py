"""The people of a shop who act on alerts: they call the customer, and note what came of it (A-P1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from repaircenter.wire import endpoints
from repaircenter.wire.alerts import Alert, AlertChange, Recovery
from repaircenter.wire.endpoints import A, Endpoint, Q

# An alert is done a day and a half after it came in; some customers have to be called again.
_TAKES = timedelta(hours=36)
_SLOW = 6
_RECOVERIES = (
    Recovery(cause="information", action="Appelé le client; les dates expliquées.", outcome="satisfied"),
    Recovery(cause="repair", action="Portière repolie sans frais.", outcome="satisfied"),
    Recovery(cause="delay", action="Excuses et explication du retard de la pièce.", outcome="partly"),
    Recovery(cause="cleanliness", action="Véhicule lavé de nouveau.", outcome="satisfied"),
    Recovery(cause="price", action="Facture revue avec le client.", outcome="not_satisfied"),
    Recovery(cause="other", action="Trois appels, message laissé.", outcome="not_reached"),
)


class Asks(Protocol):
    """The client of somebody who is signed in."""

    def call(self, endpoint: Endpoint[Q, A], request: Q | None = None, /, **places: str | int) -> A: ...


@dataclass(slots=True)
class Staff:
    """`act` works off what is due; one in six stays in hand for another month."""

    link: Asks
    done: int = 0

    def act(self, now_utc: datetime) -> int:
        """Do what is due by now; return how many alerts were ended."""
        listed = self.link.call(endpoints.ALERT_LIST)
        due = [alert for alert in listed.alerts if alert.ended_at is None and alert.opened_at + _TAKES <= now_utc]
        ended = 0
        for alert in due:
            is_slow = alert.id % _SLOW == 0 and alert.opened_at + timedelta(days=30) > now_utc
            change = self._change(alert, "in_hand" if is_slow else "done")
            if change is not None:
                self.link.call(endpoints.CHANGE_ALERT, change, alert_id=alert.id)
                ended += not is_slow
        self.done += ended
        return ended

    @staticmethod
    def _change(alert: Alert, state: str) -> AlertChange | None:
        if state == alert.state:
            return None
        recovery = _RECOVERIES[alert.id % len(_RECOVERIES)] if state == "done" else None
        return AlertChange(key=f"{alert.id}-{state}", version=alert.version, state=state, recovery=recovery)
