"""French, English and Spanish together, complete from the first string."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from repaircenter.central.reporting.parameters import PARAMETERS
from repaircenter.desk.jobs import columns, job_list
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import (
    LANGUAGES,
    Texts,
    _catalog,
    canonical,
    clean_letter,
    clean_line,
    clean_text,
    language_of,
    sort_key,
)
from repaircenter.shop.collector import silence
from repaircenter.shop.jobs import version_changes
from repaircenter.shop.model.outbox import SEND_RULES
from repaircenter.shop.outbox.messages import every_field
from repaircenter.shop.ports import NotSignedIn, ServiceRefused
from repaircenter.wire.vocabulary import CHANNELS

SOURCES = sorted((Path(__file__).parents[2] / "repaircenter").rglob("*.py"))
_PLACEHOLDER = re.compile(r"\{(\w+)[}:]")
_MNEMONIC = re.compile(r"&(\w)")


@pytest.mark.parametrize("language", ["fr", "es"])
def test_every_text_exists_in_every_language_with_the_same_placeholders(language: str) -> None:
    english, other = _catalog("en").whole(), _catalog(language).whole()
    assert set(english) == set(other)
    for key, text in english.items():
        assert set(_PLACEHOLDER.findall(text)) == set(_PLACEHOLDER.findall(other[key])), key


def test_every_key_that_is_used_exists() -> None:
    known = set(_catalog("en").whole())
    used: set[str] = set()
    for path in SOURCES:
        for call, key in re.findall(
            r'(words|t|_words)(?:\.count)?\(\s*"([a-zA-Z0-9_.-]+\.[a-zA-Z0-9_.-]+)"', path.read_text("utf-8")
        ):
            del call
            used.add(key)
    missing = {key for key in used if key not in known and f"{key}.one" not in known}
    assert not missing


def test_keys_that_are_put_together_exist() -> None:
    words = Texts("fr")
    for state in job_list.SURVEY:
        assert words(f"desk.survey.{state}")
    for name in (column.name for column in columns.COLUMNS):
        assert words(f"desk.jobs.column.{name}")
    for name in (*job_list.STATES, *job_list.MARKED):
        assert words(f"desk.jobs.chip.{name}")
    for name in job_list.PERIODS:
        assert words(f"desk.jobs.period.{name}")
    for path in every_field():
        assert words(f"desk.field.{path}")
    for what in (*version_changes.FIELDS, "line_added", "line_changed", "line_removed"):
        assert words(f"desk.change.{what}")
    for rule in SEND_RULES:
        assert words(f"desk.rule.{rule}") and words(f"desk.rule.{rule}_text")
        assert words(f"desk.job.status.waits_for.{rule}")
    for name in ("", *CHANNELS):
        assert words(f"desk.contact.channel.{name or 'any'}")
    for stage in (*silence.STAGES, "service", "share"):
        assert words(f"desk.silence.{stage}", since="x")
    for parameter in (one for one in PARAMETERS.values() if one.choices):
        assert words(f"desk.parameter.{parameter.name}")
        choices = parameter.choices if parameter.usual else ("all", *parameter.choices)
        assert all(words(f"report.{parameter.name}.{choice}") for choice in choices)
    assert words("report.period.custom")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "group",
    [
        ("desk.surveys.", "desk.parameter."),
        ("desk.sign_in.",),
        ("desk.setup.", "desk.appearance.language", "desk.directories.test"),
        ("desk.contact.", "desk.configuration.cancel"),
        ("desk.job.", "desk.new_job.button"),
        ("desk.connection.", "desk.configuration.ok", "desk.configuration.apply", "desk.configuration.cancel"),
        ("desk.privacy.", "desk.configuration.ok", "desk.configuration.apply", "desk.configuration.cancel"),
        ("desk.customer.", "desk.more.leaves", "desk.configuration.ok", "desk.configuration.apply"),
        ("desk.sending.",),
    ],
)
def test_mnemonics_of_one_page_do_not_clash(language: str, group: tuple[str, ...]) -> None:
    letters = [
        m.lower()
        for key, text in _catalog(language).whole().items()
        if key.startswith(group)
        for m in _MNEMONIC.findall(text)
    ]
    assert len(letters) == len(set(letters)), letters


def test_plurals_follow_the_language() -> None:
    assert (
        Texts("fr").count("desk.jobs.count", 0) == "0 travail" and Texts("en").count("desk.jobs.count", 0) == "0 jobs"
    )


def _raised_errors() -> Iterator[tuple[str, str, set[str]]]:
    """(file, code, names of facts) of every KnownError that is made with a code written down."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}
    kinds, before = {"KnownError"}, 0
    while len(kinds) > before:
        before = len(kinds)
        for tree in trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in kinds for base in node.bases):
                    kinds.add(node.name)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in kinds and node.args:
                for code in ast.walk(node.args[0]):
                    if (
                        isinstance(code, ast.Constant)
                        and isinstance(code.value, str)
                        and isinstance(node.args[0], (ast.Constant, ast.IfExp))
                    ):
                        yield path.name, code.value, {keyword.arg or "" for keyword in node.keywords}


