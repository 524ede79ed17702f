"""The words both sides share: who calls, what a person may, outcomes of messages, and the states of a survey.

They travel as strings and are open sets: a word that is not here is shown as "needs a newer desk".
"""

from typing import Final, NamedTuple

# Who calls an endpoint.
NOBODY: Final = "nobody"
INSTALLATION: Final = "installation"
PERSON: Final = "person"

# What a person may do; which roles may is the service's table (central.accounts.roles).
RUN_REPORTS: Final = "reports.run"
CHANGE_ORGANISATION: Final = "organisation.change"
WORK_ON_ALERTS: Final = "alerts.work"
END_ALERTS: Final = "alerts.end"
MANAGE_PEOPLE: Final = "people.manage"
CHANGE_PROGRAMMES: Final = "programmes.change"
INTERVIEW: Final = "interviews.work"
CONTEST: Final = "answers.contest"
REVIEW_CONTESTS: Final = "contests.review"
# Roles, the strongest first (texts `desk.people.role.<word>`), kinds of nodes from the top of the tree down, and where an
# account stands (texts `desk.people.state.<word>`).
ROLES: Final = ("shop_admin", "manager", "insurer", "call_agent", "staff")
# Held at a programme, and nowhere else: who reads it works in no shop.
INSURER_ROLE: Final = "insurer"
NETWORK, COUNTRY, REGION, SHOP = "network", "country", "region", "shop"
PROGRAMME: Final = "programme"
INVITED, ACTIVE, CLOSED = "invited", "active", "closed"
# What is done about a person (texts `desk.people.event.<word>`).
PERSON_EVENTS: Final = (
    "added",
    "name",
    "language",
    "closed",
    "reopened",
    "granted",
    "taken",
    "link",
    "password",
    "address",
)

# What an organisation may have licensed: surveys and their reports, and modules beside them (MODULES 1).
SURVEYS: Final = "surveys"
ALERTS: Final = "alerts"
MODULES: Final = (ALERTS,)

# How a customer may be asked, and what their preferred channel may be (A-P5; texts `report.channel.<word>`).
EMAIL, SMS, PHONE = "email", "sms", "phone"
CHANNELS: Final = (EMAIL, SMS, PHONE)

# A logo: bytes, and pixels of its longer side.
LOGO_BYTES: Final = 256 * 1024
LOGO_SIDE: Final = 1000

# What became of a message of the outbox.
KEPT: Final = "kept"
FILTERED: Final = "filtered"
ALREADY_HAVE: Final = "already_have"
SUPERSEDED: Final = "superseded"
WITHDRAWN: Final = "withdrawn"
ERASED: Final = "erased"
REFUSED: Final = "refused"
# The service has the message; REFUSED alone waits for a person.
TAKEN: Final = frozenset((KEPT, FILTERED, ALREADY_HAVE, SUPERSEDED, WITHDRAWN, ERASED))


class SurveyState(NamedTuple):
    """Where a sent job stands: `is_open` while an answer may still come; `mark` and `tone` are how it is shown.

    Every ended state without an answer has the text `desk.job.status.end.<word>`, each state `desk.survey.<word>`.
    """

    word: str
    is_open: bool
    mark: str
    tone: str


SURVEY_STATES: Final = {
    state.word: state
    for state in (
        SurveyState("received", True, "timer-sand", "soft"),
        SurveyState("ageing", True, "timer-sand", "soft"),
        SurveyState("callable", True, "timer-sand-complete", "soft"),
        SurveyState("invited", True, "email-outline", "accent"),
        SurveyState("answered", False, "check-circle", "good"),
        SurveyState("filtered", False, "filter-outline", "unknown"),
        SurveyState("withdrawn", False, "cancel", "unknown"),
        SurveyState("refused", False, "account-cancel-outline", "unknown"),
        SurveyState("expired", False, "timer-off-outline", "unknown"),
        SurveyState("unreachable", False, "account-question-outline", "attention"),
        SurveyState("erased", False, "eraser", "unknown"),
    )
}


class AlertState(NamedTuple):
    """Where an alert stands; each has the text `common.alert.state.<word>`."""

    word: str
    is_open: bool
    mark: str
    tone: str


ALERT_STATES: Final = {
    state.word: state
    for state in (
        AlertState("new", True, "alert-circle", "problem"),
        AlertState("seen", True, "eye-outline", "attention"),
        AlertState("in_hand", True, "account-clock-outline", "accent"),
        AlertState("done", False, "check-circle", "good"),
        AlertState("erased", False, "eraser", "unknown"),
    )
}
# What was wrong, and what came of it (texts `common.alert.cause.<word>` and `common.alert.outcome.<word>`).
ALERT_CAUSES: Final = (
    "repair",
    "delay",
    "information",
    "courtesy",
    "price",
    "cleanliness",
    "misunderstanding",
    "other",
)
ALERT_OUTCOMES: Final = ("satisfied", "partly", "not_satisfied", "not_reached")
LONGEST_ACTION: Final = 2000
# What an alert is about (texts `common.alert.kind.<word>`): a low answer, a customer whom nothing reached, one who does not
# answer (A-P8); and of whose silence a programme tells.
LOW, UNREACHED, SILENT, REPLY = "low", "unreached", "silent", "reply"
ALERT_KINDS: Final = (LOW, UNREACHED, SILENT, REPLY)
NOBODY_SILENT, COMPANIES, EVERYBODY = SILENT_ALERTS = ("nobody", "companies", "everybody")
# Of which alerts a person gets mail (A-P3).
ALL, MINE, NONE = "all", "mine", "none"

# Where a contested answer stands (texts `common.contest.state.<word>`), and why it is contested
# (`common.contest.reason.<word>`). One that is upheld is left out of figures; one nobody decides lapses.
OPEN, UPHELD, REJECTED, WITHDRAWN_CONTEST, LAPSED = "open", "upheld", "rejected", "withdrawn", "lapsed"
CONTEST_STATES: Final = (OPEN, UPHELD, REJECTED, WITHDRAWN_CONTEST, LAPSED)
CONTEST_REASONS: Final = ("other_customer", "facts_wrong", "not_about_us", "twice", "abusive", "other")
LONGEST_EVIDENCE: Final = 2000

# What came of a call that brought no answers (6.9; texts `desk.calls.outcome.<word>`).
APPOINTMENT, NO_ANSWER, BUSY = "appointment", "no_answer", "busy"
WRONG_NUMBER, DECLINED, DO_NOT_CALL = "wrong_number", "declined", "do_not_call"
CALL_OUTCOMES: Final = (APPOINTMENT, NO_ANSWER, BUSY, WRONG_NUMBER, DECLINED, DO_NOT_CALL)

OPEN_STATES: Final = tuple(word for word, state in SURVEY_STATES.items() if state.is_open)
ENDED_STATES: Final = tuple(word for word, state in SURVEY_STATES.items() if not state.is_open)
