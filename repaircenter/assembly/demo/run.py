"""`repaircenter demo`: with a display the desk while the world happens, without one files."""

import locale
import os
import sys
from pathlib import Path

from repaircenter.runtime.text import language_of


def run(out: Path, *, headless: bool, language: str | None) -> int:
    """With a display: the desk while the world happens. Without: progress in the terminal and files in `out`."""
    if headless or not _has_display():
        from repaircenter.assembly.demo.terminal import run_headless

        return run_headless(out, language or language_of(locale.getlocale()[0]))
    from repaircenter.assembly.demo import window

    return window.run(language)


def _has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
