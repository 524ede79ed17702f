"""`repaircenter desk`: the window at once, the shop's side opened behind it, collecting while it is open."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from repaircenter.assembly.instance import CYCLE, FILES_AT_ONCE, HAND_OVER_SECONDS, HANDED_OVER, OPEN, RAISE, Instance
from repaircenter.assembly.options import prepare_data_folder
from repaircenter.assembly.replaced import Replaced
from repaircenter.runtime.clock import Clock, SystemClock
from repaircenter.runtime.errors import EnvironmentFailure, KnownError
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.logs import set_up_logs
from repaircenter.runtime.memory import keep_one_arena

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from repaircenter.assembly.options import ShopOptions
    from repaircenter.assembly.shop_app import ShopApp


# How long a desk may take to answer after its start, and how often it is asked meanwhile.
_START_SECONDS, _PAUSE_SECONDS = 15.0, 0.2
OPENED = "opened"
NO_DISPLAY = "cli.no_display"


class DeskOpener:
    """Opens the shop's side for the window; implements shop.ports.ShopOpener. Imports the heavy parts only then."""

    def __init__(self, options: "ShopOptions", clock: Clock, hub: EventHub) -> None:
        self._options, self._clock, self._hub = options, clock, hub
        self.shop: ShopApp | None = None
        self.backup: datetime | None = None

    def _new(self) -> "ShopApp":
        from repaircenter.assembly.shop_app import ShopApp

        return ShopApp(self._options, self._clock, self._hub)

    def open(self) -> "ShopApp":
        from repaircenter.store.migrating import NewerStore

        keep_one_arena()
        shop, self.backup = self._new(), None
        try:
            shop.open()
        except NewerStore:
            self.backup = shop.data_folder.backup()
            raise
        self.shop = shop
        shop.setup.begin_collecting()
        return shop

    def recover(self, code: str) -> None:
        self._new().recover(code)

    def go_back(self) -> None:
        self._new().go_back()

    def start_new_store(self) -> None:
        self._new().start_new_store()

    def close(self) -> None:
        if self.shop is not None:
            self.shop.stop()


def _check_display() -> None:
    """Say in one sentence that there is no screen; Qt itself would end the process."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in names):
        raise EnvironmentFailure(NO_DISPLAY)


def _take_over(instance: Instance) -> bool:
    """Reach who holds the data folder: False when its window was raised, True when an agent has handed the folder over.

    Both may be starting or ending just now: they are asked for a while. Raises EnvironmentFailure when nobody answers.
    """
    end = time.monotonic() + _START_SECONDS
    while (answer := instance.ask(RAISE, 10.0)) is None:
        if instance.acquire():
            return True
        if time.monotonic() > end:
            raise EnvironmentFailure("cli.no_window")
        time.sleep(_PAUSE_SECONDS)
    if answer == "raised":
        return False
    if answer != HANDED_OVER or not instance.acquire_within(HAND_OVER_SECONDS):
        raise EnvironmentFailure("cli.no_window")
    return True


def run(options: "ShopOptions", sets: "Sequence[Path]" = (), *, in_tray: bool = False) -> int:
    """Show the desk; a second start raises the first one's window and ends with 0 (DESIGN 3.19).

    `sets` are estimates to take in, by this desk or by the one that is there.

    A running agent hands the data folder over and takes it back when the desk ends.
    """
    _check_display()
    prepare_data_folder(options.data_folder)
    set_up_logs(options.data_folder / "logs")
    instance, paths = Instance(options.data_folder), [str(path.absolute()) for path in sets]
    if not instance.acquire() and not _take_over(instance):
        for start in range(0, len(paths), FILES_AT_ONCE):
            if instance.ask(OPEN + json.dumps(paths[start : start + FILES_AT_ONCE])) != OPENED:
                raise EnvironmentFailure("cli.no_window")
        return 0
    from repaircenter.desk.frame.program import Program

    hub, clock = EventHub(), SystemClock()
    opener = DeskOpener(options, clock, hub)
    program = Program(options.data_folder, clock, hub, opener)

    def asked(command: str) -> str:
        if command == RAISE:
            program.raise_window()
            return "raised"
        if command.startswith(OPEN):
            program.open_files(json.loads(command.removeprefix(OPEN)))
            return OPENED
        if command == CYCLE and opener.shop is not None:
            from repaircenter.assembly.agent import asked_cycle

            return json.dumps(asked_cycle(opener.shop))
        return "{}"

    program.open_files(paths)
    # An installed desk makes room for the one that is installed over it; from source nothing is ever replaced.
    is_replaced = Replaced(Path(sys.executable)) if getattr(sys, "frozen", False) else None
    try:
        code = program.run(in_tray=in_tray, painted=lambda: instance.serve(asked), is_replaced=is_replaced)
    finally:
        opener.close()
        instance.release()
    if program.restarts:
        os.execv(sys.executable, [sys.executable, *arguments_again(sys.argv[1:], sets, in_tray=program.was_hidden)])
    return code


def arguments_again(given: "Sequence[str]", sets: "Sequence[Path]", *, in_tray: bool) -> list[str]:
    """The command line of the desk that follows an upgrade: what was opened with the old one was taken in by it."""
    left = [argument for argument in given if argument != "--tray" and Path(argument) not in sets]
    return [*(left or ["desk"]), *(["--tray"] if in_tray else [])]


def say_failure(error: KnownError) -> None:
    """Show why an installed desk did not start; from source the terminal has it."""
    if getattr(sys, "frozen", False) and error.code != NO_DISPLAY:
        from repaircenter.desk.frame.failing import say

        say(error)
