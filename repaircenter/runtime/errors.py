"""Errors of the three kinds (DESIGN 4.9): environment and input are KnownError, everything else is a bug."""

from pathlib import Path

from repaircenter.runtime.text import Texts


class KnownError(Exception):
    """Something a person can understand and mend: a code of the texts `error.*` with the facts its sentence needs.

    `said` is the sentence in a language, `str()` the English one. Facts hold no personal data but what the person who
    reads them gave. `otherwise` is said where a code has no sentence (a newer service's).
    """

    otherwise = ""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def said(self, words: Texts) -> str:
        """Return the sentence in the language of `words`; a fact `reason` that the EMS reader gave is translated too."""
        key = f"error.{self.code}"
        if self.otherwise and not words.has(key):
            key = f"error.{self.otherwise}"
        reason = self.facts.get("reason")
        known = {"reason": words.note(reason)} if isinstance(reason, str) else {}
        return words(key, **{**self.facts, **known})

    def __str__(self) -> str:
        return self.said(Texts("en"))


class KeyTrouble(KnownError):
    """The store is there, but its key is missing or wrong: a recovery code or a new store helps."""


class EnvironmentFailure(KnownError):
    """The surroundings are not as needed (share away, disk full, service down): shown as a state, tried again."""


class InputRefused(KnownError):
    """What was given cannot be used (broken set, refused job): kept aside with this reason."""


def file_not_written(path: Path, error: OSError) -> EnvironmentFailure:
    """Return the error of a file that could not be written, with the system's reason when it gives one."""
    if error.strerror is None:
        return EnvironmentFailure("cli.not_written", file=path.name)
    return EnvironmentFailure("cli.file", file=path.name, reason=error.strerror)
