"""All areas of the service. A new one is one line here."""

from typing import Final

from repaircenter.central.accounts.area import AREA as ACCOUNTS
from repaircenter.central.core.area import Area
from repaircenter.central.intake.area import AREA as INTAKE
from repaircenter.central.pages.area import AREA as PAGES
from repaircenter.central.reporting.area import AREA as REPORTING

AREAS: Final[tuple[Area, ...]] = (ACCOUNTS, INTAKE, REPORTING, PAGES)
