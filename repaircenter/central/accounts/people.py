"""People are listed, asked in, changed and closed by whoever manages them, within their reach (MODULES 2, accounts)."""

from collections.abc import Mapping, Sequence

from repaircenter.central.accounts import people_queries as queries
from repaircenter.central.accounts.links import make_link
from repaircenter.central.accounts.people_queries import Done, PersonRow
from repaircenter.central.core.calls import Call, check_count, serves
from repaircenter.central.core.http import refuse
from repaircenter.runtime.contact import read_email
from repaircenter.runtime.text import LANGUAGES, clean_text
from repaircenter.wire import endpoints
from repaircenter.wire.people import Grant, NewPerson, PersonChange, PersonEvent, PersonHistory, PersonInfo, PersonList
from repaircenter.wire.vocabulary import ACTIVE, CLOSED, INSURER_ROLE, INVITED, PROGRAMME, ROLES

_LONGEST_NAME, _LONGEST_KEY = 80, 64


@serves(endpoints.PEOPLE)
def people(call: Call) -> PersonList:
    nodes = queries.managed_nodes(call.connection)
    return PersonList(
        people=[_info(row) for row in queries.people(call.connection)],
        nodes=nodes,
        roles=list(ROLES),
        me=call.caller.id,
    )


@serves(endpoints.ADD_PERSON)
def add_person(call: Call, asked: NewPerson) -> PersonInfo:
    """Ask somebody in, once: they get a mail with a link to the page where they choose a password."""
    reach, key = _lock(call), asked.key[:_LONGEST_KEY]
    known = next((row for row in queries.people(call.connection) if row.last_key == key), None)
    if known is not None:
        return _info(known)
    name, email = _checked_name(asked.name), read_email(asked.email.strip().lower()).address
    if email is None:
        refuse(422, "bad_email")
    grants = _checked_grants(asked.grants, reach)
    _check_language(asked.language)
    person_id = queries.add_person(call.connection, email, name, asked.language, key, grants[0])
    if person_id is None:
        refuse(409, "address_taken")
    for grant in grants[1:]:
        queries.add_grant(call.connection, call.caller.org_id, person_id, grant)
    _note(call, person_id, [Done("added", None, email), *(_granted(grant) for grant in grants), Done("link")])
    make_link(call, person_id, invited=True)
    return _info(_person(call, person_id))


@serves(endpoints.CHANGE_PERSON)
def change_person(call: Call, asked: PersonChange, person_id: int) -> PersonInfo:
    """Do what was asked, once; refuse what was asked of a version that is not the present one (409).

    Nobody closes their own account or gives up managing: so somebody always can.
    """
    reach, key = _lock(call), asked.key[:_LONGEST_KEY]
    row = _person(call, person_id)
    if row.last_key == key:
        return _info(row)
    if row.version != asked.version:
        refuse(409, "changed_meanwhile")
    name = row.name if asked.name is None else _checked_name(asked.name)
    language = row.language if asked.language is None else asked.language
    _check_language(language)
    active = row.active if asked.closed is None else not asked.closed
    if not row.wholly and (asked.link or (name, language, active) != (row.name, row.language, row.active)):
        refuse(403, "beyond_reach")
    if asked.link and not active:
        refuse(422, "not_possible")
    grants = row.grants if asked.grants is None else _checked_grants(asked.grants, reach, may_be_none=not row.wholly)
    if person_id == call.caller.id and (not active or set(row.grants) - set(grants)):
        refuse(422, "not_oneself")
    connection, org_id = call.connection, call.caller.org_id
    queries.change_person(connection, person_id, key, name, language, active=active)
    added = [grant for grant in grants if grant not in row.grants]
    taken = [grant for grant in row.grants if grant not in grants]
    # Given before taken: whoever has no grant is within nobody's reach.
    for grant in added:
        queries.add_grant(connection, org_id, person_id, grant)
    done = [_granted(grant) for grant in added] + [Done("taken", _kept(grant)) for grant in taken]
    if name != row.name:
        done.append(Done("name", row.name, name))
    if language != row.language:
        done.append(Done("language", row.language, language))
    if active != row.active:
        done.append(Done("reopened" if active else "closed"))
    if asked.link:
        done.append(Done("link"))
        make_link(call, person_id, invited=row.invited)
    _note(call, person_id, done)
    for grant in taken:
        queries.take_grant(connection, person_id, grant)
    if not grants:
        # They are out of reach now.
        return _info(row._replace(grants=[], version=row.version + 1))
    return _info(_person(call, person_id))


@serves(endpoints.PERSON_HISTORY)
def person_history(call: Call, person_id: int) -> PersonHistory:
    _person(call, person_id)
    events = []
    for row in queries.history(call.connection, person_id):
        value = row.after if row.after is not None else row.before
        grant = Grant(role=value["role"], node_id=value["node_id"]) if isinstance(value, dict) else None
        before = row.before if isinstance(row.before, str) else None
        after = row.after if isinstance(row.after, str) else None
        events.append(PersonEvent(at=row.at, what=row.what, by=row.by, before=before, after=after, grant=grant))
    return PersonHistory(events=events)


def _lock(call: Call) -> dict[int, str]:
    """Have nobody else change people meanwhile; return the nodes within reach with their kinds, as they are then."""
    queries.lock_people(call.connection, call.caller.org_id)
    reach = {node.id: node.kind for node in queries.managed_nodes(call.connection)}
    if not reach:
        refuse(403, "not_allowed")
    return reach


def _person(call: Call, person_id: int) -> PersonRow:
    rows = queries.people(call.connection, person_id)
    if not rows:
        refuse(404, "not_there")
    return rows[0]


def _checked_name(name: str) -> str:
    name = " ".join(clean_text(name).split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        refuse(422, "bad_name")
    return name


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        refuse(422, "not_possible")


def _checked_grants(grants: Sequence[Grant], reach: Mapping[int, str], *, may_be_none: bool = False) -> list[Grant]:
    """At least one, each once, of roles there are, at nodes within reach; none for who has others out of reach. Who reads a
    programme for an insurer works in no shop (A-02)."""
    check_count(grants)
    if not grants and not may_be_none:
        refuse(422, "no_grant")
    if any(grant.role not in ROLES or grant.node_id not in reach for grant in grants):
        refuse(403, "beyond_reach")
    if any((grant.role == INSURER_ROLE) != (reach[grant.node_id] == PROGRAMME) for grant in grants):
        refuse(422, "insurer_place")
    if len({grant.role == INSURER_ROLE for grant in grants}) > 1:
        refuse(422, "insurer_alone")
    return list(dict.fromkeys(grants))


def _note(call: Call, person_id: int, done: Sequence[Done]) -> None:
    now, caller = call.service.clock.now_utc(), call.caller
    queries.add_audit(call.connection, caller.org_id, caller.id, person_id, done, now)


def _granted(grant: Grant) -> Done:
    return Done("granted", None, _kept(grant))


def _kept(grant: Grant) -> dict[str, object]:
    return {"role": grant.role, "node_id": grant.node_id}


def _info(row: PersonRow) -> PersonInfo:
    return PersonInfo(
        id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        state=CLOSED if not row.active else INVITED if row.invited else ACTIVE,
        version=row.version,
        grants=row.grants,
        wholly=row.wholly,
        signed_in_at=row.signed_in_at,
        asked_at=row.asked_at,
    )


HANDLERS = (people, add_person, change_person, person_history)
