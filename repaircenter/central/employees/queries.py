"""SQL of the names of who worked on jobs, and of what was decided of them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from repaircenter.wire.employees import EmployeeAccount


class NameRow(NamedTuple):
    """A name that stands in jobs of a shop: in which roles, in how many, whom it stands for (None: undecided), and whose
    account it is."""

    shop_id: int
    shop: str
    name: str
    roles: list[str]
    jobs: int
    known_as: str | None
    person_id: int | None


def names(connection: Connection) -> list[NameRow]:
    """The names of the shops that are managed from the scope, in jobs of today and as they were asked about; the most
    frequent first."""
    rows = connection.execute(
        text(
            "WITH named AS (SELECT j.shop_id, p.name, p.role, j.id FROM job j CROSS JOIN LATERAL "
            "(VALUES ('estimator', j.estimator), ('appraiser', j.appraiser) UNION ALL SELECT c.role, e ->> 0 "
            " FROM jsonb_each(j.credits) AS c(role, named), jsonb_array_elements(c.named) AS e) AS p(role, name) "
            "WHERE p.name IS NOT NULL AND j.shop_id IN (SELECT rc_managed_shops()) "
            # As they were when customers were asked, and whom others stand for.
            "UNION ALL SELECT i.shop_id, e ->> 0, c.role, s.job_id FROM invitation i JOIN sample s ON s.id = i.sample_id, "
            " jsonb_each(i.people) AS c(role, named), jsonb_array_elements(c.named) AS e "
            "WHERE i.shop_id IN (SELECT rc_managed_shops()) "
            "UNION ALL SELECT shop_id, known_as, NULL, NULL FROM employee_name WHERE shop_id IN (SELECT rc_managed_shops())), "
            "counted AS (SELECT shop_id, name, array_agg(DISTINCT role ORDER BY role) FILTER (WHERE role IS NOT NULL) AS roles, "
            " count(DISTINCT id)::int AS jobs FROM named GROUP BY 1, 2) "
            "SELECT c.shop_id, h.name AS shop, c.name, c.roles, c.jobs, n.known_as, n.person_id FROM counted c "
            "JOIN shop h ON h.id = c.shop_id LEFT JOIN employee_name n ON n.shop_id = c.shop_id AND n.name = c.name "
            "ORDER BY c.jobs DESC, c.name, c.shop_id"
        )
    )
    return [NameRow._make((*row[:3], list(row.roles or ()), *row[4:])) for row in rows]


def accounts(connection: Connection) -> list[EmployeeAccount]:
    """Who may be an employee of the shops that are managed from the scope, by name."""
    rows = connection.execute(
        text(
            "SELECT id, name, array_agg(shop_id ORDER BY shop_id) AS shops FROM rc_people_of_shops() "
            "WHERE active AND shop_id IN (SELECT rc_managed_shops()) GROUP BY id, name ORDER BY name, id"
        )
    )
    return [EmployeeAccount(id=row.id, name=row.name, shops=row.shops) for row in rows]


def lock(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time decide about names of an organisation."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('employees'), CAST(:org AS integer))"), {"org": org_id}
    )


def decide(
    connection: Connection, org_id: int, shop_id: int, name: str, known_as: str, person_id: int, at: datetime
) -> None:
    """Have a name stand for another one of the shop, or for itself; whoever stood for it goes along, and so does its account
    where the other one has none."""
    values = {"org": org_id, "shop": shop_id, "name": name, "as": known_as, "me": person_id, "at": at}
    connection.execute(
        text(
            "INSERT INTO employee_name (org_id, shop_id, name, known_as, decided_by, decided_at) "
            "VALUES (:org, :shop, :name, :as, :me, :at) ON CONFLICT (org_id, shop_id, name) "
            "DO UPDATE SET known_as = EXCLUDED.known_as, decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at, "
            "person_id = CASE WHEN EXCLUDED.known_as = EXCLUDED.name THEN employee_name.person_id END"
        ),
        values,
    )
    connection.execute(
        text(
            "UPDATE employee_name SET known_as = :as, decided_by = :me, decided_at = :at "
            "WHERE shop_id = :shop AND known_as = :name AND name <> :name"
        ),
        values,
    )


def set_account(
    connection: Connection, org_id: int, shop_id: int, name: str, account_id: int | None, person_id: int, at: datetime
) -> None:
    """Have a name that stands for itself be whoever has an account; None for nobody."""
    connection.execute(
        text(
            "INSERT INTO employee_name (org_id, shop_id, name, known_as, decided_by, decided_at, person_id) "
            "VALUES (:org, :shop, :name, :name, :me, :at, :account) ON CONFLICT (org_id, shop_id, name) "
            "DO UPDATE SET person_id = EXCLUDED.person_id, decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at"
        ),
        {"org": org_id, "shop": shop_id, "name": name, "account": account_id, "me": person_id, "at": at},
    )
