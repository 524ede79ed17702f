"""Finds files: those of `resources/` (beside the package in a checkout, inside it once installed), and fonts that packages
bring. Any thread."""

from importlib.util import find_spec
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Path of a resource file or folder; raises FileNotFoundError when the installation is incomplete."""
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError("resources/" + "/".join(parts))


def packaged(package: str, *parts: str) -> Path:
    """A file or folder of an installed package, which is not imported for that."""
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent.joinpath(*parts)
