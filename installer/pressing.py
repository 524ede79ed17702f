"""Press packages that nfpm wrote: its own xz packs a fifth worse than liblzma (docs/decisions/017)."""

import gzip
import hashlib
import lzma
import struct
from pathlib import Path

PRESET = 6
_AR_MEMBER = struct.Struct("16s12s6s6s8s10s2s")
# A header of RPM: magic, how many entries, how long their data; an entry: tag, type, place in the data, count.
_RPM_LEAD, _RPM_MAGIC, _RPM_HEAD, _RPM_ENTRY = 96, b"\x8e\xad\xe8\x01", struct.Struct(">8sII"), struct.Struct(">IIII")
_SHA1, _SHA256, _SIZE, _MD5, _PAYLOAD_SIZE = 269, 273, 1000, 1004, 1007
_COMPRESSOR, _FLAGS, _DIGEST = 1125, 1126, 5092


def press_deb(package: Path) -> None:
    """A .deb is an `ar` of three files; its data were left as they are."""
    data, written = package.read_bytes(), [b"!<arch>\n"]
    place = len(written[0])
    while place < len(data):
        name, *rest, length, end = _AR_MEMBER.unpack_from(data, place)
        body = data[place + _AR_MEMBER.size : place + _AR_MEMBER.size + int(length)]
        place += _AR_MEMBER.size + int(length) + int(length) % 2
        if name.rstrip(b" /") == b"data.tar":
            name, body = b"data.tar.xz".ljust(16), lzma.compress(body, preset=PRESET)
        written += [_AR_MEMBER.pack(name, *rest, str(len(body)).encode().ljust(10), end), body, b"\n" * (len(body) % 2)]
    package.write_bytes(b"".join(written))


class _Header:
    """The signature or the main header of an RPM; what is put in the place of a value is as long as that was."""

    def __init__(self, data: bytes, place: int) -> None:
        magic, entries, length = _RPM_HEAD.unpack_from(data, place)
        assert magic.startswith(_RPM_MAGIC), "no RPM header"
        self.bytes = bytearray(data[place : place + _RPM_HEAD.size + entries * _RPM_ENTRY.size + length])
        self._values = _RPM_HEAD.size + entries * _RPM_ENTRY.size
        rows = [_RPM_ENTRY.unpack_from(self.bytes, _RPM_HEAD.size + at * _RPM_ENTRY.size) for at in range(entries)]
        self._places = {tag: self._values + value for tag, _kind, value, _count in rows}

    def text(self, tag: int) -> bytes:
        place = self._places[tag]
        return bytes(self.bytes[place : self.bytes.index(0, place)])

    def put_text(self, tag: int, text: bytes) -> None:
        assert len(text) == len(self.text(tag)), "a header has no gaps"
        self.put(tag, text)

    def put(self, tag: int, value: bytes) -> None:
        self.bytes[self._places[tag] : self._places[tag] + len(value)] = value


def press_rpm(package: Path) -> None:
    """An .rpm is a lead, a header of digests, a header, and the files as a compressed cpio, here by gzip."""
    data = package.read_bytes()
    signature = _Header(data, _RPM_LEAD)
    # The signature ends where eight bytes end.
    begins = _RPM_LEAD + len(signature.bytes) + -len(signature.bytes) % 8
    header = _Header(data, begins)
    assert header.text(_COMPRESSOR) == b"gzip", "pressed already"
    files = gzip.decompress(data[begins + len(header.bytes) :])
    # The older of liblzma's two formats: its name is as long as gzip's.
    pressed = lzma.compress(files, format=lzma.FORMAT_ALONE, preset=PRESET)
    header.put_text(_COMPRESSOR, b"lzma")
    header.put_text(_FLAGS, str(PRESET).encode())
    header.put_text(_DIGEST, hashlib.sha256(pressed).hexdigest().encode())
    head = bytes(header.bytes)
    signature.put_text(_SHA1, hashlib.sha1(head).hexdigest().encode())  # noqa: S324 - the format's own
    signature.put_text(_SHA256, hashlib.sha256(head).hexdigest().encode())
    signature.put(_SIZE, struct.pack(">I", len(head) + len(pressed)))
    signature.put(_MD5, hashlib.md5(head + pressed).digest())  # noqa: S324 - the format's own
    signature.put(_PAYLOAD_SIZE, struct.pack(">I", len(files)))
    between = data[_RPM_LEAD + len(signature.bytes) : begins]
    package.write_bytes(data[:_RPM_LEAD] + bytes(signature.bytes) + between + head + pressed)
