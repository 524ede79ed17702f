"""The bytes of a set -> Estimate. Tables are read by their own headers; the set never fails on a cell."""

from collections.abc import Mapping
from decimal import Decimal

from repaircenter.ems import cells, dbase, encoding, memo
from repaircenter.ems.cells import Notes
from repaircenter.ems.columns import COLUMNS, MEMO_COLUMNS
from repaircenter.ems.estimate import (
    Address,
    Customer,
    Dates,
    Estimate,
    Insurer,
    RepairFacility,
    Subtotal,
    Totals,
    Vehicle,
)
from repaircenter.ems.lines import read_lines, read_subtotals
from repaircenter.ems.naming import MEMO, TABLES
from repaircenter.ems.rows import Rows
from repaircenter.runtime.contact import read_email

_PROMISES = (("INCL_ADMIN", "AD1"), ("INCL_VEH", "VEH"), ("INCL_EST", "LIN"), ("INCL_TOTAL", "TTL"))
_NOTHING = Decimal(0)
_TOLERANCE = Decimal("0.05")
_ENVELOPE = frozenset(("EST_SYSTEM", "ESTFILE_ID", "EMS_VER"))


class NotAnEstimate(Exception):
    """The set has no envelope that can be read; `reason` says why."""

    def __init__(self, base: str, reason: str) -> None:
        super().__init__(f"{base}: {reason}")
        self.reason = reason


def read_set(base: str, files: Mapping[str, bytes], setting: str = encoding.DEFAULT, *, year: int = 2028) -> Estimate:
    """Read a set given as upper-case extension -> bytes.

    `setting` is the folder's code page, `year` the highest model year taken as 20xx (next year + 1).
    Raises NotAnEstimate when ENV is missing or no table; everything milder is a problem note.
    """
    notes = Notes()
    tables, unsound, refused = _tables(files, notes)
    if "ENV" not in tables or not len(tables["ENV"]):
        reason = next((p.message for p in notes.all() if p.table == "ENV"), "the ENV table is missing")
        raise NotAnEstimate(base, reason)
    env = tables["ENV"]
    if not any(env.has(column) for column in _ENVELOPE):
        raise NotAnEstimate(base, "the ENV table has none of the columns of an envelope")
    if env.is_blank():
        raise NotAnEstimate(base, "the ENV record is still blank")
    first = {name: rows for name, rows in tables.items() if len(rows)}
    raw_memos = _memos(first.get("VEH"), files.get(MEMO), notes)
    code_page = _code_page(tables, raw_memos, setting, notes)
    required = [table for flag, table in _PROMISES if env.logical(flag)]
    for table in required:
        if table not in files:
            notes.add(table, "missing_table", f"the set promises {table}, but the file is not there")
    read = tuple(sorted(t for t in TABLES if t in files and t not in refused))
    lines = read_lines(tables["LIN"]) if "LIN" in tables else ()
    subtotals = read_subtotals(tables["STL"]) if "STL" in tables else ()
    totals = _totals(first.get("TTL"))
    _cross_check(subtotals, totals, notes)
    memos = [None if raw is None else encoding.decode(raw, code_page) or None for raw in raw_memos]
    complete = not unsound and all(table in (tables if table == "LIN" else first) for table in required)
    if "LIN" in first and not lines and not any(first["LIN"].texts("LINE_DESC")):
        complete = False  # records that say nothing are room for lines that are still to be written
    if any(table in first and first[table].is_blank() for table in required if table != "LIN"):
        complete = False  # so is one that was appended first and is filled afterwards
    return Estimate(
        base=base,
        system=env.text("EST_SYSTEM"),
        ems_version=env.text("EMS_VER"),
        software_version=env.text("SW_VERSION"),
        country=env.text("EST_CTRY"),
        estimate_id=env.text("ESTFILE_ID"),
        export_id=env.text("UNQFILE_ID"),
        ro_number=env.text("RO_ID"),
        version=(env.text("SUPP_NO") or "").upper() or None,
        transaction=(env.text("TRANS_TYPE") or "").upper() or None,
        created_at=cells.instant(env.day("CREATE_DT"), env.clock("CREATE_TM")),
        transmitted_at=cells.instant(env.day("TRANSMT_DT"), env.clock("TRANSMT_TM")),
        complete=complete,
        tables=read,
        encoding=code_page,
        customer=_customer(first),
        insurer=_insurer(first.get("AD1")),
        vehicle=_vehicle(first.get("VEH"), year),
        estimator=_text(first.get("AD2"), "RF_ESTIMTR"),
        appraiser=_name(first.get("AD2"), "EST_CT"),
        shop=_shop(first.get("AD2")),
        dates=_dates(first.get("AD2")),
        lines=lines,
        subtotals=subtotals,
        totals=totals,
        memo_options=memos[0],
        memo_damage=memos[1],
        memo_note=memos[2],
        problems=notes.all(),
    )


