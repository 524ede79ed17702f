"""Templates say what they must, and nothing they do not know (A-25)."""

import re

import pytest

from repaircenter.central.alerts.morning import TEMPLATE as LETTER
from repaircenter.central.alerts.weekly import ALARM, LIST
from repaircenter.central.areas import AREAS
from repaircenter.central.surveys.invitation import WORDS as INVITATION
from repaircenter.central.surveys.reminder import WORDS as REMINDER
from repaircenter.central.templates import rendering
from repaircenter.central.templates.rendering import Template, render, wrong
from repaircenter.runtime.resources import resource
from repaircenter.runtime.text import LANGUAGES

FACTS: dict[str, str | None] = {
    "name": "{{ shop }}", "shop": "Carrosserie <Nord>", "address": "1 rue A", "vehicle": None, "link": "https://x/s/1",
    "stars": None,
    "stop_link": "https://x/s/1/stop",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", [INVITATION.mail, REMINDER.mail], ids=["invitation", "reminder"])
def test_a_message_may_be_used_in_every_language(template: Template, language: str) -> None:
    assert wrong(template, language) == ""
    subject, body = render(template, language, FACTS)
    assert "Carrosserie <Nord>" in subject and "\n" not in subject, "text, not HTML"
    assert "{{ shop }}," in body or "{{ shop }}:" in body, "what a customer is called is no template"
    assert FACTS["stop_link"] in body
    starred = render(template, language, FACTS | {"stars": "★ https://x/s/1?stars=1"})[1]
    assert "★ https://x/s/1?stars=1\n" in starred and "\n\n\n" not in starred + body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("several", [None, "yes"])
@pytest.mark.parametrize("others", [None, "yes"])
def test_the_letter_to_the_shop_may_be_used_in_every_language(
    others: str | None, several: str | None, language: str
) -> None:
    """`others` are those whom nothing reaches and who keep silent: they are not called unhappy (A-P8)."""
    assert wrong(LETTER, language) == ""
    facts = {
        "name": "Ada", "shop": "Carrosserie <Nord>", "count": "3", "several": several, "others": others, "alerts": "26-1",
    }  # fmt: skip
    subject, body = render(LETTER, language, facts)
    assert "Carrosserie <Nord>" in subject and ("3" in subject) == (several is not None) and "\n" not in subject
    assert "26-1" in body and "Ada" in body


WEEK_FACTS: dict[str, str | None] = {
    "name": "Ada", "shop": "Carrosserie <Nord>", "from": "2026-11-01", "until": "2026-11-08", "late": None, "filtered": None,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["not_connected", "not_heard", "filtered", "no_estimates"])
@pytest.mark.parametrize("phone", [None, "1 800 555-0199"])
def test_the_alarm_says_what_to_do_and_whom_to_call(language: str, stage: str, phone: str | None) -> None:
    """A-25: a text without the number cannot be used; without a number there is the address."""
    assert wrong(ALARM, language) == "" and "support_phone" in ALARM.mandatory
    more = {"stage": stage, "seen": None, "support_phone": phone, "support_address": "help@shop.example"}
    subject, body = render(ALARM, language, WEEK_FACTS | more)
    assert subject == subject.upper() and (phone or "help@shop.example") in body and "Carrosserie <Nord>" in body
    others = {render(ALARM, language, WEEK_FACTS | more | {"stage": other})[1] for other in ("not_heard", "filtered")}
    assert body not in others or stage in ("not_heard", "filtered")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_week_may_be_told_in_every_language(language: str) -> None:
    assert wrong(LIST, language) == ""
    more = {"count": "1", "several": None, "samples": "  26-1"}
    assert "26-1" in render(LIST, language, WEEK_FACTS | more)[1]
    two = render(LIST, language, WEEK_FACTS | more | {"count": "2", "several": "yes", "late": "yes"})
    assert "2" in two[0] and two[1] != render(LIST, language, WEEK_FACTS | more)[1]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{{ shop }} {{ link }} {{ stop_link }} {{ address }} {{ secret }}", "unknown secret"),
        ("{{ shop }} {{ link }} {{ address }}", "missing stop_link"),
        ("{{ shop.__class__ }} {{ link }} {{ stop_link }} {{ address }}", ""),
    ],
)
def test_a_template_is_judged(body: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "sources", lambda _template, _language: ("{{ shop }}", body))
    assert wrong(INVITATION.mail, "en") == why
    if not why:
        with pytest.raises(Exception, match="unsafe"):
            render(INVITATION.mail, "en", FACTS)


def test_facts_are_exactly_the_placeholders() -> None:
    with pytest.raises(AssertionError):
        render(INVITATION.mail, "en", {**FACTS, "more": "x"})
    assert isinstance(INVITATION.mail, Template)


def test_every_kind_of_message_has_one_name() -> None:
    names = [kind.name for area in AREAS for kind in area.messages]
    assert len(names) == len(set(names)) and all(name.count(".") == 1 for name in names)


def test_letters_are_typeset_as_a_clerk_writes_them() -> None:
    """Curly apostrophes; in Québec French a no-break space before ":", and none before the other signs."""
    wrong = {
        path.name: signs
        for path in sorted(resource("templates").rglob("*.txt"))
        if (signs := re.findall(r"\w'\w|[^\w]' ", path.read_text("utf-8")))
        or (".fr." in path.name and (signs := re.findall(r"[^\u00a0]:(?![/\w])|\s[?!;]", path.read_text("utf-8"))))
    }
    assert wrong == {}
