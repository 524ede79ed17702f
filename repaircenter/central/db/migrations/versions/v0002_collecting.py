"""Which installation collects for a shop from a share (A-16, DESIGN 4.2): a lease that saves work; correctness never needs it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE collecting (
          org_id bigint NOT NULL,
          shop_id bigint NOT NULL,
          place text COLLATE "C" NOT NULL,
          installation_id bigint NOT NULL,
          device_name text COLLATE "C" NOT NULL,
          since timestamptz NOT NULL,
          seen_at timestamptz NOT NULL,
          PRIMARY KEY (org_id, shop_id, place),
          FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE,
          FOREIGN KEY (org_id, installation_id) REFERENCES installation (org_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("ALTER TABLE collecting ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY by_shop ON collecting USING (rc_sees_shop(shop_id)) WITH CHECK (rc_sees_shop(shop_id))")
    op.execute("GRANT SELECT, INSERT, UPDATE ON collecting TO rc_web")
