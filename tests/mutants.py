"""`dev.py mutants [WORD ...]`: break the code in named ways, one at a time on a copy, and see that the tests say so (issue 13.5).

Each mutant is a mistake somebody could make: a sign, a base, an order, a limit. The figure printed at the end is how many
were killed; one that survives is code 1.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOSTILE, METRICS = "tests/integration/test_hostile_world.py", "tests/unit/test_metrics_change.py"
MAIL, OPERATING, SILENCE = (
    "tests/integration/test_mail.py",
    "tests/integration/test_operating.py",
    "tests/unit/test_silence.py",
)
CASES, CONTACT, DAYS = "tests/unit/test_ems_cases.py", "tests/unit/test_contact.py", "tests/unit/test_days.py"
SECONDS = 180


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` becomes `new` once in a file below repaircenter/; `tests` must notice."""

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


def _of(path: str, tests: str, *pairs: tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(name, path, old, new, tuple(tests.split())) for name, old, new in pairs]


REPORTS = "central/reporting/"
MUTANTS = [
    *_of(REPORTS + "builders/r01_scorecard.py", HOSTILE,
        ("R-01: change reversed", "mean_change(pools.earlier(question, shops), now.moments())",
         "mean_change(now.moments(), pools.earlier(question, shops))"),
    ),
    *_of(REPORTS + "builders/r01_pools.py", HOSTILE,
        ("R-01: insurer's questions in the shop's score", 'measure("csi", context.own_questions())', 'measure("csi", context.questions())'),
    ),
    *_of(REPORTS + "builders/r03_nps_overview.py", HOSTILE,
        ("R-03: change reversed", "nps_change(Histogram.pooled(past.values()).groups(), everyone.groups())",
         "nps_change(everyone.groups(), Histogram.pooled(past.values()).groups())"),
    ),
    *_of(REPORTS + "builders/r14_benchmark.py", HOSTILE,
        ("R-14: the rest of the ticked shops", "context.over_network()", "context.selection"),
        ("R-14: gap reversed", "measure.change(others, network[shop])", "measure.change(network[shop], others)"),
    ),
    *_of(REPORTS + "builders/r15_evolution.py", HOSTILE,
        ("R-15: rolling over two", "_ROLLED = 3", "_ROLLED = 2"),
        ("R-15: marks of every shop", "if change.shop_id in shops:", "if True:"),
    ),
    *_of(REPORTS + "sql/rows.py", HOSTILE,
        ("R-07: lowest without its tie rule", '"lowest": "stars NULLS LAST, a.submitted_at DESC, a.id DESC"', '"lowest": "stars NULLS LAST, a.submitted_at, a.id"'),
    ),
    *_of(REPORTS + "sql/aggregates.py", HOSTILE,
        ("R-15: another programme is a change", "if before[:2] == (shop, programme)", "if before[:1] == (shop,)"),
    ),
    *_of(REPORTS + "sql/cohort.py", HOSTILE,
        ("days by UTC", "start_of_day(zone, period.start), start_of_day(zone, period.end)", "start_of_day('UTC', period.start), start_of_day('UTC', period.end)"),
        ("offsets of one zone for all", "*offsets(zone, start, end)", "*offsets('UTC', start, end)"),
    ),
    *_of("wire/surveys/questionnaires.py", HOSTILE, ("top box is the maximum", "self.maximum - 1 if self.top is None", "self.maximum if self.top is None")),
    *_of("metrics/means.py", f"{METRICS} {HOSTILE}",
        ("t with n instead of n - 1", "spread = Spread(deviation, moments.n - 1)", "spread = Spread(deviation, moments.n)"),
        ("deviation with n", "self.total * self.total / self.n) / (self.n - 1)))", "self.total * self.total / self.n) / self.n))"),
        ("pooled spread without weights", "free * own * own for free, own in spread", "own * own for free, own in spread"),
    ),
    *_of("metrics/changes.py", f"{METRICS} {HOSTILE}",
        ("arrows from six answers", "SHOWN_FROM = 5", "SHOWN_FROM = 6"),
        ("NPS change with raw variances", "nps.adjusted(first), nps.adjusted(second)",
         "nps.score(first.promoters, first.passives, first.detractors), nps.score(second.promoters, second.passives, second.detractors)"),
        ("no spread is certain", "return Change(delta, -inf, inf, None, MEAN_CHANGE, smaller)", "return Change(delta, delta, delta, 0.0, MEAN_CHANGE, smaller)"),
    ),
    *_of("metrics/attribution.py", f"{METRICS} {HOSTILE}",
        ("weighted NPS without effective size", "scale = weight / groups.weight_squares", "scale = 1.0"),
        ("weighted mean without effective size", "value, effective = sums.total / sums.weight, sums.effective_n", "value, effective = sums.total / sums.weight, float(sums.n)"),
    ),
    *_of("metrics/ranking.py", f"{METRICS} {HOSTILE}",
        ("league by the worst bound", "key=bound, reverse=True)", "key=bound)"),
        ("the rest holds the shop", "behind[place + 1]", "behind[place]"),
    ),
    *_of("metrics/drivers.py", METRICS, ("a driver firm by its importance alone", " and _clears(performance_interval(pairs[key]), cut_p)", "")),
    *_of("shop/collector/silence.py", SILENCE,
        ("silence of the share never named", "away = [f for f in folders if", "away = [f for f in folders if False and"),
        ("all filtered never named", "    if filtered:\n", "    if False:\n"),
        ("silence of deliveries never named", 'if "delivered" in quiet and', 'if False and'),
        ("silence of the service never named", "now_utc - connection.since_utc >= SERVICE_AFTER", "False"),
    ),
    *_of(REPORTS + "runs.py", OPERATING,
        ("one person's runs come first", "key=lambda person: self._at_work[person]", "key=lambda person: -self._at_work[person]"),
    ),
    *_of("central/db/migrations/versions/v0009_runs.py", OPERATING,
        ("any person reads any run", "ON report_run USING (person_id = (SELECT rc_scope_person()))", "ON report_run USING (true)"),
        ("a run of a dead process runs for ever", "state = 'running' AND beat_at < at - dead", "false"),
    ),
    *_of("central/db/migrations/versions/v0008_signed_scopes.py", "tests/integration/test_service.py",
        ("a scope nobody signed is one", "CASE WHEN given = rc_signed(bare) THEN bare", "CASE WHEN true THEN bare"),
        ("fewer shops are not asked for", "OR id = ANY (string_to_array(current_setting('rc.only', true), ','))", "OR true"),
        ("the web role opens sessions", 'f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, rc_web, rc_worker"', '"SELECT 1"'),
    ),
    *_of("uplink/http.py", "tests/unit/test_http.py",
        ("plain HTTP without consent", "if self._is_readable and self._trusted != PLAIN:", "if False:"),
        ("any name is this machine", "return ip_address(host).is_loopback", "return True"),
    ),
    *_of("shop/collector/state_sync.py", "tests/integration/test_collector.py",
        ("everything is asked about all the time", "self._everything, self._changed = False, {}", "self._changed = {}"),
        ("a failed question is forgotten", "self._everything = self._everything or everything", "pass"),
    ),
    *_of("central/feed/queries.py", "tests/integration/test_feed.py",
        ("the horizon is passed", "final = [row for row in rows if row.final]", "final = list(rows)"),
    ),
    *_of("central/core/calls.py", "tests/integration/test_rights.py",
        ("a foreign shop is let in", "if not set(shops) <= set(self.caller.shops):", "if False:"),
    ),
    *_of("store/local.py", "tests/integration/test_keys.py", ("damage is not looked for", ".first() is not None:", ".first() is False:")),
    *_of("store/keys.py", "tests/integration/test_keys.py", ("a damaged store asks for the code for ever", "if kept.get(name) == key:", "if False:")),
    *_of("central/sampling/queries.py", MAIL, ("a callable sample goes back to ageing", '_ASKED = ("callable", ', '_ASKED = (')),
    *_of("central/messages/tasks.py", MAIL,
        ("consent not judged at sending", "None if kind.to_staff else objection(service, connection, recipient.org_id, recipient.address)", "None"),
    ),
    *_of("central/surveys/invitation.py", MAIL,
        ("a stop of the old address", "queries.set_address(connection, invitation_id, address_mac(service, address))", "pass"),
    ),
    *_of("central/messages/transport.py", MAIL,
        ("a refused address is tried again", "(Refused if code >= _PERMANENT else Later)(str(code))", "Later(str(code))"),
        ("QUIT decides", "            except (OSError, smtplib.SMTPException):\n                server.close()", "            except (OSError, smtplib.SMTPException):\n                raise"),
        ("no certificate is verified", "context or ssl.create_default_context()", "context or ssl._create_unverified_context()"),
    ),
    *_of("central/surveys/answer_queries.py", MAIL, ("an answer does not look again", 'return state == "invited"', "return True")),
    *_of("central/surveys/personal.py", MAIL, ("words stay after a withdrawal", 'blank={"comment": "NULL"}', 'blank={"comment": "comment"}')),
    *_of("central/surveys/rules.py", MAIL, ("surveys never expire", "timedelta(days=30)", "timedelta(days=3000)")),
    *_of("central/accounts/web.py", OPERATING, ("no lock-out", "if until is not None and until > now:", "if False:")),
    *_of("ems/dbase.py", CASES, ("a padded record is refused", "if not is_wide and needed < record_length:\n        if not marked:", "if not is_wide and needed < record_length:\n        if True:")),
    *_of("ems/encoding.py", CASES, ("UTF-8 is never considered", "if _is_utf_8(accented):", "if False:"), ("a no-break space is a letter", "return -3 if before.isalpha() and after.islower() else 0", "return -3")),
    *_of("ems/reading.py", CASES, ("a blank record is a record", "if any(table in first and first[table].is_blank()", "if any(False and first[table].is_blank()")),
    *_of("runtime/contact.py", CONTACT, ("a placeholder is an address", "if local in _NO_ADDRESS or", "if False or"), ("a cell with a line end is an address", "if not typed.isprintable():", "if False:")),
    *_of("runtime/days.py", f"{DAYS} {CASES}", ("the zero of a date type is a day", "return _NO_DAY_UP_TO < day <= _LAST_DAY", "return True"), ("the first midnight is the day's", "return settled[-1] if settled else starts[-1]", "return starts[0]")),
]  # fmt: skip


