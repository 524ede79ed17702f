"""Reports, their runs, and kept favourites for persons."""

from typing import Any

import msgspec
from litestar import Request as HttpRequest
from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody
from sqlalchemy import text

from repaircenter.central.accounts import queries as accounts
from repaircenter.central.accounts.guard import caller_of
from repaircenter.central.accounts.rules import PERSON
from repaircenter.central.core.http import refuse
from repaircenter.central.core.service import Service
from repaircenter.central.reporting.catalogue import REPORTS
from repaircenter.central.reporting.measures import MEASURES, one_to_ten
from repaircenter.central.reporting.report import Request
from repaircenter.central.reporting.runs import Runs
from repaircenter.central.reporting.sql import aggregates
from repaircenter.central.reporting.sql.periods import period_of
from repaircenter.central.surveys.queries import questions_in_use
from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import LANGUAGES, language_of, sort_key
from repaircenter.wire.reports import (
    Favourite,
    FavouriteList,
    ReportInfo,
    ReportList,
    ReportOptions,
    RunRequest,
    RunState,
)

Http = HttpRequest[Any, Any, Any]


def routes(service: Service, runs: Runs) -> Router:
    @get("/reports", sync_to_thread=True)
    def reports(request: Http) -> ReportList:
        caller_of(service, request, PERSON)
        return ReportList(reports=[ReportInfo(id=r.id, parameters=list(r.parameters)) for r in REPORTS.values()])

    @post("/reports/runs", sync_to_thread=True, status_code=200)
    def start(request: Http, data: JSONBody[RunRequest]) -> RunState:
        caller = caller_of(service, request, PERSON)
        if data.report not in REPORTS:
            refuse(422, "unknown_report")
        now = service.clock.now_utc()
        try:
            period_of(data.parameters.get("period", "this_month"), day_in("UTC", now))
        except ValueError:
            refuse(422, "bad_period")
        wanted = [shop for shop in data.shops if shop in caller.shops] if data.shops else list(caller.shops)
        if not wanted:
            refuse(422, "no_such_shop")
        scope = caller.scope.narrowed(wanted)
        with service.web.scoped(scope) as connection:
            person = accounts.person(connection, caller.id)
        name = person.name if person is not None else ""
        asked = Request(data.report, data.parameters, wanted, language_of(data.language), name, now)
        return runs.start(asked, scope, caller.id)

    @get("/reports/runs/{run_id:str}", sync_to_thread=True)
    def state(request: Http, run_id: FromPath[str]) -> RunState:
        caller = caller_of(service, request, PERSON)
        found = runs.state(run_id, caller.scope)
        if found is None:
            refuse(404, "unknown_run")
        return found

    @get("/reports/runs/{run_id:str}/parts/{number:int}", sync_to_thread=True)
    def part(request: Http, run_id: FromPath[str], number: FromPath[int]) -> Response[bytes]:
        caller = caller_of(service, request, PERSON)
        data = runs.part(run_id, caller.scope, number)
        if data is None:
            refuse(404, "unknown_part")
        return Response(data, media_type="application/json")

    @delete("/reports/runs/{run_id:str}", sync_to_thread=True)
    def stop(request: Http, run_id: FromPath[str]) -> None:
        caller = caller_of(service, request, PERSON)
        if not runs.stop(run_id, caller.scope):
            refuse(404, "unknown_run")

    @get("/reports/options", sync_to_thread=True)
    def options(request: Http) -> ReportOptions:
        caller = caller_of(service, request, PERSON)
        with service.web.scoped(caller.scope) as connection:
            programmes = {str(number): name for number, name in aggregates.programmes_of(connection, caller.shops).items()}
            employees = aggregates.employee_names(connection, caller.shops)
            asked = questions_in_use(connection)
        measures = [name for name in MEASURES if name != "nps_1_10" or one_to_ten(asked)]
        questions = {q.key: {language: q.label(language) for language in LANGUAGES} for q in asked if q.kind == "scale"}
        return ReportOptions(programmes=programmes, employees=employees, measures=measures, questions=questions)

    return Router("/", route_handlers=[reports, options, start, state, part, stop, *_favourites(service)])


def _favourites(service: Service) -> list[Any]:
    @get("/favourites", sync_to_thread=True)
    def favourites(request: Http) -> FavouriteList:
        caller = caller_of(service, request, PERSON)
        with service.web.scoped(caller.scope) as connection:
            rows = connection.execute(
                text("SELECT id, name, report, parameters, shops FROM favourite ORDER BY sort_key, id")
            )
            found = [Favourite(id=r[0], name=r[1], report=r[2], parameters=r[3], shops=list(r[4])) for r in rows]
        return FavouriteList(favourites=found)

    @post("/favourites", sync_to_thread=True, status_code=200)
    def add(request: Http, data: JSONBody[Favourite]) -> Favourite:
        caller = caller_of(service, request, PERSON)
        with service.web.scoped(caller.scope) as connection:
            number = connection.execute(
                text(
                    "INSERT INTO favourite (org_id, person_id, name, sort_key, report, parameters, shops, created_at) "
                    "VALUES (:org, :person, :name, :sort, :report, :parameters, :shops, :now) RETURNING id"
                ),
                {**_values(data), "org": caller.org_id, "person": caller.id, "now": service.clock.now_utc()},
            ).scalar_one()
        return msgspec.structs.replace(data, id=number)

    @put("/favourites/{favourite_id:int}", sync_to_thread=True)
    def change(request: Http, favourite_id: FromPath[int], data: JSONBody[Favourite]) -> Favourite:
        caller = caller_of(service, request, PERSON)
        with service.web.scoped(caller.scope) as connection:
            changed = connection.execute(
                text(
                    "UPDATE favourite SET name = :name, sort_key = :sort, report = :report, parameters = :parameters, "
                    "shops = :shops WHERE id = :id"
                ),
                {**_values(data), "id": favourite_id},
            ).rowcount
        if not changed:
            refuse(404, "unknown_favourite")
        return msgspec.structs.replace(data, id=favourite_id)

    @delete("/favourites/{favourite_id:int}", sync_to_thread=True)
    def remove(request: Http, favourite_id: FromPath[int]) -> None:
        caller = caller_of(service, request, PERSON)
        with service.web.scoped(caller.scope) as connection:
            connection.execute(text("DELETE FROM favourite WHERE id = :id"), {"id": favourite_id})

    return [favourites, add, change, remove]


def _values(data: Favourite) -> dict[str, object]:
    name = data.name.strip()[:120]
    if not name or data.report not in REPORTS:
        refuse(422, "bad_favourite")
    parameters = msgspec.json.encode(data.parameters).decode()
    return {"name": name, "sort": sort_key(name), "report": data.report, "parameters": parameters, "shops": data.shops}
