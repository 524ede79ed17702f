"""The sample world: one operator, three shops, 240 estimates over six months with supplements; seeded (issue 2 g).

Gives the sets in the order they are written; the disk, the service and the desk see nothing but files and POSTs.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from repaircenter.demo import names
from repaircenter.demo.ems_writer import STYLES, write_set
from repaircenter.ems.estimate import (
    Address,
    Customer,
    Dates,
    Estimate,
    Insurer,
    Labor,
    Line,
    RepairFacility,
    Subtotal,
    Totals,
    Vehicle,
)
from repaircenter.runtime.days import zone_of

ZONE = "America/Toronto"
JOBS = 240
DAYS = 183
_TAX = Decimal("0.14975")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Export:
    """One set as it is written at an instant: `stage` is created, supplement or delivered."""

    at_utc: datetime
    stage: str
    estimate: Estimate

    def files(self) -> dict[str, bytes]:
        return write_set(self.estimate, STYLES[self.estimate.system or "C"])


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one customer will say: None for `after` when they never answer."""

    after: timedelta | None
    values: dict[str, object]
    comment: str


class World:
    """All exports of a seeded world that ends at `end_utc`."""

    def __init__(self, end_utc: datetime, seed: int = 2026) -> None:
        self._random = random.Random(seed)
        self._end = end_utc
        self.start_utc = end_utc - timedelta(days=DAYS)
        self._opinions: dict[str, Opinion] = {}
        self.exports: list[Export] = sorted(self._make(), key=lambda export: export.at_utc)

    def opinion(self, email: str) -> Opinion | None:
        """How the customer with this address feels; None for a stranger."""
        return self._opinions.get(email.lower())

    def _make(self) -> Iterator[Export]:
        for number in range(JOBS):
            share = (number + self._random.random()) / JOBS
            created = self._business_hour(self.start_utc + timedelta(days=DAYS * share))
            yield from self._job(number, min(created, self._end - timedelta(minutes=5)))

    def _business_hour(self, instant: datetime) -> datetime:
        local = instant.astimezone(zone_of(ZONE))
        local = local.replace(hour=8 + self._random.randrange(9), minute=self._random.randrange(60), microsecond=0)
        while local.weekday() > 4:
            local -= timedelta(days=1)
        return local.astimezone(instant.tzinfo)

    def _job(self, number: int, created: datetime) -> Iterator[Export]:
        """The exports of one job: created, perhaps a supplement, and delivered when that lies in the past."""
        first = self._estimate(number, created)
        yield Export(created, "created", first)
        ro_number = f"{created:%y}-{1000 + number}"
        newest = replace(first, ro_number=ro_number)
        if self._random.random() < 0.4:
            at = self._business_hour(created + timedelta(days=4 + self._random.randrange(6)))
            newest = self._again(self._supplement(newest), at, number, 1)
            if at < self._end:
                yield Export(at, "supplement", newest)
        stay = 7 + int(self._random.expovariate(1 / 6))
        out = self._business_hour(created + timedelta(days=stay))
        if out < self._end:
            day = out.astimezone(zone_of(ZONE)).date()
            dates = replace(newest.dates, delivered=day, completed=day)
            yield Export(out, "delivered", self._again(replace(newest, dates=dates), out, number, 2))

    def _again(self, estimate: Estimate, at: datetime, number: int, turn: int) -> Estimate:
        """The same estimate saved again: CCC takes a new base name, the others write over the old one (ems.md 5)."""
        base = self._base(estimate.system or "C", number, turn)
        local = at.astimezone(zone_of(ZONE)).replace(tzinfo=None, microsecond=0)
        return replace(estimate, base=base, export_id=base, created_at=local)

    @staticmethod
    def _base(system: str, number: int, turn: int) -> str:
        if system == "C":
            return f"{0x4B000000 + number * 16 + turn:08x}"
        return f"{7700000 + number}" if system == "M" else f"Q{number:05d}P"

    def _estimate(self, number: int, created: datetime) -> Estimate:
        rng = self._random
        shop = names.SHOPS[number % 3]
        system, estimator = shop[5], shop[6][rng.randrange(3)]
        local = created.astimezone(zone_of(ZONE)).replace(tzinfo=None, microsecond=0)
        base = self._base(system, number, 0)
        code, insurer, _ = names.INSURERS[min(int(rng.triangular(0, 6, 1.5)), 5)]
        customer = self._customer(number, shop[1])
        if customer.email:
            self._opinions[customer.email.lower()] = self._opinion(estimator)
        make, model, body = names.CARS[rng.randrange(len(names.CARS))]
        lines = self._lines("E01", rng.randrange(5, 14))
        subtotals, totals = self._money(lines, None)
        estimate_id = str(uuid.UUID(int=rng.getrandbits(128), version=4)) if system != "M" else base
        return Estimate(
            base=base,
            system=system,
            ems_version={"C": "2.01", "M": "2.0", "A": "2.6"}[system],
            software_version={"C": "5.61", "M": "8.1", "A": "AE-8.0.414"}[system],
            country="CAN",
            export_id=base,
            estimate_id=estimate_id.upper() if system == "A" else estimate_id,
            version="E01",
            transaction="E",
            created_at=local,
            customer=customer,
            insurer=Insurer(
                code,
                insurer,
                f"REC-{local.year}-{number:05d}",
                f"POL-{rng.randrange(10**6):06d}",
                Decimal("500.00"),
                local.date() - timedelta(days=rng.randrange(1, 9)),
                "C",
                "Alex Expert",
            ),
            vehicle=Vehicle(
                f"2ZZTEST{rng.randrange(10):01d}{number:09d}"[:17],
                local.year - rng.randrange(0, 12),
                make,
                model,
                body,
                rng.choice(names.COLOURS),
                f"T{number:03d} ABC",
                "QC",
                str(rng.randrange(5, 180) * 1000),
                "12",
            ),
            estimator=estimator,
            appraiser=names.APPRAISERS[number % len(names.APPRAISERS)],
            shop=RepairFacility(shop[0], shop[4], None, shop[3], None),
            dates=Dates(arrived=local.date(), promised=local.date() + timedelta(days=9)),
            lines=lines,
            subtotals=subtotals,
            totals=totals,
        )

    def _customer(self, number: int, city: str) -> Customer:
        rng = self._random
        first, last = rng.choice(names.FIRST), rng.choice(names.LAST)
        company = rng.choice(names.COMPANIES) if rng.random() < 0.05 else None
        email = f"client{number:03d}@example.com" if rng.random() < 0.88 else None
        address = Address(f"{rng.randrange(1, 9999)}, {rng.choice(names.STREETS)}", None, city, "QC", "G0G 0G0", "CAN")
        phone = f"{rng.choice(('514', '418', '819'))}5550{rng.randrange(100, 200)}"
        if company:
            return Customer("owner", None, None, company, email, (phone,), address)
        return Customer("owner", first, last, None, email, (phone,), address)

    def _lines(self, version: str, count: int, first: int = 1) -> tuple[Line, ...]:
        lines = []
        for number, (text, price, hours) in enumerate(
            self._random.sample(names.PARTS, min(count, len(names.PARTS))), first
        ):
            labor = [Labor("LAB", _hours(hours), _money(hours * 62), False)]
            if hours > 1.0:
                labor.append(Labor("LAR", _hours(hours * 0.8), _money(round(hours * 0.8, 1) * 62), False))
            lines.append(
                Line(
                    number,
                    text,
                    "OP11" if price else "OP9",
                    "PAN" if price else None,
                    f"52{self._random.randrange(10**6):06d}" if price else None,
                    Decimal(1) if price else None,
                    _money(price) if price else None,
                    None,
                    False,
                    version,
                    tuple(labor),
                )
            )
        return tuple(lines)

    @staticmethod
    def _money(lines: tuple[Line, ...], before: Totals | None) -> tuple[tuple[Subtotal, ...], Totals]:
        """Subtotals with their roll-ups, and totals that agree with them."""
        parts = sum((line.price or Decimal(0) for line in lines), Decimal("0.00"))
        rows = [Subtotal("PAN", "OEM new parts", parts, Decimal("0.0"), False)]
        for code, words in (("LAB", "body labour"), ("LAR", "refinish labour")):
            work = [labor for line in lines for labor in line.labor if labor.type == code]
            amount = sum((labor.amount or Decimal(0) for labor in work), Decimal("0.00"))
            hours = sum((labor.hours or Decimal(0) for labor in work), Decimal("0.0"))
            rows.append(Subtotal(code, words, amount, hours, False))
        work_total = (rows[1].amount or Decimal(0)) + (rows[2].amount or Decimal(0))
        rows.append(Subtotal("PAT", "all parts", parts, Decimal("0.0"), True))
        rows.append(
            Subtotal("LAT", "all labour", work_total, (rows[1].hours or 0) + (rows[2].hours or Decimal(0)), True)
        )
        tax = ((parts + work_total) * _TAX).quantize(_CENT)
        gross = parts + work_total + tax
        supplement = Decimal("0.00") if before is None else gross - (before.gross or Decimal(0))
        totals = Totals(gross, gross - 500, Decimal("500.00"), supplement, tax)
        return tuple(rows), totals

    def _supplement(self, estimate: Estimate) -> Estimate:
        extra = self._lines("S01", self._random.randrange(1, 4), len(estimate.lines) + 1)
        lines = estimate.lines + extra
        subtotals, totals = self._money(lines, estimate.totals)
        return replace(estimate, version="S01", lines=lines, subtotals=subtotals, totals=totals)

    def _opinion(self, estimator: str) -> Opinion:
        """A believable spread: the estimator's tendency, a mood of the day, noise for each question."""
        rng = self._random
        mood = names.TENDENCY[estimator] + rng.gauss(0, 1.3) - (3.5 if rng.random() < 0.07 else 0)
        values = {
            key: max(1, min(10, round(mood + shift + rng.gauss(0, 0.7))))
            for key, shift in (
                ("quality", 0.3),
                ("kept_informed", -0.8),
                ("cleanliness", 0.1),
                ("courtesy", 0.6),
                ("claim_handling", -0.4),
            )
        }
        values["recommend"] = max(0, min(10, round(mood + rng.gauss(0.2, 0.6))))
        values["stars"] = max(1, min(5, round(mood / 2)))
        words = names.GOOD if values["stars"] >= 5 else names.FAIR if values["stars"] >= 4 else names.POOR
        comment = rng.choice(words) if rng.random() < 0.55 else ""
        is_late = values["kept_informed"] <= 6
        asked: dict[str, object] = {
            **values,
            "on_time": int(not is_late),
            "told_late": int(values["courtesy"] >= 8),
            "problem": ["delay", "information"] if is_late else ["repair"],
            "chosen_by": ("insurer", "friends", "before", "near", "reviews", "other")[values["quality"] % 6],
        }
        after = timedelta(hours=2 + rng.expovariate(1 / 40)) if rng.random() < 0.46 else None
        return Opinion(after, asked, comment)


def _hours(value: float) -> Decimal:
    return Decimal(str(round(value, 1))).quantize(Decimal("0.1"))


def _money(value: float) -> Decimal:
    return Decimal(str(round(value, 2))).quantize(_CENT)
