"""Questionnaires as people change them: copies, versions, why one is refused, who may (A-04, D-07, D-08; issue 17)."""

from typing import Any

import msgspec
import pytest
import requests
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from repaircenter.central.questionnaires.queries import questions_in_use
from repaircenter.central.surveys.answers import Answers, in_words
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import Texts
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.surveys.programmes import NewProgramme, PreviewRequest
from repaircenter.wire.surveys.questionnaires import (
    Condition,
    KeptQuestionnaire,
    NewQuestionnaire,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionnaireChange,
    Translated,
)
from tests.conftest import Central
from tests.integration.test_places import only_north
from tests.integration.test_programmes import RULES, admin, person
from tests.integration.test_timers import until

__all__ = ["admin"]

NAME = Translated(en="Ours", fr="Le nôtre", es="El nuestro")


def question(key: str, kind: str = "yes_no", **more: Any) -> Question:
    words = {"en": f"{key}?", "fr": f"{key} ?", "es": f"¿{key}?"}
    return Question(key=key, kind=kind, section="shop", **{**words, "page": "one", **more})


def asks(*questions: Question, **more: Any) -> Questionnaire:
    usual: dict[str, Any] = {"name": NAME, "pages": [Page(key="one"), Page(key="two")]}
    return Questionnaire(key="", version=0, questions=list(questions), **{**usual, **more})


LATE, WHY = question("q_late"), question("q_why", "text", page="two", when=[Condition(question="q_late", at_least=1)])
PLAIN = asks(LATE, WHY)


def add(who: PersonClient, content: Questionnaire = PLAIN, key: str = "k") -> KeptQuestionnaire:
    return who.call(endpoints.ADD_QUESTIONNAIRE, NewQuestionnaire(key=key, content=content))


def change(
    who: PersonClient, kept: KeptQuestionnaire, content: Questionnaire, key: str = "c", version: int | None = None
) -> KeptQuestionnaire:
    asked = QuestionnaireChange(key=key, version=kept.version if version is None else version, content=content)
    return who.call(endpoints.CHANGE_QUESTIONNAIRE, asked, questionnaire_id=kept.id)


def refusal(call: Any, *arguments: Any, **more: Any) -> KnownError:
    with pytest.raises(KnownError) as refused:
        call(*arguments, **more)
    return refused.value


def test_ours_are_there_and_a_copy_is_changed(admin: PersonClient) -> None:
    listed = admin.call(endpoints.QUESTIONNAIRES)
    assert listed.may_change and {(one.content.key, one.is_own) for one in listed.questionnaires} == {
        ("insurer", False),
        ("quick", False),
        ("standard", False),
    }
    standard = next(one for one in listed.questionnaires if one.content.key == "standard")
    assert standard.programmes == ["Assurances Exemple"] and standard.changed_by is None
    copied = add(admin, msgspec.structs.replace(standard.content, name=NAME))
    assert copied.is_own and copied.version == 1 and copied.content.questions == standard.content.questions
    fewer = msgspec.structs.replace(copied.content, questions=copied.content.questions[:-1])
    changed = change(admin, copied, fewer)
    assert (changed.id, changed.version, changed.changed_by) == (copied.id, 2, "Ada Min")
    assert refusal(change, admin, standard, standard.content).code == "beyond_reach", "ours are copied, not changed"
    assert [one.version for one in admin.call(endpoints.QUESTIONNAIRES).questionnaires if one.is_own] == [2]


