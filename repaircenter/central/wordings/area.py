"""What wordings bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer
from repaircenter.central.wordings.letters import KIND, send_test
from repaircenter.central.wordings.web import HANDLERS, TEST

AREA = Area(
    "wordings",
    handlers=lambda _service: HANDLERS,
    tasks=(Task(TEST, send_test),),
    timers=(Timer(TEST, TEST),),
    messages=(KIND,),
    plain_tables=("wording", "wording_test"),
)
