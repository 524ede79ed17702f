"""The survey page and the opt-out page (DESIGN 3.15). Nothing is ever recorded by a GET (B-N2)."""

from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import HttpMethod, MediaType, Request, Response, Router, post, route
from litestar.params import FromPath

from repaircenter.central.core.events import ANSWERED, Event
from repaircenter.central.core.http import body_of
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.central.surveys import queries
from repaircenter.central.surveys.questionnaire import Question, read_answers
from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import Texts, clean_text, language_of

LONGEST_COMMENT = 4000
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}
# Link checkers and mail programs ask with HEAD before a person opens a page.
_READ = (HttpMethod.GET, HttpMethod.HEAD)
Page = Response[str]


class Pages:
    """Renders the templates of resources/pages."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._templates = Environment(
            loader=FileSystemLoader(resource("pages")), autoescape=True, undefined=StrictUndefined
        )

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
        return self._page(
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

    def message(self, language: str, key: str, shop: str = "", status: int = 200, *, action: bool = False) -> Page:
        words = Texts(language)
        prefix = "page." + key
        done = prefix.endswith("_done")
        base = prefix.removesuffix("_done")
        title, text = (f"{base}.done_title", f"{base}.done_message") if done else (f"{base}.title", f"{base}.message")
        return self._page(
            "message.html",
            words,
            status,
            title=words(title),
            message=words(text, shop=shop),
            action=words(f"{base}.action") if action else None,
        )

    def _page(self, template: str, words: Texts, status: int, **values: object) -> Page:
        html = self._templates.get_template(template).render(t=words, language=words.language, **values)
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=_HEADERS)


def _ends(words: Texts, question: Question) -> tuple[str, str]:
    """What the ends of a scale mean, where its values have no words of their own."""
    key = "nps" if question.kind == "nps" else "scale"
    return (
        words(f"page.survey.low_{key}", value=question.minimum),
        words(f"page.survey.high_{key}", value=question.maximum),
    )


async def _form(request: Request[Any, Any, Any]) -> dict[str, str]:
    raw = await body_of(request, 64 * 1024)
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))


def routes(service: Service) -> Router:
    pages = Pages(service)

    def language(request: Request[Any, Any, Any]) -> str:
        return language_of(request.headers.get("accept-language", "en").split(",")[0])

    @route("/{token:str}", http_method=_READ, sync_to_thread=True)
    def show(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language(request), "gone", status=404)
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
        form = await _form(request)
        return await _in_thread(record, token, form, language(request))

    @route("/{token:str}/stop", http_method=_READ, sync_to_thread=True)
    def stop(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language(request), "gone", status=404)
        return pages.message(survey.language, "stop", survey.shop, action=True)

    @post("/{token:str}/stop", sync_to_thread=True, status_code=200)
    def stop_now(request: Request[Any, Any, Any], token: FromPath[str]) -> Page:
        survey = pages.find(token)
        if survey is None:
            return pages.message(language(request), "gone", status=404)
        with service.web.scoped(survey.scope) as connection:
            queries.unsubscribe(connection, survey, service.clock.now_utc())
        return pages.message(survey.language, "stop_done", survey.shop)

    return Router("/s", route_handlers=[show, answer, stop, stop_now])


async def _in_thread(call: Any, *arguments: Any) -> Page:
    from litestar.concurrency import sync_to_thread

    page: Page = await sync_to_thread(call, *arguments)
    return page
