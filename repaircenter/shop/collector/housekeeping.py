"""What comes with time alone: planned deliveries, retention, silence. Called by the collector once a cycle."""

from collections.abc import Sequence
from datetime import timedelta

from repaircenter.runtime.clock import Clock
from repaircenter.shop.collector import silence
from repaircenter.shop.jobs import erasure, rule_change
from repaircenter.shop.jobs.steps import Acting
from repaircenter.shop.model.folder import FolderHealth
from repaircenter.shop.model.state import ConnectionState, Silence
from repaircenter.shop.ports import Store

# Looking for silence and for planned deliveries costs a few reads: every so often is enough.
SILENCE_SECONDS, ARM_SECONDS, RETENTION_SECONDS = 600.0, 60.0, 3600.0
# A backlog may bring what seemed to be missing: so long after its last set nothing is called silent yet.
READING_SECONDS = 60.0
_HISTORY = timedelta(days=2 * silence.WINDOW_DAYS)


class Housekeeping:
    """Used by the collector's thread; `silences` may be read from any."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.silences: tuple[Silence, ...] = ()
        first_listening = clock.monotonic_seconds() + READING_SECONDS
        self._due = {"silence": first_listening, "arm": float("-inf"), "retention": float("-inf")}

    def keep(self, acting: Acting, folders: Sequence[FolderHealth], connection: ConnectionState) -> bool:
        """Do what is due now; True when jobs changed."""
        shops = self._store.read.shops()
        zone = shops[0].zone if shops else "UTC"
        changed = False
        if self._is_due("arm", ARM_SECONDS):
            with self._store.write() as uow:
                changed = rule_change.arm(uow, acting, zone) > 0
        if self._is_due("retention", RETENTION_SECONDS):
            changed = self._blank(acting) or changed
        if self._is_due("silence", SILENCE_SECONDS):
            self.silences = self._listen(acting, zone, folders, connection)
        return changed

    def note_import(self) -> None:
        """Sets came: what was silent is judged anew with this cycle, and while they keep coming nothing is called so."""
        if self.silences:
            self._due["silence"] = float("-inf")
        else:
            reading_until = self._clock.monotonic_seconds() + READING_SECONDS
            self._due["silence"] = max(self._due["silence"], reading_until)

    def _is_due(self, name: str, every_seconds: float) -> bool:
        now = self._clock.monotonic_seconds()
        if now < self._due[name]:
            return False
        self._due[name] = now + every_seconds
        return True

    def _blank(self, acting: Acting) -> bool:
        """Blank finished jobs; a full portion means that more are due at once."""
        months = int(self._store.read.setting("keep_months") or 0)
        if months <= 0:
            return False
        before = acting.now_utc - timedelta(days=round(months * erasure.DAYS_A_MONTH))
        with self._store.write() as uow:
            done = erasure.blank_finished(uow, before, acting.now_utc)
        if done == erasure.BLANKED_AT_ONCE:
            self._due["retention"] = float("-inf")
        return done > 0

    def _listen(
        self, acting: Acting, zone: str, folders: Sequence[FolderHealth], connection: ConnectionState
    ) -> tuple[Silence, ...]:
        read, now_utc = self._store.read, acting.now_utc
        rhythms = [read.rhythm(stage, now_utc - _HISTORY) for stage in silence.STAGES]
        return silence.silences(
            now_utc,
            zone,
            rhythms,
            folders,
            connection,
            read.setting("send_rule") or "create",
            read.filtered(now_utc - timedelta(days=14)),
            stopped=read.setting("sending_stopped") == "yes",
        )
