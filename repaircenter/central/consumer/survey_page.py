"""The survey page and the opt-out page (DESIGN 3.15). A GET records a probe and nothing else (B-N2)."""

from typing import Any

from litestar import Request, Router, post, route
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import Redirect

from repaircenter.central.consumer.pages import READ, Page, Pages, language_asked
from repaircenter.central.consumer.survey_sheet import Around, draw, receipt
from repaircenter.central.core.http import fields_of
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.central.surveys import answer_queries as queries
from repaircenter.central.surveys import course
from repaircenter.central.surveys.answer_queries import EarlierLink, Survey
from repaircenter.central.surveys.answers import Answers, read_value
from repaircenter.central.surveys.sent_page import SentPage, receive
from repaircenter.runtime.text import Texts

_Http = Request[Any, Any, Any]


class SurveyPages(Pages):
    """The pages of surveys."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    def find(self, token: str, *, probed: bool = False) -> Survey | None:
        """The survey of a token, read in the scope of that token alone; with `probed` the reading is noted."""
        with self._service.web.scoped(NOTHING) as connection:
            invitation = queries.invitation_of_token(connection, token_hash(token))
        if invitation is None:
            return None
        with self._service.web.scoped(invitation[1]) as connection:
            survey = queries.survey(connection, *invitation)
            if probed and survey is not None:
                queries.note_probe(connection, survey, self._service.clock.now_utc())
            return survey

    def find_earlier(self, token: str) -> EarlierLink | None:
        """What a link still stops whose survey goes on another way."""
        with self._service.web.scoped(NOTHING) as connection:
            return queries.earlier_link(connection, token_hash(token))

    def ended(self, survey: Survey, status: int = 200) -> Page | None:
        """What is said instead of the questions; None while they can be answered."""
        if survey.answered:
            return self.message(survey.language, "done", survey.shop, status)
        return None if survey.open else self.message(survey.language, "closed", survey.shop, 410)

    def draw(self, survey: Survey, number: int, sent: SentPage | None = None) -> Page:
        """A page of the survey; one that was `sent` and cannot be taken says why."""
        address = self.address(survey)
        around = Around(address=address, stop_link=f"{address}/stop", seen=f"{address}/seen")
        now_utc = self._service.clock.now_utc()
        if sent is None:
            return draw(self, survey, around, number, now_utc)
        error = Texts(survey.language)(f"page.survey.{sent.error}")
        return draw(self, survey, around, number, now_utc, missing=sent.missing, error=error)

    def address(self, survey: Survey) -> str:
        return f"/s/{self._service.keyed.survey_token(survey.nonce)}"


def preselected(survey: Survey, number: int, query: Any) -> Survey:
    """The survey with what a link of its mail says: marks a value of the page, keeps nothing (B-N2)."""
    page = course.visible_pages(survey.questionnaire, survey.answers)[number]
    questions = course.visible_questions(survey.questionnaire, page, survey.answers)
    asked = [q for q in questions if q.is_scored and not survey.answers.has(q.key)]
    values = {q.key: value for q in asked if (value := read_value(q, str(query.get(q.key, "")))) is not None}
    return survey.with_answers(survey.answers.with_page([], Answers(values=values))) if values else survey


def routes(service: Service) -> Router:
    pages = SurveyPages(service)

    @route("/{token:str}", http_method=READ, sync_to_thread=True)
    def show(request: _Http, token: FromPath[str]) -> Page:
        survey = pages.find(token, probed=True)
        if survey is None:
            return pages.message(language_asked(request), "gone", status=404)
        if said := pages.ended(survey):
            return said
        number = course.place(survey.questionnaire, survey.answers, request.query_params.get("page"))
        return pages.draw(preselected(survey, number, request.query_params), number)

    def go(survey: Survey, answers: Answers, number: int) -> Redirect:
        """To another page: a reload sends nothing again."""
        page = course.visible_pages(survey.questionnaire, answers)[number]
        return Redirect(f"{pages.address(survey)}?page={page.key}", status_code=303)

    def record(token: str, form: dict[str, list[str]], wish: str) -> Page | Redirect:
        survey = pages.find(token)
        if survey is None:
            return pages.message(wish, "gone", status=404)
        if said := pages.ended(survey, 409):
            return said
        now_utc = service.clock.now_utc()
        sent = receive(survey, form, now_utc)
        if sent.is_stale:
            return go(survey, sent.answers, sent.number)
        if sent.is_too_long:
            return pages.draw(survey.with_answers(sent.answers), sent.number, sent)
        with service.web.scoped(survey.scope) as connection:
            is_kept, answered = queries.record_page(connection, survey, sent, now_utc)
            if answered is not None:
                service.events.publish(connection, answered)
        if not is_kept:
            now = pages.find(token)
            said = None if now is None else pages.ended(now, 409)
            return said or pages.message(survey.language, "closed", survey.shop, 410)
        if sent.is_whole:
            return receipt(pages, survey.with_answers(sent.answers))
        if sent.error and not sent.is_back:
            return pages.draw(survey.with_answers(sent.answers), sent.number, sent)
        return go(survey, sent.answers, max(sent.number - 1, 0) if sent.is_back else sent.number + 1)

    @post("/{token:str}", status_code=200)
    async def answer(request: _Http, token: FromPath[str]) -> Page | Redirect:
        form = await fields_of(request)
        return await sync_to_thread(record, token, form, language_asked(request))

    @post("/{token:str}/seen", sync_to_thread=True, status_code=204)
    def seen(token: FromPath[str]) -> None:
        """A person looks at the page: said by its script, where there is one."""
        survey = pages.find(token)
        if survey is not None:
            with service.web.scoped(survey.scope) as connection:
                queries.note_opened(connection, survey.id, service.clock.now_utc())

    @route("/{token:str}/stop", http_method=READ, sync_to_thread=True)
    def stop(request: _Http, token: FromPath[str]) -> Page:
        whose = pages.find(token, probed=True) or pages.find_earlier(token)
        if whose is None:
            return pages.message(language_asked(request), "gone", status=404)
        return pages.message(whose.language, "stop", whose.shop, action=True)

    @post("/{token:str}/stop", sync_to_thread=True, status_code=200)
    def stop_now(request: _Http, token: FromPath[str]) -> Page:
        survey, now_utc = pages.find(token), service.clock.now_utc()
        if survey is not None:
            with service.web.scoped(survey.scope) as connection:
                queries.unsubscribe(connection, survey, now_utc)
            return pages.message(survey.language, "stop_done", survey.shop)
        earlier = pages.find_earlier(token)
        if earlier is None:
            return pages.message(language_asked(request), "gone", status=404)
        with service.web.scoped(NOTHING) as connection:
            queries.stop_earlier(connection, token_hash(token), now_utc)
        return pages.message(earlier.language, "stop_done", earlier.shop)

    return Router("/s", route_handlers=[show, answer, seen, stop, stop_now])
