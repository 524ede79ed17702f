"""What the desk asks of this PC itself: the sample shop beside it (issue 15.10)."""

import subprocess
import sys
from pathlib import Path

import pytest

from repaircenter.assembly.device import Device
from repaircenter.runtime.errors import EnvironmentFailure


class Started:
    """A process that runs on, or ends at once with a code."""

    def __init__(self, code: int | None) -> None:
        self.returncode = code

    def wait(self, seconds: float) -> None:
        if self.returncode is None:
            raise subprocess.TimeoutExpired("demo", seconds)


@pytest.mark.parametrize(("code", "fails"), [(None, False), (0, False), (1, True)])
def test_the_sample_shop_is_another_process_and_says_when_it_cannot_start(
    monkeypatch: pytest.MonkeyPatch, code: int | None, fails: bool
) -> None:
    commands: list[list[str]] = []

    def start(command: list[str], **_how: object) -> Started:
        commands.append(command)
        return Started(code)

    monkeypatch.setattr("repaircenter.assembly.device.subprocess.Popen", start)
    this_pc = Device(Path("/data"), None, None, None)  # type: ignore[arg-type]
    if fails:
        with pytest.raises(EnvironmentFailure, match="sample"):
            this_pc.try_sample_data("fr")
    else:
        this_pc.try_sample_data("fr")
    assert commands == [[sys.executable, "-m", "repaircenter", "demo", "--language", "fr"]]
