"""The parts of one running service, handed to every area."""

from dataclasses import dataclass, field

from repaircenter.central.core.day_end import DayEnd
from repaircenter.central.core.events import Events
from repaircenter.central.core.personal import PersonalTable
from repaircenter.central.core.ports import MailTransport, TextTransport
from repaircenter.central.core.secrets import Passwords, Signer
from repaircenter.central.db.connections import Database
from repaircenter.central.db.replica import Reading
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.threads import Stops


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one running service; what an area starts adds its end to `stops`.

    `events` tells the areas what happens, `personal` is where customers' data stands.
    """

    web: Database
    sign_in: Database
    worker: Database
    # Where reports are read.
    reports: Reading
    clock: Clock
    keyed: Signer
    passwords: Passwords
    public_address: str
    mail: MailTransport
    sender: str
    # Where a person gets the newest desk; empty where none is offered.
    desk_download: str
    # Whom a shop calls when nothing goes right; empty where the operator gave no number.
    support_phone: str
    day_end: DayEnd
    # Whether somebody reads what comes back: only then a message has a return address of its own.
    reads_inbox: bool = False
    # What takes texts to customers; None where the operator has nothing that does.
    texts: TextTransport | None = None
    stops: Stops = field(default_factory=Stops)
    events: Events = field(default_factory=Events)
    personal: tuple[PersonalTable, ...] = ()
