"""Names kept before letters such as œ and ø had a place in the order get it (issue 13.16)."""

from alembic import op

revision = "0010"
down_revision = "0009"

# As they were when this was written; what is kept afterwards has them from runtime.text.
_TYPED = {
    "œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
}  # fmt: skip


def upgrade() -> None:
    typed = "sort_key"
    for letter, letters in _TYPED.items():
        typed = f"replace({typed}, '{letter}', '{letters}')"
    for table in ("shop", "job", "favourite"):
        op.execute(f"UPDATE {table} SET sort_key = {typed} WHERE sort_key ~ '[{''.join(_TYPED)}]'")
