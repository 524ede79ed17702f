"""`repaircenter report list` and `report run`: reports without a window, for a person who signs in."""

import os
import time
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.runtime.text import Texts, language_of
from repaircenter.shop.running import run_to_end
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.uplink.secrets import NoSecrets
from repaircenter.wire.messages import RunRequest, SessionAnswer


def _signed_in(service: str, email: str) -> tuple[PersonClient, SessionAnswer]:
    client = PersonClient(Http(service), NoSecrets())
    return client, client.sign_in(email, os.environ.get("REPAIRCENTER_PASSWORD") or getpass("Password: "))


def show_list(service: str, email: str) -> int:
    """One line a report: its id and its title in the person's language."""
    client, session = _signed_in(service, email)
    words = Texts(language_of(session.language))
    for report in client.reports():
        key = f"report.{report.id}.title"
        print(f"{report.id}  {words(key) if words.has(key) else ''}")  # noqa: T201
    return 0


def run(
    service: str, email: str, report: str, parameters: Sequence[str], out: Path, format_: str, language: str | None
) -> int:
    """Run one report for all shops of the person and write it. Raises KnownError with one sentence."""
    given = dict(_pair(text) for text in parameters)
    client, session = _signed_in(service, email)
    shops = [shop.id for shop in session.shops]
    request = RunRequest(
        report=report, parameters=given, shops=shops, language=language_of(language or session.language)
    )
    try:
        from repaircenter.reports.exports import encode
        from repaircenter.reports.pdf import save

        save(encode(run_to_end(client, request, time.sleep), format_), out)
    except OSError as error:
        raise EnvironmentFailure(f"{out.name}: {error.strerror or 'the file cannot be written'}.") from None
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise KnownError(f"A parameter is written as name=value; '{text}' is not.")
    return name, value
