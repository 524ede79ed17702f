"""A job wanted by several programmes has a sample of each (MODULES 2; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run("""
ALTER TABLE sample DROP CONSTRAINT sample_job_id_key, ADD CONSTRAINT sample_of_programme UNIQUE (job_id, programme_id);
""")
