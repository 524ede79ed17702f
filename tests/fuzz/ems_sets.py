"""Coverage-guided fuzzing of the EMS reader: `python -m tests.fuzz.ems_sets --seconds N` (atheris, Linux only).

An input is a whole set: for each member its table, its length and its bytes. Anything but the named refusal, more than
two seconds or more than a gigabyte is a find; libFuzzer leaves the input in a file, and it becomes a test.
"""

import argparse
import struct
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["repaircenter.ems"]):
    from repaircenter.ems import memo, naming
    from repaircenter.ems.encoding import CODE_PAGES
    from repaircenter.ems.normalised import normalise
    from repaircenter.ems.reading import NotAnEstimate, read_set

from repaircenter.demo.ems_writer import AUDATEX, CCC, MITCHELL, write_set
from repaircenter.wire import codec
from tests.bench.sets import estimates

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "ems"
MEMBERS = (*naming.USED, "PFH", "VEN")
_HEAD = struct.Struct("<BH")


def packed(files: Mapping[str, bytes], code_page: int = 0) -> bytes:
    """A set as one input."""
    parts = [bytes([code_page])]
    for extension, data in files.items():
        if extension in MEMBERS and len(data) < 65_536:
            parts.append(_HEAD.pack(MEMBERS.index(extension), len(data)) + data)
    return b"".join(parts)


def unpacked(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The code page and the set any bytes stand for."""
    page = CODE_PAGES[data[0] % len(CODE_PAGES)] if data else CODE_PAGES[0]
    files: dict[str, bytes] = {}
    at = 1
    while at + _HEAD.size <= len(data):
        member, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        files[MEMBERS[member % len(MEMBERS)]] = data[at : at + length]
        at += length
    return page, files


def one(data: bytes) -> None:
    page, files = unpacked(data)
    for member in files.values():
        memo.read_memo(member, 1)
    names = data[:200].decode("utf-8", "replace").split("\0")
    assert sum(len(found.files) for found in naming.group(names)) <= len(names)
    try:
        estimate = read_set("fuzz", files, page)
    except NotAnEstimate:
        return
    codec.encode(normalise(estimate))


def seeds(folder: Path) -> None:
    """The samples, and written sets of each style, large and small."""
    number = 0
    for sample in sorted(SAMPLES.iterdir()):
        files = {path.suffix[1:].upper(): path.read_bytes() for path in sample.iterdir()}
        (folder / f"sample-{sample.name}").write_bytes(packed(files))
    for style in (CCC, MITCHELL, AUDATEX):
        for estimate in (*estimates(2, lines=2), *estimates(1, lines=0)):
            written = write_set(estimate, style)
            (found,) = naming.group(written)
            files = {extension: written[name] for extension, name in found.files.items()}
            (folder / f"written-{number}").write_bytes(packed(files, number % 3))
            number += 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--finds", type=Path, default=Path.cwd())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        limits = ["-timeout=2", "-rss_limit_mb=1024", "-max_len=60000", f"-artifact_prefix={options.finds}/find-"]
        command = [sys.argv[0], f"-max_total_time={options.seconds}", *limits, "-print_final_stats=1", folder]
        atheris.Setup(command, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
