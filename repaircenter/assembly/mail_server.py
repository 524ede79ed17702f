"""Where messages go and what comes back is read, as the command line says it."""

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from repaircenter.assembly.central_options import CentralOptions
from repaircenter.runtime.contact import HOME_COUNTRY
from repaircenter.runtime.errors import KnownError

if TYPE_CHECKING:
    from repaircenter.central.core.ports import MailTransport, TextTransport
    from repaircenter.central.messages.transport import MailServer

_TLS_PORTS, _SMTP_PORT, _IMAP_TLS_PORT = (465, 993), 25, 993
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
DEMO_SENDER = "surveys@repaircenter.example"


def mail_server(smtp: str, security: str | None, user: str | None) -> "MailServer":
    """Encrypted and verified, but for a mail server on this machine; `smtp` is HOST[:PORT]. Raises KnownError."""
    return _server(
        smtp, _SMTP_PORT, "service.bad_smtp", security, user, "REPAIRCENTER_SMTP_PASSWORD", "service.smtp_password"
    )


def _server(
    given: str, usual_port: int, bad: str, security: str | None, user: str | None, variable: str, no_password: str
) -> "MailServer":
    from repaircenter.central.messages.transport import PLAIN, STARTTLS, TLS, MailServer

    host, _, port = given.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port) < 65536)):
        raise KnownError(bad)
    number = int(port or usual_port)
    usual = TLS if number in _TLS_PORTS else PLAIN if host in THIS_MACHINE else STARTTLS
    password = None
    if user is not None:
        password = os.environ.get(variable)
        if password is None:
            raise KnownError(no_password)
    return MailServer(host, number, security or usual, user, password)


def transport_of(options: CentralOptions) -> "MailTransport":
    """What takes our messages: a mail server, or a folder. Raises KnownError."""
    from repaircenter.central.messages.transport import FolderTransport, SmtpTransport

    folder = options.mail_folder
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise KnownError("service.mail_folder", folder=folder, reason=error.strerror) from None
        return FolderTransport(folder)
    if options.smtp is None:
        raise KnownError("service.no_mail")
    return SmtpTransport(mail_server(options.smtp, options.smtp_security, options.smtp_user))


def sender_of(options: CentralOptions) -> str:
    """The address messages come from; a real mail server needs a real one. Raises KnownError."""
    from repaircenter.runtime.contact import read_email

    if options.mail_from is None:
        if options.smtp is not None:
            raise KnownError("service.no_sender")
        return DEMO_SENDER
    sender = read_email(options.mail_from).address
    if sender is None:
        raise KnownError("service.bad_sender")
    return sender


def inbox_of(options: CentralOptions) -> "MailServer | None":
    """The inbox to which messages come back, HOST[:PORT]; None where nobody reads it. Raises KnownError."""
    if options.inbox is None:
        return None
    if options.inbox_user is None:
        raise KnownError("service.inbox_user")
    return _server(
        options.inbox,
        _IMAP_TLS_PORT,
        "service.bad_inbox",
        options.inbox_security,
        options.inbox_user,
        "REPAIRCENTER_INBOX_PASSWORD",
        "service.inbox_password",
    )


def texts_of(options: CentralOptions) -> "TextTransport | None":
    """What takes our texts: a service, or the folder of the messages; None for nothing. Raises KnownError."""
    from repaircenter.central.messages.text_messages import FolderTexts, TextService, TwilioTexts
    from repaircenter.runtime.contact import read_phones

    if options.texts is None:
        return None if options.mail_folder is None else FolderTexts(options.mail_folder)
    parts = urlsplit(options.texts)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    number = next(iter(read_phones(options.texts_from or "", HOME_COUNTRY)), None)
    if not is_safe or not parts.hostname or parts.query or not options.texts_account or number is None:
        raise KnownError("service.bad_texts")
    token = os.environ.get("REPAIRCENTER_TEXTS_TOKEN")
    if not token:
        raise KnownError("service.texts_token")
    return TwilioTexts(TextService(options.texts.rstrip("/"), options.texts_account, number, token))
