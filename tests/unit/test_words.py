"""How texts are written (issue 15.18): one apostrophe, the spaces of Québec, one word for one thing."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from repaircenter.runtime.text import LANGUAGES, _catalog

GLOSSARY = tomllib.loads((Path(__file__).parents[2] / "docs" / "glossary.toml").read_text("utf-8"))
NO_BREAK = "\N{NO-BREAK SPACE}"
_FACT = re.compile(r"\{\w+\}")


def texts(language: str) -> Iterator[tuple[str, str]]:
    return iter(_catalog(language).whole().items())


def wrong(language: str, pattern: str) -> list[str]:
    return [f"{key}: {text}" for key, text in texts(language) if re.search(pattern, _FACT.sub("}", text))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_one_apostrophe(language: str) -> None:
    assert wrong(language, r"\w'") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_two_spaces_or_one_at_an_end(language: str) -> None:
    assert wrong(language, r"  |^ | $") == []


def test_french_spaces_are_those_of_quebec() -> None:
    """None before ; ! and ?, a no-break space before the colon, within guillemets and before % and $ (OQLF)."""
    assert wrong("fr", rf"[ {NO_BREAK}\u202f][;!?]") == []
    assert wrong("fr", r"(?<=[\w}»)]) :(\s|$)") == [], "an ordinary space before a colon"
    assert wrong("fr", r"(?<=[\wé]): ") == [], "no space before a colon"
    assert wrong("fr", rf"«(?!{NO_BREAK})|(?<!{NO_BREAK})»") == []
    assert wrong("fr", r"[\d}] [%$]") == []


@pytest.mark.parametrize("term", GLOSSARY)
def test_one_word_says_one_thing(term: str) -> None:
    for language in LANGUAGES:
        entry = GLOSSARY[term][language]
        for word in entry["not"] if isinstance(entry, dict) else ():
            assert wrong(language, rf"(?i)\b{re.escape(word)}\b") == [], f"{language}: say {entry['use']!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_text_has_its_plural(language: str) -> None:
    keys = dict(texts(language))
    assert [key for key in keys if key.endswith(".one") and key[:-3] + "other" not in keys] == []
    counted = [key for key, text in keys.items() if key.endswith(".other") and re.search(r"\{(n|count)\}", text)]
    assert [key for key in counted if key[:-5] + "one" not in keys] == []


def test_figures_are_written_as_in_north_america() -> None:
    from PySide6.QtCore import QLocale

    from repaircenter.desk.kit.desk_context import _LOCALES
    from repaircenter.rendering.values import number

    assert QLocale(_LOCALES["es"]).toString(1234.5, "f", 1) == "1,234.5"
    assert QLocale(_LOCALES["fr"]).toString(1234.5, "f", 1) == f"1{NO_BREAK}234,5"
    assert [number(1234.5, 1, language) for language in LANGUAGES] == ["1,234.5", f"1{NO_BREAK}234,5", "1,234.5"]


def test_english_is_spelled_as_in_the_united_states() -> None:
    british = r"(?i)\b(programmes?|ageing|licen[c]es?|organis\w+|recognis\w+|minimis\w+|colours?|favourites?|grey|labour|centre|cancelled)\b"
    assert wrong("en", british) == []
