"""What the desk asks of this PC itself: the sample shop beside it (issue 15.10)."""

import subprocess
import sys

import pytest

from repaircenter.assembly.device import start_sample_shop
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
    if fails:
        with pytest.raises(EnvironmentFailure, match="sample"):
            start_sample_shop("fr")
    else:
        start_sample_shop("fr")
    assert commands == [[sys.executable, "-m", "repaircenter", "demo", "--language", "fr"]]
