"""What alerts bring to the service."""

from repaircenter.central.alerts.morning import KIND as MORNING_MAIL
from repaircenter.central.alerts.morning import write_to_people
from repaircenter.central.alerts.opening import LISTENERS, judge, look, tell
from repaircenter.central.alerts.personal import PERSONAL, PLAIN
from repaircenter.central.alerts.rules import JUDGE, LOOK, MORNING, TELL, WEEK
from repaircenter.central.alerts.web import HANDLERS
from repaircenter.central.alerts.weekly import KIND as WEEK_MAIL
from repaircenter.central.alerts.weekly import close_week
from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer

AREA = Area(
    "alerts",
    handlers=lambda _service: HANDLERS,
    tasks=(
        Task(JUDGE, judge),
        Task(LOOK, look),
        Task(TELL, tell),
        Task(MORNING, write_to_people),
        Task(WEEK, close_week),
    ),
    timers=(Timer(JUDGE, JUDGE), Timer(LOOK, LOOK), Timer(TELL, TELL), Timer(MORNING, MORNING), Timer(WEEK, WEEK)),
    messages=(MORNING_MAIL, WEEK_MAIL),
    listeners=LISTENERS,
    personal=PERSONAL,
    plain_tables=PLAIN,
)
