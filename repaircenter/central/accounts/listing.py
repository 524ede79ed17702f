"""What stands in the service, for `central admin list`: names and states, no password and no customer."""

from collections.abc import Iterator

from sqlalchemy import Connection, text


def lines(connection: Connection) -> Iterator[str]:
    """One line an organisation, shop, person and programme, indented under its organisation."""
    for org in connection.execute(text("SELECT id, name FROM organisation ORDER BY name, id")):
        yield org.name
        values = {"org": org.id}
        for shop in connection.execute(
            text("SELECT name, zone, language FROM shop WHERE org_id = :org ORDER BY sort_key, id"), values
        ):
            yield f"  shop       {shop.name} ({shop.zone}, {shop.language})"
        for person in connection.execute(
            text(
                "SELECT p.email, string_agg(DISTINCT g.role, ' + ' ORDER BY g.role) AS role, p.language, p.active "
                "FROM person p LEFT JOIN person_grant g ON g.person_id = p.id WHERE p.org_id = :org "
                "GROUP BY p.id, p.email, p.language, p.active ORDER BY p.email"
            ),
            values,
        ):
            closed = "" if person.active else ", closed"
            yield f"  person     {person.email} ({person.role or 'no role'}, {person.language}{closed})"
        for programme in connection.execute(
            text(
                "SELECT p.name, p.active, p.ageing_days, count(*) FILTER (WHERE e.active) AS shops FROM programme p "
                "JOIN enrolment e ON e.programme_id = p.id WHERE e.org_id = :org "
                "GROUP BY p.id, p.name, p.active, p.ageing_days ORDER BY p.name"
            ),
            values,
        ):
            shops = "1 shop" if programme.shops == 1 else f"{programme.shops} shops"
            state = "" if programme.active else ", closed"
            yield f"  programme  {programme.name} ({shops}, asked after {programme.ageing_days} days{state})"
