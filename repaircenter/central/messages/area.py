"""What messages bring to the service; the kinds are those of the areas."""

from collections.abc import Iterable

from repaircenter.central.core.area import Area
from repaircenter.central.core.outgoing import MessageKind
from repaircenter.central.core.work import Task, Timer
from repaircenter.central.messages import text_reports
from repaircenter.central.messages.queueing import TIMER
from repaircenter.central.messages.tasks import Sender


def sender_of(kinds: Iterable[MessageKind]) -> Sender:
    """Return what sends messages of these kinds, and is told of those that came back."""
    return Sender({kind.name: kind for kind in kinds})


def area_of(kinds: Iterable[MessageKind]) -> Area:
    """Return the area that sends messages of these kinds."""
    sender = sender_of(kinds)
    # No retry of the queue's: when a message is tried again stands in its timer.
    return Area(
        "messages",
        tasks=(Task(TIMER, sender.send, retries=False),),
        timers=(Timer(TIMER, TIMER),),
        pages=lambda service: [text_reports.routes(service, sender)],
        plain_tables=("message", "dead_address"),
    )
