"""What stands above the pages: why a report is empty, how old it is, that its parameters have changed."""

from collections.abc import Callable
from functools import partial

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.viewer.report_state import ReportState
from repaircenter.wire.reports import RunRequest


class ReportNotices:
    """Says what matters of the shown report; `refresh` asks again, `with_period` shows another period."""

    def __init__(
        self,
        context: DeskContext,
        banner: Banner,
        state: ReportState,
        refresh: Callable[[], object],
        with_period: Callable[[str], object],
    ) -> None:
        self._context, self._banner, self._state = context, banner, state
        self._refresh, self._with_period = refresh, with_period

    def say_what_matters(self) -> None:
        """An empty report explains itself and offers periods that show something (A-50); data may be late (V-N4)."""
        self._banner.clear()
        empty, header, words = self._state.empty, self._state.header, self._context.words
        sentences: list[str] = []
        actions: list[tuple[str, Callable[[], object]]] = []
        if self._state.as_of_utc is not None:
            sentences.append(words("desk.viewer.as_of", when=self._context.instant(self._state.as_of_utc)))
            actions.append((words("desk.retry"), self._refresh))
        if empty is not None:
            sentences.append(empty.text)
            actions.extend((title, partial(self._with_period, word)) for word, title in empty.suggestions)
        elif header is not None:
            sentences.extend(header.notices)
        if sentences:
            self._banner.say(" ".join(sentences), actions)

    def say_stale(self, view_again: Callable[[], object], reset: Callable[[RunRequest], object]) -> None:
        """Parameters changed since the pages were made (A-34); they can be put back to the shown report's (V-07)."""
        request, words = self._state.request, self._context.words
        if request is None:
            return

        def put_back() -> None:
            reset(request)
            self._banner.clear()

        choices = [(words("desk.surveys.view"), view_again), (words("desk.viewer.reset"), put_back)]
        self._banner.say(words("desk.viewer.stale"), choices)
