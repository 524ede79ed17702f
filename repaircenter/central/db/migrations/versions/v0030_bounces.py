"""Addresses whose mail came back are not written to again (A-P8, MODULES 2; issue 17)."""

from repaircenter.central.db.migrations.statements import run

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run("""
-- Of the address a message goes to: what comes back later is about that one.
ALTER TABLE message ADD COLUMN address_mac bytea;
-- Keyed digests, as those of opt_out.
CREATE TABLE dead_address (
  org_id bigint NOT NULL REFERENCES organisation, address_mac bytea NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (org_id, address_mac));
ALTER TABLE dead_address ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_worker ON dead_address USING ((SELECT rc_is_worker())) WITH CHECK ((SELECT rc_is_worker()));
GRANT SELECT, INSERT, UPDATE ON dead_address TO rc_worker;
""")
