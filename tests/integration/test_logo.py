"""The logo of an organisation: put by an administrator, on every report of its shops, seen by nobody else (issue 15.19)."""

import io
import zlib

import pypdf
import pytest
from PIL import Image

from repaircenter.central.accounts.logo import logo_of
from repaircenter.rendering.exports import encode
from repaircenter.rendering.pagination import paginate
from repaircenter.runtime.errors import KnownError
from repaircenter.uplink.http import Http
from repaircenter.uplink.person import PersonClient
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Logo
from repaircenter.wire.vocabulary import LOGO_BYTES
from tests.conftest import Central
from tests.fakes.secrets import MemorySecrets
from tests.integration.test_reports import run, world
from tests.integration.test_service import person as signed_in


@pytest.fixture
def person(central: Central) -> PersonClient:
    return signed_in(central)


def png(wide: int = 400, high: int = 100, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (wide, high), (200, 30, 30)).save(data, kind)
    return data.getvalue()


def test_a_logo_is_on_every_report_of_its_organisation_and_on_no_other(central: Central, person: PersonClient) -> None:
    world(central, count=60)
    assert person.call(endpoints.LOGO).image == b""
    person.call(endpoints.PUT_LOGO, Logo(image=png()))
    assert person.call(endpoints.LOGO).image == png()
    parts = run(central, "R-07")
    assert parts[0].header is not None and parts[0].header.logo == png()
    (image,) = pypdf.PdfReader(io.BytesIO(encode(parts, "pdf"))).pages[0].images
    assert image.image is not None and image.image.size == (400, 100)
    assert b"data:image/png;base64," in encode(parts, "html")
    pages = list(paginate(parts))
    assert sum(hasattr(op, "image") for op in pages[0].operations) == 1
    assert not any(hasattr(op, "image") for page in pages[1:] for op in page.operations)
    with central.parts.web.scoped(central.scope([central.shops["Other"]], 2)) as connection:
        assert [row[0] for row in connection.exec_driver_sql("SELECT logo FROM organisation")] == [None]
    person.call(endpoints.PUT_LOGO, Logo())
    header = run(central, "R-07")[0].header
    assert header is not None and header.logo == b""


@pytest.mark.parametrize(
    "image",
    [
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n" + b"x" * 40,
        png()[:60],
        png(kind="JPEG"),
        png(1001, 10),
        png() + b"\0" * LOGO_BYTES,
    ],
    ids=["gif", "rubbish", "cut", "jpeg", "too wide", "too large"],
)
def test_what_is_no_logo_is_refused_with_a_sentence(person: PersonClient, image: bytes) -> None:
    with pytest.raises(KnownError) as refused:
        person.call(endpoints.PUT_LOGO, Logo(image=image))
    assert refused.value.code == "no_picture"
    assert person.call(endpoints.LOGO).image == b""


def test_a_small_file_of_a_huge_picture_is_refused_without_being_read(person: PersonClient) -> None:
    """A bomb: few bytes that would fill the memory."""
    header = png(1, 1)[:16] + (60_000).to_bytes(4) + (60_000).to_bytes(4) + png(1, 1)[24:29]
    crc = zlib.crc32(header[12:29]).to_bytes(4)
    with pytest.raises(KnownError):
        person.call(endpoints.PUT_LOGO, Logo(image=header[:29] + crc + png(1, 1)[33:]))


def test_only_an_administrator_changes_the_logo(central: Central, person: PersonClient) -> None:
    with central.service.admin() as connection:
        connection.exec_driver_sql("UPDATE person_grant SET role = 'manager'")
    with pytest.raises(KnownError) as refused:
        person.call(endpoints.PUT_LOGO, Logo(image=png()))
    assert refused.value.code == "not_allowed"
    assert person.call(endpoints.LOGO).image == b"", "everybody sees it"
    nobody = PersonClient(Http(central.address), MemorySecrets())
    with pytest.raises(KnownError):
        nobody.call(endpoints.LOGO)


def test_a_report_carries_the_logo_of_its_own_shops(central: Central) -> None:
    """Also where whoever makes it sees several organisations."""
    with central.service.admin() as connection:
        for org, image in ((1, b"one"), (2, b"two")):
            connection.exec_driver_sql("UPDATE organisation SET logo = %s WHERE id = %s", (image, org))
        assert logo_of(connection, central.shops["North"]) == b"one"
        assert logo_of(connection, central.shops["Other"]) == b"two" and logo_of(connection, 0) == b""
