"""`repaircenter-setup.json`: a preset for several PCs, beside the program or named on the command line.

{"service": "https://...", "folder": "\\\\server\\ems", "language": "fr", "send_rule": "delivery", "autostart": "yes"}; all of
it optional.
"""

import sys
from dataclasses import fields
from pathlib import Path
from typing import Final

import msgspec

from repaircenter.runtime.errors import KnownError
from repaircenter.runtime.text import LANGUAGES
from repaircenter.shop.model.outbox import SEND_RULES
from repaircenter.shop.model.preset import Preset

NAME: Final = "repaircenter-setup.json"
_CHOICES: Final = {"language": LANGUAGES, "send_rule": SEND_RULES, "autostart": ("yes", "no")}
_LARGEST_BYTES = 65_536


def find(given: Path | None) -> Path | None:
    """The file named on the command line, else the one beside the program, else that of this machine's administrator."""
    if given is not None:
        return given
    places = [Path(sys.executable).parent] if getattr(sys, "frozen", False) else []
    if sys.platform != "win32":
        places.append(Path("/etc/repaircenter"))
    return next((place / NAME for place in places if _is_there(place / NAME)), None)


def _is_there(path: Path) -> bool:
    """Whether there is a preset we may read; a folder that is closed to us holds none for us."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def read(path: Path | None) -> Preset:
    """Raises KnownError with what is wrong with the file; without one nothing is decided."""
    if path is None:
        return Preset()
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES)
        # Windows writes UTF-16, or begins a file with a mark.
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        given = msgspec.json.decode(text, type=dict[str, str])
    except OSError as error:
        raise KnownError("preset_unreadable", path=str(path), reason=error.strerror or type(error).__name__) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KnownError("preset_unreadable", path=str(path), reason=str(error)) from None
    known = [field.name for field in fields(Preset)]
    for name, value in given.items():
        if name not in known:
            raise KnownError("preset_unknown", path=str(path), name=name, known=", ".join(known))
        if value and name in _CHOICES and value not in _CHOICES[name]:
            raise KnownError("preset_choice", path=str(path), name=name, known=", ".join(_CHOICES[name]))
    return Preset(**{name: value.strip() for name, value in given.items()})
