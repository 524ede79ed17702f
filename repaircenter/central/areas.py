"""All areas of the service. A new one is one line here."""

from typing import Final

from repaircenter.central.accounts.area import AREA as ACCOUNTS
from repaircenter.central.alerts.area import AREA as ALERTS
from repaircenter.central.calendars.area import AREA as CALENDARS
from repaircenter.central.consumer.area import AREA as PAGES
from repaircenter.central.contests.area import AREA as CONTESTS
from repaircenter.central.core.area import Area
from repaircenter.central.employees.area import AREA as EMPLOYEES
from repaircenter.central.enrolments.area import AREA as ENROLMENTS
from repaircenter.central.feed.area import AREA as FEED
from repaircenter.central.intake.area import AREA as INTAKE
from repaircenter.central.interviews.area import AREA as INTERVIEWS
from repaircenter.central.messages.area import area_of as messages_of
from repaircenter.central.questionnaires.area import AREA as QUESTIONNAIRES
from repaircenter.central.reporting.area import AREA as REPORTING
from repaircenter.central.surveys.area import AREA as SURVEYS
from repaircenter.central.wordings.area import AREA as WORDINGS

_AREAS: Final = (
    *(ACCOUNTS, CALENDARS, QUESTIONNAIRES, EMPLOYEES, ENROLMENTS, INTAKE, SURVEYS, INTERVIEWS, ALERTS, CONTESTS, WORDINGS),
    *(REPORTING, FEED, PAGES),
)
KINDS: Final = tuple(kind for area in _AREAS for kind in area.messages)
AREAS: Final[tuple[Area, ...]] = (*_AREAS, messages_of(KINDS))
