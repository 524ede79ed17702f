"""Memo files (.DBT) of dBASE III and IV. Facts: ems.md 3. Lengths found in the file are bounded by its size."""

BLOCK = 512
MARK = b"\xff\xff\x08\x00"


def read_memo(data: bytes, block: int) -> tuple[bytes | None, bool]:
    """Text of the memo that starts at `block` without its end marks, and whether it is whole.

    None when no memo begins there. dBASE IV memos carry a mark and a length that includes 8 header bytes and the two
    0x1A; the length may lie, so only bytes that exist are taken. dBASE III memos run up to the first 0x1A.
    """
    if block < 1:
        return None, False
    size = int.from_bytes(data[20:22], "little")
    size = size if size and size % 64 == 0 and data[block * size : block * size + 4] == MARK else BLOCK
    start = block * size
    if data[start : start + 4] == MARK:
        length = int.from_bytes(data[start + 4 : start + 8], "little")
        end = start + max(length, 8)
        return _text(data[start + 8 : end]), end <= len(data)
    if start >= len(data) or data.find(MARK, BLOCK) >= 0:
        return None, False
    end = data.find(b"\x1a", start)
    return _text(data[start : end if end >= 0 else len(data)]), end >= 0


def _text(raw: bytes) -> bytes:
    return raw.split(b"\x1a", 1)[0].replace(b"\0", b"")
