"""The room of what leaves this PC."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.outbox.sending_page import SendingPage

    return SendingPage(frame.context, frame.open)


ROOM = Room("sending", _make, "repaircenter.desk.outbox.sending_page")
