"""The room of alerts."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage
from repaircenter.wire.vocabulary import ALERTS


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.alerts.alerts_page import AlertsPage

    assert isinstance(frame.account, Account)
    return AlertsPage(frame.context, frame.account, frame.open, lambda count: frame.show_count(ROOM.name, count))


ROOM = Room("alerts", _make, "repaircenter.desk.alerts.alerts_page", icon="bell-alert-outline", licence=ALERTS)
