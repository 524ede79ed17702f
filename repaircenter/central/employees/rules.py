"""Which names are probably those of one person. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from repaircenter.runtime.text import canonical

# Letters that tell people apart; fewer are initials.
_LEAST_LETTERS = 3


def words_of(name: str) -> list[str]:
    """The words of a name without case, accents and signs."""
    return [word for word in map(canonical, name.replace("-", " ").replace(".", ". ").split()) if word]


def are_alike(first: str, second: str) -> bool:
    """Whether two names may be one person's: the same words in any order, some of them as initials or left out, with one
    whole word in common that is no initial (MODULES 2: accents, order, initials)."""
    return _are_alike(words_of(first), words_of(second))


def _are_alike(first: Sequence[str], second: Sequence[str]) -> bool:
    shorter, longer = sorted((first, second), key=len)
    left, has_whole = list(longer), False
    for word in sorted(shorter, key=len, reverse=True):
        same = next((other for other in left if other == word), None)
        if same is None:
            same = next((other for other in left if min(len(word), len(other)) == 1 and other[0] == word[0]), None)
        if same is None:
            return False
        has_whole = has_whole or (same == word and len(word) >= _LEAST_LETTERS)
        left.remove(same)
    return has_whole


def suggest(names: Mapping[str, int], decided: Iterable[str]) -> dict[str, str]:
    """Name -> the more frequent one it probably stands for, of names nobody decided about; `names` say how often each
    stands there. A name that could be two people's is not guessed."""
    known, words = set(decided), {name: words_of(name) for name in names}
    # Names that are alike have a whole word in common.
    sharing: dict[str, list[str]] = {}
    for name, parts in words.items():
        for word in {part for part in parts if len(part) >= _LEAST_LETTERS}:
            sharing.setdefault(word, []).append(name)
    suggested = {}
    for name in names.keys() - known:
        near = {other for word in words[name] for other in sharing.get(word, ())} - {name}
        likely = [
            other
            for other in near
            if (names[other], len(other), other) > (names[name], len(name), name) and _are_alike(words[name], words[other])
        ]
        if len(likely) == 1:
            suggested[name] = likely[0]
    return suggested
