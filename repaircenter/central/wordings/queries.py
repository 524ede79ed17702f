"""SQL of wordings as people change them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text


class WordingRow(NamedTuple):
    """The newest version of a message in a language."""

    version: int
    subject: str | None
    body: str | None
    last_key: str
    made_by: int
    made_at: datetime


def newest(connection: Connection) -> dict[tuple[str, str], WordingRow]:
    """(template, language) -> the newest version, of what was ever changed."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (template, language) template, language, version, subject, body, last_key, made_by, made_at "
            "FROM wording ORDER BY template, language, version DESC"
        )
    )
    return {(row.template, row.language): WordingRow(*row[2:]) for row in rows}


def lock(connection: Connection, org_id: int) -> None:
    """Let one transaction at a time change the words of an organisation."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('wordings'), CAST(:org AS integer))"), {"org": org_id}
    )


def add(
    connection: Connection,
    org_id: int,
    template: str,
    language: str,
    version: int,
    words: tuple[str, str] | None,
    key: str,
    person_id: int,
    at: datetime,
) -> None:
    """Another version; `words` None for the standard ones."""
    subject, body = words or (None, None)
    connection.execute(
        text(
            "INSERT INTO wording (org_id, template, language, version, subject, body, last_key, made_by, made_at) "
            "VALUES (:org, :template, :language, :version, :subject, :body, :key, :me, :at)"
        ),
        {
            "org": org_id,
            "template": template,
            "language": language,
            "version": version,
            "subject": subject,
            "body": body,
            "key": key,
            "me": person_id,
            "at": at,
        },
    )


class ShopRow(NamedTuple):
    name: str
    address: str | None


def shop(connection: Connection, shop_id: int) -> ShopRow:
    return ShopRow._make(connection.execute(text("SELECT name, address FROM shop WHERE id = :id"), {"id": shop_id}).one())


def add_test(connection: Connection, org_id: int, shop_id: int, person_id: int, subject: str, body: str) -> int:
    """A message to oneself."""
    number: int = connection.execute(
        text(
            "INSERT INTO wording_test (org_id, shop_id, person_id, subject, body) "
            "VALUES (:org, :shop, :person, :subject, :body) RETURNING id"
        ),
        {"org": org_id, "shop": shop_id, "person": person_id, "subject": subject, "body": body},
    ).scalar_one()
    return number


class TestRow(NamedTuple):
    """A message to oneself at the moment it leaves."""

    org_id: int
    shop_id: int
    email: str
    subject: str
    body: str


def test_message(connection: Connection, test_id: int) -> TestRow | None:
    """A message to oneself; None for somebody who is no longer there. Needs the worker."""
    row = connection.execute(
        text(
            "SELECT t.org_id, t.shop_id, p.email, t.subject, t.body FROM wording_test t "
            "JOIN person p ON p.id = t.person_id AND p.active WHERE t.id = :id"
        ),
        {"id": test_id},
    ).first()
    return None if row is None else TestRow._make(row)
