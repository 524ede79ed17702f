"""What surveys bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.answer_queries import publish
from repaircenter.central.surveys.invitation import KIND
from repaircenter.central.surveys.personal import PERSONAL, PLAIN
from repaircenter.central.surveys.reminder import KIND as REMINDER
from repaircenter.central.surveys.reminder import remind
from repaircenter.central.surveys.rules import ASK_AGAIN, CALL, EXPIRE, INVITE, PUBLISH, REMIND
from repaircenter.central.surveys.tasks import LISTENERS, ask_again, call_up, invite

AREA = Area(
    "surveys",
    tasks=(Task(INVITE, invite), Task(REMIND, remind), Task(ASK_AGAIN, ask_again), Task(CALL, call_up)),
    timers=(
        Timer(INVITE, INVITE, queries.set_callable),
        Timer(REMIND, REMIND),
        Timer(ASK_AGAIN, ASK_AGAIN),
        Timer(CALL, CALL),
        Timer(EXPIRE, None, queries.expire),
        Timer(PUBLISH, None, publish),
    ),
    messages=(KIND, REMINDER),
    listeners=LISTENERS,
    personal=PERSONAL,
    plain_tables=PLAIN,
)
