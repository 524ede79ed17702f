"""What accounts bring to the service."""

from repaircenter.central.accounts import addresses, web
from repaircenter.central.accounts.links import KIND, LINK, mail_link
from repaircenter.central.core.area import Area
from repaircenter.central.core.work import Task, Timer

# Of the shops and their people; customers stand in none of them.
PLAIN = (
    *("organisation", "shop", "person", "node", "person_grant", "installation", "session", "refresh", "collecting"),
    *("sign_in_failure", "scope_key", "programme", "enrolment", "password_link", "address_change", "audit"),
)

AREA = Area(
    "accounts",
    handlers=web.handlers,
    tasks=(Task(LINK, mail_link), Task(addresses.TIMER, addresses.mail_links)),
    timers=(Timer(LINK, LINK), Timer(addresses.TIMER, addresses.TIMER)),
    messages=(KIND, *addresses.KINDS),
    plain_tables=PLAIN,
)
