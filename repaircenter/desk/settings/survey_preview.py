"""A questionnaire shown in the browser as customers see it."""

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command
from repaircenter.shop.ports import PersonLink
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import Preview, PreviewRequest


class SurveyPreview:
    """Asks the service for the page of an hour and opens it."""

    def __init__(self, context: DeskContext) -> None:
        self._command = Command(context.operations)

    def show(self, link: PersonLink, wanted: PreviewRequest, fail: Callable[[str], None]) -> None:
        """Open the page; `fail` gets one sentence where there is none."""
        fail("")
        self._command.run(lambda: link.call(endpoints.PREVIEW_SURVEY, wanted), _open, fail)


def _open(preview: Preview) -> None:
    address = QUrl(preview.address)
    if address.scheme() in ("http", "https"):
        QDesktopServices.openUrl(address)
