"""`repaircenter central admin`: what an operator of the service sets up and changes (docs/operations.md)."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.assembly.terminal import ask_new_password, counted
from repaircenter.runtime.errors import KnownError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

T = TypeVar("T")


def init(options: CentralOptions) -> int:
    """Make the database and its tables, then stop."""
    service = CentralService(options)
    try:
        service.prepare()
    finally:
        service.stop()
    print("The database is ready.")  # noqa: T201
    return 0


def administer(options: CentralOptions, what: str, path: Path) -> int:
    """`central admin set-up | questionnaire | references FILE` (docs/operations.md): all of a file, or nothing."""
    return _as_operator(
        options, {"set-up": _set_up, "questionnaire": _questionnaire, "references": _references}[what](path)
    )


def list_accounts(options: CentralOptions) -> int:
    """`central admin list`: organisations with their shops, persons and programmes."""
    from repaircenter.central.accounts.listing import lines

    return _as_operator(options, lambda connection: print("\n".join(lines(connection))))  # noqa: T201


def change_password(options: CentralOptions, email: str) -> int:
    """`central admin password EMAIL`: the new one is asked for, or taken from REPAIRCENTER_NEW_PASSWORD."""
    from repaircenter.central.accounts import admin
    from repaircenter.central.core.secrets import Passwords

    def apply(connection: "Connection") -> str:
        if not admin.is_known(connection, email):
            raise KnownError("service.no_person")
        password = ask_new_password(admin.LEAST_PASSWORD)
        if not admin.set_password(connection, email, password, Passwords()):
            raise KnownError("service.no_person")
        return f"The password of {email} was changed; its open sessions have ended."

    return _as_operator(options, apply)


def write_backup(options: CentralOptions, path: Path) -> int:
    """`central backup FILE`: everything the service keeps, as it is at one instant; it may go on working."""
    service = CentralService(options)
    try:
        service.prepare(as_it_is=True)
        service.write_backup(path)
    finally:
        service.stop()
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB. Keep it as you keep the data of the customers in it.")  # noqa: T201
    return 0


def restore(options: CentralOptions, path: Path) -> int:
    """`central restore FILE`: into a database in which nothing is yet."""
    service = CentralService(options)
    try:
        service.prepare(restore=path)
    finally:
        service.stop()
    print(f"The database is as it was in {path.name}, in the newest version.")  # noqa: T201
    return 0


def change_licence(
    options: CentralOptions, name: str, until: str | None, surveys: str | None, modules: Sequence[str] | None
) -> int:
    """`central admin license NAME`: what is given is changed, the rest stays; says what holds then."""
    from repaircenter.central.accounts import admin, licences

    changed: dict[str, object] = {}
    if until is not None:
        changed["licence_until"] = None if until == "never" else _instant_after(until)
    if surveys is not None:
        changed["surveys"] = surveys == "yes"
    if modules is not None:
        changed["modules"] = list(modules)

    def apply(connection: "Connection") -> str:
        org_id = admin.find_organisation(connection, name)
        if org_id is None:
            raise KnownError("service.no_organisation", name=name)
        licences.set_licence(connection, org_id, **changed)
        return licences.licence_line(connection, org_id)

    return _as_operator(options, apply)


def _instant_after(day: str) -> "datetime":
    """The end of a day, UTC: a licence holds through its last day. Raises KnownError."""
    from datetime import UTC, date, datetime, time, timedelta

    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        raise KnownError("cli.no_day", day=day) from None


def _as_operator(options: CentralOptions, apply: "Callable[[Connection], str | None]") -> int:
    """Do something as the owner of the database in one transaction, and say what was done."""
    service = CentralService(options)
    try:
        service.prepare()
        with service.admin() as connection:
            sentence = apply(connection)
    finally:
        service.stop()
    if sentence:
        print(sentence)  # noqa: T201
    return 0


def _set_up(path: Path) -> "Callable[[Connection], str]":
    from repaircenter.central.accounts.setup_file import SetupFile, apply, check
    from repaircenter.central.core.secrets import Passwords

    setup = _decoded(path, SetupFile)
    wrong = check(setup)
    if wrong:
        raise KnownError("cli.file", file=path.name, reason=wrong)

    def set_up(connection: "Connection") -> str:
        apply(connection, setup, Passwords())
        counts = (counted(len(setup.shops), "shop"), counted(len(setup.persons), "person"))
        programmes = counted(len(setup.programmes), "programme")
        return f"{setup.organisation}: {', '.join(counts)} and {programmes} are as the file says."

    return set_up


def _references(path: Path) -> "Callable[[Connection], str]":
    from repaircenter.central.reporting.targets_file import ReferencesFile, apply

    references = _decoded(path, ReferencesFile)

    def refer(connection: "Connection") -> str:
        apply(connection, references)
        return f"Targets and published values stand as {path.name} says."

    return refer


def _questionnaire(path: Path) -> "Callable[[Connection], str]":
    from repaircenter.central.questionnaires.queries import add_questionnaire, other_scale
    from repaircenter.central.questionnaires.questionnaire_file import read

    file, content = read(path)

    def add(connection: "Connection") -> str:
        if key := other_scale(connection, file):
            reason = str(KnownError("questionnaire_scale_elsewhere", place=f"question {key}"))
            raise KnownError("cli.file", file=path.name, reason=reason.rstrip("."))
        if not add_questionnaire(connection, file.key, file.version, content):
            raise KnownError("service.questionnaire_fixed", version=file.version, key=file.key)
        return f"Version {file.version} of the questionnaire {file.key} is there."

    return add


def _decoded(path: Path, kind: "type[T]") -> "T":
    """The content of a JSON file. Raises KnownError that says where it is wrong."""
    import msgspec

    try:
        text = path.read_text("utf-8-sig")
        json.loads(text)  # whose message has a line in it
        return msgspec.json.decode(text, type=kind)
    except OSError as error:
        raise KnownError("cli.file", file=path, reason=error.strerror) from None
    except UnicodeDecodeError:
        raise KnownError("cli.not_utf8", file=path) from None
    except json.JSONDecodeError as error:
        raise KnownError("cli.file_line", file=path, line=error.lineno, column=error.colno, reason=error.msg) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise KnownError("cli.file", file=path, reason=error) from None
