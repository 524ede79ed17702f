"""What row-level security costs where rows are many: the same for a thousand shops as for one."""

import pytest
from sqlalchemy import text

from tests.conftest import Central


@pytest.mark.parametrize(
    "table", ["job", "sample", "invitation", "answer", "answer_value", "answer_choice", "answer_text"]
)
def test_rows_are_looked_for_in_a_hash_of_the_shops(central: Central, table: str) -> None:
    """A list of shops would be gone along for every row: a report over a thousand shops took twice as long (MODULES 5)."""
    with central.parts.web.scoped(central.scope([central.shops["North"]])) as connection:
        plan = "\n".join(connection.execute(text(f"EXPLAIN SELECT count(*) FROM {table}")).scalars())
    assert "hashed SubPlan" in plan
    assert "shop_id = ANY" not in plan, plan
