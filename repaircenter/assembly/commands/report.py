"""`repaircenter report list` and `report run`: reports without a window, for a person who signs in."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from repaircenter.assembly.terminal import ask_password
from repaircenter.runtime.errors import EnvironmentFailure, KnownError, file_not_written
from repaircenter.runtime.text import Texts, language_of
from repaircenter.shop.ports import PLAIN, NotEncrypted
from repaircenter.shop.service.report_run import run_to_end
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.uplink.secrets import NoSecrets
from repaircenter.wire import endpoints
from repaircenter.wire.identity import SessionAnswer
from repaircenter.wire.reports import RunRequest


@dataclass(frozen=True, slots=True)
class Account:
    """Whose reports of which service; `plain_http` agrees to an address that is not encrypted."""

    service: str
    email: str
    plain_http: bool = False


def _signed_in(account: Account) -> tuple[PersonClient, SessionAnswer]:
    client = PersonClient(Http(account.service, PLAIN if account.plain_http else None), NoSecrets())
    try:
        return client, client.sign_in(account.email, ask_password())
    except NotEncrypted:
        raise KnownError("cli.plain") from None


def show_list(account: Account) -> int:
    """One line a report: its id and its title in the person's language."""
    client, session = _signed_in(account)
    words = Texts(language_of(session.language))
    for report in client.call(endpoints.REPORTS).reports:
        key = f"report.{report.id}.title"
        print(f"{report.id}  {words(key) if words.has(key) else ''}")  # noqa: T201
    return 0


def run(
    account: Account, report: str, parameters: Sequence[str], out: Path, format_: str | None, language: str | None
) -> int:
    """Run one report for all shops of the person and write it. Raises KnownError with one sentence."""
    given = dict(_pair(text) for text in parameters)
    format_ = format_ or _format_of(out)
    if not out.parent.is_dir():
        raise EnvironmentFailure("cli.no_folder", path=out.parent)
    client, session = _signed_in(account)
    _check(client, report, given)
    shops = [shop.id for shop in session.shops]
    request = RunRequest(
        report=report, parameters=given, shops=shops, language=language_of(language or session.language)
    )
    try:
        from repaircenter.rendering.exports import encode
        from repaircenter.rendering.pdf import save

        parts = run_to_end(client, request, time.sleep)
        save(encode(parts, format_), out)
    except OSError as error:
        raise file_not_written(out, error) from None
    print(f"{report} was written to {out}.", file=sys.stderr)  # noqa: T201
    return 0


_FORMATS = ("pdf", "xlsx", "csv", "html")


def _format_of(out: Path) -> str:
    ending = out.suffix.removeprefix(".").lower()
    if ending not in _FORMATS:
        raise KnownError("cli.ending", file=out.name, endings=", ".join(_FORMATS))
    return ending


def _check(client: PersonClient, report: str, given: Mapping[str, str]) -> None:
    """Refuse what the service does not know: a report, a parameter, a programme; a typing error shows no other figures."""
    known = {info.id: info for info in client.call(endpoints.REPORTS).reports}
    if report not in known:
        raise KnownError("cli.no_report", report=report)
    unknown = sorted(given.keys() - {*known[report].parameters, *_ALWAYS})
    if unknown:
        takes = ", ".join(sorted({*known[report].parameters, "period"} - {"shops"}))
        raise KnownError("cli.no_parameter", report=report, parameter=unknown[0], takes=takes)
    programme = given.get("programme", "")
    if programme and programme not in client.call(endpoints.REPORT_OPTIONS).programmes:
        raise KnownError("cli.no_programme", programme=programme)


# What links between reports carry, whatever a report declares.
_ALWAYS = ("period", "job", "question", "score", "role", "group", "stars")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise KnownError("cli.bad_parameter", text=text)
    return name, value
