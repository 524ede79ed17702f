"""What the desk asks about the words of messages, and what people change of them (A-25)."""

from collections.abc import Mapping
from typing import Final

from repaircenter.central.accounts.queries import names_of_people
from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.templates.queries import Wording as OwnWords
from repaircenter.central.templates.rendering import render, sources
from repaircenter.central.timers import queries as timers
from repaircenter.central.timers.queries import Due
from repaircenter.central.wordings import queries, rules
from repaircenter.central.wordings.queries import WordingRow
from repaircenter.central.wordings.rules import MESSAGES, Message
from repaircenter.runtime.text import Texts, clean_letter
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.wordings import ShownWording, Wording, WordingChange, WordingDraft, WordingList

TEST: Final = "wording.test"
_LONGEST_KEY = 64
_STARS = 5


@serves(endpoints.WORDINGS)
def wordings(call: Call) -> WordingList:
    return WordingList(wordings=_listed(call), may_change=call.manages_all)


@serves(endpoints.CHANGE_WORDING)
def change_wording(call: Call, asked: WordingChange, wording_id: int) -> Wording:
    """Keep words, or take the standard ones again, once; refuse what was asked of a version that is not the present one (409)."""
    connection, message, key = call.connection, _message(wording_id), asked.key[:_LONGEST_KEY]
    queries.lock(connection, call.caller.org_id)
    row = queries.newest(connection).get((message.template.name, message.language))
    if row is not None and row.last_key == key:
        return _one(call, wording_id)
    if asked.version != (0 if row is None else row.version):
        refuse(409, "changed_meanwhile")
    if not call.manages_all:
        refuse(403, "beyond_reach")
    words = None if asked.body is None else _checked(message, asked.subject or "", asked.body)
    queries.add(
        connection,
        call.caller.org_id,
        message.template.name,
        message.language,
        asked.version + 1,
        words,
        key,
        call.caller.id,
        call.service.clock.now_utc(),
    )
    return _one(call, wording_id)


@serves(endpoints.SHOW_WORDING)
def show_wording(call: Call, asked: WordingDraft, wording_id: int) -> ShownWording:
    """What a customer would read, by the renderer that sends; with `to_me` it is mailed to whoever asks, too."""
    message = _message(wording_id)
    subject, body = _checked(message, asked.subject, asked.body)
    shown = ShownWording(subject="", body="")
    if call.caller.shops:
        words = render(message.template, message.language, _sample(call, message), OwnWords(subject, body))
        shown = ShownWording(subject=words[0], body=words[1])
    if asked.to_me and call.caller.shops:
        now, shop_id = call.service.clock.now_utc(), call.caller.shops[0]
        title = Texts(message.language)("page.preview.test", subject=shown.subject or message.template.name)
        number = queries.add_test(
            call.connection, call.caller.org_id, shop_id, call.caller.id, title, shown.body
        )
        timers.add(call.connection, TEST, [Due(call.caller.org_id, shop_id, number, now)])
    return shown


def _message(wording_id: int) -> Message:
    message = MESSAGES.get(wording_id)
    if message is None:
        refuse(404, "not_there")
    return message


def _checked(message: Message, subject: str, body: str) -> tuple[str, str]:
    subject, body = clean_letter(subject), clean_letter(body) + "\n"
    code, _placeholder = rules.refusal(message, subject, body)
    if code:
        refuse(422, code)
    return subject, body


def _sample(call: Call, message: Message) -> dict[str, str | None]:
    """A made-up customer of the first shop; the links lead to no survey."""
    words, shop = Texts(message.language), queries.shop(call.connection, call.caller.shops[0])
    link = f"{call.service.public_address}/s/…"
    facts: dict[str, str | None] = {
        "name": words("page.preview.name"),
        "shop": shop.name,
        "address": shop.address,
        "vehicle": words("page.preview.vehicle"),
        "link": link,
        "stars": "\n".join(f"{'★' * value}{'☆' * (_STARS - value)}\n{link}?stars={value}" for value in range(_STARS, 0, -1)),
        "stop_link": f"{link}/stop",
    }
    return {name: facts[name] for name in message.template.placeholders}


def _listed(call: Call) -> list[Wording]:
    newest, names = queries.newest(call.connection), names_of_people(call.connection)
    return [
        _told(number, message, newest.get((message.template.name, message.language)), names)
        for number, message in MESSAGES.items()
    ]


def _one(call: Call, wording_id: int) -> Wording:
    return next(one for one in _listed(call) if one.id == wording_id)


def _told(number: int, message: Message, row: WordingRow | None, names: Mapping[int, str]) -> Wording:
    template, language = message.template, message.language
    subject, body = sources(template, language)
    is_own = row is not None and row.body is not None
    return Wording(
        id=number,
        message=template.name,
        channel=message.channel,
        language=language,
        version=0 if row is None else row.version,
        subject=(row.subject or "") if row is not None and is_own else subject,
        body=(row.body or "") if row is not None and is_own else body,
        is_own=is_own,
        placeholders=sorted(template.placeholders),
        mandatory=sorted(template.mandatory),
        changed_by=None if row is None else names.get(row.made_by),
        changed_at=None if row is None else row.made_at,
    )


HANDLERS = (wordings, change_wording, show_wording)
