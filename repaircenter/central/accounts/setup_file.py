"""One organisation with its shops, persons and programmes as a file or a value: `central admin set-up`, the demo."""

import msgspec
from sqlalchemy import Connection

from repaircenter.central.accounts import admin
from repaircenter.central.accounts.admin import NewPerson, NewProgramme, NewShop


class SetupFile(msgspec.Struct, frozen=True, kw_only=True):
    """`programmes` are joined by every shop of the organisation."""

    organisation: str
    shops: list[NewShop]
    persons: list[NewPerson]
    programmes: list[NewProgramme]


def apply(connection: Connection, wanted: SetupFile) -> list[int]:
    """Make everything in one transaction; gives the ids of the shops in their order."""
    org_id = admin.add_organisation(connection, wanted.organisation)
    shops = [admin.add_shop(connection, org_id, shop) for shop in wanted.shops]
    for person in wanted.persons:
        admin.add_person(connection, org_id, person, shops)
    for programme in wanted.programmes:
        programme_id = admin.add_programme(connection, programme)
        for shop_id in shops:
            admin.enrol(connection, org_id, shop_id, programme_id)
    return shops
