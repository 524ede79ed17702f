"""The room of alerts."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage
from repaircenter.wire.vocabulary import ALERTS, WORK_ON_ALERTS


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.alerts.alerts_page import AlertsPage

    assert isinstance(frame.account, Account)

    def say_new(count: int) -> None:
        frame.tray.tell(frame.context.words.count("desk.alerts.came", count))

    def say_open(count: int) -> None:
        frame.show_count(ROOM.name, count)

    return AlertsPage(frame.context, frame.account, frame.open, say_open, say_new)


ROOM = Room(
    "alerts",
    _make,
    "repaircenter.desk.alerts.alerts_page",
    icon="bell-alert-outline",
    licence=ALERTS,
    permission=WORK_ON_ALERTS,
    asks_who=True,
)
