"""The sample share: sets written as an estimating system writes them, one broken, one that is never finished."""

from pathlib import Path

from repaircenter.demo.world import Export

_BROKEN = "4bdead01"
_COPYING = "4bc0ffee"


class SampleShare:
    """A folder that fills; only the demo writes to it, the desk reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._grown = 0

    def write(self, export: Export) -> None:
        for name, data in export.files().items():
            (self.folder / name).write_bytes(data)

    def write_broken(self, export: Export) -> None:
        """A set whose envelope is rubbish."""
        for name, data in export.files().items():
            extension = name.rpartition(".")[2]
            damaged = b"\x00\x17 not a table" if extension.lower() == "env" else data
            (self.folder / f"{_BROKEN}.{extension.lower()}").write_bytes(damaged)

    def grow(self, export: Export) -> None:
        """Copy a little more of a set whose end never comes."""
        self._grown += 1
        for name, data in export.files().items():
            extension = name.rpartition(".")[2].lower()
            if extension in ("env", "ad1", "lin"):
                (self.folder / f"{_COPYING}.{extension}").write_bytes(data[: 200 + 60 * self._grown])
