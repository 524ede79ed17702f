"""What accounts bring to the service."""

from repaircenter.central.accounts import web
from repaircenter.central.core.area import Area

# Of the shops and their people; customers stand in none of them.
PLAIN = (
    *("organisation", "shop", "person", "person_shop", "installation", "session", "refresh", "collecting"),
    *("sign_in_failure", "scope_key", "programme", "enrolment"),
)

AREA = Area("accounts", handlers=web.handlers, plain_tables=PLAIN)