def _tables(files: Mapping[str, bytes], notes: Notes) -> tuple[dict[str, Rows], set[str], set[str]]:
    """Every table whose header holds, the names of those that are not whole, and of those that were refused.

    The seven that are used come as rows, the others are only checked.
    """
    tables: dict[str, Rows] = {}
    unsound: set[str] = set()
    refused: set[str] = set()
    for name in TABLES:
        data = files.get(name)
        if data is None:
            continue
        try:
            table = dbase.read_table(data)
        except dbase.BadTable as refusal:
            notes.add(name, refusal.code, refusal.message)
            unsound.add(name)
            refused.add(name)
            continue
        if table.truncated:
            notes.add(name, "truncated", f"{table.declared} records are promised, {table.count} are whole")
        if table.surplus:
            notes.add(name, "count_mismatch", f"more records follow than the {table.declared} that are promised")
        for oddity in table.layout.oddities:
            notes.add(name, "odd_header", oddity)
        for column in table.layout.left_out:
            notes.add(name, "unsupported_type", f"column {column} has a type that is not read")
        if name in COLUMNS:
            tables[name] = Rows(name, table, notes)
        # A count that is not brought up to date and records without content: the set is still being written.
        if table.truncated or table.surplus or (name in tables and tables[name].damaged):
            unsound.add(name)
    return tables, unsound, refused


def _code_page(tables: Mapping[str, Rows], memos: tuple[bytes | None, ...], setting: str, notes: Notes) -> str:
    accented = {
        raw for memo_ in memos for raw in (memo_ or b"")[: encoding.SAMPLE_BYTES].split(b"\n") if not raw.isascii()
    }
    for name in ("AD1", "AD2", "VEH", "LIN"):
        if name in tables:
            accented |= tables[name].accented()
    guess = encoding.detect(accented, setting)
    if not guess.plain and (guess.code_page != setting or not guess.clear):
        doubt = "" if guess.clear else ", which is not certain"
        notes.add(
            "ENV", "encoding_guessed", f"the accents look like {guess.code_page}{doubt}; the folder says {setting}"
        )
    for rows in tables.values():
        rows.decode_with(guess.code_page)
    return guess.code_page


def _text(rows: Rows | None, column: str) -> str | None:
    return None if rows is None else rows.text(column)


def _name(rows: Rows | None, prefix: str) -> str | None:
    """First and last name in one string, as staff are shown."""
    parts = (_text(rows, f"{prefix}_FN"), _text(rows, f"{prefix}_LN"))
    return " ".join(part for part in parts if part) or None


def _digits(text: str | None) -> str:
    return "".join(char for char in text or "" if char in "0123456789")


# Written into a name where there is none.
NOBODY = frozenset(
    (
        *("N/A", "NA", "N.A.", "NONE", "UNKNOWN", "UNK", "TBD", "TBA", "X", "XX", "XXX", "SAME", "SAME AS INSURED"),
        *("OWNER", "CUSTOMER", "INCONNU", "AUCUN", "IDEM", "MEME", "MÊME", "DESCONOCIDO", "NINGUNO"),
    )
)


def _names(rows: Rows, prefix: str) -> tuple[str | None, str | None, str | None]:
    """First name, last name and company without what people type where there is none; all None: nobody stands here."""
    parts = [rows.text(f"{prefix}_{part}") for part in ("FN", "LN", "CO_NM")]
    names = [None if name is None or not any(map(str.isalnum, name)) else name for name in parts]
    if all(name is None or name.upper() in NOBODY for name in names):
        return None, None, None
    first, last, company = (None if name is not None and name.upper() == "N/A" else name for name in names)
    return first, last, company


def _email(rows: Rows, column: str) -> str | None:
    """The address that can be used; another one of the same cell, or a text that is none, is noted."""
    raw = (rows.raw(column) or b"").strip(b" \0")
    if not raw:
        return None
    emails = read_email(raw.decode("ascii", "replace") if b"\r" in raw or b"\n" in raw else rows.text(column))
    if emails.refused:
        rows.note("bad_address", f"{column} holds no usable e-mail address")
    if emails.others:
        rows.note("bad_address", f"{column} holds more than one e-mail address, the first is used")
    return emails.address


