"""What the desk asks about questionnaires, and what people change of their own (A-04, D-07, D-08)."""

from datetime import timedelta
from typing import Final

import msgspec

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.core.secrets import new_token, token_hash
from repaircenter.central.questionnaires import queries
from repaircenter.central.questionnaires.queries import Draft, QuestionnaireRow
from repaircenter.central.questionnaires.validator import find_mistake
from repaircenter.runtime.text import LANGUAGES, clean_letter, language_of
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import Preview, PreviewRequest
from repaircenter.wire.surveys.questionnaires import (
    KeptQuestionnaire,
    NewQuestionnaire,
    Questionnaire,
    QuestionnaireChange,
    QuestionnaireList,
)

_LONGEST_KEY, _LONGEST_NAME = 64, 80
_MOST_OWN: Final = 100
_LIFE = timedelta(hours=1)


@serves(endpoints.QUESTIONNAIRES)
def questionnaires(call: Call) -> QuestionnaireList:
    rows = queries.newest(call.connection)
    return QuestionnaireList(questionnaires=[_told(row) for row in rows], may_change=call.manages_all)


@serves(endpoints.ADD_QUESTIONNAIRE)
def add_questionnaire(call: Call, asked: NewQuestionnaire) -> KeptQuestionnaire:
    """Keep the first version of an organisation's own questionnaire, once."""
    connection, org_id, key = call.connection, call.caller.org_id, asked.key[:_LONGEST_KEY]
    queries.lock(connection, org_id)
    own = [row for row in queries.newest(connection) if row.is_own]
    known = next((row for row in own if row.last_key == key), None)
    if known is not None:
        return _told(known)
    if len(own) >= _MOST_OWN:
        refuse(413, "too_many")
    numbers = (row.key.rpartition("_")[2] for row in own)
    number = max((int(number) for number in numbers if number.isdecimal()), default=0) + 1
    return _keep(call, asked.content, f"own_{org_id}_{number}", 1, key)


@serves(endpoints.CHANGE_QUESTIONNAIRE)
def change_questionnaire(call: Call, asked: QuestionnaireChange, questionnaire_id: int) -> KeptQuestionnaire:
    """Keep another version, once; refuse what was asked of a version that is not the present one (409). Who was asked
    already goes on with the version they were asked by."""
    connection, key = call.connection, asked.key[:_LONGEST_KEY]
    queries.lock(connection, call.caller.org_id)
    row = next((row for row in queries.newest(connection) if row.id == questionnaire_id), None)
    if row is None:
        refuse(404, "not_there")
    if row.last_key == key:
        return _told(row)
    if not row.is_own:
        refuse(403, "beyond_reach")
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    return _keep(call, asked.content, row.key, row.version + 1, key)


@serves(endpoints.PREVIEW_SURVEY)
def preview_survey(call: Call, asked: PreviewRequest) -> Preview:
    """Where a questionnaire, kept or not, is shown as the customers of a shop see it."""
    call.check_shops([asked.shop_id])
    content = asked.content
    if content is None:
        content = queries.may_be_asked(call.connection).get(asked.questionnaire)
    if content is None:
        refuse(422, "not_possible")
    content = _checked(call, content)
    token, now = new_token(), call.service.clock.now_utc()
    shown = Draft(content, queries.shop_name(call.connection, asked.shop_id), language_of(asked.language))
    queries.add_draft(call.connection, call.caller.org_id, token_hash(token), shown, now + _LIFE)
    return Preview(address=f"{call.service.public_address}/v/{token}")


def _keep(call: Call, content: Questionnaire, name: str, version: int, key: str) -> KeptQuestionnaire:
    if not call.manages_all:
        refuse(403, "beyond_reach")
    content = msgspec.structs.replace(_checked(call, content), key=name, version=version)
    if content.name is None or any(not 0 < len(content.title(one).strip()) <= _LONGEST_NAME for one in LANGUAGES):
        refuse(422, "questionnaire_name")
    queries.add_version(call.connection, call.caller.org_id, content, key, call.caller.id, call.service.clock.now_utc())
    return _told(next(row for row in queries.newest(call.connection) if row.key == name))


def _checked(call: Call, content: Questionnaire) -> Questionnaire:
    """A questionnaire with clean texts; refuses one that cannot be used (422), and says where."""
    content = msgspec.convert(_clean(content), Questionnaire)
    mistake = find_mistake(content)
    if mistake is not None:
        refuse(422, f"questionnaire_{mistake.code}", **mistake.facts_by_place(content))
    other = queries.other_scale(call.connection, content)
    if other:
        number = [question.key for question in content.questions].index(other)
        refuse(422, "questionnaire_scale_elsewhere", place=content.place_of("question", number))
    return content


def _clean(part: object) -> object:
    """The same with its texts as people are written: no control characters, no blanks around them."""
    if isinstance(part, msgspec.Struct):
        return msgspec.structs.replace(part, **{name: _clean(getattr(part, name)) for name in part.__struct_fields__})
    if isinstance(part, list):
        return [_clean(one) for one in part]
    if isinstance(part, dict):
        return {name: _clean(one) for name, one in part.items()}
    return clean_letter(part) if isinstance(part, str) else part


def _told(row: QuestionnaireRow) -> KeptQuestionnaire:
    return KeptQuestionnaire(
        id=row.id,
        version=row.version,
        is_own=row.is_own,
        content=row.content,
        programmes=list(row.programmes),
        changed_by=row.made_by,
        changed_at=row.made_at,
    )


HANDLERS = (questionnaires, add_questionnaire, change_questionnaire, preview_survey)
