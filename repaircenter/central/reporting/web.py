"""Reports and their runs, for persons."""

from collections.abc import Sequence

from repaircenter.central.accounts import queries as accounts
from repaircenter.central.core.calls import Call, Handler, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.core.service import Service
from repaircenter.central.questionnaires.queries import questions_in_use
from repaircenter.central.reporting import favourites
from repaircenter.central.reporting.catalogue import REPORTS, may_read
from repaircenter.central.reporting.parameters import USUAL_PERIOD, offered
from repaircenter.central.reporting.report import Request
from repaircenter.central.reporting.runs import Runs
from repaircenter.central.reporting.sql import choices
from repaircenter.central.reporting.sql.periods import period_of
from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import LANGUAGES, language_of
from repaircenter.wire import endpoints
from repaircenter.wire.reports import ReportInfo, ReportList, ReportOptions, RunRequest, RunState


def handlers(service: Service) -> Sequence[Handler]:
    """The runs live as long as the service: they end with it."""
    runs = Runs(service)
    service.stops.add("report runs", runs.close)
    runs.start_tending()

    @serves(endpoints.REPORTS)
    def reports(call: Call) -> ReportList:
        return ReportList(
            reports=[
                ReportInfo(id=report.id, parameters=list(report.parameters), period=report.usual_period)
                for report in REPORTS.values()
                if may_read(call, report.id)
            ],
            parameters=offered(questions_in_use(call.connection)),
        )

    @serves(endpoints.REPORT_OPTIONS)
    def options(call: Call) -> ReportOptions:
        connection = call.connection
        programmes = choices.programmes_of(connection, call.caller.shops)
        asked = questions_in_use(connection)
        return ReportOptions(
            programmes={str(number): name for number, name in programmes.items()},
            employees=choices.employee_names(connection, call.caller.shops),
            measures=next(parameter.choices for parameter in offered(asked) if parameter.name == "measure"),
            questions={
                q.key: {language: q.label(language) for language in LANGUAGES} for q in asked if q.kind == "scale"
            },
        )

    @serves(endpoints.START_RUN)
    def start(call: Call, asked: RunRequest) -> RunState:
        caller, now = call.caller, service.clock.now_utc()
        if not may_read(call, asked.report):
            refuse(422, "unknown_report")
        try:
            period_of(asked.parameters.get("period") or USUAL_PERIOD, day_in("UTC", now))
        except ValueError:
            refuse(422, "bad_period")
        shops = [shop for shop in asked.shops if shop in caller.shops] if asked.shops else list(caller.shops)
        if not shops:
            refuse(422, "no_such_shop")
        scope = caller.scope.narrowed(shops)
        with service.web.scoped(scope) as connection:
            person = accounts.person(connection, caller.id)
        name = person.name if person is not None else ""
        language = language_of(asked.language)
        request = Request(asked.report, asked.parameters, shops, language, name, now, scope.of_programmes)
        return runs.start(request, scope, caller.id)

    @serves(endpoints.RUN_STATE)
    def state(call: Call, run_id: str) -> RunState:
        run = runs.state(run_id, call.caller.scope)
        if run is None:
            refuse(404, "unknown_run")
        return run

    @serves(endpoints.RUN_PART)
    def part(call: Call, run_id: str, number: int) -> bytes:
        content = runs.part(run_id, call.caller.scope, number)
        if content is None:
            refuse(404, "unknown_part")
        return content

    @serves(endpoints.STOP_RUN)
    def stop(call: Call, run_id: str) -> None:
        if not runs.stop(run_id, call.caller.scope):
            refuse(404, "unknown_run")

    return reports, options, start, state, part, stop, *favourites.HANDLERS
