"""`repaircenter agent`: collecting without a window."""

import json
import signal
import sys
import threading
import time
from dataclasses import asdict, replace
from typing import Any

from repaircenter.assembly.instance import CYCLE, HANDED_OVER, RAISE, Instance
from repaircenter.assembly.options import ShopOptions, prepare_data_folder
from repaircenter.assembly.shop_app import ShopApp
from repaircenter.assembly.terminal import RECOVERY_CODE, ask_password, counted
from repaircenter.runtime.clock import SystemClock
from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.logs import set_up_logs
from repaircenter.shop.collector.collector import CycleResult
from repaircenter.shop.model.state import ConnectionState
from repaircenter.shop.ports import PLAIN, NotEncrypted

# How long another process waits for a running collector to take what is ready.
ASKED_SECONDS = 45.0
TAKE_BACK_SECONDS = 5.0
_WHICH_SHOP = (
    "A folder is of several shops: estimates wait until a person says in the desk which repair facility is which. "
    "With --folder DIR --shop NAME all of them are of one shop."
)


def run(
    options: ShopOptions,
    *,
    once: bool,
    as_json: bool,
    pair_with: str | None = None,
    plain_http: bool = False,
    recover: bool = False,
) -> int:
    """Collect until SIGTERM, or one full cycle with `once` (asked of a running desk when there is one)."""
    if options.folder is not None and not options.folder.is_dir():
        raise KnownError("cli.no_folder", path=options.folder)
    prepare_data_folder(options.data_folder)
    set_up_logs(options.data_folder / "logs")
    instance = Instance(options.data_folder)
    if not instance.acquire():
        if not once:
            raise EnvironmentFailure("cli.collects_already")
        answer = instance.ask(CYCLE)
        if answer is None:
            raise EnvironmentFailure("cli.no_answer")
        _print(json.loads(answer), as_json)
        return 0
    shop = ShopApp(options, SystemClock(), EventHub())
    try:
        if recover:
            shop.recover(ask_password("Recovery code: ", RECOVERY_CODE))
        shop.open()
        if plain_http:
            shop.setup.trust_certificate(options.service or shop.store.read.setting("service_address") or "", PLAIN)
        if pair_with is not None:
            _pair(shop, pair_with)
        if not shop.setup.configured:
            raise KnownError(_what_is_missing(shop))
        if len(shop.store.read.shops()) > 1 and any(folder.shop_id is None for folder in shop.store.read.folders()):
            print(_WHICH_SHOP, file=sys.stderr)  # noqa: T201
        if once:
            _print(_summary(shop, shop.cycle_until_quiet(time.sleep)), as_json)
            return _told(shop.collector.state.connection)
        watched = ", ".join(folder.path for folder in shop.store.read.folders())
        print(f"Collecting from {watched}; Ctrl+C ends it.", file=sys.stderr, flush=True)  # noqa: T201
        return _collect(shop, instance)
    finally:
        shop.stop()
        instance.release()


def _pair(shop: ShopApp, email: str) -> None:
    try:
        shop.setup.pair(email, ask_password())
    except NotEncrypted:
        raise KnownError("cli.plain") from None
    names = ", ".join(known.name for known in shop.store.read.shops())
    print(f"This PC is paired with the service for {names}.", file=sys.stderr)  # noqa: T201
    print(f"Recovery code of this PC, keep it: {shop.recovery_code()}", file=sys.stderr)  # noqa: T201
    shop.setup.note_code_kept()


def _what_is_missing(shop: ShopApp) -> str:
    if not shop.collector.state.folders:
        return "cli.watches_nothing"
    if shop.collector_client is None:
        return "cli.no_service"
    return "cli.not_paired"


def _collect(shop: ShopApp, instance: Instance) -> int:
    """Until SIGTERM. A desk that is started takes over, and this agent goes on when it has ended (DESIGN 3.19)."""
    ended, handed_over = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        ended.set()
        handed_over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)

    def asked(command: str) -> str:
        if command == RAISE:
            handed_over.set()
            return HANDED_OVER
        return json.dumps(asked_cycle(shop) if command == CYCLE else {})

    while True:
        shop.start()
        instance.serve(asked)
        handed_over.wait()
        shop.stop()
        instance.release()
        if not _taken_back(instance, ended):
            return 0
        handed_over.clear()
        shop = ShopApp(replace(shop.options, service=None, folder=None), shop.clock, shop.hub)
        try:
            shop.open()
        except BaseException:
            shop.stop()
            raise


def _taken_back(instance: Instance, ended: threading.Event) -> bool:
    """Wait until the desk lets the folder go; False when this agent is to end."""
    # The desk needs a moment to take what was just let go.
    while not ended.wait(TAKE_BACK_SECONDS):
        if instance.acquire():
            return True
    return False


def asked_cycle(shop: ShopApp) -> dict[str, Any]:
    """Wake the collector for another process and say what the store holds then."""
    if not shop.setup.configured:
        return _summary(shop, CycleResult())
    shop.take_once(ASKED_SECONDS)
    before = shop.collector.state.last_cycle_utc
    shop.wake()
    for _ in range(600):
        if shop.collector.state.last_cycle_utc != before:
            break
        time.sleep(0.1)
    return _summary(shop, CycleResult())


def _summary(shop: ShopApp, result: CycleResult) -> dict[str, Any]:
    state = shop.collector.state
    counts = asdict(shop.store.read.counts(shop.clock.now_utc()))
    return {
        "imports": result.imports,
        "answers": result.answers,
        "connection": state.connection.name,
        "folders": [
            {"path": f.path, "away": f.away_since_utc is not None, "sets": f.sets_seen, "waiting": f.sets_waiting}
            for f in state.folders
        ],
        "jobs": counts["jobs"],
        "to_send": counts["to_send"],
        "sent": counts["sent"],
        "refused": counts["refused"],
        "without_shop": counts["without_shop"],
    }


def _told(connection: ConnectionState) -> int:
    """The exit code: 1 and a sentence when nothing could be sent."""
    if connection.is_connected:
        return 0
    if connection.reason == NotEncrypted.reason:
        print(KnownError("cli.plain"), file=sys.stderr)  # noqa: T201
    print(  # noqa: T201
        f"The service was not reached ({connection.name}); what was read is kept on this PC and is sent later.",
        file=sys.stderr,
    )
    return 1


def _print(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))  # noqa: T201
        return
    for key, value in summary.items():
        if isinstance(value, dict):
            value = ", ".join(f"{number} {word}" for word, number in value.items()) or "none"
        if not isinstance(value, list):
            print(f"{key:<13} {value}")  # noqa: T201
    for folder in summary["folders"]:
        state = "not reachable" if folder["away"] else f"{counted(folder['sets'], 'set')}, {folder['waiting']} waiting"
        print(f"{'folder':<13} {folder['path']}: {state}")  # noqa: T201