def _customer(tables: Mapping[str, Rows]) -> Customer | None:
    """First of owner, insured, claimant that has any name or company (DESIGN 4.4); a placeholder is no name."""
    for role, table, prefix in (("owner", "AD1", "OWNR"), ("insured", "AD1", "INSD"), ("claimant", "AD2", "CLMT")):
        rows = tables.get(table)
        if rows is None:
            continue
        names = _names(rows, prefix)
        if not any(names):
            continue
        phones = tuple(dict.fromkeys(p for part in ("PH1", "PH2") if (p := _digits(rows.text(f"{prefix}_{part}")))))
        address = Address(*(rows.text(f"{prefix}_{part}") for part in ("ADDR1", "ADDR2", "CITY", "ST", "ZIP", "CTRY")))
        return Customer(role, *names, _email(rows, f"{prefix}_EA"), phones, address)
    return None


def _insurer(rows: Rows | None) -> Insurer:
    if rows is None:
        return Insurer()
    return Insurer(
        rows.text("INS_CO_ID"),
        rows.text("INS_CO_NM"),
        rows.text("CLM_NO"),
        rows.text("POLICY_NO"),
        rows.number("DED_AMT"),
        rows.day("LOSS_DATE"),
        rows.text("LOSS_CAT"),
        _name(rows, "INS_CT"),
    )


def _vehicle(rows: Rows | None, year: int) -> Vehicle:
    if rows is None:
        return Vehicle()
    return Vehicle(
        rows.text("V_VIN"),
        _model_year(rows.text("V_MODEL_YR"), year),
        rows.text("V_MAKEDESC"),
        rows.text("V_MODEL"),
        rows.text("V_BSTYLE"),
        rows.text("V_COLOR"),
        rows.text("PLATE_NO"),
        rows.text("PLATE_ST"),
        rows.text("V_MILEAGE"),
        rows.text("IMPACT_1"),
    )


def _model_year(text: str | None, latest: int) -> int | None:
    """Two digits with the century of ems/normalised.md: 00 ... next year + 1 are 20xx, the others 19xx."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) not in (1, 2, 4):
        return None
    value = int(text)
    if len(text) == 4:
        return value if 1900 <= value <= latest + 1 else None
    return 2000 + value if 2000 + value <= latest else 1900 + value


def _shop(rows: Rows | None) -> RepairFacility:
    if rows is None:
        return RepairFacility()
    phone = _digits(rows.text("RF_PH1")) or None
    return RepairFacility(
        rows.text("RF_CO_NM"), phone, rows.text("RF_EA"), rows.text("RF_TAX_ID"), rows.text("RF_LIC_NO")
    )


def _dates(rows: Rows | None) -> Dates:
    if rows is None:
        return Dates()
    pairs = (
        ("RO_IN_DATE", "RO_IN_TIME"),
        ("TAR_DATE", "TAR_TIME"),
        ("RO_CMPDATE", "RO_CMPTIME"),
        ("DATE_OUT", "TIME_OUT"),
    )
    return Dates(*(cells.day_or_instant(rows.day(day), rows.clock(clock)) for day, clock in pairs))


def _totals(rows: Rows | None) -> Totals:
    if rows is None:
        return Totals()
    return Totals(*(rows.number(c) for c in ("G_TTL_AMT", "N_TTL_AMT", "G_DED_AMT", "SUPP_AMT", "G_TAX")))


def _cross_check(subtotals: tuple[Subtotal, ...], totals: Totals, notes: Notes) -> None:
    """Members + tax = gross total within a few cents; a difference is only a warning (ems.md 6)."""
    if totals.gross is None or not subtotals:
        return
    members = sum([row.amount for row in subtotals if row.amount and not row.rollup], _NOTHING)
    rollups = sum([row.amount for row in subtotals if row.amount and row.rollup], _NOTHING)
    tax = totals.tax or _NOTHING
    if all(abs(part + tax - totals.gross) > _TOLERANCE for part in (members, rollups)):
        notes.add("TTL", "totals_differ", f"subtotals and tax give {members + tax}, the total says {totals.gross}")


def _memos(rows: Rows | None, data: bytes | None, notes: Notes) -> tuple[bytes | None, ...]:
    """Options, damage and note of VEH, still bytes; a C column holds its text itself (ems.md 3)."""
    return tuple(None if rows is None else _memo(rows, column, data, notes) for column in MEMO_COLUMNS)


def _memo(rows: Rows, column: str, data: bytes | None, notes: Notes) -> bytes | None:
    pointer = (rows.raw(column) or b"").strip(b" \0")
    if not pointer or rows.kind(column) != "M":
        return pointer or None
    if not pointer.isdigit():
        notes.add("VEH", "bad_value", f"{column} holds a value that cannot be read")
        return None
    if int(pointer) == 0:
        return None
    if data is None:
        notes.add("VEH", "missing_memo", "the memo file is not there")
        return None
    text, whole = memo.read_memo(data, int(pointer))
    if text is None:
        notes.add("VEH", "missing_memo", f"{column} points to no memo of the memo file")
    elif not whole:
        notes.add("VEH", "missing_memo", f"{column} goes on after the end of the memo file")
    return text
