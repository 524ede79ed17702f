"""What an organisation has licensed and which PCs collect for it; one of them is revoked (A-01, A-16)."""

from sqlalchemy import Connection, text

from repaircenter.central.core.calls import Call, serves
from repaircenter.central.core.http import refuse
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Organisation, Pc


@serves(endpoints.ORGANISATION)
def organisation(call: Call) -> Organisation:
    row = call.connection.execute(
        text("SELECT name, surveys, modules, licence_until FROM organisation WHERE id = :org"),
        {"org": call.caller.org_id},
    ).one()
    pcs = _pcs(call.connection)
    return Organisation(name=row[0], surveys=row[1], modules=list(row[2]), until=row[3], pcs=pcs)


@serves(endpoints.REVOKE_PC)
def revoke_pc(call: Call, pc_id: int) -> None:
    """Have a PC collect no more; once more it does nothing."""
    revoked: bool = call.connection.execute(
        text("SELECT rc_revoke_pc(:pc, :at)"), {"pc": pc_id, "at": call.service.clock.now_utc()}
    ).scalar_one()
    if not revoked:
        refuse(403, "beyond_reach")


def _pcs(connection: Connection) -> list[Pc]:
    """Those that collect first, then by name."""
    rows = connection.execute(
        text(
            "SELECT id, name, shops, wholly, paired_by, paired_at, heard_at, revoked_at FROM rc_managed_pcs() "
            "ORDER BY revoked_at IS NOT NULL, name, id"
        )
    )
    return [Pc(**{**row._asdict(), "shops": list(row.shops)}) for row in rows]


HANDLERS = (organisation, revoke_pc)
