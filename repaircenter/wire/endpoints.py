"""What the service answers, declared once: its areas serve these, the desk's client calls these, the fake answers these.

Who may call is part of the declaration: nobody known yet, an installation, or a person with one permission.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, Generic, TypeVar

from repaircenter.wire import (
    alerts,
    codec,
    employees,
    feed,
    hours,
    identity,
    jobs,
    organisation,
    people,
    places,
    reports,
)
from repaircenter.wire.document.parts import Part, decode_part
from repaircenter.wire.envelope import BatchAnswer, BatchRequest
from repaircenter.wire.surveys import contests, interviews, programmes, questionnaires, wordings
from repaircenter.wire.vocabulary import (
    ALERTS,
    CHANGE_ORGANISATION,
    CHANGE_PROGRAMMES,
    CONTEST,
    INSTALLATION,
    INTERVIEW,
    MANAGE_PEOPLE,
    NOBODY,
    PERSON,
    RUN_REPORTS,
    WORK_ON_ALERTS,
)

Q = TypeVar("Q")
A = TypeVar("A")
_PLACE = re.compile(r"\{(\w+):\w+\}")


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[Q, A]):
    """One question to the service.

    `path` holds its places as `{name:type}` (str or int); `request` and `answer` are messages, NoneType for none.
    `permission` is what a person needs, `module` what the organisation must have licensed; `decode` reads an
    answer that may hold more than this program knows.
    """

    method: str
    path: str
    request: type[Q]
    answer: type[A]
    caller: str = PERSON
    permission: str = ""
    module: str = ""
    decode: Callable[[bytes], Any] | None = None

    def path_of(self, **places: str | int) -> str:
        """Return the path with its places filled. Raises KeyError for one that is missing."""
        return _PLACE.sub(lambda match: str(places[match[1]]), self.path)

    def read(self, data: bytes) -> A:
        """Decode an answer. Raises codec.BadMessage."""
        if self.answer is NoneType:
            return None  # type: ignore[return-value]  # A is NoneType here
        answer: A = codec.decode(data, self.answer) if self.decode is None else self.decode(data)
        return answer


PAIR: Final = Endpoint("POST", "/pair", identity.PairRequest, identity.PairAnswer, NOBODY)
OPEN_SESSION: Final = Endpoint("POST", "/installation/session", identity.SessionRequest, identity.SessionAnswer, NOBODY)
SIGN_IN: Final = Endpoint("POST", "/sign-in", identity.SignInRequest, identity.SessionAnswer, NOBODY)
REFRESH: Final = Endpoint("POST", "/refresh", identity.RefreshRequest, identity.SessionAnswer, NOBODY)
FORGOT_PASSWORD: Final = Endpoint("POST", "/forgotten", people.Forgotten, NoneType, NOBODY)
SIGN_OUT: Final = Endpoint("POST", "/sign-out", identity.RefreshRequest, NoneType, NOBODY)
HOLD_LEASE: Final = Endpoint("POST", "/installation/lease", identity.LeaseRequest, identity.LeaseAnswer, INSTALLATION)

SEND_JOBS: Final = Endpoint("POST", "/jobs/batch", BatchRequest, BatchAnswer, INSTALLATION)
KNOWN_JOBS: Final = Endpoint("POST", "/jobs/known", jobs.KnownRequest, jobs.KnownAnswer, INSTALLATION)
JOB_STATES: Final = Endpoint("POST", "/jobs/states", jobs.JobStateRequest, jobs.JobStateAnswer, INSTALLATION)

CHANGES: Final = Endpoint("POST", "/changes", feed.ChangesRequest, feed.ChangesAnswer, INSTALLATION)

REPORTS: Final = Endpoint("GET", "/reports", NoneType, reports.ReportList, permission=RUN_REPORTS)
REPORT_OPTIONS: Final = Endpoint("GET", "/reports/options", NoneType, reports.ReportOptions, permission=RUN_REPORTS)
START_RUN: Final = Endpoint("POST", "/reports/runs", reports.RunRequest, reports.RunState, permission=RUN_REPORTS)
RUN_STATE: Final = Endpoint("GET", "/reports/runs/{run_id:str}", NoneType, reports.RunState, permission=RUN_REPORTS)
RUN_PART: Final = Endpoint(
    "GET", "/reports/runs/{run_id:str}/parts/{number:int}", NoneType, Part, permission=RUN_REPORTS, decode=decode_part
)
STOP_RUN: Final = Endpoint("DELETE", "/reports/runs/{run_id:str}", NoneType, NoneType, permission=RUN_REPORTS)

FAVOURITES: Final = Endpoint("GET", "/favourites", NoneType, reports.FavouriteList, permission=RUN_REPORTS)
ADD_FAVOURITE: Final = Endpoint("POST", "/favourites", reports.Favourite, reports.Favourite, permission=RUN_REPORTS)
CHANGE_FAVOURITE: Final = Endpoint(
    "PUT", "/favourites/{favourite_id:int}", reports.Favourite, reports.Favourite, permission=RUN_REPORTS
)
DELETE_FAVOURITE: Final = Endpoint(
    "DELETE", "/favourites/{favourite_id:int}", NoneType, NoneType, permission=RUN_REPORTS
)

LOGO: Final = Endpoint("GET", "/organisation/logo", NoneType, organisation.Logo, permission=RUN_REPORTS)
PUT_LOGO: Final = Endpoint("PUT", "/organisation/logo", organisation.Logo, NoneType, permission=CHANGE_ORGANISATION)

ALERT_LIST: Final = Endpoint("GET", "/alerts", NoneType, alerts.AlertList, permission=WORK_ON_ALERTS, module=ALERTS)
CHANGE_ALERT: Final = Endpoint(
    "POST", "/alerts/{alert_id:int}", alerts.AlertChange, alerts.Alert, permission=WORK_ON_ALERTS, module=ALERTS
)
ALERT_CHOICES: Final = Endpoint(
    "GET", "/alerts/choices", NoneType, alerts.AlertChoices, permission=WORK_ON_ALERTS, module=ALERTS
)
CHOOSE_ALERTS: Final = Endpoint(
    "PUT", "/alerts/choices", alerts.AlertChoices, alerts.AlertChoices, permission=WORK_ON_ALERTS, module=ALERTS
)

PROGRAMMES: Final = Endpoint("GET", "/programmes", NoneType, programmes.ProgrammeList, permission=CHANGE_PROGRAMMES)
ADD_PROGRAMME: Final = Endpoint(
    "POST", "/programmes", programmes.NewProgramme, programmes.Programme, permission=CHANGE_PROGRAMMES
)
CHANGE_PROGRAMME: Final = Endpoint(
    "POST",
    "/programmes/{programme_id:int}",
    programmes.ProgrammeChange,
    programmes.Programme,
    permission=CHANGE_PROGRAMMES,
)
PREVIEW_SURVEY: Final = Endpoint(
    "POST", "/programmes/preview", programmes.PreviewRequest, programmes.Preview, permission=CHANGE_PROGRAMMES
)

QUESTIONNAIRES: Final = Endpoint(
    "GET", "/questionnaires", NoneType, questionnaires.QuestionnaireList, permission=CHANGE_PROGRAMMES
)
ADD_QUESTIONNAIRE: Final = Endpoint(
    "POST",
    "/questionnaires",
    questionnaires.NewQuestionnaire,
    questionnaires.KeptQuestionnaire,
    permission=CHANGE_PROGRAMMES,
)
CHANGE_QUESTIONNAIRE: Final = Endpoint(
    "POST",
    "/questionnaires/{questionnaire_id:int}",
    questionnaires.QuestionnaireChange,
    questionnaires.KeptQuestionnaire,
    permission=CHANGE_PROGRAMMES,
)

PLACES: Final = Endpoint("GET", "/places", NoneType, places.PlaceList, permission=CHANGE_ORGANISATION)
ADD_PLACE: Final = Endpoint("POST", "/places", places.NewPlace, places.Place, permission=CHANGE_ORGANISATION)
CHANGE_PLACE: Final = Endpoint(
    "POST", "/places/{node_id:int}", places.PlaceChange, places.Place, permission=CHANGE_ORGANISATION
)
REMOVE_PLACE: Final = Endpoint(
    "DELETE", "/places/{node_id:int}", NoneType, NoneType, permission=CHANGE_ORGANISATION
)

EMPLOYEES: Final = Endpoint("GET", "/employees", NoneType, employees.EmployeeList, permission=CHANGE_ORGANISATION)
DECIDE_EMPLOYEE: Final = Endpoint(
    "POST", "/employees", employees.EmployeeDecision, employees.EmployeeList, permission=CHANGE_ORGANISATION
)

INTERVIEWS: Final = Endpoint("GET", "/interviews", NoneType, interviews.InterviewList, permission=INTERVIEW)
BEGIN_CALL: Final = Endpoint(
    "POST",
    "/interviews/{interview_id:int}/call",
    interviews.CallBegin,
    interviews.Conversation,
    permission=INTERVIEW,
)
SPEAK_PAGE: Final = Endpoint(
    "POST",
    "/interviews/{interview_id:int}/page",
    interviews.SpokenPage,
    interviews.Conversation,
    permission=INTERVIEW,
)
END_CALL: Final = Endpoint(
    "POST", "/interviews/{interview_id:int}/end", interviews.CallEnd, NoneType, permission=INTERVIEW
)

CONTESTS: Final = Endpoint(
    "POST", "/contests/list", contests.ContestQuery, contests.ContestList, permission=CONTEST
)
CONTEST_ANSWER: Final = Endpoint("POST", "/contests", contests.NewContest, contests.Contest, permission=CONTEST)
CHANGE_CONTEST: Final = Endpoint(
    "POST", "/contests/{contest_id:int}", contests.ContestChange, contests.Contest, permission=CONTEST
)

WORDINGS: Final = Endpoint("GET", "/wordings", NoneType, wordings.WordingList, permission=CHANGE_ORGANISATION)
CHANGE_WORDING: Final = Endpoint(
    "POST", "/wordings/{wording_id:int}", wordings.WordingChange, wordings.Wording, permission=CHANGE_ORGANISATION
)
SHOW_WORDING: Final = Endpoint(
    "POST",
    "/wordings/{wording_id:int}/shown",
    wordings.WordingDraft,
    wordings.ShownWording,
    permission=CHANGE_ORGANISATION,
)

HOURS: Final = Endpoint("GET", "/hours", NoneType, hours.HoursList, permission=CHANGE_ORGANISATION)
CHANGE_HOURS: Final = Endpoint(
    "POST", "/hours/{node_id:int}", hours.HoursChange, hours.PlaceHours, permission=CHANGE_ORGANISATION
)

ORGANISATION: Final = Endpoint("GET", "/organisation", NoneType, organisation.Organisation, permission=MANAGE_PEOPLE)
REVOKE_PC: Final = Endpoint("DELETE", "/organisation/pcs/{pc_id:int}", NoneType, NoneType, permission=MANAGE_PEOPLE)

MY_ADDRESS: Final = Endpoint("GET", "/me/address", NoneType, people.MyAddress, permission=RUN_REPORTS)
CHANGE_ADDRESS: Final = Endpoint("POST", "/me/address", people.WantedAddress, people.MyAddress, permission=RUN_REPORTS)

PEOPLE: Final = Endpoint("GET", "/people", NoneType, people.PersonList, permission=MANAGE_PEOPLE)
ADD_PERSON: Final = Endpoint("POST", "/people", people.NewPerson, people.PersonInfo, permission=MANAGE_PEOPLE)
CHANGE_PERSON: Final = Endpoint(
    "POST", "/people/{person_id:int}", people.PersonChange, people.PersonInfo, permission=MANAGE_PEOPLE
)
PERSON_HISTORY: Final = Endpoint(
    "GET", "/people/{person_id:int}/history", NoneType, people.PersonHistory, permission=MANAGE_PEOPLE
)


def endpoints() -> list[Endpoint[Any, Any]]:
    """Return every endpoint in the order of its declaration."""
    return [value for value in globals().values() if isinstance(value, Endpoint)]
