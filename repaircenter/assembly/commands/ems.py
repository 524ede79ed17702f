"""`repaircenter ems show` and `ems check`: the EMS reader on files, without a store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from repaircenter.ems import naming
from repaircenter.ems.normalised import normalise
from repaircenter.ems.reading import NotAnEstimate, read_set
from repaircenter.runtime.errors import InputRefused
from repaircenter.share import files

Json = dict[str, Any]


def _latest_model_year() -> int:
    return datetime.now(UTC).year + 2


def show(path: Path) -> Json:
    """The normalised estimate of the one set PATH names. Raises InputRefused with one sentence."""
    named = files.read_path(path)
    try:
        return normalise(read_set(named.base, named.data, year=_latest_model_year()))
    except NotAnEstimate as error:
        raise InputRefused("cli.file", file=named.base, reason=error.reason) from None


def as_text(shown: Json) -> str:
    """The same for a person: one fact a line."""
    customer, vehicle, totals = shown["customer"] or {}, shown["vehicle"], shown["totals"]
    name = " ".join(filter(None, (customer.get("first_name"), customer.get("last_name")))) or customer.get("company")
    car = " ".join(str(vehicle[key]) for key in ("year", "make", "model") if vehicle[key])
    rows = [
        ("Set", shown["base"]),
        ("System", shown["system"]),
        ("Version", shown["version"]),
        ("Complete", "yes" if shown["complete"] else "no"),
        ("Customer", name),
        ("Vehicle", car),
        ("Insurer", shown["insurer"]["name"]),
        ("Lines", len(shown["lines"])),
        ("Gross total", totals["gross"]),
    ]
    rows += [("Problem", f"{p['table']}: {p['message']}") for p in shown["problems"]]
    return "\n".join(f"{label:<12} {value if value is not None else '-'}" for label, value in rows)


def check(directory: Path) -> list[Json]:
    """State of every set of a folder, sorted by base. Raises KnownError when the folder cannot be read."""
    listing = files.look(directory)
    checked = []
    for names in naming.group(listing):
        entry: Json = {"base": names.base, "system": None, "version": None, "missing": [], "problems": []}
        checked.append(entry)
        if "ENV" not in names.files:
            entry.update(state="waiting", missing=["ENV"])
            continue
        try:
            shown = normalise(
                read_set(names.base, files.read_members(directory, names.files, listing), year=_latest_model_year())
            )
        except NotAnEstimate as error:
            heads = [head for head in _heads(directory, names) if head]
            foreign = heads and all(head not in (b"\x03", b"\x83", b"\x8b") for head in heads)
            problem = {"table": "ENV", "code": "bad_header", "message": error.reason}
            entry.update(state="foreign" if foreign else "broken" if heads else "waiting", problems=[problem])
        except files.NotYet:
            problem = {"table": "ENV", "code": "truncated", "message": "the set is busy or cannot be read"}
            entry.update(state="waiting", problems=[problem])
        except InputRefused as error:
            entry.update(state="broken", problems=[{"table": "ENV", "code": "bad_header", "message": str(error)}])
        else:
            missing = [p["table"] for p in shown["problems"] if p["code"] == "missing_table"]
            whole = all(p["code"] not in ("truncated", "bad_header", "unsupported_type") for p in shown["problems"])
            state = "complete" if shown["complete"] else "waiting" if whole else "broken"
            entry.update(
                system=shown["system"],
                version=shown["version"],
                state=state,
                missing=missing,
                problems=shown["problems"],
            )
    return checked


def _heads(directory: Path, names: naming.SetNames) -> list[bytes]:
    try:
        return [data[:1] for data in files.read_members(directory, names.files, {}).values()]
    except (files.NotYet, InputRefused):
        return []
