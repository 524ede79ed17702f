"""LIN and STL: records become estimate lines and subtotals (ems.md 4, Reading LIN)."""

from decimal import Decimal

from repaircenter.ems.estimate import Labor, Line, Subtotal
from repaircenter.ems.rows import Rows

ROLLUPS = frozenset(("PAT", "LAT", "MAT"))
_SUBLET_PART = "PAS"
_SUBLET_OPERATION = "OP16"
# Mitchell writes the word instead of a part number and the money into MISC_AMT or LBR_AMT (ems.md 4, Sublet).
_SUBLET_WORD = "sublet"


def read_lines(rows: Rows) -> tuple[Line, ...]:
    """One Line a LINE_NO in order of first appearance; group headings left out."""
    grouped: dict[tuple[int, int | None], list[int]] = {}
    for index in range(len(rows)):
        if _is_heading(rows, index):
            continue
        raw = rows.number(index, "LINE_NO")
        number = None if raw is None else int(raw)
        grouped.setdefault((index if number is None else -1, number), []).append(index)
    return tuple(_line(rows, number, indexes) for (_, number), indexes in grouped.items())


def _is_heading(rows: Rows, index: int) -> bool:
    """A CCC group heading: reference 0, nothing but a description in capitals."""
    if (
        rows.text(index, "MOD_LBR_TY")
        or rows.text(index, "PART_TYPE")
        or rows.text(index, "LBR_OP")
        or rows.text(index, "DB_REF")
        or rows.number(index, "LINE_REF")
        or rows.number(index, "ACT_PRICE")
        or rows.number(index, "MISC_AMT")
    ):
        return False
    description = rows.text(index, "LINE_DESC")
    return description is not None and description == description.upper()


def _line(rows: Rows, number: int | None, indexes: list[int]) -> Line:
    """Merge the records of one line: each adds a labour type, the part columns count once."""

    def first_text(column: str) -> str | None:
        for index in indexes:
            if text := rows.text(index, column):
                return text
        return None

    def first_number(column: str) -> Decimal | None:
        found = None
        for index in indexes:
            value = rows.number(index, column)
            if value:
                return value
            found = value if found is None else found
        return found

    labor = tuple(
        Labor(
            kind, rows.number(index, "MOD_LB_HRS"), rows.number(index, "LBR_AMT"), bool(rows.logical(index, "LBR_INC"))
        )
        for index in indexes
        if (kind := rows.text(index, "MOD_LBR_TY")) or rows.number(index, "MOD_LB_HRS")
    )
    part_type, operation = first_text("PART_TYPE"), first_text("LBR_OP")
    alternate, misc = first_text("ALT_PARTNO"), first_number("MISC_AMT")
    by_word = (alternate or "").casefold() == _SUBLET_WORD
    sublet = by_word or part_type == _SUBLET_PART or operation == _SUBLET_OPERATION
    if sublet and not misc:
        misc = first_number("LBR_AMT") or misc
    return Line(
        number,
        first_text("LINE_DESC"),
        operation,
        part_type,
        first_text("OEM_PARTNO") or (None if by_word else alternate),
        first_number("PART_QTY"),
        first_number("ACT_PRICE"),
        misc,
        sublet or any(rows.logical(index, "MISC_SUBLT") for index in indexes),
        first_text("LINE_IND"),
        labor,
    )


def read_subtotals(rows: Rows) -> tuple[Subtotal, ...]:
    """Every STL row; TTL_TYPECD is the key, other charges carry theirs in TTL_TYPE (ems.md 4)."""
    found = []
    for index in range(len(rows)):
        code = rows.text(index, "TTL_TYPECD") or rows.text(index, "TTL_TYPE")
        found.append(
            Subtotal(
                code,
                DESCRIPTIONS.get(code or ""),
                rows.number(index, "TTL_AMT"),
                rows.number(index, "TTL_HRS"),
                code in ROLLUPS,
            )
        )
    return tuple(found)


# The words of ems-codes.json for the codes seen in real sets.
DESCRIPTIONS = {
    "PAN": "OEM new parts",
    "PAL": "recycled parts",
    "PAA": "aftermarket parts",
    "PAO": "other parts",
    "PAS": "sublet parts",
    "PAE": "existing parts",
    "PAT": "all parts",
    "LAB": "body labour",
    "LAR": "refinish labour",
    "LAM": "mechanical labour",
    "LAF": "frame labour",
    "LAS": "structural labour",
    "LAD": "diagnostic labour",
    "LAE": "electrical labour",
    "LAG": "glass labour",
    "LAA": "aluminium labour",
    "LAT": "all labour",
    "MAPA": "paint materials",
    "MASH": "shop materials",
    "MAHW": "hazardous waste",
    "MAT": "all materials",
    "OTTW": "towing",
    "OTST": "storage",
    "OTAC": "additional costs",
    "OTAA": "appearance allowance",
    "OTBE": "betterment",
    "UPD": "unrelated prior damage",
}
