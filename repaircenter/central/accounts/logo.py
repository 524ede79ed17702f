"""The logo of an organisation: on every report of its shops (issue 15.19)."""

from sqlalchemy import Connection, text

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Logo
from repaircenter.wire.vocabulary import LOGO_BYTES, LOGO_SIDE

_PNG = b"\x89PNG\r\n\x1a\n"


def logo_of(connection: Connection, shop_id: int) -> bytes:
    """Return the logo of a shop's organisation; empty without one."""
    logo = connection.execute(
        text("SELECT o.logo FROM organisation o JOIN shop s ON s.org_id = o.id WHERE s.id = :shop"), {"shop": shop_id}
    ).scalar()
    return bytes(logo or b"")


@serves(endpoints.LOGO)
def logo(call: Call) -> Logo:
    return Logo(image=logo_of(call.connection, next(iter(call.caller.shops), 0)))


@serves(endpoints.PUT_LOGO)
def put_logo(call: Call, given: Logo) -> None:
    if given.image and not _is_picture(given.image):
        refuse(422, "no_picture")
    changed = call.connection.execute(
        text("UPDATE organisation SET logo = :logo WHERE id = :org"),
        {"logo": given.image or None, "org": call.caller.org_id},
    ).rowcount
    if not changed:
        refuse(403, "beyond_reach")


def _is_picture(image: bytes) -> bool:
    """Whether it is a PNG of a size one can mean: it is read by every report's reader."""
    from io import BytesIO

    from PIL import Image

    if len(image) > LOGO_BYTES or not image.startswith(_PNG):
        return False
    try:
        with Image.open(BytesIO(image), formats=["PNG"]) as picture:
            if max(picture.size) > LOGO_SIDE:
                return False
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


HANDLERS = (logo, put_logo)
