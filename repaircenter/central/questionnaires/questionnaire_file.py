"""Reads a questionnaire from its file (TOML), of resources/ or an operator's."""

import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from repaircenter.central.questionnaires.validator import find_mistake
from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.resources import resource
from repaircenter.wire.surveys.questionnaires import Questionnaire

# Those of resources/: of a collision repair, by stars alone, and of an insurer's programme.
SHIPPED: Final = ("standard", "quick", "insurer")


def read(path: Path) -> tuple[Questionnaire, Any]:
    """A questionnaire's file (TOML), and its content as it is stored. Raises KnownError with the reason."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        questionnaire = msgspec.convert(content, Questionnaire)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnownError("service.bad_questionnaire", file=path.name, reason=error) from None
    mistake = find_mistake(questionnaire)
    if mistake is not None:
        reason = str(KnownError(f"questionnaire_{mistake.code}", **mistake.facts_by_key()))
        raise KnownError("cli.file", file=path.name, reason=reason.rstrip("."))
    return questionnaire, content


def shipped(name: str = "standard") -> tuple[Questionnaire, Any]:
    """A questionnaire of resources/, and its content as it is stored."""
    return read(resource("questionnaires", f"{name}.toml"))
