"""What an operator licenses to an organisation (A-01)."""

from sqlalchemy import Connection, text


def set_licence(connection: Connection, org_id: int, **changed: object) -> None:
    """Change what an organisation has licensed: `surveys`, `modules`, `licence_until` (None: for ever). What was changed is
    kept in the audit, whoever changes it (migration 0023)."""
    if changed:
        sets = ", ".join(f"{column} = :{column}" for column in changed)
        connection.execute(text(f"UPDATE organisation SET {sets} WHERE id = :org"), {"org": org_id, **changed})


def licence_line(connection: Connection, org_id: int) -> str:
    """What an organisation has licensed, in one line for an operator."""
    row = connection.execute(
        text("SELECT name, surveys, modules, licence_until FROM organisation WHERE id = :org"), {"org": org_id}
    ).one()
    holds = [*(["surveys"] if row.surveys else []), *row.modules]
    until = "" if row.licence_until is None else f" until {row.licence_until:%Y-%m-%d %H:%M} UTC"
    return f"{row.name}: {', '.join(holds) or 'nothing'}{until}"
