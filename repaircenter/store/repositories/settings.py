"""Settings of this PC, and the shops of its account."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from repaircenter.shop.model.job import Shop
from repaircenter.store import rows, tables
from repaircenter.store.repositories.repository import Repository, upsert

# Statements are made once: building one costs more than running it.
_PUT_SETTING = upsert(tables.setting, "key")


class SettingsRepository(Repository):
    """Implements shop.repositories.Settings."""

    def get(self, key: str) -> str | None:
        return self._connection.execute(
            select(tables.setting.c.value).where(tables.setting.c.key == key)
        ).scalar_one_or_none()

    def put(self, key: str, value: str) -> None:
        self._connection.execute(_PUT_SETTING, {"key": key, "value": value})

    def put_shops(self, shops: Sequence[Shop]) -> None:
        self._connection.execute(delete(tables.shop))
        if shops:
            self._connection.execute(insert(tables.shop), [rows.values_of(shop) for shop in shops])
