"""*Which shop?* chooses nothing that does not fit (issue 15.10)."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox

from repaircenter.shop.model.job import Facility
from tests.desk.conftest import FakeControl, RoomBench
from tests.desk.screen import field, press, words_on


@pytest.mark.parametrize(("label", "chosen"), [("Carrosserie Ailleurs", ""), ("Carrosserie Sud", "Sud")])
def test_only_a_shop_that_fits_is_chosen_beforehand(
    room: Callable[..., RoomBench], control: FakeControl, label: str, chosen: str
) -> None:
    control.facilities = [Facility("tax:9", label, None)]
    control.jobs.suggested_shop = lambda facility: 2 if chosen else None  # type: ignore[method-assign]
    bench = room("jobs")
    bench.wait(lambda: f"“{label}”" in words_on(bench))
    choice = field(bench, "Shop", QComboBox)
    assert choice.currentText() == chosen
    press(bench, "Confirm")
    if chosen:
        bench.wait(lambda: ("confirm", "tax:9", 2) in control.calls)
        return
    popup = bench.program.app.activePopupWidget()
    if popup is not None:
        popup.close()
    assert not any(call[0] == "confirm" for call in control.calls), "nobody's customers go to a shop nobody chose"
    choice.setCurrentIndex(0)
    press(bench, "Confirm")
    bench.wait(lambda: ("confirm", "tax:9", 1) in control.calls)
