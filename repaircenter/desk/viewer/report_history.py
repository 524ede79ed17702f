"""Where one came from in the reports: one history, back and forward (V-11, V-12, V-N2). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from repaircenter.desk.viewer.pages.place import Place
from repaircenter.desk.viewer.report_run import KeptResult
from repaircenter.rendering import values
from repaircenter.rendering.arrangement import Arrangement
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.wire.document.cells import Link
from repaircenter.wire.document.parts import Header, Part
from repaircenter.wire.reports import RunRequest

_MOST = 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished report as it was left: shown again without asking the service."""

    request: RunRequest
    came: Sequence[Part]
    parts: Sequence[Part]
    pages: Sequence[Page]
    place: Place
    setup: PageSetup
    arrangement: Arrangement
    kept: KeptResult | None = None
    as_of_utc: datetime | None = None


def crumb(header: Header) -> str:
    """A level of the way one came: the report with its period, or whatever it says first."""
    return f"{header.title} ({header.facts[0][1]})" if header.facts else header.title


def said(header: Header) -> str:
    """All its parameters, for who wants to know."""
    facts = (values.labelled(name, value, header.language) for name, value in header.facts)
    return f"{header.title}: " + "; ".join(filter(None, (header.subtitle, *facts)))


@dataclass(slots=True)
class History:
    """The reports before and after the one that is shown."""

    before: list[Snapshot] = field(default_factory=list)
    after: list[Snapshot] = field(default_factory=list)

    def clear(self) -> None:
        self.before.clear()
        self.after.clear()

    def leave(self, shown: Snapshot) -> None:
        """Another report is opened from the shown one."""
        self.before = [*self.before, shown][-_MOST:]
        self.after.clear()

    def back(self, shown: Snapshot | None) -> Snapshot | None:
        """The one before; the shown one is reached by forward again."""
        if not self.before:
            return None
        if shown is not None:
            self.after.append(shown)
        return self.before.pop()

    def forward(self, shown: Snapshot | None) -> Snapshot | None:
        if not self.after:
            return None
        if shown is not None:
            self.before.append(shown)
        return self.after.pop()


def followed(request: RunRequest, link: Link) -> RunRequest:
    """The request a link makes of the one it was clicked in: its parameters over those, an empty one removed."""
    merged = {**request.parameters, **link.parameters}
    return RunRequest(
        report=link.report,
        parameters={name: value for name, value in merged.items() if value},
        shops=link.shops or request.shops,
        language=request.language,
    )
