"""What questionnaires bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.questionnaires.web import HANDLERS

AREA = Area("questionnaires", handlers=lambda _service: HANDLERS, plain_tables=("questionnaire", "questionnaire_draft"))
