"""What the names of who worked on jobs bring to the service."""

from repaircenter.central.core.area import Area
from repaircenter.central.employees.web import HANDLERS

AREA = Area("employees", handlers=lambda _service: HANDLERS, plain_tables=("employee_name",))
