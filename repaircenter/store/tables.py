"""The tables of the shop's store (SQLAlchemy Core). Rows never leave this package; values of shop.model do."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

# The newest migration: a store of this version is opened without looking for any.
REVISION = "0007"


class Utc(TypeDecorator[datetime]):
    """An aware UTC instant as sortable ISO text."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

setting = Table("setting", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

shop = Table(
    "shop",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("group", Text),
    Column("tax_id", Text),
    Column("licence", Text),
    Column("phone", Text),
)

facility = Table(
    "facility",
    metadata,
    Column("key", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("shop_id", Integer),
)

job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_key", Text, nullable=False),
    Column("home", Text, nullable=False),
    Column("shop_id", Integer),
    Column("facility", Text),
    Column("system", Text),
    Column("ro_number", Text),
    Column("state", Text, nullable=False),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("company", Text),
    Column("email", Text),
    Column("phones", Text, nullable=False),
    Column("preferred_channel", Text),
    Column("language", Text),
    Column("do_not_contact", Boolean, nullable=False),
    Column("vin", Text),
    Column("plate", Text),
    Column("year", Integer),
    Column("make", Text),
    Column("model", Text),
    Column("insurer_code", Text),
    Column("insurer_name", Text),
    Column("claim_number", Text),
    Column("estimator", Text),
    Column("appraiser", Text),
    Column("credits", Text, nullable=False, server_default="{}"),
    Column("created_on", Date),
    Column("arrived_on", Date),
    Column("promised_on", Date),
    Column("delivered_on", Date),
    Column("version", Text),
    Column("version_order", Integer, nullable=False),
    Column("total_cents", Integer),
    Column("currency", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("excluded", Boolean, nullable=False),
    Column("skipped", Boolean, nullable=False, server_default=false()),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("merged_into", Integer),
    Column("erased_at_utc", Utc),
    Column("blanked_at_utc", Utc),
    Column("entered", Text, nullable=False),
    Column("received_at_utc", Utc),
    Column("changed_at_utc", Utc),
    Column("sent_digest", Text),
    Column("sent_why", Text),
    # What the service said (wire.jobs.AtService as JSON), and of it what statements ask for.
    Column("service", Text),
    Column("service_state", Text),
    Column("service_reason", Text),
    Column("service_received_at_utc", Utc),
    Column("service_stars", Integer),
    Column("search", Text, nullable=False),
    # Grows with every change of any job, so that a list may ask for what changed.
    Column("revision", Integer, nullable=False, server_default="0"),
    UniqueConstraint("job_key", "home"),
    Index("ix_job_facility", "facility"),
    Index("ix_job_changed", "changed_at_utc"),
    Index("ix_job_revision", "revision"),
    Index("ix_job_vin", "vin"),
    Index("ix_job_ro_number", "ro_number"),
)

version = Table(
    "version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    Column("order", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("base", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("imported_at_utc", Utc, nullable=False),
    Column("total_cents", Integer),
    Column("complete", Boolean, nullable=False),
    Column("content", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at_utc", Utc, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", Text),
    Index("ix_event_kind", "kind", "at_utc"),
)

hand_step = Table(
    "hand_step",
    metadata,
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at_utc", Utc, nullable=False),
    Column("before", Text, nullable=False),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("other_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at_utc", Utc, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("base", Text, primary_key=True),
    Column("signature", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("job_id", Integer),
    Column("at_utc", Utc, nullable=False),
)

folder = Table(
    "folder",
    metadata,
    Column("path", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("shop_id", Integer),
    Column("code_page", Text, nullable=False),
    Column("cutoff", Date),
    Column("paused", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
)

kept_favourite = Table(
    "kept_favourite",
    metadata,
    Column("person", Text, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("favourite", Text, nullable=False),
    Column("result", LargeBinary),
    Column("made_at_utc", Utc),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("shop_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at_utc", Utc, nullable=False),
    Column("lease_until_utc", Utc),
    Column("last_status", Text),
    Column("created_at_utc", Utc, nullable=False),
    Column("sent_at_utc", Utc),
    Index("ix_outbox_due", "state", "next_try_at_utc"),
)
