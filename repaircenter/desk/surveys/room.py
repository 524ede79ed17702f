"""The room of favourites and reports."""

from repaircenter.desk.kit.room import Frame, Room, RoomPage
from repaircenter.wire.vocabulary import RUN_REPORTS, SURVEYS


def _make(frame: Frame) -> RoomPage:
    from repaircenter.desk.account.account import Account
    from repaircenter.desk.surveys.surveys_page import SurveysPage
    from repaircenter.desk.viewer.pages.painter import PagePainter

    assert isinstance(frame.account, Account)
    return SurveysPage(frame.context, PagePainter(frame.families), frame.account, frame.open)


ROOM = Room(
    "surveys",
    _make,
    "repaircenter.desk.surveys.surveys_page",
    icon="clipboard-check-outline",
    licence=SURVEYS,
    permission=RUN_REPORTS,
    asks_who=True,
)
