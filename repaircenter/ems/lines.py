"""LIN and STL: records become estimate lines and subtotals (ems.md 4, Reading LIN)."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from repaircenter.ems.estimate import Labor, Line, Subtotal
from repaircenter.ems.rows import Rows

ROLLUPS = frozenset(("PAT", "LAT", "MAT"))
_SUBLET_PART = "PAS"
_SUBLET_OPERATION = "OP16"
# Mitchell writes the word instead of a part number and the money into MISC_AMT or LBR_AMT (ems.md 4, Sublet).
_SUBLET_WORD = "sublet"


# Description, operation, part type, part number, alternate, quantity, price, misc, sublet, version of one record.
_Part = tuple[
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    Decimal | None,
    Decimal | None,
    Decimal | None,
    bool | None,
    str | None,
]


_BLANK: _Part = (None, None, None, None, None, None, None, None, None, None)


def read_lines(rows: Rows) -> tuple[Line, ...]:
    """One Line a LINE_NO in order of first appearance: each record adds a labour type, the part columns count once.

    Group headings are left out.
    """
    if not len(rows):
        return ()
    parts = zip(
        rows.texts("LINE_DESC"),
        rows.texts("LBR_OP"),
        rows.texts("PART_TYPE"),
        rows.texts("OEM_PARTNO"),
        rows.texts("ALT_PARTNO"),
        rows.numbers("PART_QTY"),
        rows.numbers("ACT_PRICE"),
        rows.numbers("MISC_AMT"),
        rows.logicals("MISC_SUBLT"),
        rows.texts("LINE_IND"),
        strict=True,
    )
    records = zip(
        range(len(rows)),
        rows.integers("LINE_NO"),
        parts,
        rows.texts("MOD_LBR_TY"),
        rows.numbers("MOD_LB_HRS"),
        rows.numbers("LBR_AMT"),
        rows.logicals("LBR_INC"),
        strict=True,
    )
    is_reference = _references(rows)
    lines: dict[object, tuple[int | None, list[_Part], list[Labor]]] = {}
    line: tuple[int | None, list[_Part], list[Labor]] | None = None
    for index, number, part, kind, hours, amount, included in records:
        if kind is None and not hours and not amount:
            if number is None and part == _BLANK:
                continue
            if _is_heading(part) and not is_reference(index):
                continue
        if number is None:
            # Without a number only repeated part columns make records one line.
            if line is None or line[0] is not None or part != line[1][-1]:
                line = lines[index,] = (None, [part], [])
        else:
            line = lines.get(number)
            if line is None:
                line = lines[number] = (number, [part], [])
            elif part != line[1][0]:
                if _contradicts(part, line[1][0]):
                    rows.note("bad_value", f"LINE_NO {number} stands for different parts")
                    line = lines.setdefault((number, part[3], part[6]), (number, [], []))
                line[1].append(part)
        if kind is not None or hours or amount:
            line[2].append(Labor(kind, hours, amount, included is True))
    return tuple([_line(*line) for line in lines.values()])


def _contradicts(part: _Part, first: _Part) -> bool:
    """Whether two records of one LINE_NO name different parts: the part columns repeat, or all but the first are blank."""
    number, price = part[3], part[6]
    return bool((number and first[3] and number != first[3]) or (price and first[6] and price != first[6]))


def _is_heading(part: _Part) -> bool:
    """Whether a record without labour looks like a CCC group heading: nothing but a description in capitals."""
    description, operation, kind, number, _, _, price, misc, _, _ = part
    if operation or kind or number or price or misc:
        return False
    return description is not None and description == description.upper()


def _references(rows: Rows) -> Callable[[int], bool]:
    """Whether a record refers to another line or to the parts database; looked up for a possible heading only."""
    answers: list[bool] = []

    def is_reference(index: int) -> bool:
        if not answers:
            pairs = zip(rows.texts("DB_REF"), rows.numbers("LINE_REF"), strict=True)
            answers.extend([bool(database or line) for database, line in pairs])
        return answers[index]

    return is_reference


def _line(number: int | None, parts: list[_Part], labor: list[Labor]) -> Line:
    """One line from its part columns and its labour."""
    part = parts[0] if len(parts) == 1 else _merged(parts)
    description, operation, kind, part_number, alternate, quantity, price, misc, sublet, version = part
    by_word = alternate is not None and alternate.casefold() == _SUBLET_WORD
    if by_word or kind == _SUBLET_PART or operation == _SUBLET_OPERATION:
        sublet, alternate = True, None if by_word else alternate
        if not misc and not price:
            misc, labor = _sublet_money(misc, labor)
    return Line(
        number,
        description,
        operation,
        kind,
        part_number or alternate,
        quantity,
        price,
        misc,
        sublet is True,
        version,
        tuple(labor),
    )


def _sublet_money(misc: Decimal | None, labor: list[Labor]) -> tuple[Decimal | None, list[Labor]]:
    """Money of a sublet line that stands in the labour column moves to where it belongs, and stands there only."""
    amounts = [part.amount for part in labor if part.amount]
    if not amounts:
        return misc, labor
    kept = [Labor(part.type, part.hours, None, part.included) for part in labor if part.type is not None or part.hours]
    return sum(amounts, Decimal(0)), kept


def _merged(parts: list[_Part]) -> _Part:
    """For each column the first value that is neither blank nor zero, else the first that was written."""
    columns = [
        next((value for value in column if value), next((value for value in column if value is not None), None))
        for column in zip(*parts, strict=True)
    ]
    return cast(_Part, tuple(columns))


def read_subtotals(rows: Rows) -> tuple[Subtotal, ...]:
    """Every STL row; TTL_TYPECD is the key, other charges carry theirs in TTL_TYPE (ems.md 4)."""
    if not len(rows):
        return ()
    columns = (rows.texts("TTL_TYPECD"), rows.texts("TTL_TYPE"), rows.numbers("TTL_AMT"), rows.numbers("TTL_HRS"))
    return tuple(
        [
            Subtotal(code or group, DESCRIPTIONS.get(code or group or ""), amount, hours, (code or group) in ROLLUPS)
            for code, group, amount, hours in zip(*columns, strict=True)
            if code or group or amount is not None or hours is not None
        ]
    )


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
