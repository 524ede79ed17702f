"""What customers are written in an organisation's own words, with every version kept (A-25)."""

from repaircenter.central.db.migrations.statements import run

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run("""
CREATE TABLE wording (
  org_id bigint NOT NULL REFERENCES organisation, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  template text COLLATE "C" NOT NULL, language text COLLATE "C" NOT NULL, version integer NOT NULL,
  subject text COLLATE "C", body text COLLATE "C", last_key text COLLATE "C" NOT NULL, made_by bigint NOT NULL,
  made_at timestamptz NOT NULL, PRIMARY KEY (org_id, id), UNIQUE (org_id, template, language, version),
  CHECK ((subject IS NULL) = (body IS NULL)));
CREATE TABLE wording_test (
  org_id bigint NOT NULL, shop_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  person_id bigint NOT NULL, subject text COLLATE "C" NOT NULL, body text COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, shop_id, id), FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE);
ALTER TABLE wording ENABLE ROW LEVEL SECURITY;
ALTER TABLE wording_test ENABLE ROW LEVEL SECURITY;
-- A version is never changed: another one takes its place. The words are those of every shop.
CREATE POLICY seen ON wording FOR SELECT USING ((SELECT rc_is_worker()) OR org_id = (SELECT rc_own_organisation()));
CREATE POLICY added ON wording FOR INSERT WITH CHECK (org_id = (SELECT rc_own_organisation())
  AND (SELECT rc_manages_all()) AND made_by = (SELECT rc_scope_person()));
CREATE POLICY by_worker ON wording_test FOR SELECT USING ((SELECT rc_is_worker()) OR person_id = (SELECT rc_scope_person()));
CREATE POLICY own ON wording_test FOR INSERT WITH CHECK (person_id = (SELECT rc_scope_person())
  AND shop_id = ANY ((SELECT rc_seen_shops())::bigint[]));
GRANT SELECT, INSERT ON wording, wording_test TO rc_web;
GRANT SELECT ON wording, wording_test TO rc_worker;
""")
