"""Names of sheets come from customers: whatever they hold, a spreadsheet opens the workbook (case 24)."""

import io
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest

from repaircenter.rendering.workbook import write_xlsx
from repaircenter.wire.document.nodes import Column, Heading, Table
from tests.unit.test_charts import document


@pytest.mark.parametrize(
    "name",
    [
        "An\x0ba Sm\x01ith", "A very long family name indeed Zoé 🚗🚗", "🚗" * 40, "\ufffe\ud800", "history", "[a]:*?/\\'", "x" * 31,
        "26-1 · Zoé 🚗 A very long family name", "",
    ],
)  # fmt: skip
def test_any_name_of_a_sheet_opens(name: str) -> None:
    table = Table(columns=[Column(title="a")], rows=[[name]])
    data = write_xlsx(document(Heading(text=name), table, Heading(text=name), table))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.endswith(".xml"):
                ET.fromstring(archive.read(part))
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len(names) == len({one.lower() for one in names}) == 2
    assert all(0 < len(one.encode("utf-16-le")) // 2 <= 31 for one in names)
