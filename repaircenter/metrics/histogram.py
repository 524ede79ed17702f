"""How often each score was given: what a database counts, and what every figure of one question comes from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from repaircenter.metrics.means import Moments
from repaircenter.metrics.nps import Groups, group_of_score, group_of_stars


@dataclass(frozen=True, slots=True)
class Histogram:
    """Score -> count. Histograms pool by addition."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def __add__(self, other: "Histogram") -> "Histogram":
        scores = self.counts.keys() | other.counts.keys()
        return Histogram({score: self.counts.get(score, 0) + other.counts.get(score, 0) for score in sorted(scores)})

    @classmethod
    def pooled(cls, histograms: Iterable["Histogram"]) -> "Histogram":
        """The sum of many: as adding them one by one, without what lies between."""
        counts: Counter[int] = Counter()
        for histogram in histograms:
            counts.update(histogram.counts)
        return cls({score: counts[score] for score in sorted(counts)})

    def of(self, score: int) -> int:
        return self.counts.get(score, 0)

    def moments(self) -> Moments:
        """n, sum and sum of squares, for means."""
        return Moments(
            self.n,
            float(sum(score * count for score, count in self.counts.items())),
            float(sum(score * score * count for score, count in self.counts.items())),
        )

    def at_least(self, score: int) -> int:
        """How many reach the top box (requirements 7.2)."""
        return sum(count for given, count in self.counts.items() if given >= score)

    def groups(self, *, stars: bool = False) -> Groups:
        """Promoters, passives, detractors of a 0-10 score, or of stars (requirements 7.3)."""
        group_of = group_of_stars if stars else group_of_score
        counts = {"promoter": 0, "passive": 0, "detractor": 0}
        for score, count in self.counts.items():
            counts[group_of(score)] += count
        return Groups(counts["promoter"], counts["passive"], counts["detractor"])
