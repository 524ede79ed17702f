"""Writes an Estimate as an EMS file set the way CCC, Mitchell or Audatex do (ems.md 2, 3, 5): bytes by file name.

The counterpart of `ems.reading`, and the tests' source of sets. Nothing here touches the disk.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from repaircenter.ems.estimate import Estimate, Line
from repaircenter.runtime.resources import resource

_SUFFIX = {"AD1": "A", "AD2": "B", "VEH": "V", "DBT": "V"}
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Style:
    """How one estimating system writes its sets."""

    system: str
    upper_case: bool
    suffixed: frozenset[str]
    code_page: str = "cp1252"
    end_mark: bool = True
    blank_date: bytes = b" " * 8
    memo_file: bool = True
    vendors: bool = True
    headings: bool = False


CCC = Style("C", False, frozenset(), headings=True)
MITCHELL = Style(
    "M", True, frozenset(("AD1", "AD2", "VEH", "DBT")), blank_date=b"0" * 8, memo_file=False, vendors=False
)
AUDATEX = Style("A", False, frozenset(("AD1", "AD2", "VEH", "DBT")), end_mark=False)
STYLES = {style.system: style for style in (CCC, MITCHELL, AUDATEX)}


@cache
def fields() -> dict[str, list[tuple[str, str, int, int]]]:
    """Columns of the 14 tables in their order on disk: (name, type, width, decimals)."""
    raw = json.loads(resource("ems", "fields.json").read_text("utf-8"))
    split = {table: [column.split() for column in columns] for table, columns in raw.items()}
    return {t: [(n, k, int(w), int(d)) for n, k, w, d in columns] for t, columns in split.items()}


def write_set(estimate: Estimate, style: Style, *, without: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """File name -> bytes of a whole set. `without` leaves tables out (the flags still promise them)."""
    memos = _Memos(estimate.base, style.code_page)
    rows = _rows(estimate, style, memos)
    written = {table: _table(table, rows[table], style) for table in fields() if table in rows}
    if style.memo_file:
        written["DBT"] = memos.data()
    return {_name(estimate.base, t, style): data for t, data in written.items() if t not in without}


def _name(base: str, table: str, style: Style) -> str:
    stem = base + (_SUFFIX[table] if table in style.suffixed else "")
    return f"{stem}.{table}" if style.upper_case else f"{stem}.{table.lower()}"


class _Memos:
    """A dBASE IV memo file being filled; the next-free block stays 1 as real sets have it (ems.md 3)."""

    def __init__(self, base: str, code_page: str) -> None:
        self._blocks = [b"\x01\0\0\0\0\0\0\0" + base.encode("ascii", "replace")[:8].ljust(12, b"\0") + b"\0\x02"]
        self._code_page = code_page

    def add(self, text: str | None) -> int:
        """Store a text and give its block number."""
        block = sum(-(-len(part) // 512) for part in self._blocks)
        raw = (text or "").encode(self._code_page, "replace")
        self._blocks.append(b"\xff\xff\x08\0" + struct.pack("<I", len(raw) + 10) + raw + b"\x1a\x1a")
        return block

    def data(self) -> bytes:
        return b"".join(part + b"\0" * (-len(part) % 512) for part in self._blocks)


def _table(name: str, rows: Sequence[Row], style: Style) -> bytes:
    """A dBASE table: header, descriptors, live records, end mark where the system writes one."""
    columns = fields()[name]
    if name == "VEH" and not style.memo_file:
        columns = [(n, "C" if k == "M" else k, w, d) for n, k, w, d in columns]
    length = 1 + sum(width for _, _, width, _ in columns)
    descriptors = b"".join(
        n.encode("ascii").ljust(11, b"\0") + k.encode("ascii") + b"\0" * 4 + bytes((w, d)) + b"\0" * 14
        for n, k, w, d in columns
    )
    version = 0x8B if name == "VEH" else 0x03
    head = struct.pack("<BBBBIHH20x", version, 125, 5, 6, len(rows), 33 + len(descriptors), length)
    body = b"".join(b" " + b"".join(_cell(row.get(n), k, w, d, style) for n, k, w, d in columns) for row in rows)
    return head + descriptors + b"\r" + body + (b"\x1a" if style.end_mark else b"")


def _cell(value: object, kind: str, width: int, decimals: int, style: Style) -> bytes:
    if kind == "D":
        return value.strftime("%Y%m%d").encode() if isinstance(value, date) else style.blank_date
    if kind == "L":
        return b" " if value is None else b"T" if value else b"F"
    if value is None:
        return b" " * width
    if kind == "N":
        text = f"{Decimal(str(value)):.{decimals}f}".encode("ascii")
        return text.rjust(width) if len(text) <= width else b"*" * width
    if kind == "M":
        return str(value).encode("ascii").rjust(width)
    return str(value).encode(style.code_page, "replace")[:width].ljust(width)


def _rows(estimate: Estimate, style: Style, memos: _Memos) -> dict[str, list[Row]]:
    vehicle = estimate.vehicle
    damage, options, note = (
        (memos.add(text) if style.memo_file else None)
        for text in (estimate.memo_damage, estimate.memo_options, estimate.memo_note)
    )
    rows: dict[str, list[Row]] = {
        "ENV": [_envelope(estimate, style)],
        "AD1": [_administrative_1(estimate)],
        "AD2": [_administrative_2(estimate)],
        "VEH": [
            {
                "IMPACT_1": vehicle.impact,
                "DMG_MEMO": damage,
                "PLATE_NO": vehicle.plate,
                "PLATE_ST": vehicle.plate_region,
                "V_VIN": vehicle.vin,
                "V_MODEL_YR": None if vehicle.year is None else f"{vehicle.year % 100:02d}",
                "V_MAKEDESC": vehicle.make,
                "V_MODEL": vehicle.model,
                "V_BSTYLE": vehicle.body_style,
                "V_MILEAGE": vehicle.mileage,
                "V_OPTIONS": options,
                "V_COLOR": vehicle.color,
                "V_MEMO": note,
                "V_TYPE": "PC",
                "V_TONE": 1,
                "V_STAGE": 2,
            }
        ],
        "LIN": _line_records(estimate, style),
        "PFH": [{"ID_PRO_NAM": "Standard"}],
        "PFL": [{"LBR_TYPE": "LAB", "LBR_RATE": 62}],
        "PFM": [{"MATL_TYPE": "MAPA"}],
        "PFO": [{"TX_TOW_TY": "OTTW"}],
        "PFP": [{"PRT_TYPE": "PAN"}],
        "PFT": [{}],
        "STL": [
            {"TTL_TYPECD": row.code, "TTL_AMT": row.amount, "TTL_HRS": row.hours, "TTL_TYPE": (row.code or "")[:2]}
            for row in estimate.subtotals
        ],
        "TTL": [
            {
                "G_TTL_AMT": estimate.totals.gross,
                "N_TTL_AMT": estimate.totals.net,
                "G_DED_AMT": estimate.totals.deductible,
                "SUPP_AMT": estimate.totals.supplement,
                "G_TAX": estimate.totals.tax,
            }
        ],
    }
    if style.vendors:
        rows["VEN"] = [{}]
    return rows


def _envelope(estimate: Estimate, style: Style) -> Row:
    created, sent = estimate.created_at, estimate.transmitted_at
    return {
        "EST_SYSTEM": style.system,
        "SW_VERSION": estimate.software_version,
        "UNQFILE_ID": estimate.export_id,
        "RO_ID": estimate.ro_number,
        "ESTFILE_ID": estimate.estimate_id,
        "SUPP_NO": estimate.version,
        "EST_CTRY": estimate.country,
        "TRANS_TYPE": estimate.transaction,
        "STATUS": False,
        "CREATE_DT": created,
        "CREATE_TM": created and created.strftime("%H%M%S"),
        "TRANSMT_DT": sent,
        "TRANSMT_TM": sent and sent.strftime("%H%M%S"),
        "INCL_ADMIN": True,
        "INCL_VEH": True,
        "INCL_EST": True,
        "INCL_PROFL": True,
        "INCL_TOTAL": True,
        "INCL_VENDR": style.vendors,
        "EMS_VER": estimate.ems_version,
    }


def _names(full: str | None) -> tuple[str | None, str | None]:
    first, _, last = (full or "").partition(" ")
    return (first or None, last) if last else (None, first or None)


def _party(prefix: str, estimate: Estimate) -> Row:
    customer = estimate.customer
    if customer is None:
        return {}
    home = customer.address
    phones = (*customer.phones, None, None)
    return {
        f"{prefix}_LN": customer.last_name,
        f"{prefix}_FN": customer.first_name,
        f"{prefix}_CO_NM": customer.company,
        f"{prefix}_ADDR1": home.line1,
        f"{prefix}_ADDR2": home.line2,
        f"{prefix}_CITY": home.city,
        f"{prefix}_ST": home.region,
        f"{prefix}_ZIP": home.postal_code,
        f"{prefix}_CTRY": home.country,
        f"{prefix}_PH1": phones[0],
        f"{prefix}_PH2": phones[1],
        f"{prefix}_EA": customer.email,
    }


def _administrative_1(estimate: Estimate) -> Row:
    insurer = estimate.insurer
    first, last = _names(insurer.contact)
    role = estimate.customer.role if estimate.customer else "owner"
    party = _party({"owner": "OWNR", "insured": "INSD"}[role], estimate) if role != "claimant" else {}
    return {
        "INS_CO_ID": insurer.code,
        "INS_CO_NM": insurer.name,
        "INS_CT_LN": last,
        "INS_CT_FN": first,
        "POLICY_NO": insurer.policy_number,
        "DED_AMT": insurer.deductible,
        "CLM_NO": insurer.claim_number,
        "LOSS_DATE": insurer.loss_date,
        "LOSS_CAT": insurer.loss_category,
        "CUST_PR": "I",
        **party,
    }


def _day_and_time(day: str, clock: str, value: datetime | date | None) -> Row:
    return {day: value, clock: value.strftime("%H%M") if isinstance(value, datetime) else None}


def _administrative_2(estimate: Estimate) -> Row:
    first, last = _names(estimate.appraiser)
    shop, dates = estimate.shop, estimate.dates
    claimant = _party("CLMT", estimate) if estimate.customer and estimate.customer.role == "claimant" else {}
    return {
        "EST_CT_LN": last,
        "EST_CT_FN": first,
        "RF_CO_NM": shop.name,
        "RF_PH1": shop.phone,
        "RF_EA": shop.email,
        "RF_TAX_ID": shop.tax_id,
        "RF_LIC_NO": shop.licence,
        "RF_ESTIMTR": estimate.estimator,
        **claimant,
        **_day_and_time("RO_IN_DATE", "RO_IN_TIME", dates.arrived),
        **_day_and_time("TAR_DATE", "TAR_TIME", dates.promised),
        **_day_and_time("RO_CMPDATE", "RO_CMPTIME", dates.completed),
        **_day_and_time("DATE_OUT", "TIME_OUT", dates.delivered),
    }


def _line_records(estimate: Estimate, style: Style) -> list[Row]:
    """One record per line and labour type, the part columns repeated on each (ems.md 4)."""
    records: list[Row] = []
    if style.headings:
        records.append({"LINE_NO": 0, "LINE_REF": 0, "LINE_DESC": "FRONT BUMPER & GRILLE", "LBR_INC": False})
    for line in estimate.lines:
        part = _part_columns(line)
        labors = line.labor or (None,)
        records.extend(
            part
            if labor is None
            else {
                **part,
                "MOD_LBR_TY": labor.type,
                "MOD_LB_HRS": labor.hours,
                "LBR_AMT": labor.amount,
                "LBR_INC": labor.included,
            }
            for labor in labors
        )
    return [{**record, "UNQ_SEQ": index + 1} for index, record in enumerate(records)]


def _part_columns(line: Line) -> Row:
    return {
        "LINE_NO": line.number,
        "LINE_IND": line.version,
        "LINE_REF": 1,
        "TRAN_CODE": "1",
        "LINE_DESC": line.description,
        "PART_TYPE": line.part_type,
        "OEM_PARTNO": line.part_number,
        "DB_PRICE": line.price,
        "ACT_PRICE": line.price,
        "PART_QTY": line.quantity,
        "LBR_OP": line.operation,
        "MISC_AMT": line.misc,
        "MISC_SUBLT": line.sublet,
        "LBR_INC": False,
    }
