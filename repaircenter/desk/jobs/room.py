"""The room of jobs."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.jobs.jobs_page import JobsPage

    return JobsPage(frame.context, frame.open)


ROOM = Room("jobs", _make, "repaircenter.desk.jobs.jobs_page", icon="car-wrench")
