"""`repaircenter self-test`: what works on this machine."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from repaircenter.runtime.errors import EnvironmentFailure, KnownError


def run() -> int:
    """One line a part; 1 when one of them does not work."""
    failed = 0
    for name, check in (("Qt", _qt), ("Font", _font), ("Keyring", _keyring), ("Store", _store), ("Service", _service)):
        failed += not _report(name, check)
    return 1 if failed else 0


def _report(name: str, check: Callable[[], str]) -> bool:
    try:
        result = check()
    except KnownError as error:
        print(f"{name:<10} does not work: {error}")  # noqa: T201
        return False
    except Exception as error:
        print(f"{name:<10} does not work: {type(error).__name__}")  # noqa: T201
        return False
    print(f"{name:<10} works: {result}")  # noqa: T201
    return True


def _qt() -> str:
    if not os.environ.get("DISPLAY") and os.name != "nt":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from repaircenter.desk.frame.probe import probe

    return probe()


def _font() -> str:
    from repaircenter.rendering.fonts import REGULAR, face, font_file

    return f"{font_file(REGULAR).name}, width of 'RepairCenter' {face(REGULAR).width_mm('RepairCenter', 10):.1f} mm at 10 pt"


def _keyring() -> str:
    from repaircenter.uplink.secrets import FileSecrets, choose

    with tempfile.TemporaryDirectory() as folder:
        kept = choose(Path(folder))
        kept.put("self-test", "written")
        if kept.get("self-test") != "written":
            raise KnownError("cli.secret_differs")
        kept.delete("self-test")
        return (
            "no keyring here, keys go into a file of mode 0600" if isinstance(kept, FileSecrets) else "the OS keyring"
        )


def _store() -> str:
    from repaircenter.store.local import open_store

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.db", "00" * 32)
        count = len(store.read.jobs())
        store.close()
        return f"encrypted, {count} jobs"


def _service() -> str:
    try:
        from repaircenter.central.db.binaries import packaged

        return f"embedded database in {packaged().name}"
    except (ImportError, EnvironmentFailure):
        return "not installed here, a desk does not need it"