def test_every_error_has_a_sentence_with_its_facts() -> None:
    """HOUSE 1.2-15: an error is a code; its sentence stands in each language and says every fact it was given."""
    words = Texts("en")
    raised = [entry for entry in _raised_errors() if entry[1] not in ("missing", "denied")]
    assert len(raised) > 90
    for file, code, facts in raised:
        assert words.has(f"error.{code}"), (file, code)
        assert set(_PLACEHOLDER.findall(_catalog("en")[f"error.{code}"])) == facts, (file, code)


def test_an_error_is_said_in_the_language_of_the_reader() -> None:
    error = KnownError("service.port_used", port=8470)
    assert str(error) == "Port 8470 is already in use; choose another with --port."
    assert error.said(Texts("fr")) == "Le port 8470 est déjà utilisé; choisissez-en un autre avec --port."


@pytest.mark.parametrize("kind", [NotSignedIn, ServiceRefused])
def test_a_code_of_a_newer_service_has_a_sentence(kind: type[KnownError]) -> None:
    assert kind("of_tomorrow").said(Texts("es")) == Texts("es")(f"error.{kind.otherwise}")


def test_notes_of_the_reader_are_said_in_the_language() -> None:
    assert Texts("fr").note("the ENV table is missing") == Texts("fr")("error.ems.missing")
    assert Texts("fr").note("unheard of") == "unheard of"


@pytest.mark.parametrize(("wish", "language"), [("fr-CA", "fr"), ("es_MX", "es"), ("de", "en"), (None, "en")])
def test_the_nearest_language(wish: str | None, language: str) -> None:
    assert language_of(wish) == language


def test_sort_keys_ignore_case_and_accents() -> None:
    assert sort_key("Éloïse GAGNÉ-Côté") == "eloise gagne-cote" and canonical("REC-2026/ 07") == "rec202607"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Cœur", "coeur"),
        ("Œuvrard", "oeuvrard"),
        ("Sørensen", "sorensen"),
        ("Łukasz", "lukasz"),
        ("Groß", "gross"),
        ("Æsir", "aesir"),
    ],
)
def test_letters_that_are_one_sign_are_found_as_they_are_typed(written: str, typed: str) -> None:
    """Case 25: search, order and keys."""
    assert sort_key(written) == typed == canonical(written)
    assert sorted([written, "Zzz", "A"], key=sort_key)[-1] == "Zzz"


def test_lines_lose_control_characters_and_keep_letters() -> None:
    assert clean_line("a\x0bb\r\nc\xa0d\x00") == "a b c d" and clean_line("Zoé 🚗") == "Zoé 🚗"
    assert clean_text("a\r\nb\rc\x01") == "a\nb\nc" == clean_letter("\x9fa\r\nb\rc\x01")
    assert clean_letter(" Pour\u2028dire\xa0: ") == "Pour dire\xa0:", "a letter keeps its no-break spaces"


def test_no_sentence_stands_in_the_code_of_the_desk() -> None:
    """What a person reads comes from the catalogue: a text given to a widget has no words of its own."""
    saying = {"say", "_say", "_failed", "_refuse", "setText", "setToolTip", "setAccessibleName", "flash", "fail"}
    written = []
    for path in (path for path in SOURCES if "desk" in path.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in saying):
                continue
            literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            written += [f"{path.name}: {text}" for text in literals if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text)]
    assert written == []
