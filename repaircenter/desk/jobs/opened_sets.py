"""What is said of estimates a person opened: what came to the jobs, and why the others did not."""

from collections import Counter
from collections.abc import Sequence

from repaircenter.runtime.text import Texts
from repaircenter.shop.jobs.opened import OpenedSet
from repaircenter.shop.model.folder import ASSIGNMENT, ERASED, IMPORTED, INCOMPLETE, SEEN_AGAIN, SUPERSEDED

_ORDER = (IMPORTED, INCOMPLETE, SEEN_AGAIN, SUPERSEDED, ASSIGNMENT, ERASED)


def say_taken(words: Texts, opened: Sequence[OpenedSet]) -> str:
    """One sentence for each outcome, with how many; empty when all were refused."""
    counts = Counter(each.outcome for each in opened if each.refusal is None)
    return " ".join(words.count(f"desk.opened.{name}", counts[name]) for name in _ORDER if counts[name])


def say_refused(words: Texts, opened: Sequence[OpenedSet]) -> str:
    """Why sets were not taken, each reason once; empty when none was refused."""
    return " ".join(dict.fromkeys(each.refusal.said(words) for each in opened if each.refusal is not None))
