-- The first schema. Row-level security on every tenant table (DESIGN 3.9). Plain SQL, no extensions.
-- rc.scope = kind:ids:person, set in one place (db/connections.py); '' and NULL mean nothing.

CREATE FUNCTION rc_scope_kind() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT coalesce(split_part(coalesce(current_setting('rc.scope', true), ''), ':', 1), '') $$;

CREATE FUNCTION rc_scope_ids() RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT coalesce(string_to_array(nullif(split_part(coalesce(current_setting('rc.scope', true), ''), ':', 2), ''), ','), '{}')::bigint[] $$;

CREATE FUNCTION rc_scope_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(split_part(coalesce(current_setting('rc.scope', true), ''), ':', 3), '')::bigint $$;

CREATE FUNCTION rc_is_worker() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT rc_scope_kind() = 'worker' AND current_user = 'rc_worker' $$;

CREATE FUNCTION rc_sees_shop(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT rc_is_worker() OR (rc_scope_kind() = 'shops' AND wanted = ANY (rc_scope_ids())) $$;

CREATE TABLE organisation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL
);

CREATE TABLE shop (
  org_id bigint NOT NULL REFERENCES organisation,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  name text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  zone text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  group_name text COLLATE "C",
  address text COLLATE "C",
  tax_id text COLLATE "C",
  licence text COLLATE "C",
  phone text COLLATE "C",
  PRIMARY KEY (org_id, id)
);

CREATE TABLE person (
  org_id bigint NOT NULL REFERENCES organisation,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  email text COLLATE "C" NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE person_shop (
  org_id bigint NOT NULL,
  person_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, shop_id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE
);

CREATE TABLE installation (
  org_id bigint NOT NULL REFERENCES organisation,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  device_name text COLLATE "C" NOT NULL,
  secret_hash bytea NOT NULL,
  shops bigint[] NOT NULL,
  paired_by bigint NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE session (
  org_id bigint NOT NULL REFERENCES organisation,
  token_hash bytea PRIMARY KEY,
  kind text COLLATE "C" NOT NULL,
  subject_id bigint NOT NULL,
  created_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);

CREATE TABLE questionnaire (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  content jsonb NOT NULL,
  UNIQUE (key, version)
);

CREATE TABLE programme (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  match_codes text[] NOT NULL DEFAULT '{}',
  match_names text[] NOT NULL DEFAULT '{}',
  ageing_days integer NOT NULL DEFAULT 19,
  not_before_delivery boolean NOT NULL DEFAULT true,
  questionnaire text COLLATE "C" NOT NULL,
  active boolean NOT NULL DEFAULT true
);

CREATE TABLE enrolment (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  programme_id bigint NOT NULL REFERENCES programme,
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, shop_id, programme_id),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id) ON DELETE CASCADE
);

-- Kept jobs only: rejected data is never written (A-15).
CREATE TABLE job (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  job_key text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  version_order bigint NOT NULL,
  digest text COLLATE "C" NOT NULL,
  programme_id bigint NOT NULL REFERENCES programme,
  ro_number text COLLATE "C",
  first_name text COLLATE "C",
  last_name text COLLATE "C",
  company text COLLATE "C",
  sort_key text COLLATE "C" NOT NULL DEFAULT '',
  email text COLLATE "C",
  phones text[] NOT NULL DEFAULT '{}',
  preferred_channel text COLLATE "C",
  language text COLLATE "C",
  do_not_contact boolean NOT NULL DEFAULT false,
  vehicle text COLLATE "C",
  insurer_name text COLLATE "C",
  claim_number text COLLATE "C",
  estimator text COLLATE "C",
  appraiser text COLLATE "C",
  created_on date,
  arrived_on date,
  promised_on date,
  delivered_on date,
  total_cents bigint,
  currency text COLLATE "C" NOT NULL,
  source jsonb,
  received_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  PRIMARY KEY (org_id, shop_id, id),
  UNIQUE (shop_id, job_key),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id)
);

-- What remains of a job that no programme wants: counter, reason and keyed digests (A-15, DESIGN 4.10).
CREATE TABLE filtered_job (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  job_mac bytea NOT NULL,
  digest_mac bytea NOT NULL,
  reason text COLLATE "C" NOT NULL,
  version_order bigint NOT NULL,
  times integer NOT NULL DEFAULT 1,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, job_mac),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id)
);

