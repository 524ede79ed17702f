"""A questionnaire as the customer sees it, for staff: an address good for an hour, page by page; nothing is kept or counted."""

from dataclasses import replace
from typing import Any

import msgspec
from litestar import Request, Router, post, route
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath

from repaircenter.central.consumer.pages import READ, Page, Pages, language_asked
from repaircenter.central.consumer.survey_sheet import Around, draw, receipt
from repaircenter.central.core.http import fields_of
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.central.questionnaires import queries
from repaircenter.central.surveys.answers import LONGEST_TEXT, Answers, read_answers
from repaircenter.central.surveys.sent_page import receive
from repaircenter.central.surveys.sheet import Sheet
from repaircenter.runtime.days import day_in
from repaircenter.runtime.text import Texts

_Http = Request[Any, Any, Any]


def routes(service: Service) -> Router:
    pages = Pages()

    def find(token: str) -> Sheet | None:
        with service.web.scoped(NOTHING) as connection:
            shown = queries.draft(connection, token_hash(token), service.clock.now_utc())
        if shown is None:
            return None
        words = Texts(shown.language)
        today = day_in("UTC", service.clock.now_utc())
        return Sheet(
            shop=shown.shop,
            shop_address="",
            language=shown.language,
            first_name=words("page.preview.name"),
            vehicle=words("page.preview.vehicle"),
            questionnaire=shown.content,
            answers=Answers(),
            promised=[today],
            delivered_on=today,
        )

    def around(sheet: Sheet, token: str) -> Around:
        so_far = msgspec.json.encode(sheet.answers).decode()
        notice = Texts(sheet.language)("page.preview.notice")
        return Around(address=f"/v/{token}", notice=notice, so_far=so_far)

    @route("/{token:str}", http_method=READ, sync_to_thread=True)
    def show(request: _Http, token: FromPath[str]) -> Page:
        sheet = find(token)
        if sheet is None:
            return pages.message(language_asked(request), "gone", status=404)
        return draw(pages, sheet, around(sheet, token), 0, service.clock.now_utc())

    def go_on(token: str, form: dict[str, list[str]], wish: str) -> Page:
        blank = find(token)
        if blank is None:
            return pages.message(wish, "gone", status=404)
        now_utc = service.clock.now_utc()
        sheet = replace(blank, answers=_carried(blank, form))
        sent = receive(sheet, form, now_utc)
        sheet = replace(sheet, answers=sent.answers)
        words = Texts(sheet.language)
        if sent.is_back or sent.is_stale:
            number = sent.number if sent.is_stale else max(sent.number - 1, 0)
            return draw(pages, sheet, around(sheet, token), number, now_utc)
        if sent.error:
            error = words(f"page.survey.{sent.error}")
            beside = around(sheet, token)
            return draw(pages, sheet, beside, sent.number, now_utc, missing=sent.missing, error=error)
        if not sent.is_last:
            return draw(pages, sheet, around(sheet, token), sent.number + 1, now_utc)
        return receipt(pages, sheet, words("page.preview.notice"))

    @post("/{token:str}", status_code=200)
    async def answer(request: _Http, token: FromPath[str]) -> Page:
        form = await fields_of(request)
        return await sync_to_thread(go_on, token, form, language_asked(request))

    return Router("/v", route_handlers=[show, answer])


def _carried(sheet: Sheet, form: dict[str, list[str]]) -> Answers:
    """What the page carried along, as a form would answer it: whatever else stands there is left out."""
    try:
        carried = msgspec.json.decode((form.get("so_far") or ["{}"])[0].encode(), type=Answers)
    except (msgspec.MsgspecError, RecursionError):
        return Answers()
    as_form = {
        **{key: [str(value)] for key, value in carried.values.items()},
        **carried.choices,
        **{key: [words] for key, words in carried.texts.items()},
    }
    return read_answers(sheet.questionnaire.questions, as_form).with_comment(carried.comment[:LONGEST_TEXT])
