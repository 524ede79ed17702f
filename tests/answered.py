"""A world of answered surveys written straight into the service's tables: for the reports' tests and their bench."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

# What the shop itself is asked about; the last scale is the insurer's.
OWN_SCALES = ("quality", "kept_informed", "cleanliness", "courtesy")
SCALES = ("quality", "kept_informed", "cleanliness", "courtesy", "claim_handling")
ESTIMATORS = ("Ana Ruiz", "Benoît Tessier", "Carla Ng", "Denis Roy")
CHANNELS = ("email", "sms")
LANGUAGES = ("en", "fr", "es")
COMMENTS = ("Très bien.", "Could have called me.", "=SUM(A1)", "x" * 400, "★★★ 👍 好 مرحبا", "Todo perfecto, gracias.")


@dataclass
class Answered:
    """One invited job and what came of it; `values` is empty without an answer."""

    id: int
    shop_id: int
    programme_id: int
    delivered: date
    total_cents: int
    sent: datetime
    bounced: bool
    channel: str
    language: str
    people: dict[str, list[tuple[str, float]]]
    submitted: datetime | None = None
    comment: str | None = None
    values: dict[str, int] = field(default_factory=dict)
    # None is the standard questionnaire.
    questionnaire_id: int | None = None


def some(
    seed: int, shops: Sequence[int], programmes: Sequence[int], count: int, first: date, days: int, start: int = 1
) -> Iterator[Answered]:
    """`count` invitations spread over `days` from `first`; about a third answer. Opinions hang together."""
    chance = random.Random(seed)
    moods = {shop: chance.gauss(0.0, 0.7) for shop in shops}
    for number in range(start, start + count):
        shop = chance.choice(shops)
        sent = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(
            seconds=chance.randrange(days * 86400)
        )
        share = chance.choice((1.0, 1.0, 0.6, 0.25))
        one, two = chance.sample(ESTIMATORS, 2)
        people = {"estimator": [(one, share)] if share == 1.0 else [(one, share), (two, 1.0 - share)]}
        found = Answered(
            number,
            shop,
            chance.choice(programmes),
            (sent - timedelta(days=20)).date(),
            chance.randrange(50_000, 1_500_000),
            sent,
            chance.random() < 0.05,
            chance.choice(CHANNELS),
            chance.choice(LANGUAGES),
            people,
        )
        if not found.bounced and chance.random() < 0.35:
            _answer(found, chance, moods[shop])
        yield found


def _answer(found: Answered, chance: random.Random, mood: float) -> None:
    found.submitted = found.sent + timedelta(hours=chance.randrange(1, 300))
    own = 8.2 + mood + chance.gauss(0.0, 1.6)

    def scored(spread: float, low: int, high: int, scale: float = 1.0) -> int:
        return max(low, min(high, round((own + chance.gauss(0.0, spread)) * scale)))

    found.values = {"stars": scored(0.8, 1, 5, 0.55), "recommend": scored(1.2, 0, 10)}
    for key in SCALES:
        if chance.random() < 0.9:
            found.values[key] = scored(1.0, 1, 10)
    if chance.random() < 0.3:
        found.comment = chance.choice(COMMENTS)


def write(connection: Connection, org: int, found: Sequence[Answered]) -> None:
    """COPY them as the owner of the tables."""
    questionnaire: int = connection.execute(text("SELECT id FROM questionnaire ORDER BY id LIMIT 1")).scalar_one()
    cursor: Any = connection.connection.cursor()

    def copy(table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
        with cursor.copy(f"COPY {table} (org_id, shop_id, {columns}) FROM STDIN") as target:
            for row in rows:
                target.write_row(row)

    def received(one: Answered) -> datetime:
        return one.sent - timedelta(days=20)

    copy(
        "job",
        "id, job_key, version, version_order, digest, programme_id, ro_number, first_name, last_name, sort_key, vehicle, "
        "estimator, created_on, delivered_on, total_cents, currency, received_at, changed_at",
        (
            (
                org, one.shop_id, one.id, f"C:{one.id}", "E01", 1, "d", one.programme_id, f"R-{one.id}", "Élise", f"Gagné {one.id}",
                "gagne", "2020 Mazda CX-5", one.people["estimator"][0][0], received(one).date(), one.delivered, one.total_cents,
                "CAD", received(one), received(one),
            )
            for one in found
        ),
    )  # fmt: skip
    copy(
        "sample",
        "id, job_id, programme_id, state, received_on, callable_on",
        (
            (org, one.shop_id, one.id, one.id, one.programme_id, "answered" if one.submitted else "invited",
             received(one).date(), one.sent.date())
            for one in found
        ),
    )  # fmt: skip
    from psycopg.types.json import Jsonb

    copy(
        "invitation",
        "id, sample_id, questionnaire_id, programme_id, channel, language, nonce, token_hash, address_mac, people, "
        "created_at, sent_at, bounced_at, started_at, answered_at, shown_at",
        (
            (org, one.shop_id, one.id, one.id, one.questionnaire_id or questionnaire, one.programme_id, one.channel, one.language, b"n",
             one.id.to_bytes(8, "big"), b"a", Jsonb(one.people), one.sent, one.sent, one.sent if one.bounced else None,
             one.submitted, one.submitted, one.submitted)
            for one in found
        ),
    )  # fmt: skip
    answered = [one for one in found if one.submitted is not None]
    copy(
        "answer",
        "id, invitation_id, programme_id, submitted_at, visible_from, comment, language",
        (
            (org, one.shop_id, one.id, one.id, one.programme_id, one.submitted, one.submitted, one.comment, one.language)
            for one in answered
        ),
    )  # fmt: skip
    copy(
        "answer_value",
        "answer_id, question, value",
        ((org, one.shop_id, one.id, key, value) for one in answered for key, value in one.values.items()),
    )
    for table in ("job", "sample", "invitation", "answer"):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))")
        )