-- Idempotency keys live as long as the service keeps the job (anchors.md 5-4).
CREATE TABLE intake_key (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  digest_mac bytea NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  reason text COLLATE "C",
  job_id bigint,
  at timestamptz NOT NULL,
  PRIMARY KEY (shop_id, key),
  FOREIGN KEY (org_id, shop_id) REFERENCES shop (org_id, id)
);

CREATE TABLE sample (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  job_id bigint NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme,
  state text COLLATE "C" NOT NULL,
  reason text COLLATE "C",
  received_on date NOT NULL,
  callable_on date NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, job_id) REFERENCES job (org_id, shop_id, id)
);
CREATE INDEX sample_due ON sample (due_at) WHERE state = 'ageing';

CREATE TABLE invitation (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  sample_id bigint NOT NULL UNIQUE,
  questionnaire_id bigint NOT NULL REFERENCES questionnaire,
  programme_id bigint NOT NULL REFERENCES programme,
  channel text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  nonce bytea NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  address_mac bytea NOT NULL,
  people jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  bounced_at timestamptz,
  started_at timestamptz,
  answered_at timestamptz,
  unsubscribed_at timestamptz,
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, sample_id) REFERENCES sample (org_id, shop_id, id)
);

CREATE TABLE answer (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  invitation_id bigint NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme,
  submitted_at timestamptz NOT NULL,
  visible_from timestamptz NOT NULL,
  comment text COLLATE "C",
  language text COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, shop_id, id),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id)
);
CREATE INDEX answer_when ON answer (shop_id, submitted_at);

CREATE TABLE answer_value (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  answer_id bigint NOT NULL,
  question text COLLATE "C" NOT NULL,
  value smallint NOT NULL,
  PRIMARY KEY (org_id, shop_id, answer_id, question),
  FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES answer (org_id, shop_id, id) ON DELETE CASCADE
);

CREATE TABLE mail_message (
  org_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind text COLLATE "C" NOT NULL,
  invitation_id bigint NOT NULL,
  state text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (org_id, shop_id, id),
  UNIQUE (kind, invitation_id),
  FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES invitation (org_id, shop_id, id)
);

-- Do-not-contact holds across the organisation; addresses are keyed digests (DESIGN 3.16).
CREATE TABLE opt_out (
  org_id bigint NOT NULL REFERENCES organisation,
  address_mac bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (org_id, address_mac)
);

CREATE TABLE favourite (
  org_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  person_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  report text COLLATE "C" NOT NULL,
  parameters jsonb NOT NULL,
  shops bigint[] NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE
);

