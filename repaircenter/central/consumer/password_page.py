"""The page behind a mailed link, where a person chooses their password. A GET records nothing."""

from typing import Any

from litestar import Request, Router, post, route
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath

from repaircenter.central.accounts import people_queries as queries
from repaircenter.central.accounts.admin import LEAST_PASSWORD
from repaircenter.central.accounts.people_queries import OpenedLink
from repaircenter.central.consumer.pages import READ, Page, Pages, language_asked
from repaircenter.central.core.http import form_of
from repaircenter.central.core.secrets import sign_in_address, token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.runtime.text import Texts

_Http = Request[Any, Any, Any]
LONGEST_PASSWORD = 200


def routes(service: Service) -> Router:
    pages = Pages()

    def find(token: str) -> OpenedLink | None:
        with service.sign_in.scoped(NOTHING) as connection:
            return queries.opened_link(connection, token_hash(token), service.clock.now_utc())

    def ask(link: OpenedLink, error: str = "", status: int = 200) -> Page:
        words = Texts(link.language)
        return pages.page(
            "password.html",
            words,
            status,
            title=words("page.password.title"),
            name=link.name,
            email=link.email,
            least=LEAST_PASSWORD,
            error=words(f"page.password.{error}", least=LEAST_PASSWORD) if error else "",
        )

    def gone(wish: str) -> Page:
        return pages.message(wish, "password_gone", status=404)

    def ended(link: OpenedLink) -> Page | None:
        """What is said instead of the question; None while the link opens it."""
        return None if link.state == "open" else pages.message(link.language, f"password_{link.state}", status=410)

    def choose(token: str, form: dict[str, str], wish: str) -> Page:
        link = find(token)
        if link is None:
            return gone(wish)
        if refusal := ended(link):
            return refusal
        password = form.get("password", "")
        if len(password) < LEAST_PASSWORD or not password.strip():
            return ask(link, "too_short", 422)
        if len(password) > LONGEST_PASSWORD:
            return ask(link, "too_long", 422)
        if password != form.get("again", ""):
            return ask(link, "different", 422)
        hashed, now = service.passwords.hash(password), service.clock.now_utc()
        address = sign_in_address(service.keyed, link.email)
        with service.sign_in.scoped(NOTHING) as connection:
            if queries.choose_password(connection, token_hash(token), hashed, address, now):
                return pages.message(link.language, "password_done")
        return pages.message(link.language, "password_ended", status=410)  # meanwhile

    @route("/{token:str}", http_method=READ, sync_to_thread=True)
    def show(request: _Http, token: FromPath[str]) -> Page:
        link = find(token)
        return gone(language_asked(request)) if link is None else ended(link) or ask(link)

    @post("/{token:str}", status_code=200)
    async def chosen(request: _Http, token: FromPath[str]) -> Page:
        form = await form_of(request)
        return await sync_to_thread(choose, token, form, language_asked(request))

    return Router("/p", route_handlers=[show, chosen])
