"""Renders a template with its facts: sandboxed, over the placeholders it declares and no others (A-25).

A template is a file `resources/templates/<area>/<name>.<language>.txt`: its first line is the subject, the rest the body.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from repaircenter.runtime.resources import resource

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class Template:
    """`placeholders` may stand in it, `mandatory` ones must."""

    area: str
    name: str
    placeholders: frozenset[str]
    mandatory: frozenset[str]


def render(template: Template, language: str, facts: Mapping[str, str | None]) -> tuple[str, str]:
    """Return subject and body. `facts` are exactly the placeholders; one without a value is None."""
    assert facts.keys() == template.placeholders, sorted(facts.keys() ^ template.placeholders)
    subject, body = (_ENVIRONMENT.from_string(source) for source in sources(template, language))
    return subject.render(facts), body.render(facts)


def wrong(template: Template, language: str) -> str:
    """Return why the words of a language cannot be used (a code and the placeholder), empty when they can."""
    subject, body = sources(template, language)
    used = meta.find_undeclared_variables(_ENVIRONMENT.parse(subject + body))
    if unknown := sorted(used - template.placeholders):
        return f"unknown {unknown[0]}"
    missing = sorted(template.mandatory - meta.find_undeclared_variables(_ENVIRONMENT.parse(body)))
    return f"missing {missing[0]}" if missing else ""


@cache
def sources(template: Template, language: str) -> tuple[str, str]:
    """Return the source of subject and body in a language."""
    content = resource("templates", template.area, f"{template.name}.{language}.txt").read_text("utf-8")
    subject, _, body = content.partition("\n\n")
    return subject, body