-- Scope by shop.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['job','filtered_job','intake_key','sample','invitation','answer','answer_value','mail_message','enrolment']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY by_shop ON %I USING (rc_sees_shop(shop_id)) WITH CHECK (rc_sees_shop(shop_id))', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['shop','organisation','person','person_shop','installation','session','opt_out','favourite']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;
CREATE POLICY by_shop ON shop USING (rc_sees_shop(id));
-- Scope of one token: its invitation and what that needs, nothing else.
CREATE FUNCTION rc_has_token(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT rc_scope_kind() = 'token' AND wanted = ANY (rc_scope_ids()) $$;
CREATE POLICY by_token ON invitation USING (rc_has_token(id));
CREATE POLICY by_token ON sample USING (rc_scope_kind() = 'token'
  AND EXISTS (SELECT 1 FROM invitation i WHERE i.sample_id = sample.id AND rc_has_token(i.id)));
CREATE POLICY by_token ON job FOR SELECT USING (rc_scope_kind() = 'token'
  AND EXISTS (SELECT 1 FROM sample s WHERE s.job_id = job.id));
CREATE POLICY by_token ON shop FOR SELECT USING (rc_scope_kind() = 'token'
  AND EXISTS (SELECT 1 FROM invitation i WHERE i.shop_id = shop.id AND rc_has_token(i.id)));
CREATE POLICY by_token ON answer USING (rc_has_token(invitation_id)) WITH CHECK (rc_has_token(invitation_id));
CREATE POLICY by_token ON answer_value USING (rc_scope_kind() = 'token'
    AND EXISTS (SELECT 1 FROM answer a WHERE a.id = answer_value.answer_id AND rc_has_token(a.invitation_id)))
  WITH CHECK (rc_scope_kind() = 'token'
    AND EXISTS (SELECT 1 FROM answer a WHERE a.id = answer_value.answer_id AND rc_has_token(a.invitation_id)));
CREATE POLICY by_person ON person USING (rc_is_worker() OR id = rc_scope_person());
CREATE POLICY by_person ON person_shop USING (rc_is_worker() OR person_id = rc_scope_person());
CREATE POLICY by_person ON favourite USING (rc_is_worker() OR person_id = rc_scope_person())
  WITH CHECK (person_id = rc_scope_person());
CREATE POLICY by_worker ON organisation USING (rc_is_worker());
CREATE POLICY by_worker ON opt_out USING (rc_is_worker());
CREATE POLICY by_worker ON installation USING (rc_is_worker());

-- Look-ups before a scope: they return ids and what a check needs, nothing of a person (DESIGN 3.9).
CREATE FUNCTION rc_person_for_sign_in(address text) RETURNS TABLE (org_id bigint, id bigint, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT org_id, id, password_hash FROM person WHERE email = address AND active $$;

CREATE FUNCTION rc_shops_of_person(wanted bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT shop_id FROM person_shop WHERE person_id = wanted ORDER BY shop_id $$;

CREATE FUNCTION rc_installation(wanted bigint, secret bytea) RETURNS TABLE (org_id bigint, id bigint, shops bigint[], revoked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT org_id, id, shops, revoked_at IS NOT NULL FROM installation WHERE id = wanted AND secret_hash = secret $$;

CREATE FUNCTION rc_open_session(org bigint, hash bytea, what text, subject bigint, from_at timestamptz, until timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ DELETE FROM session WHERE ends_at < from_at - interval '1 day';
   INSERT INTO session (org_id, token_hash, kind, subject_id, created_at, ends_at) VALUES (org, hash, what, subject, from_at, until) $$;

CREATE FUNCTION rc_session(hash bytea, at timestamptz) RETURNS TABLE (org_id bigint, kind text, subject_id bigint, shops bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT s.org_id, s.kind, s.subject_id,
     CASE WHEN s.kind = 'installation'
       THEN (SELECT i.shops FROM installation i WHERE i.id = s.subject_id AND i.revoked_at IS NULL)
       ELSE (SELECT array_agg(ps.shop_id ORDER BY ps.shop_id) FROM person_shop ps JOIN person p ON p.id = ps.person_id
             WHERE ps.person_id = s.subject_id AND p.active) END
   FROM session s WHERE s.token_hash = hash AND s.ends_at > at $$;

CREATE FUNCTION rc_invitation_by_token(hash bytea) RETURNS TABLE (id bigint, shop_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT id, shop_id FROM invitation WHERE token_hash = hash $$;

CREATE FUNCTION rc_opt_out(wanted bigint, when_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO opt_out (org_id, address_mac, at)
   SELECT org_id, address_mac, when_at FROM invitation WHERE id = wanted
   ON CONFLICT DO NOTHING $$;

-- Pairing: the shops come from the person's own, never from the caller; a shop admin only.
CREATE FUNCTION rc_pair(person_id bigint, name text, secret bytea, at timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS
$$ INSERT INTO installation (org_id, device_name, secret_hash, shops, paired_by, created_at)
   SELECT p.org_id, name, secret, array_agg(ps.shop_id ORDER BY ps.shop_id), p.id, at
   FROM person p JOIN person_shop ps ON ps.person_id = p.id
   WHERE p.id = rc_pair.person_id AND p.active AND p.role = 'shop_admin' GROUP BY p.org_id, p.id RETURNING id $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO rc_web, rc_worker;
GRANT EXECUTE ON FUNCTION rc_scope_kind(), rc_scope_ids(), rc_scope_person(), rc_is_worker(), rc_sees_shop(bigint), rc_has_token(bigint) TO rc_web, rc_worker;
GRANT EXECUTE ON FUNCTION rc_person_for_sign_in(text), rc_shops_of_person(bigint), rc_installation(bigint, bytea),
  rc_open_session(bigint, bytea, text, bigint, timestamptz, timestamptz), rc_session(bytea, timestamptz),
  rc_invitation_by_token(bytea), rc_pair(bigint, text, bytea, timestamptz), rc_opt_out(bigint, timestamptz) TO rc_web;
GRANT SELECT, INSERT, UPDATE ON job, filtered_job, intake_key, sample, invitation, answer, answer_value, mail_message TO rc_web, rc_worker;
GRANT DELETE ON filtered_job, answer_value TO rc_web, rc_worker;
GRANT SELECT ON shop, programme, enrolment, questionnaire, person_shop TO rc_web, rc_worker;
GRANT SELECT (org_id, id, name, role, language, active) ON person TO rc_web, rc_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON favourite TO rc_web;
GRANT SELECT ON opt_out, organisation TO rc_worker;
