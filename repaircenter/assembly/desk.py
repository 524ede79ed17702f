"""`repaircenter desk`: the window at once, the shop's side opened behind it, collecting while it is open."""

import json
from typing import TYPE_CHECKING

from repaircenter.assembly.instance import CYCLE, RAISE, Instance
from repaircenter.runtime.clock import SystemClock
from repaircenter.runtime.errors import EnvironmentFailure
from repaircenter.runtime.events import EventHub
from repaircenter.runtime.logs import set_up_logs

if TYPE_CHECKING:
    from repaircenter.assembly.shopside import ShopOptions, ShopSide


def run(options: "ShopOptions") -> int:
    """Show the desk; a second start raises the first one's window and ends with 0 (DESIGN 3.19)."""
    set_up_logs(options.data_folder / "logs")
    instance = Instance(options.data_folder)
    if not instance.acquire():
        if instance.ask(RAISE, 10.0) != "raised":
            raise EnvironmentFailure("Another RepairCenter already runs for this data folder and shows no window.")
        return 0
    from repaircenter.desk.program import Program

    hub, clock = EventHub(), SystemClock()
    opened: list[ShopSide] = []

    def open_shop() -> "ShopSide":
        from repaircenter.assembly.shopside import ShopSide

        shop = ShopSide(options, clock, hub)
        shop.open()
        opened.append(shop)
        shop.begin_collecting()
        return shop

    program = Program(options.data_folder, clock, hub, open_shop)

    def asked(command: str) -> str:
        if command == RAISE:
            program.raise_window()
            return "raised"
        if command == CYCLE and opened:
            from repaircenter.assembly.agent import asked_cycle

            return json.dumps(asked_cycle(opened[0]))
        return "{}"

    instance.serve(asked)
    try:
        return program.run()
    finally:
        for shop in opened:
            shop.stop()
        instance.release()
