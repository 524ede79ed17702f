"""Letters that are two when typed (œ, ß, ø) are found as they are typed, in jobs kept before, too (issue 13.16)."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# As they were when this was written; what is kept afterwards has them from runtime.text.
_TYPED: dict[str, str | int | None] = {
    "œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
}  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    shown = "search"
    for letter, typed in _TYPED.items():
        shown = f"replace({shown}, '{letter}', '{typed}')"
    connection.execute(sa.text(f"UPDATE job SET search = {shown} WHERE search GLOB '*[{''.join(_TYPED)}]*'"))
    # A repair facility known by its name alone; its label is that name.
    for key, label in connection.execute(sa.text("SELECT key, label FROM facility WHERE key LIKE 'name:%'")).all():
        values = {"old": key, "new": f"name:{_canonical(label)}"}
        if values["old"] == values["new"]:
            continue
        connection.execute(sa.text("UPDATE job SET facility = :new WHERE facility = :old"), values)
        connection.execute(
            sa.text("UPDATE OR IGNORE job SET home = 'facility:' || :new WHERE home = 'facility:' || :old"), values
        )
        connection.execute(sa.text("UPDATE OR REPLACE facility SET key = :new WHERE key = :old"), values)


def _canonical(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char)).translate(str.maketrans(_TYPED))
    return re.sub("[^0-9a-z]", "", bare)
