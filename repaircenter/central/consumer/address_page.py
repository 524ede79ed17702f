"""The page behind a mailed link, where an address is confirmed (A-26). A GET records nothing."""

from typing import Any

from litestar import Request, Router, post, route
from litestar.params import FromPath
from sqlalchemy import text

from repaircenter.central.consumer.pages import READ, Page, Pages, language_asked
from repaircenter.central.core.secrets import token_hash
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import NOTHING
from repaircenter.runtime.text import Texts

_Http = Request[Any, Any, Any]
# What is said where there is nothing to confirm (any more).
_STATUS = {"done": 200, "waiting": 200, "taken": 409, "ended": 410}


def routes(service: Service) -> Router:
    pages = Pages()

    def find(token: str) -> Any:
        with service.sign_in.scoped(NOTHING) as connection:
            return connection.execute(
                text("SELECT name, language, new_address, state FROM rc_address_change(:hash, :at)"),
                {"hash": token_hash(token), "at": service.clock.now_utc()},
            ).first()

    def answer(change: Any, state: str) -> Page:
        return pages.message(change.language, f"address_{state}", status=_STATUS[state], address=change.new_address)

    @route("/{token:str}", http_method=READ, sync_to_thread=True)
    def show(request: _Http, token: FromPath[str]) -> Page:
        change = find(token)
        if change is None:
            return pages.message(language_asked(request), "password_gone", status=404)
        if change.state != "open":
            return answer(change, change.state)
        words = Texts(change.language)
        return pages.page(
            "message.html",
            words,
            200,
            title=words("page.address.title"),
            message=words("page.address.message", name=change.name, address=change.new_address),
            action=words("page.address.action"),
        )

    @post("/{token:str}", sync_to_thread=True, status_code=200)
    def confirm(request: _Http, token: FromPath[str]) -> Page:
        change = find(token)
        if change is None:
            return pages.message(language_asked(request), "password_gone", status=404)
        with service.sign_in.scoped(NOTHING) as connection:
            state: str = connection.execute(
                text("SELECT rc_confirm_address(:hash, :at)"),
                {"hash": token_hash(token), "at": service.clock.now_utc()},
            ).scalar_one()
        return answer(change, state)

    return Router("/m", route_handlers=[show, confirm])
