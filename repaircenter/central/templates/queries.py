"""SQL of an organisation's own words."""

from typing import NamedTuple

from sqlalchemy import Connection, text


class Wording(NamedTuple):
    """Subject and body as their authors wrote them, with placeholders."""

    subject: str
    body: str


def wording(connection: Connection, org_id: int, template: str, language: str) -> Wording | None:
    """The words in force for a template in a language; None for the standard ones."""
    row = connection.execute(
        text(
            "SELECT subject, body FROM wording WHERE org_id = :org AND template = :template AND language = :language "
            "ORDER BY version DESC LIMIT 1"
        ),
        {"org": org_id, "template": template, "language": language},
    ).first()
    return None if row is None or row.body is None else Wording(row.subject, row.body)
