"""The columns RepairCenter uses of each table, with the other names they are known under (ems.md 1, 2, 7)."""

from typing import Final


def _party(prefix: str) -> tuple[str, ...]:
    return tuple(
        f"{prefix}_{part}"
        for part in ("LN", "FN", "CO_NM", "ADDR1", "ADDR2", "CITY", "ST", "ZIP", "CTRY", "PH1", "PH2", "EA")
    )


COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "ENV": (
        "EST_SYSTEM",
        "SW_VERSION",
        "UNQFILE_ID",
        "RO_ID",
        "ESTFILE_ID",
        "SUPP_NO",
        "EST_CTRY",
        "TRANS_TYPE",
        "CREATE_DT",
        "CREATE_TM",
        "TRANSMT_DT",
        "TRANSMT_TM",
        "INCL_ADMIN",
        "INCL_VEH",
        "INCL_EST",
        "INCL_PROFL",
        "INCL_TOTAL",
        "INCL_VENDR",
        "EMS_VER",
    ),
    "AD1": (
        "INS_CO_ID",
        "INS_CO_NM",
        "INS_CT_LN",
        "INS_CT_FN",
        "POLICY_NO",
        "DED_AMT",
        "CLM_NO",
        "LOSS_DATE",
        "LOSS_CAT",
        *_party("INSD"),
        *_party("OWNR"),
    ),
    "AD2": (
        *_party("CLMT"),
        "EST_CT_LN",
        "EST_CT_FN",
        "RF_CO_NM",
        "RF_PH1",
        "RF_EA",
        "RF_TAX_ID",
        "RF_LIC_NO",
        "RO_IN_DATE",
        "RO_IN_TIME",
        "TAR_DATE",
        "TAR_TIME",
        "RO_CMPDATE",
        "RO_CMPTIME",
        "DATE_OUT",
        "TIME_OUT",
        "RF_ESTIMTR",
    ),
    "VEH": (
        "IMPACT_1",
        "DMG_MEMO",
        "PLATE_NO",
        "PLATE_ST",
        "V_VIN",
        "V_MODEL_YR",
        "V_MAKEDESC",
        "V_MODEL",
        "V_BSTYLE",
        "V_MILEAGE",
        "V_OPTIONS",
        "V_COLOR",
        "V_MEMO",
    ),
    "LIN": (
        "LINE_NO",
        "LINE_IND",
        "LINE_REF",
        "DB_REF",
        "LINE_DESC",
        "PART_TYPE",
        "OEM_PARTNO",
        "ACT_PRICE",
        "PART_QTY",
        "ALT_PARTNO",
        "MOD_LBR_TY",
        "MOD_LB_HRS",
        "LBR_INC",
        "LBR_OP",
        "LBR_AMT",
        "MISC_AMT",
        "MISC_SUBLT",
    ),
    "STL": ("TTL_TYPE", "TTL_TYPECD", "TTL_HRS", "TTL_AMT"),
    "TTL": ("G_TTL_AMT", "G_DED_AMT", "N_TTL_AMT", "SUPP_AMT", "G_TAX"),
}

MEMO_COLUMNS: Final = ("V_OPTIONS", "DMG_MEMO", "V_MEMO")

# Name in the file -> our name. N_SUPP_ANT and PART_DESCJ are writers' spellings (ems.md 1 and 8.12).
ALIASES: Final[dict[str, str]] = {
    "EST_SYS": "EST_SYSTEM",
    "UNQ_FILEID": "UNQFILE_ID",
    "SUPPNO": "SUPP_NO",
    "V_MODELYR": "V_MODEL_YR",
    "V_MAKE_DSC": "V_MAKEDESC",
    "LBR_HRS": "MOD_LB_HRS",
}
