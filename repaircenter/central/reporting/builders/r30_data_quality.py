"""R-30 Data quality: what the jobs a shop sends lack, what could not be reached, when its PC was last heard of."""

from collections.abc import Iterator

from repaircenter.central.reporting.header import empty, header
from repaircenter.central.reporting.report import Report, ReportContext
from repaircenter.central.reporting.sql import sample_rows
from repaircenter.central.reporting.sql.sample_rows import NOTHING, Lacks
from repaircenter.metrics import shares
from repaircenter.wire.document.cells import Cell
from repaircenter.wire.document.nodes import Heading, Node, Paragraph, Table
from repaircenter.wire.document.parts import Part

_LACKS = ("no_email", "no_phone", "no_way", "no_estimator", "no_insurer", "same_ro")
_COLUMNS = (
    ("shop", 1.8, "text"),
    ("jobs_came", 0.7, "integer"),
    *((f"lack_{name}", 1.0, "percent") for name in _LACKS),
    ("funnel_sent", 0.8, "integer"),
    ("lack_bounced", 1.0, "percent"),
    ("lack_heard", 1.3, "instant"),
)


def build(context: ReportContext) -> Iterator[Part]:
    found = sample_rows.lacks(context.connection, context.selection)
    if not found:
        yield empty(context, "jobs")
        return
    lines = [
        [name, *_line(context, found[shop], zone)]
        for shop, (name, zone) in sorted(context.shops.items(), key=lambda of: of[1][0])
        if shop in found
    ]
    total: list[Cell] | None = None
    if len(lines) > 1:
        total = [context.words("report.total"), *_line(context, sum(found.values(), NOTHING), context.zone)]
    jobs = sum(lacks.jobs for lacks in found.values())
    nodes: list[Node] = [
        Heading(text=context.scope),
        Table(columns=[context.column(*named) for named in _COLUMNS], rows=lines, total=total),
        *context.left_out("report.R-30.nothing_sent", found),
        Paragraph(text=context.words("report.R-30.note"), style="note"),
    ]
    yield Part(number=0, header=header(context, (shares.SHARE,), jobs), nodes=nodes, last=True)


def _line(context: ReportContext, lacks: Lacks, zone: str) -> list[Cell]:
    def share(count: int, of: int) -> Cell:
        return context.shown(shares.share(count, of, shares.SHARE), "percent", plain=True)

    return [
        lacks.jobs,
        *(share(getattr(lacks, name), lacks.jobs) for name in _LACKS),
        lacks.sent,
        share(lacks.bounced, lacks.sent),
        context.instant(lacks.seen_at, zone),
    ]


REPORT = Report("R-30", ("shops", "period", "programme"), build, landscape=True, of_the_shop=True)
