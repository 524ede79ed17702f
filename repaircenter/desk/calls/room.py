"""The room of calls."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage
from repaircenter.wire.vocabulary import INTERVIEW


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.calls.calls_page import CallsPage

    assert isinstance(frame.account, Account)

    def say_due(count: int) -> None:
        frame.show_count(ROOM.name, count)

    return CallsPage(frame.context, frame.account, say_due)


ROOM = Room("calls", _make, "repaircenter.desk.calls.calls_page", icon="phone-outline", permission=INTERVIEW)