def test_what_is_done_twice_is_done_once(central: Central, admin: PersonClient) -> None:
    first = add(admin)
    assert add(admin) == first
    second = change(admin, first, PLAIN)
    assert change(admin, first, PLAIN) == second
    assert refusal(change, admin, first, PLAIN, "other").code == "changed_meanwhile"
    assert add(admin, PLAIN, "another").content.key != first.content.key
    assert central.rows("SELECT count(*) FROM questionnaire WHERE org_id IS NOT NULL") == [(3,)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (asks(), "A questionnaire needs at least one question."),
        (asks(LATE, name=None), "Please give the questionnaire a name."),
        (asks(LATE, name=Translated(en="x" * 81, fr="x", es="x")), "Please give the questionnaire a name."),
        (asks(msgspec.structs.replace(LATE, fr=" \n")), "1.1: the text in FR is missing."),
        (asks(LATE, msgspec.structs.replace(WHY, en="{name} {him}")), "2.1: the text in EN cannot be filled in."),
        (asks(question("q_late", page="two")), "1: the first page must be for everybody and needs a question for everybody."),
        (
            asks(question("q_b"), msgspec.structs.replace(WHY, page="one"), question("q_late", page="two")),
            "1.2: its condition must be about a question of an earlier page.",
        ),
        (
            asks(LATE, msgspec.structs.replace(WHY, when=[Condition(question="q_late", at_least=2)])),
            "2.1: its condition asks of question 1.1 what nobody can answer there.",
        ),
        (asks(LATE, question("quality", page="two")), "2.1: this question is asked on another scale elsewhere"),
        (asks(LATE, pages=[Page(key="one"), Page(key="x"), Page(key="two")]), "2: this page has no question."),
        (asks(*(question(f"q_{n}") for n in range(61))), "A questionnaire has 60 questions and 20 pages at most."),
        (asks(msgspec.structs.replace(LATE, es="x" * 601)), "1.1: the text in ES is too long, 600 characters at most."),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(
    central: Central, admin: PersonClient, content: Questionnaire, sentence: str
) -> None:
    assert refusal(add, admin, content).said(Texts("en")).startswith(sentence)
    assert central.rows("SELECT count(*) FROM questionnaire WHERE org_id IS NOT NULL") == [(0,)]


def test_whoever_manages_some_shops_looks_and_changes_nothing(central: Central, admin: PersonClient) -> None:
    kept = add(admin)
    north = only_north(central, admin)
    listed = north.call(endpoints.QUESTIONNAIRES)
    assert not listed.may_change and kept.id in [one.id for one in listed.questionnaires]
    assert refusal(change, north, kept, PLAIN).code == "beyond_reach"
    assert refusal(add, north, PLAIN, "n").code == "beyond_reach"


def test_another_organisation_sees_and_asks_nothing_of_it(central: Central, admin: PersonClient) -> None:
    kept = add(admin)
    other = person(central, "admin@two.example")
    assert kept.id not in [one.id for one in other.call(endpoints.QUESTIONNAIRES).questionnaires]
    assert refusal(change, other, kept, PLAIN).code == "not_there"
    wish = PreviewRequest(questionnaire=kept.content.key, shop_id=central.shops["Other"], language="en")
    assert refusal(other.call, endpoints.PREVIEW_SURVEY, wish).code == "not_possible"
    rules = msgspec.structs.replace(RULES, questionnaire=kept.content.key)
    foreign = NewProgramme(key="x", kind="shop", rules=rules)
    assert refusal(other.call, endpoints.ADD_PROGRAMME, foreign).code == "not_possible"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO questionnaire (key, version, content) VALUES ('standard', 9, '{}')",
        "INSERT INTO questionnaire (key, version, content, org_id, made_by) "
        "SELECT 'standard', 9, '{}', rc_own_organisation(), rc_scope_person()",
        "INSERT INTO questionnaire (key, version, content, org_id, made_by) "
        "SELECT 'own_' || rc_own_organisation() + 1 || '_1', 9, '{}', rc_own_organisation() + 1, rc_scope_person()",
        "INSERT INTO questionnaire (key, version, content, org_id, made_by) "
        "SELECT 'own_' || rc_own_organisation() || '_1', 9, '{}', rc_own_organisation(), rc_scope_person() + 1",
        "UPDATE questionnaire SET content = '{}'",
        "UPDATE programme SET questionnaire = 'none'",
    ],
)
def test_plain_sql_of_a_session_changes_no_other_questionnaire(
    central: Central, admin: PersonClient, statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
        as_session(central, admin, statement)


def test_plain_sql_of_another_session_sees_no_own_questionnaire(central: Central, admin: PersonClient) -> None:
    add(admin)
    count = "SELECT count(*) FROM questionnaire WHERE org_id IS NOT NULL"
    assert as_session(central, admin, count) == 1
    other = person(central, "admin@two.example")
    assert as_session(central, other, count) == 0
    assert as_session(central, other, "SELECT count(*) FROM questionnaire_draft") == 0


def as_session(central: Central, who: PersonClient, statement: str) -> Any:
    """What a statement of the web role brings in the scope of a person's session."""
    me = who.call(endpoints.PEOPLE).me
    shops = [int(str(row[0])) for row in central.rows(f"SELECT shop_id FROM rc_rights({me})")]
    scope = central.scope(shops, me)
    with central.parts.web.scoped(scope) as connection:
        done = connection.execute(text(statement))
        return done.scalar() if done.returns_rows else done.rowcount


def test_what_is_not_kept_yet_is_looked_at(central: Central, admin: PersonClient) -> None:
    wish = PreviewRequest(questionnaire="", shop_id=central.shops["North"], language="fr", content=PLAIN)
    address = admin.call(endpoints.PREVIEW_SURVEY, wish).address
    assert "q_late ?" in requests.get(address, timeout=10).text
    onward = requests.post(address, data={"page": "one", "q_late": "1"}, timeout=10)
    assert "q_why ?" in onward.text, "as it asks customers"
    assert central.rows("SELECT count(*) FROM questionnaire WHERE org_id IS NOT NULL") == [(0,)]
    wrong = msgspec.structs.replace(wish, content=asks(msgspec.structs.replace(LATE, en="")))
    assert refusal(admin.call, endpoints.PREVIEW_SURVEY, wrong).code == "questionnaire_text_missing"
    central.clock.pass_time(3500)
    later = admin.call(endpoints.PREVIEW_SURVEY, wish).address
    central.clock.pass_time(101)
    assert requests.get(address, timeout=10).status_code == 404
    central.service.queue.wake_upkeep()
    until(lambda: central.rows("SELECT count(*) FROM questionnaire_draft") == [(1,)])  # what is over is forgotten
    assert requests.get(later, timeout=10).status_code == 200


def test_who_joins_a_programme_of_another_organisation_sees_what_it_asks_and_nothing_else(
    central: Central, admin: PersonClient
) -> None:
    """An insurer's own organisation asks for shops of others: its other questionnaires are nobody's there."""
    asked, secret = add(admin), add(admin, PLAIN, "secret")
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET questionnaire = :key WHERE id = 1"), {"key": asked.content.key})
        joined = "INSERT INTO enrolment (org_id, shop_id, programme_id) SELECT org_id, id, 1 FROM shop WHERE id = :shop"
        connection.execute(text(joined), {"shop": central.shops["Other"]})
    other = person(central, "admin@two.example")
    assert not [one for one in other.call(endpoints.QUESTIONNAIRES).questionnaires if one.is_own]
    for kept in (asked, secret):
        assert refusal(change, other, kept, PLAIN).code == "not_there"
        rules = msgspec.structs.replace(RULES, questionnaire=kept.content.key)
        foreign = NewProgramme(key=kept.content.key, kind="shop", rules=rules)
        assert refusal(other.call, endpoints.ADD_PROGRAMME, foreign).code == "not_possible"
    keys = "SELECT string_agg(key, ',') FROM questionnaire WHERE org_id IS NOT NULL"
    assert as_session(central, other, keys) == asked.content.key, "its reports need what its customers were asked"
    assert add(other, PLAIN, "k").content.key.endswith("_1"), "its own are counted alone"


def test_plain_sql_keeps_no_questionnaire_that_cannot_be_read(central: Central, admin: PersonClient) -> None:
    broken = (
        "INSERT INTO questionnaire (key, version, content, org_id, made_by) "
        "SELECT 'own_' || rc_own_organisation() || '_1', 1, '{}', rc_own_organisation(), rc_scope_person()"
    )
    with pytest.raises(DBAPIError, match="own_is_whole"):
        as_session(central, admin, broken)


def test_of_many_drafts_the_oldest_are_forgotten(central: Central, admin: PersonClient) -> None:
    wish = PreviewRequest(questionnaire="", shop_id=central.shops["North"], language="fr", content=PLAIN)
    for _ in range(55):
        central.clock.pass_time(1)
        address = admin.call(endpoints.PREVIEW_SURVEY, wish).address
    assert central.rows("SELECT count(*) FROM questionnaire_draft") == [(51,)]
    assert requests.get(address, timeout=10).status_code == 200


def test_a_choice_that_is_offered_no_more_keeps_its_words_in_reports(central: Central, admin: PersonClient) -> None:
    ways = [Option(key=key, en=key.title(), fr=key.title(), es=key.title()) for key in ("web", "friend")]
    kept = add(admin, asks(question("q_way", "choice", options=ways)))
    change(admin, kept, asks(question("q_way", "choice", options=ways[1:])))
    with central.service.admin() as connection:
        connection.execute(text("UPDATE programme SET questionnaire = :key"), {"key": kept.content.key})
    with central.parts.web.scoped(central.scope([central.shops["North"]], 1)) as connection:
        (way,) = (q for q in questions_in_use(connection, scored=False) if q.key == "q_way")
    assert [option.key for option in way.options] == ["friend", "web"]
    assert in_words(way, Answers(choices={"q_way": ["web"]}), Texts("en")) == "Web"
