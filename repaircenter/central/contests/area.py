"""What contests bring to the service."""

from repaircenter.central.contests.letters import KIND, LISTENERS, lapse, tell
from repaircenter.central.contests.personal import PERSONAL, PLAIN
from repaircenter.central.contests.rules import LAPSE, TELL
from repaircenter.central.contests.web import HANDLERS
from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer

AREA = Area(
    "contests",
    handlers=lambda _service: HANDLERS,
    tasks=(Task(LAPSE, lapse), Task(TELL, tell)),
    timers=(Timer(LAPSE, LAPSE), Timer(TELL, TELL)),
    messages=(KIND,),
    listeners=LISTENERS,
    personal=PERSONAL,
    plain_tables=PLAIN,
)
