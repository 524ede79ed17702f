"""Where messages go, as the command line says it."""

import os
from typing import TYPE_CHECKING

from repaircenter.runtime.errors import KnownError

if TYPE_CHECKING:
    from repaircenter.central.messages.transport import MailServer

_TLS_PORT, _SMTP_PORT = 465, 25
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def mail_server(smtp: str, security: str | None, user: str | None) -> "MailServer":
    """Encrypted and verified, but for a mail server on this machine; `smtp` is HOST[:PORT]. Raises KnownError."""
    from repaircenter.central.messages.transport import PLAIN, STARTTLS, TLS, MailServer

    host, _, port = smtp.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port) < 65536)):
        raise KnownError("service.bad_smtp")
    number = int(port or _SMTP_PORT)
    usual = TLS if number == _TLS_PORT else PLAIN if host in THIS_MACHINE else STARTTLS
    password = None
    if user is not None:
        password = os.environ.get("REPAIRCENTER_SMTP_PASSWORD")
        if password is None:
            raise KnownError("service.smtp_password")
    return MailServer(host, number, security or usual, user, password)
