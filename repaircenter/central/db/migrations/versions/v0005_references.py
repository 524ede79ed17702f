"""What figures are compared with from outside: targets of programmes, values others published (requirements 7.8, 9.2)."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE programme ADD COLUMN targets jsonb NOT NULL DEFAULT '{}'")
    # Of no tenant: what an operator of the service enters, with its source, is the same for everybody.
    op.execute(
        'CREATE TABLE external_benchmark (metric text COLLATE "C" NOT NULL, segment text COLLATE "C" NOT NULL, '
        'as_of date NOT NULL, value double precision NOT NULL, source text COLLATE "C" NOT NULL, '
        "PRIMARY KEY (metric, segment, as_of))"
    )
    op.execute("GRANT SELECT ON external_benchmark TO rc_web, rc_worker")
