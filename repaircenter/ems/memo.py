"""Memo files (.DBT) of dBASE III and IV. Facts: ems.md 3. Lengths found in the file are bounded by its size."""

BLOCK = 512
MARK = b"\xff\xff\x08\x00"


def read_memo(data: bytes, block: int) -> bytes | None:
    """Text of the memo that starts at `block`, without its end marks; None when the block lies outside the file.

    dBASE IV memos carry a length that includes 8 header bytes and the two 0x1A; it may lie, so only bytes that
    exist are taken. dBASE III memos run up to the first 0x1A.
    """
    size = int.from_bytes(data[20:22], "little")
    size = size if size and size % 64 == 0 and data[block * size : block * size + 4] == MARK else BLOCK
    start = block * size
    if block < 1 or start >= len(data):
        return None
    if data[start : start + 4] == MARK:
        length = int.from_bytes(data[start + 4 : start + 8], "little")
        text = data[start + 8 : start + max(length, 8)]
    else:
        text = data[start : data.find(b"\x1a", start) if b"\x1a" in data[start:] else len(data)]
    return text.split(b"\x1a", 1)[0].rstrip(b"\0")
