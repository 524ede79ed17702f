"""One pass over the folders for a person or a script who waits: until everything that can be ready was taken."""

from collections.abc import Callable

from repaircenter.runtime.clock import Clock
from repaircenter.shop.collector.collector import Collector, CycleResult

# Sets that keep moving are given up after so long.
LONGEST_QUIET_SECONDS = 40.0
RING_SECONDS = 3.0


def cycle_until_quiet(collector: Collector, clock: Clock, wait: Callable[[float], None]) -> CycleResult:
    """Import until every set that can be ready was taken, then deliver (`agent --once`)."""
    result = CycleResult()
    quiet_since = rung_at = clock.monotonic_seconds()
    before = (False, 0)
    while not all_taken(collector):
        collector.import_ready(result)
        now = clock.monotonic_seconds()
        looked = all(folder.trouble or folder.looks > 1 for folder in collector.state.folders)
        progress = (looked, sum(result.imports.values()))
        # Only what was imported counts as progress: sets that keep moving must not keep this going for ever.
        if progress != before or not looked:
            before, quiet_since = progress, now
        elif now - quiet_since > LONGEST_QUIET_SECONDS:
            break
        if now - rung_at > RING_SECONDS:
            rung_at = now
            collector.scan_now()
        wait(0.2)
    collector.deliver(result)
    collector.refresh_states()
    return result


def wait_until_taken(
    collector: Collector, clock: Clock, seconds: float, wait: Callable[[float], None], scan: Callable[[], None]
) -> None:
    """Have a running collector look now and wait up to `seconds` until it has taken what is ready."""
    looks = {folder.path: folder.looks for folder in collector.state.folders}
    end = clock.monotonic_seconds() + seconds
    scan()
    while clock.monotonic_seconds() < end:
        folders = collector.state.folders
        if all(folder.trouble or folder.looks > looks.get(folder.path, 0) + 1 for folder in folders) and all_taken(
            collector
        ):
            break
        wait(0.2)
        collector.scan_now()


def all_taken(collector: Collector) -> bool:
    """Return whether every folder was looked at twice and only incomplete sets wait; one that is away counts too."""
    folders = collector.state.folders
    return all(
        folder.trouble or (folder.looks > 1 and folder.sets_waiting <= folder.sets_incomplete) for folder in folders
    )
