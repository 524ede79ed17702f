"""Reports one can run, their runs, and favourites."""

from msgspec import Struct


class Favourite(Struct, frozen=True, kw_only=True):
    """A saved report: its parameters stay relative ("this month") and are worked out at each run (A-36)."""

    id: int = 0
    name: str
    report: str
    parameters: dict[str, str]
    shops: list[int]


class FavouriteList(Struct, frozen=True, kw_only=True):
    favourites: list[Favourite]


class ReportInfo(Struct, frozen=True, kw_only=True):
    """A report one can run. `parameters` names those of requirements 9.1 that it takes, `period` the one it is usually
    looked at over (empty: the parameter's own usual value)."""

    id: str
    parameters: list[str]
    period: str = ""


class ReportOptions(Struct, frozen=True, kw_only=True):
    """What a person may choose from: programmes by id, employees by role, questions by key with their text in each
    language. `measures` is for desks that do not know ReportList.parameters."""

    programmes: dict[str, str] = {}
    employees: dict[str, list[str]] = {}
    measures: list[str] = []
    questions: dict[str, dict[str, str]] = {}


class ParameterChoices(Struct, frozen=True, kw_only=True):
    """The values of a parameter, in the order they are offered; `usual` is taken where none is sent (empty: no limit)."""

    name: str
    choices: list[str]
    usual: str = ""


class ReportList(Struct, frozen=True, kw_only=True):
    """`parameters` says the choices of those that have some, in the order they are offered."""

    reports: list[ReportInfo]
    parameters: list[ParameterChoices] = []


class RunRequest(Struct, frozen=True, kw_only=True):
    report: str
    parameters: dict[str, str]
    shops: list[int]
    language: str = "en"


class RunState(Struct, frozen=True, kw_only=True):
    """`state`: running, done, failed, stopped. `parts` says how many parts of the document are there."""

    id: str
    state: str
    parts: int
    error: str | None = None
