"""The pages of the service for browsers: their templates, headers and forms, the same for every area."""

from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import HttpMethod, MediaType, Request, Response

from repaircenter.central.core.http import body_of
from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import Texts, language_of

_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}
# Link checkers and mail programs ask with HEAD before a person opens a page.
READ = (HttpMethod.GET, HttpMethod.HEAD)
Page = Response[str]
_Http = Request[Any, Any, Any]


class Pages:
    """Renders the templates of resources/pages."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(resource("pages")), autoescape=True, undefined=StrictUndefined
        )

    def message(
        self, language: str, key: str, shop: str = "", status: int = 200, *, action: bool = False, **facts: str
    ) -> Page:
        """A title and a sentence (`page.KEY.title`, `.message`; of `X_done` those of X that begin with `done_`)."""
        words = Texts(language)
        prefix = "page." + key
        done = prefix.endswith("_done")
        base = prefix.removesuffix("_done")
        title, text = (f"{base}.done_title", f"{base}.done_message") if done else (f"{base}.title", f"{base}.message")
        return self.page(
            "message.html",
            words,
            status,
            title=words(title),
            message=words(text, shop=shop, **facts),
            action=words(f"{base}.action") if action else None,
        )

    def page(self, template: str, words: Texts, status: int, **values: object) -> Page:
        """Return a template with its values."""
        html = self._templates.get_template(template).render(t=words, language=words.language, **values)
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=_HEADERS)


async def form_of(request: _Http) -> dict[str, str]:
    """Return what was filled in, by name."""
    raw = await body_of(request, 64 * 1024)
    return dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))


def language_asked(request: _Http) -> str:
    """Return the language the browser asks for."""
    return language_of(request.headers.get("accept-language", "en").split(",")[0])
