"""Sign-ins that fail lock the address out for longer and longer (issue 13.21)."""

from repaircenter.central.db.migrations.statements import run

revision = "0007"
down_revision = "0006"

_FUNCTIONS = """
CREATE TABLE sign_in_failure (
  address bytea PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL
);
ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;

-- Five may be wrong; then 30 s, a minute, two ... up to an hour. A day without a try forgets them.
CREATE FUNCTION rc_locked_until(wanted bytea, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT last_at + least(interval '1 hour', interval '15 seconds' * power(2, least(failures - 4, 12)))
   FROM sign_in_failure WHERE address = wanted AND failures >= 5 AND last_at > at - interval '1 day' $$;

CREATE FUNCTION rc_sign_in_failed(wanted bytea, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM sign_in_failure WHERE last_at < at - interval '1 day';
   INSERT INTO sign_in_failure VALUES (wanted, 1, at)
   ON CONFLICT (address) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = at $$;

CREATE FUNCTION rc_sign_in_good(wanted bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM sign_in_failure WHERE address = wanted $$;

REVOKE ALL ON FUNCTION rc_locked_until(bytea, timestamptz), rc_sign_in_failed(bytea, timestamptz),
  rc_sign_in_good(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rc_locked_until(bytea, timestamptz), rc_sign_in_failed(bytea, timestamptz),
  rc_sign_in_good(bytea) TO rc_web;
"""


def upgrade() -> None:
    run(_FUNCTIONS)
