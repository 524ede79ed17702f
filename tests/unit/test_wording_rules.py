"""What people write to customers in their own words is judged before anybody gets it (A-25; issue 17)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaircenter.central.templates.queries import Wording
from repaircenter.central.templates.rendering import render, sources, wrong_words
from repaircenter.central.wordings.rules import MESSAGES, refusal
from repaircenter.wire.vocabulary import EMAIL, SMS

MAIL = next(message for message in MESSAGES.values() if message.channel == EMAIL)
TEXT = next(message for message in MESSAGES.values() if message.channel == SMS)
MUST = "{{ link }} {{ stop_link }} {{ address }} {{ shop }}"


def test_every_message_in_every_language_has_a_number_of_its_own() -> None:
    assert list(MESSAGES) == list(range(1, 13))
    named = {(message.template.name, message.language) for message in MESSAGES.values()}
    assert len(named) == 12 and {language for _, language in named} == {"en", "es", "fr"}


@pytest.mark.parametrize("number", MESSAGES)
def test_the_standard_words_may_be_kept_as_they_are(number: int) -> None:
    message = MESSAGES[number]
    assert refusal(message, *sources(message.template, message.language)) == ("", "")


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Hi", MUST, ("", "")),
        (
            "{{ shop }}",
            f"{{% if name and not vehicle %}}{{{{ name or 'you' }}}}{{% else %}}you{{% endif %}} {MUST}",
            ("", ""),
        ),
        ("", MUST, ("wording_empty", "")),
        ("Hi", " \n ", ("wording_empty", "")),
        ("Hi\nBcc: x@x.x", MUST, ("wording_long", "")),
        ("H" * 150, MUST, ("", "")),
        ("H" * 151, MUST, ("wording_long", "")),
        ("Hi", MUST + "x" * (4000 - len(MUST)), ("", "")),
        ("Hi", MUST + "x" * (4001 - len(MUST)), ("wording_long", "")),
        ("Hi", MUST + "{{ password }}", ("wording_unknown", "password")),
        ("{{ password }}", MUST, ("wording_unknown", "password")),
        ("{{ link }}", MUST.replace("{{ link }}", ""), ("wording_missing", "link")),
        ("Hi", "{% if name %}" + MUST + "{% endif %}", ("wording_missing", sorted(MAIL.template.mandatory)[0])),
        ("Hi", MUST.replace("{{ link }}", "{{ name or link }}"), ("wording_missing", "link")),
        ("Hi", MUST + "{{ shop", ("wording_syntax", "")),
        ("Hi", MUST + "{% if name %}", ("wording_syntax", "")),
        ("Hi", MUST + "{% for a in shop %}{% for b in shop %}x{% endfor %}{% endfor %}", ("wording_syntax", "")),
        ("Hi", MUST + "{{ shop * 9999 }}", ("wording_syntax", "")),
        ("Hi", MUST + "{{ shop.__class__ }}", ("wording_syntax", "")),
        ("Hi", MUST + "{{ shop | upper }}", ("wording_syntax", "")),
        ("Hi", MUST + "{% set shop = name %}", ("wording_syntax", "")),
        ("Hi", MUST + "{% include 'x' %}", ("wording_syntax", "")),
        ("Hi", MUST + "{{ self }}", ("wording_unknown", "self")),
        ("Hi", MUST + "{{ lipsum }}", ("wording_unknown", "lipsum")),
        ("{{ range }}", MUST, ("wording_unknown", "range")),
        ("Hi", MUST + "{%if name%}" * 110 + "x" + "{%endif%}" * 110, ("wording_syntax", "")),
        ("Hi", MUST + "{{" + "(" * 1800, ("wording_syntax", "")),
        ("Hi", MUST + "{{" + "(" * 900 + "shop" + ")" * 900 + "}}", ("wording_syntax", "")),
    ],
)
def test_words_of_a_mail_are_judged(subject: str, body: str, expected: tuple[str, str]) -> None:
    assert refusal(MAIL, subject, body) == expected


def test_a_text_has_no_subject_and_is_short() -> None:
    assert refusal(TEXT, "", "{{ shop }} {{ link }}") == ("", "")
    assert refusal(TEXT, "", "{{ shop }} {{ link }}" + "x" * 280) == ("wording_long", "")
    assert refusal(TEXT, "", "{{ shop }}") == ("wording_missing", "link")


_PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", "if", "else", "elif", "endif", "for", "in", "not", "or", "and", "name", "shop", "link",
     "(", ")", "[", "]", "'", '"', ".", "|", "~", "*", "\n", " ", "é", "1", "raw", "endraw", "-", MUST]
)  # fmt: skip


@given(st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=40).map(" ".join))
def test_whatever_is_accepted_can_be_written_to_anybody(body: str) -> None:
    """With every fact or with none, it is written, and what must be said is said."""
    template = MAIL.template
    if wrong_words(template, "Hi", body):
        return
    for value in (None, "«x»"):
        facts = {name: "«x»" if name in template.mandatory else value for name in template.placeholders}
        _subject, written = render(template, "fr", facts, Wording("Hi", body))
        assert written.count("«x»") >= len(template.mandatory)


def test_what_a_customer_has_not_is_nothing_and_a_subject_has_one_line() -> None:
    facts: dict[str, str | None] = dict.fromkeys(MAIL.template.placeholders, None)
    own = Wording("{{ stars }}!", f"Hello {{{{ name }}}}, your {{{{ vehicle }}}}. {MUST}")
    assert wrong_words(MAIL.template, *own) == ""
    assert "None" not in "".join(render(MAIL.template, "en", facts, own))
    assert render(MAIL.template, "en", facts | {"stars": "★\nhttps://x\n ☆"}, own)[0] == "★ https://x ☆!"
