"""The pages of the service for browsers: their templates, headers and forms, the same for every area."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import HttpMethod, MediaType, Request, Response
from markupsafe import Markup

from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import Texts, language_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
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
        # The only script there is, known to the policy by its digest: it says that a person looks at the page (6.10).
        self._script = resource("pages", "seen.js").read_text("utf-8").strip()
        digest = b64encode(sha256(self._script.encode()).digest()).decode()
        self._scripted = {
            **_HEADERS,
            "Content-Security-Policy": f"{_POLICY}; script-src 'sha256-{digest}'; connect-src 'self'",
        }

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

    def page(self, template: str, words: Texts, status: int, *, seen: str = "", **values: object) -> Page:
        """Return a template with its values; `seen` is the address that is told once a person looked at it."""
        html = self._templates.get_template(template).render(
            t=words, language=words.language, seen=seen, script=Markup(self._script), **values
        )
        headers = self._scripted if seen else _HEADERS
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)


def language_asked(request: _Http) -> str:
    """Return the language the browser asks for."""
    return language_of(request.headers.get("accept-language", "en").split(",")[0])
