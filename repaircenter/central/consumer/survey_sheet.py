"""Draws a page of a questionnaire, of a customer's survey and of a preview alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from repaircenter.central.consumer.pages import Page, Pages
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.central.surveys.shown import say_goodbye, show_page
from repaircenter.runtime.text import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the questions: where the form goes, where the customer says stop, what is said above; `so_far` is
    carried along where nothing is kept, `seen` told once somebody looks."""

    address: str
    stop_link: str = ""
    seen: str = ""
    notice: str = ""
    so_far: str = ""


def draw(
    pages: Pages,
    sheet: Sheet,
    around: Around,
    number: int,
    now_utc: datetime,
    *,
    missing: Sequence[str] = (),
    error: str = "",
) -> Page:
    """The page of this number (from 0) among those the customer sees; with an error it is a page that was refused."""
    words, shown = Texts(sheet.language), show_page(sheet, number, missing)
    return pages.page(
        "survey.html",
        words,
        422 if error else 200,
        seen=around.seen,
        title=words("page.survey.title", shop=sheet.shop),
        heading=shown.heading,
        name=sheet.first_name,
        shop=sheet.shop,
        vehicle=sheet.vehicle,
        address=around.address,
        page=shown.key,
        number=shown.number,
        several_pages=shown.is_one_of_several,
        is_last=shown.is_last,
        shown=int(now_utc.timestamp()),
        so_far=around.so_far,
        questions=shown.questions,
        comment=sheet.answers.comment,
        comment_label=shown.comment_label,
        notice=around.notice,
        error=error,
        stop_link=around.stop_link,
    )


def receipt(pages: Pages, sheet: Sheet, notice: str = "") -> Page:
    """What is said once the answers are sent, by what they are (D-08)."""
    words = Texts(sheet.language)
    message = f"{say_goodbye(sheet)} {notice}".strip()
    return pages.page("message.html", words, 200, title=words("page.done.title"), message=message, action=None)
