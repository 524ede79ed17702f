"""Renders a template with its facts: sandboxed, over the placeholders it declares and no others (A-25).

A template is a file `resources/templates/<area>/<name>.<language>.txt`: its first line is the subject, the rest the body.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from repaircenter.central.templates.queries import Wording
from repaircenter.runtime.resources import resource

_ALLOWED = (nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Or, nodes.And, nodes.Not, nodes.Const)
# What a customer has not is nothing, and not the word None.
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, keep_trailing_newline=True, finalize=lambda value: "" if value is None else value
)
_LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Template:
    """`placeholders` may stand in it, `mandatory` ones must."""

    area: str
    name: str
    placeholders: frozenset[str]
    mandatory: frozenset[str]


def render(
    template: Template, language: str, facts: Mapping[str, str | None], own: Wording | None = None
) -> tuple[str, str]:
    """Return subject and body, in an organisation's own words where it has some. `facts` are exactly the placeholders; one
    without a value is None."""
    assert facts.keys() == template.placeholders, sorted(facts.keys() ^ template.placeholders)
    subject, body = (_ENVIRONMENT.from_string(source) for source in own or sources(template, language))
    # What is filled in may have several lines; a subject has one.
    return _LINE_END.sub(" ", subject.render(facts)), body.render(facts)


def wrong(template: Template, language: str) -> str:
    """Return why the standard words of a language cannot be used (a code and the placeholder), empty when they can."""
    subject, body = (_ENVIRONMENT.parse(source) for source in sources(template, language))
    return _wrong(template, [subject, body], _names([body]))


def wrong_words(template: Template, subject: str, body: str) -> str:
    """Return why people's own words cannot be used, as `wrong` does for the standard ones, and "syntax" for more than text,
    placeholders and "if": a loop would keep everybody waiting. They are tried for who has everything and who has nothing.
    """
    try:
        parsed = [_ENVIRONMENT.parse(source) for source in (subject, body)]
        if any(not isinstance(node, _ALLOWED) for tree in parsed for node in _nodes(tree)):
            return "syntax"
        # What stands within an "if" or beside an "or" may be left out.
        written = [part for node in parsed[1].body if isinstance(node, nodes.Output) for part in node.nodes]
        if refusal := _wrong(template, parsed, {part.name for part in written if isinstance(part, nodes.Name)}):
            return refusal
        for value in ("x", None):
            render(template, "", dict.fromkeys(template.placeholders, value), Wording(subject, body))
    except (TemplateError, SyntaxError, RecursionError):
        return "syntax"
    return ""


def _wrong(template: Template, parsed: list[nodes.Template], written: set[str]) -> str:
    if unknown := sorted(_names(parsed) - template.placeholders):
        return f"unknown {unknown[0]}"
    missing = sorted(template.mandatory - written)
    return f"missing {missing[0]}" if missing else ""


def _names(parsed: list[nodes.Template]) -> set[str]:
    """Every name that stands in templates, Jinja's own ones too: those are no placeholders."""
    return {node.name for tree in parsed for node in _nodes(tree) if isinstance(node, nodes.Name)}


def _nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _nodes(child)


@cache
def sources(template: Template, language: str) -> tuple[str, str]:
    """Return the source of subject and body in a language."""
    content = resource("templates", template.area, f"{template.name}.{language}.txt").read_text("utf-8")
    subject, _, body = content.partition("\n\n")
    return subject, body
