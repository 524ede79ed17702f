"""What questionnaires bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.core.service import Service
from repaircenter.central.core.work import Upkeep
from repaircenter.central.db.connections import WORKER
from repaircenter.central.questionnaires.queries import forget_drafts
from repaircenter.central.questionnaires.web import HANDLERS

_LOOK_SECONDS = 600.0


def _forget_drafts(service: Service) -> float:
    with service.worker.scoped(WORKER) as connection:
        forget_drafts(connection, service.clock.now_utc())
    return _LOOK_SECONDS


AREA = Area(
    "questionnaires",
    handlers=lambda _service: HANDLERS,
    upkeep=(Upkeep("drafts", _forget_drafts),),
    plain_tables=("questionnaire", "questionnaire_draft"),
)
