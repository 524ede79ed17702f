"""What alerts bring to the service."""

from repaircenter.central.alerts.morning import KIND, write_to_people
from repaircenter.central.alerts.opening import LISTENERS, judge
from repaircenter.central.alerts.personal import PERSONAL, PLAIN
from repaircenter.central.alerts.rules import JUDGE, MORNING
from repaircenter.central.alerts.web import HANDLERS
from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer

AREA = Area(
    "alerts",
    handlers=lambda _service: HANDLERS,
    tasks=(Task(JUDGE, judge), Task(MORNING, write_to_people)),
    timers=(Timer(JUDGE, JUDGE), Timer(MORNING, MORNING)),
    messages=(KIND,),
    listeners=LISTENERS,
    personal=PERSONAL,
    plain_tables=PLAIN,
)
