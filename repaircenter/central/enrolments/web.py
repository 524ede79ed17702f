"""What the desk asks about programmes, and what people change of them (MODULES 4; requirements 6.2, A-P4, A-P1)."""

from collections.abc import Sequence

import msgspec

from repaircenter.central.core.calls import Call, check_count, serves
from repaircenter.central.core.http import refuse
from repaircenter.central.enrolments import queries
from repaircenter.central.enrolments.queries import ProgrammeRow
from repaircenter.central.programmes.rules import AT_ONCE, INSURER, KINDS, MOST, PUBLISHING, wrong_channels, wrong_rule
from repaircenter.central.questionnaires import queries as questionnaires
from repaircenter.central.sampling.queries import lock_shops, move_samples
from repaircenter.runtime.text import LANGUAGES, canonical, clean_text
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import (
    NewProgramme,
    Programme,
    ProgrammeChange,
    ProgrammeList,
    Rules,
)
from repaircenter.wire.vocabulary import EMAIL, NOBODY_SILENT, SILENT_ALERTS

_LONGEST_NAME, _LONGEST_KEY = 80, 64
# Names and codes of one programme.
_MOST_WORDS = 200


@serves(endpoints.PROGRAMMES)
def programmes(call: Call) -> ProgrammeList:
    rows = queries.programmes(call.connection)
    asked = questionnaires.may_be_asked(call.connection)
    claimed = {canonical(name) for row in rows if row.rules.active for name in row.rules.names}
    return ProgrammeList(
        programmes=[_told(row) for row in rows],
        questionnaires=list(asked),
        titles={key: {language: asked[key].title(language) for language in LANGUAGES} for key in asked},
        unclaimed=[one for one in queries.unclaimed(call.connection) if canonical(one.name) not in claimed],
        shops=queries.shops(call.connection),
    )


@serves(endpoints.ADD_PROGRAMME)
def add_programme(call: Call, asked: NewProgramme) -> Programme:
    connection, org_id, key = call.connection, call.caller.org_id, asked.key[:_LONGEST_KEY]
    queries.lock(connection, org_id)
    known = next((row for row in queries.programmes(connection) if row.last_key == key), None)
    if known is not None:
        return _told(known)
    if asked.kind not in KINDS:
        refuse(422, "not_possible")
    rules = _checked(call, asked.kind, asked.rules, 0)
    lock_shops(connection, call.caller.shops)
    number = queries.add(connection, org_id, asked.kind, key, rules)
    _enrol(call, number, rules)
    return _told(_programme(call, number))


@serves(endpoints.CHANGE_PROGRAMME)
def change_programme(call: Call, asked: ProgrammeChange, programme_id: int) -> Programme:
    """Do what was asked, once; refuse what was asked of a version that is not the present one (409).

    Another ageing moves every job that is not yet asked (6.2).
    """
    connection, key = call.connection, asked.key[:_LONGEST_KEY]
    queries.lock(connection, call.caller.org_id)
    row = _programme(call, programme_id)
    if row.last_key == key:
        return _told(row)
    if not row.changeable:
        refuse(403, "beyond_reach")
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    rules = _checked(call, row.kind, asked.rules, programme_id, row.rules)
    lock_shops(connection, call.caller.shops)
    queries.change(connection, programme_id, key, rules)
    _enrol(call, programme_id, rules)
    if (rules.ageing_days, rules.not_before_delivery) != (row.rules.ageing_days, row.rules.not_before_delivery):
        move_samples(connection, programme_id, rules.ageing_days, rules.not_before_delivery)
    return _told(_programme(call, programme_id))


def _programme(call: Call, programme_id: int) -> ProgrammeRow:
    rows = queries.programmes(call.connection, programme_id)
    if not rows:
        refuse(404, "not_there")
    return rows[0]


def _enrol(call: Call, programme_id: int, rules: Rules) -> None:
    queries.enrol(call.connection, call.caller.org_id, programme_id, rules.shops, call.caller.shops)
    if rules.active:
        keyed = call.service.keyed
        names = map(canonical, rules.names)
        macs = [keyed.mac("insurer", shop, name) for name in names for shop in rules.shops]
        queries.forget_claimed(call.connection, macs)


def _checked(call: Call, kind: str, rules: Rules, programme_id: int, before: Rules | None = None) -> Rules:
    """The rules as they are kept, with what an older desk does not know as it was `before`; refuses what cannot be (422)
    and shops out of reach (403)."""
    call.check_shops(rules.shops)
    check_count([*rules.names, *rules.codes], _MOST_WORDS)
    name = " ".join(clean_text(rules.name).split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        refuse(422, "bad_name")
    others = (row for row in queries.programmes(call.connection) if row.id != programme_id)
    if name.casefold() in (row.rules.name.casefold() for row in others):
        refuse(409, "name_taken")
    days = {word: getattr(rules, word) for word in MOST}
    if wrong_rule(days, rules.alert_at_most, rules.alert_hours) is not None:
        refuse(422, "bad_number")
    if rules.questionnaire not in questionnaires.may_be_asked(call.connection) or rules.publishing not in (
        None,
        *PUBLISHING,
    ):
        refuse(422, "not_possible")
    if rules.channels is not None and wrong_channels(rules.channels):
        refuse(422, "not_possible")
    if rules.alert_silent not in (None, *SILENT_ALERTS):
        refuse(422, "not_possible")
    names, codes = _words(rules.names), _words(rules.codes)
    if kind == INSURER and not names and not codes:
        refuse(422, "no_insurer_name")
    return msgspec.structs.replace(
        rules,
        name=name,
        names=names,
        codes=codes,
        shops=sorted(set(rules.shops)),
        publishing=rules.publishing or (AT_ONCE if before is None else before.publishing),
        channels=rules.channels or ([EMAIL] if before is None else before.channels),
        **{name: _kept(name, rules, before) for name in ("shows_contact", "shows_recovery", "alert_unreached")},
        alert_silent=rules.alert_silent or (NOBODY_SILENT if before is None else before.alert_silent),
    )


def _kept(name: str, rules: Rules, before: Rules | None) -> bool:
    """A yes or no, as it was where a desk does not know of it; no at first."""
    wanted: bool | None = getattr(rules, name)
    return bool(wanted if wanted is not None or before is None else getattr(before, name))


def _words(words: Sequence[str]) -> list[str]:
    """Names or codes that can be compared, each once."""
    cleaned = (" ".join(clean_text(word).split())[:_LONGEST_NAME] for word in words)
    return list({canonical(word): word for word in cleaned if canonical(word)}.values())


def _told(row: ProgrammeRow) -> Programme:
    return Programme(
        id=row.id, kind=row.kind, version=row.version, rules=row.rules, changeable=row.changeable, waiting=row.waiting
    )


HANDLERS = (programmes, add_programme, change_programme)
