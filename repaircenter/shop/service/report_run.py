"""Runs a report to its end: starts it, fetches part after part, stops it when nobody wants it any more."""

from collections.abc import Callable, Iterator

from repaircenter.runtime.errors import KnownError
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.document.parts import Part
from repaircenter.wire.reports import RunRequest

FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.02, 0.4


class RunFailed(KnownError):
    """The service could not finish the report."""


def run_parts(
    link: PersonLink, request: RunRequest, wait: Callable[[float], None], stopping: Callable[[], bool] = lambda: False
) -> Iterator[Part]:
    """Parts as they come in. Leaving the generator early, or `stopping`, stops the run on the service."""
    state = link.call(endpoints.START_RUN, request)
    number, pause, over = 0, FIRST_POLL_SECONDS, False
    try:
        while not stopping():
            while number < state.parts and not stopping():
                yield link.call(endpoints.RUN_PART, run_id=state.id, number=number)
                number, pause = number + 1, FIRST_POLL_SECONDS
            if state.state != "running":
                over = True
                break
            wait(pause)
            pause = min(pause * 1.5, LONGEST_POLL_SECONDS)
            state = link.call(endpoints.RUN_STATE, run_id=state.id)
    finally:
        if not over:
            link.call(endpoints.STOP_RUN, run_id=state.id)
    if state.state == "failed":
        raise RunFailed("report_failed")


def run_to_end(link: PersonLink, request: RunRequest, wait: Callable[[float], None]) -> list[Part]:
    return list(run_parts(link, request, wait))
