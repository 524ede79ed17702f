"""Runs of reports stand in the database, so that any process answers for them (issue 13.21).

Unlogged: a report can be made again, and a lost run is one the desk starts anew.
"""

from repaircenter.central.db.migrations.statements import run

revision = "0009"
down_revision = "0008"

_RUNS = """
CREATE UNLOGGED TABLE report_run (
  id text PRIMARY KEY,
  person_id bigint NOT NULL,
  worker text NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'stopped')),
  error text,
  parts integer NOT NULL DEFAULT 0,
  asked_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL
);
CREATE INDEX report_run_worker ON report_run (worker) WHERE state IN ('running', 'stopped');
CREATE UNLOGGED TABLE report_part (
  run_id text REFERENCES report_run ON DELETE CASCADE,
  number integer,
  person_id bigint NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (run_id, number)
);
ALTER TABLE report_part ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE report_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_person ON report_run USING (person_id = (SELECT rc_scope_person()))
  WITH CHECK (person_id = (SELECT rc_scope_person()));
CREATE POLICY by_person ON report_part USING (person_id = (SELECT rc_scope_person()))
  WITH CHECK (person_id = (SELECT rc_scope_person()));
GRANT SELECT, INSERT, UPDATE ON report_run TO rc_web;
GRANT SELECT, INSERT ON report_part TO rc_web;

-- What every web process does now and then for all: the runs it works on live, those nobody asks about end, those nobody
-- works on any more fail, old ones go. Gives the runs of `mine` that somebody stopped.
CREATE FUNCTION rc_tend_runs(mine text, alive text[], at timestamptz, forgotten interval, dead interval, kept interval)
RETURNS SETOF text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ UPDATE report_run SET beat_at = at WHERE id = ANY (alive) AND state = 'running';
   UPDATE report_run SET state = 'stopped' WHERE state = 'running' AND asked_at < at - forgotten;
   UPDATE report_run SET state = 'failed', error = 'report_failed' WHERE state = 'running' AND beat_at < at - dead;
   DELETE FROM report_run WHERE asked_at < at - kept;
   SELECT id FROM report_run WHERE worker = mine AND state = 'stopped' $$;
REVOKE ALL ON FUNCTION rc_tend_runs(text, text[], timestamptz, interval, interval, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_tend_runs(text, text[], timestamptz, interval, interval, interval) TO rc_web;
"""


def upgrade() -> None:
    run(_RUNS)
