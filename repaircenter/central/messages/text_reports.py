"""What the service that takes our texts says of them, and what customers answer: STOP (A-P5). Only what it signed counts."""

from typing import Any

from litestar import MediaType, Request, Response, Router, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath

from repaircenter.central.core.http import form_of, refuse
from repaircenter.central.core.outgoing import DELIVERED, DROPPED
from repaircenter.central.core.service import Service
from repaircenter.central.db.connections import WORKER
from repaircenter.central.messages import queries
from repaircenter.central.messages.gate import address_mac
from repaircenter.central.messages.tasks import Sender, told_at
from repaircenter.runtime.text import canonical

_Http = Request[Any, Any, Any]
_IN_VAIN = ("undelivered", "failed")
# What is answered to be left alone, in our languages; compared without case, accents and signs.
_STOP = frozenset(
    map(
        canonical,
        ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "arrêt", "arrêter", "alto", "baja", "parar"),
    )
)
ANSWERS = "/texts/answers"
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def routes(service: Service, sender: Sender) -> Router:
    """Return the addresses that the service calls."""

    def check(request: _Http, address: str, form: dict[str, str]) -> None:
        signature = request.headers.get("x-twilio-signature", "")
        if service.texts is None or not service.texts.is_signed(address, form, signature):
            refuse(403, "not_allowed")

    @post("/answers", status_code=200)
    async def answered(request: _Http) -> Response[str]:
        form = await form_of(request)
        check(request, f"{service.public_address}{ANSWERS}", form)
        if canonical(form.get("Body", "")) in _STOP:
            await sync_to_thread(stop, form.get("From", ""))
        # Nothing is answered: what customers write is read by nobody here.
        return Response(_NOTHING, media_type=MediaType.XML)

    def stop(number: str) -> None:
        """End what a number was asked, and leave it alone, for every organisation that wrote to it."""
        now, mac = service.clock.now_utc(), address_mac(service, number)
        with service.worker.scoped(WORKER) as connection:
            for kind, subject_id in queries.texts_to(connection, mac):
                sender.kinds[kind].ended(connection, subject_id, DROPPED, "opted_out", now)
            queries.stop_texts(connection, mac, now)

    @post("/{message_id:int}", status_code=204)
    async def told(request: _Http, message_id: FromPath[int]) -> None:
        form = await form_of(request)
        check(request, told_at(service, message_id), form)
        status, code = form.get("MessageStatus", ""), form.get("ErrorCode", "")
        if status in (DELIVERED, *_IN_VAIN):
            await sync_to_thread(keep, message_id, status, int(code) if code.isdecimal() else 0)

    def keep(message_id: int, status: str, code: int) -> None:
        with service.worker.scoped(WORKER) as connection:
            sender.was_told(service, connection, message_id, status, code, service.clock.now_utc())

    return Router("/texts", route_handlers=[answered, told])