def _survives(mutant: Mutant, copy: Path) -> bool:
    """Whether the tests pass although the code is broken."""
    path = copy / "repaircenter" / mutant.path
    whole = path.read_text("utf-8")
    if whole.count(mutant.old) < 1:
        raise SystemExit(f"{mutant.name}: {mutant.path} no longer holds what the mutant changes; mend tests/mutants.py")
    path.write_text(whole.replace(mutant.old, mutant.new), "utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *mutant.tests]
        done = subprocess.run(command, cwd=copy, capture_output=True, timeout=SECONDS, env=_environment(copy))
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(whole, "utf-8")
    if done.returncode and b" failed" not in done.stdout and b" error" not in done.stdout:
        raise SystemExit(f"{mutant.name}: the tests could not run at all")
    return done.returncode == 0


def _environment(copy: Path) -> dict[str, str]:
    import os

    # A database server of their own: other tests may run beside them.
    return {
        **os.environ,
        "RC_TESTS": "mutants",
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants")
    parser.add_argument("words", nargs="*", help="those whose name holds one of these")
    parser.add_argument("--sample", type=int, metavar="N", help="N mistakes by chance instead of the named ones")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.sample:
        from tests.sampled_mutants import sample

        mutants = sample(given.sample, given.seed)
    else:
        mutants = [one for one in MUTANTS if not given.words or any(word in one.name for word in given.words)]
    survived = []
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", "demo-out", "dist"))
        for mutant in mutants:
            alive = _survives(mutant, copy)
            survived += [mutant] * alive
            print(f"{'SURVIVED' if alive else 'killed  '}  {mutant.name}", flush=True)
    print(f"{len(mutants) - len(survived)} of {len(mutants)} mutants were killed.")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
