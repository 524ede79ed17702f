"""The survey page and the opt-out page (DESIGN 3.15). Nothing is ever recorded by a GET (B-N2)."""

from typing import Any

from litestar import Request, Router, post, route
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath

from repaircenter.central.consumer.pages import READ, Page, Pages, form_of, language_asked
from repaircenter.central.core.events import ANSWERED, Event
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.questionnaire import Question, read_answers
from repaircenter.runtime.text import Texts, clean_text

LONGEST_COMMENT = 4000


class SurveyPages(Pages):
    """The pages of surveys."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    def find(self, token: str) -> queries.Survey | None:
        """The survey of a token, read in the scope of that token alone."""
        with self._service.web.scoped(NOTHING) as connection:
            invitation = queries.invitation_of_token(connection, token_hash(token))
        if invitation is None:
            return None
        with self._service.web.scoped(invitation[1]) as connection:
            return queries.survey(connection, *invitation)

    def survey(
        self, survey: queries.Survey, values: dict[str, int], comment: str, error: str | None, status: int
    ) -> Page:
        words = Texts(survey.language)
        questions = [
            {
                "key": q.key,
                "kind": q.kind,
                "required": q.required,
                "text": q.text(survey.language, survey.shop),
                "look": q.look(survey.language),
                "choices": [(n, q.word(survey.language, n)) for n in range(q.minimum, q.maximum + 1)],
                "ends": () if q.word(survey.language, q.minimum) else _ends(words, q),
                "chosen": values.get(q.key),
            }
            for q in survey.questionnaire.questions
        ]
        return self.page(
            "survey.html",
            words,
            status,
            title=words("page.survey.title", shop=survey.shop),
            name=survey.first_name,
            shop=survey.shop,
            vehicle=survey.vehicle,
            questions=questions,
            comment=comment,
            error=error,
            stop_link=f"/s/{self._service.keyed.survey_token(survey.nonce)}/stop",
        )


def _ends(words: Texts, question: Question) -> tuple[str, str]:
    """What the ends of a scale mean, where its values have no words of their own."""
    key = "nps" if question.kind == "nps" else "scale"
    return (
        words(f"page.survey.low_{key}", value=question.minimum),
        words(f"page.survey.high_{key}", value=question.maximum),
    )


def routes(service: Service) -> Router:
    pages = SurveyPages(service)

    @route("/{token:str}", http_method=READ, sync_to_thread=True)
    def show(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language_asked(request), "gone", status=404)
        if survey.answered:
            return pages.message(survey.language, "done", survey.shop)
        if not survey.open:
            return pages.message(survey.language, "closed", survey.shop, 410)
        return pages.survey(survey, {}, "", None, 200)

    def record(token: str, form: dict[str, str], wish: str) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(wish, "gone", status=404)
        if survey.answered:
            return pages.message(survey.language, "done", survey.shop, 409)
        if not survey.open:
            return pages.message(survey.language, "closed", survey.shop, 410)
        values, complete = read_answers(survey.questionnaire, form)
        # A browser counts a line end once and sends two characters.
        comment = clean_text(form.get("comment", ""))
        words = Texts(survey.language)
        if not complete:
            return pages.survey(survey, values, comment, words("page.survey.missing"), 422)
        if len(comment) > LONGEST_COMMENT:
            return pages.survey(survey, values, comment, words("page.survey.too_long"), 422)
        with service.web.scoped(survey.scope) as connection:
            now_utc = service.clock.now_utc()
            answer_id = queries.add_answer(connection, survey, values, comment, now_utc)
            if answer_id is not None:
                answered = Event(ANSWERED, survey.org_id, survey.shop_id, survey.job_id, now_utc, subject_id=answer_id)
                service.events.publish(connection, answered)
        if answer_id is not None:
            return pages.message(survey.language, "done", survey.shop)
        now = pages.find(token)
        ended = now is None or not now.answered
        return pages.message(survey.language, "closed" if ended else "done", survey.shop, 410 if ended else 409)

    @post("/{token:str}", status_code=200)
    async def answer(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        form = await form_of(request)
        return await sync_to_thread(record, token, form, language_asked(request))

    @route("/{token:str}/stop", http_method=READ, sync_to_thread=True)
    def stop(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language_asked(request), "gone", status=404)
        return pages.message(survey.language, "stop", survey.shop, action=True)

    @post("/{token:str}/stop", sync_to_thread=True, status_code=200)
    def stop_now(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language_asked(request), "gone", status=404)
        with service.web.scoped(survey.scope) as connection:
            queries.unsubscribe(connection, survey, service.clock.now_utc())
        return pages.message(survey.language, "stop_done", survey.shop)

    return Router("/s", route_handlers=[show, answer, stop, stop_now])
