-- The database schema as all migrations leave it. Made by `python3 dev.py schema`; never edited.

CREATE SCHEMA programme_reader;
CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.rc_accounts_of(shop bigint, people jsonb) RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(array_agg(DISTINCT n.person_id ORDER BY n.person_id), '{}') FROM jsonb_each(people) AS r,
    jsonb_array_elements(r.value) AS e JOIN public.employee_name n
    ON n.shop_id = shop AND n.name = public.rc_known_as(shop, e ->> 0) AND n.person_id IS NOT NULL $$;
CREATE FUNCTION public.rc_add_person(address text, called text, speaks text, key text, role text, node bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE made person;
BEGIN
  IF node NOT IN (SELECT rc_managed_nodes()) THEN RAISE insufficient_privilege; END IF;
  INSERT INTO person (org_id, email, name, language, last_key)
    SELECT p.org_id, address, called, speaks, key FROM person p WHERE p.id = rc_scope_person()
    ON CONFLICT (email) DO NOTHING RETURNING * INTO made;
  INSERT INTO person_grant SELECT made.org_id, made.id, rc_add_person.role, node WHERE made.id IS NOT NULL;
  RETURN made.id;
END $$;
CREATE FUNCTION public.rc_add_place(kind text, called text, sorted text, above bigint, zone text, language text, key text, address text, phone text, tax_id text, licence text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE org bigint := rc_own_organisation(); made bigint;
BEGIN
  IF org IS NULL OR NOT rc_manages_all() OR above NOT IN (SELECT rc_managed_nodes()) THEN
    RAISE insufficient_privilege;
  END IF;
  IF kind = 'shop' THEN
    INSERT INTO shop (org_id, name, sort_key, zone, language, address, phone, tax_id, licence)
      VALUES (org, called, sorted, zone, language, address, phone, tax_id, licence) RETURNING id INTO made;
    UPDATE node SET parent_id = above, last_key = key WHERE shop_id = made RETURNING id INTO made;
  ELSE
    INSERT INTO node (org_id, parent_id, kind, name, last_key) VALUES (org, above, kind, called, key)
      ON CONFLICT DO NOTHING RETURNING id INTO made;
  END IF;
  RETURN made;
END $$;
CREATE FUNCTION public.rc_add_programme_node() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  -- Who read it for the organisation it was of reads it no more.
  DELETE FROM node WHERE programme_id = NEW.id AND org_id IS DISTINCT FROM NEW.org_id;
  INSERT INTO node (org_id, parent_id, kind, programme_id)
    SELECT NEW.org_id, id, 'programme', NEW.id FROM node WHERE org_id = NEW.org_id AND parent_id IS NULL
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_add_root() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO node (org_id, kind) VALUES (NEW.id, 'network');
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_add_shop_node() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO node (org_id, parent_id, kind, shop_id)
    SELECT NEW.org_id, id, 'shop', NEW.id FROM node WHERE org_id = NEW.org_id AND parent_id IS NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_address_change(token bytea, at timestamp with time zone) RETURNS TABLE(id bigint, side text, name text, language text, old_address text, new_address text, state text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT c.id, s.side, p.name, p.language, CASE WHEN c.done_at IS NULL THEN p.email ELSE '' END, c.address,
     CASE WHEN c.done_at IS NOT NULL THEN 'done'
       WHEN at >= c.ends_at OR NOT p.active
         OR EXISTS (SELECT 1 FROM address_change o WHERE o.person_id = c.person_id AND o.id > c.id) THEN 'ended'
       WHEN CASE s.side WHEN 'old' THEN c.old_at ELSE c.new_at END IS NOT NULL THEN 'waiting' ELSE 'open' END
   FROM address_change c JOIN person p ON p.id = c.person_id,
   LATERAL (SELECT CASE WHEN c.old_hash = token THEN 'old' ELSE 'new' END AS side) AS s
   WHERE token IN (c.old_hash, c.new_hash) $$;
CREATE FUNCTION public.rc_address_taken(wanted text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT EXISTS (SELECT 1 FROM person WHERE email = wanted) $$;
CREATE FUNCTION public.rc_begin_weeks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO timer (org_id, shop_id, kind, subject_id, due_at, planned_at)
    VALUES (NEW.org_id, NEW.id, 'alert.week', NEW.id, 'epoch', 'epoch');
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_bind_session(session_hash bytea, refresh_hash bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ UPDATE session SET family = (SELECT family FROM refresh WHERE token_hash = refresh_hash)
   WHERE token_hash = session_hash $$;
CREATE FUNCTION public.rc_choose_password(token bytea, hash text, address bytea, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE mine password_link;
BEGIN
  SELECT * INTO mine FROM password_link l WHERE l.token_hash = token FOR UPDATE;
  IF (SELECT state FROM rc_password_link(token, at)) IS DISTINCT FROM 'open' THEN RETURN false; END IF;
  UPDATE password_link SET used_at = at WHERE id = mine.id;
  UPDATE person SET password_hash = hash WHERE id = mine.person_id;
  DELETE FROM sign_in_failure f WHERE f.address = rc_choose_password.address;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id)
    VALUES (mine.org_id, at, mine.person_id, 'password', 'person', mine.person_id);
  RETURN true;
END $$;
CREATE FUNCTION public.rc_confirm_address(token bytea, at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE known record; mine address_change; before text;
BEGIN
  PERFORM 1 FROM address_change c WHERE token IN (c.old_hash, c.new_hash) FOR UPDATE;
  SELECT * INTO known FROM rc_address_change(token, at);
  IF known.state IS NULL OR known.state IN ('done', 'ended') THEN RETURN known.state; END IF;
  UPDATE address_change c SET old_at = CASE WHEN known.side = 'old' THEN coalesce(c.old_at, at) ELSE c.old_at END,
    new_at = CASE WHEN known.side = 'new' THEN coalesce(c.new_at, at) ELSE c.new_at END
    WHERE c.id = known.id RETURNING c.* INTO mine;
  IF mine.old_at IS NULL OR mine.new_at IS NULL THEN RETURN 'waiting'; END IF;
  IF EXISTS (SELECT 1 FROM person p WHERE p.email = mine.address AND p.id <> mine.person_id) THEN RETURN 'taken'; END IF;
  SELECT p.email INTO before FROM person p WHERE p.id = mine.person_id FOR UPDATE;
  UPDATE person SET email = mine.address, version = version + 1 WHERE id = mine.person_id;
  UPDATE address_change c SET done_at = at WHERE c.id = mine.id;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    VALUES (mine.org_id, at, mine.person_id, 'address', 'person', mine.person_id, to_jsonb(before), to_jsonb(mine.address));
  RETURN 'done';
END $$;
CREATE FUNCTION public.rc_drop_partial() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  DELETE FROM partial_answer t USING invitation i WHERE i.sample_id = NEW.id AND t.org_id = i.org_id
    AND t.shop_id = i.shop_id AND t.invitation_id = i.id;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_earlier_link(hash bytea) RETURNS TABLE(shop text, language text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $_$ SELECT h.name, i.language FROM earlier_link e JOIN invitation i ON i.id = e.invitation_id
    JOIN shop h ON h.id = e.shop_id WHERE e.token_hash = $1 $_$;
CREATE FUNCTION public.rc_end_family(ended bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DELETE FROM session WHERE family = ended; DELETE FROM refresh WHERE family = ended $$;
CREATE FUNCTION public.rc_end_interview() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  UPDATE interview v SET state = 'ended' FROM invitation i WHERE i.sample_id = NEW.id AND v.invitation_id = i.id
    AND v.state <> 'ended';
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_end_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  DELETE FROM refresh WHERE person_id = NEW.id AND NEW.active;
  DELETE FROM session WHERE kind = 'person' AND subject_id = NEW.id;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_feed_alerts() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key) SELECT org_id, shop_id, 'alert', id::text FROM changed ORDER BY id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_feed_forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  DELETE FROM feed WHERE shop_id = OLD.shop_id AND kind = 'job' AND key = OLD.job_key;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_feed_invitations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key)
    SELECT c.org_id, c.shop_id, 'job', j.job_key FROM changed c JOIN sample s ON s.id = c.sample_id
    JOIN job j ON j.id = s.job_id ORDER BY c.id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_feed_samples() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO feed (org_id, shop_id, kind, key)
    SELECT c.org_id, c.shop_id, 'job', j.job_key FROM changed c JOIN job j ON j.id = c.job_id ORDER BY c.id;
  PERFORM rc_tell_shops(ARRAY(SELECT shop_id FROM changed));
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_forgot_password(address text, nonce bytea, token bytea, at timestamp with time zone, ends timestamp with time zone, invited_ends timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH made AS (
    INSERT INTO password_link (org_id, person_id, shop_id, nonce, token_hash, made_at, ends_at)
      SELECT p.org_id, p.id, clock.shop_id, nonce, token, at,
        CASE WHEN p.password_hash IS NULL THEN invited_ends ELSE ends END FROM person p,
        LATERAL (SELECT coalesce((SELECT min(r.shop_id) FROM rc_rights(p.id) r),
          CASE WHEN rc_programmes_of(p.id) IS NOT NULL THEN (SELECT min(h.id) FROM shop h WHERE h.org_id = p.org_id) END)
          AS shop_id) AS clock
      WHERE p.email = address AND p.active AND clock.shop_id IS NOT NULL
        AND (SELECT count(*) FROM password_link l WHERE l.person_id = p.id AND l.made_at > at - interval '1 hour') < 3
      RETURNING org_id, shop_id, id)
  INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
    SELECT org_id, shop_id, 'account.link', id, 0, at, at FROM made $$;
CREATE FUNCTION public.rc_has_token(wanted bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT rc_scope_kind() = 'token' AND wanted = ANY (rc_scope_ids()) $$;
CREATE FUNCTION public.rc_held_nodes() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT node_id FROM person_grant WHERE node_id IN (SELECT rc_managed_nodes()) $$;
CREATE FUNCTION public.rc_history(wanted bigint) RETURNS TABLE(at timestamp with time zone, what text, by_name text, before jsonb, after jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT a.at, a.what, p.name, a.before, a.after FROM audit a LEFT JOIN person p ON p.id = a.by_id
   WHERE a.subject = 'person' AND a.subject_id = wanted AND wanted IN (SELECT m.id FROM rc_managed_people() m)
   ORDER BY a.id $$;
CREATE FUNCTION public.rc_installation(wanted bigint, secret bytea) RETURNS TABLE(org_id bigint, id bigint, shops bigint[], revoked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT org_id, id, shops, revoked_at IS NOT NULL FROM installation WHERE id = wanted AND secret_hash = secret $$;
CREATE FUNCTION public.rc_invitation_by_token(hash bytea) RETURNS TABLE(id bigint, scope text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT id, rc_signed('token:' || id || ':') FROM invitation WHERE token_hash = hash $$;
CREATE FUNCTION public.rc_is_invited(wanted bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT password_hash IS NULL FROM person WHERE id = wanted $$;
CREATE FUNCTION public.rc_is_worker() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_user = 'rc_worker' AND coalesce(current_setting('rc.scope', true), '') = 'worker' $$;
CREATE FUNCTION public.rc_issue_refresh(wanted bigint, hash bytea, at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
     SELECT org_id, hash, hash, id, at FROM person WHERE id = wanted;
   UPDATE person SET signed_in_at = at WHERE id = wanted $$;
CREATE FUNCTION public.rc_judge_contest() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE me bigint := rc_scope_person();
BEGIN
  IF session_user <> 'rc_web' THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state IN ('upheld', 'rejected') AND NEW.made_by = OLD.made_by AND OLD.made_by <> me
     AND EXISTS (SELECT 1 FROM rc_rights(me) r WHERE r.shop_id = OLD.shop_id AND r.role = 'shop_admin') THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state = 'withdrawn' AND OLD.made_by = me AND NEW.made_by = me THEN RETURN NEW; END IF;
  IF OLD.state = 'withdrawn' AND NEW.state = 'open' AND NEW.made_by = me THEN RETURN NEW; END IF;
  IF OLD.state = 'open' AND NEW.state = 'lapsed' AND NEW.made_by = OLD.made_by THEN RETURN NEW; END IF;
  RAISE insufficient_privilege USING MESSAGE = 'that does not follow';
END $$;
CREATE FUNCTION public.rc_judge_employee() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rc_people_at(NEW.shop_id) a JOIN person p ON p.id = a.person_id AND p.active
                 WHERE a.person_id = NEW.person_id) THEN
    RAISE check_violation USING MESSAGE = 'nobody of the shop';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.rc_judge_grant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF (NEW.role = 'insurer') <> ((SELECT kind FROM node WHERE id = NEW.node_id) = 'programme') THEN
    RAISE check_violation USING MESSAGE = 'this role is not held there';
  END IF;
  IF (SELECT count(DISTINCT g.role = 'insurer') FROM person_grant g WHERE g.person_id = NEW.person_id) > 1 THEN
    RAISE check_violation USING MESSAGE = 'an insurer works in no shop';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_known_as(shop bigint, called text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce((SELECT n.known_as FROM public.employee_name n WHERE n.shop_id = shop AND n.name = called), called) $$;
CREATE FUNCTION public.rc_known_people(shop bigint, people jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  SELECT coalesce(jsonb_object_agg(k.key, coalesce((SELECT jsonb_agg(jsonb_build_array(m.name, m.share) ORDER BY m.place)
    FROM (SELECT rc_known_as(shop, p ->> 0) AS name, sum((p ->> 1)::float8) AS share, min(place) AS place
    FROM jsonb_array_elements(k.value) WITH ORDINALITY AS t(p, place) GROUP BY 1) AS m), '[]')), '{}')
  FROM jsonb_each(people) AS k $$;
CREATE FUNCTION public.rc_leave_out() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  UPDATE answer SET left_out_at = CASE WHEN NEW.state = 'upheld' THEN NEW.decided_at END
    WHERE org_id = NEW.org_id AND shop_id = NEW.shop_id AND id = NEW.answer_id;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_licence(wanted bigint) RETURNS TABLE(until timestamp with time zone, surveys boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT licence_until, surveys FROM organisation WHERE id = wanted $$;
CREATE FUNCTION public.rc_locked_until(wanted bytea, at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT last_at + least(interval '1 hour', interval '15 seconds' * power(2, least(failures - 4, 12)))
   FROM sign_in_failure WHERE address = wanted AND failures >= 5 AND last_at > at - interval '1 day' $$;
CREATE FUNCTION public.rc_look_at_sample() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE asked invitation;
BEGIN
  SELECT * INTO asked FROM invitation WHERE sample_id = NEW.id;
  IF asked.id IS NULL THEN RETURN NULL; END IF;
  IF NEW.state = 'unreachable' OR EXISTS (SELECT 1 FROM alert WHERE invitation_id = asked.id AND ended_at IS NULL) THEN
    INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
      SELECT NEW.org_id, NEW.shop_id, 'alert.look', NEW.id, 0, due, due FROM (SELECT CASE WHEN NEW.state = 'unreachable'
        THEN coalesce(asked.bounced_at, (SELECT t.due_at FROM timer t WHERE t.kind = 'survey.expire'
          AND t.subject_id = NEW.id), 'epoch') + interval '1 hour' ELSE 'epoch' END AS due) AS at
      ON CONFLICT (kind, subject_id, occurrence) DO UPDATE SET due_at = excluded.due_at, planned_at = excluded.planned_at,
        state = 'waiting';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_look_at_silence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO timer (org_id, shop_id, kind, subject_id, occurrence, due_at, planned_at)
    SELECT NEW.org_id, NEW.shop_id, 'alert.look', NEW.sample_id, 1, due, due FROM (SELECT NEW.sent_at
      + interval '1 day' * least(coalesce(nullif(2 * p.reminder_days, 0), 10), 25) AS due FROM programme p
      WHERE p.id = NEW.programme_id AND p.alert_silent <> 'nobody') AS at
    ON CONFLICT (kind, subject_id, occurrence) DO UPDATE SET due_at = excluded.due_at, planned_at = excluded.planned_at,
      state = 'waiting';
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_managed_nodes() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH RECURSIVE below (id) AS (
    SELECT g.node_id FROM person_grant g JOIN person p ON p.id = g.person_id AND p.active
      WHERE g.person_id = rc_scope_person() AND g.role = 'shop_admin'
    UNION SELECT n.id FROM node n JOIN below b ON n.parent_id = b.id)
  SELECT id FROM below $$;
CREATE FUNCTION public.rc_managed_pcs() RETURNS TABLE(id bigint, name text, shops bigint[], wholly boolean, paired_by text, paired_at timestamp with time zone, heard_at timestamp with time zone, revoked_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH managed AS MATERIALIZED (
    SELECT coalesce(array_agg(n.shop_id), '{}') AS shops FROM node n
    WHERE n.shop_id IS NOT NULL AND n.id IN (SELECT rc_managed_nodes()))
  SELECT i.id, i.device_name, ARRAY(SELECT unnest(i.shops) INTERSECT SELECT unnest(m.shops) ORDER BY 1),
    i.shops <@ m.shops, p.name, i.created_at,
    (SELECT max(c.seen_at) FROM collecting c WHERE c.installation_id = i.id), i.revoked_at
  FROM installation i JOIN managed m ON i.shops && m.shops
    OR (i.shops = '{}' AND i.org_id = rc_own_organisation() AND rc_manages_all())
  LEFT JOIN person p ON p.id = i.paired_by $$;
CREATE FUNCTION public.rc_managed_people() RETURNS TABLE(id bigint, wholly boolean, invited boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH managed AS MATERIALIZED (SELECT rc_managed_nodes() AS id)
  SELECT p.id, bool_and(g.node_id IN (SELECT m.id FROM managed m)), p.password_hash IS NULL
  FROM person_grant g JOIN person p ON p.id = g.person_id
  WHERE g.org_id = (SELECT me.org_id FROM person me WHERE me.id = rc_scope_person())
  GROUP BY p.id, p.password_hash HAVING bool_or(g.node_id IN (SELECT m.id FROM managed m)) $$;
CREATE FUNCTION public.rc_managed_programmes() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT p.id FROM programme p WHERE p.org_id = (SELECT me.org_id FROM person me WHERE me.id = rc_scope_person())
    AND EXISTS (SELECT 1 FROM rc_managed_nodes()) AND NOT EXISTS (
      SELECT 1 FROM enrolment e JOIN node n ON n.shop_id = e.shop_id
      WHERE e.programme_id = p.id AND n.id NOT IN (SELECT rc_managed_nodes()))
    AND (rc_manages_all() OR EXISTS (SELECT 1 FROM enrolment e WHERE e.programme_id = p.id)) $$;
CREATE FUNCTION public.rc_managed_shops() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT shop_id FROM node WHERE shop_id IS NOT NULL AND id IN (SELECT rc_managed_nodes()) $$;
CREATE FUNCTION public.rc_manages_all() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT EXISTS (SELECT 1 FROM node WHERE parent_id IS NULL AND id IN (SELECT rc_managed_nodes())) $$;
CREATE FUNCTION public.rc_may_ask(wanted text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT EXISTS (SELECT 1 FROM questionnaire q WHERE q.key = wanted
    AND (q.org_id IS NULL OR q.org_id = rc_scope_organisation())) $$;
CREATE FUNCTION public.rc_newest_questionnaire(wanted text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT content FROM questionnaire WHERE key = wanted AND org_id IS NULL ORDER BY version DESC LIMIT 1 $$;
CREATE FUNCTION public.rc_node_rank(kind text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT array_position(ARRAY['network', 'programme', 'country', 'region', 'shop'], kind) $$;
CREATE FUNCTION public.rc_note_answer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM new_rows n CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.submitted_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  ELSIF TG_OP = 'UPDATE' THEN INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM new_rows n JOIN old_rows o ON o.id = n.id AND ROW(n.shop_id, n.programme_id, n.submitted_at, n.visible_from, n.left_out_at) IS DISTINCT FROM ROW(o.shop_id, o.programme_id, o.submitted_at, o.visible_from, o.left_out_at) CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.submitted_at), (o.org_id, o.shop_id, o.programme_id, o.submitted_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  ELSE INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM old_rows n CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.submitted_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_answer_value() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM answer n JOIN old_rows o ON o.answer_id = n.id AND o.shop_id = n.shop_id CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.submitted_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_enrolment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, after) VALUES (NEW.org_id, now(), rc_scope_person(),
    CASE WHEN NEW.active THEN 'joined' ELSE 'left' END, 'programme', NEW.programme_id, to_jsonb(NEW.shop_id));
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_hours() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    VALUES (NEW.org_id, now(), rc_scope_person(), 'hours', 'node', NEW.id,
      jsonb_build_object('opening', OLD.opening, 'closed', OLD.closed),
      jsonb_build_object('opening', NEW.opening, 'closed', NEW.closed));
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_invitation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM new_rows n CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.sent_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  ELSIF TG_OP = 'UPDATE' THEN INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM new_rows n JOIN old_rows o ON o.id = n.id AND ROW(n.shop_id, n.programme_id, n.sent_at, n.bounced_at, n.answered_at, n.shown_at) IS DISTINCT FROM ROW(o.shop_id, o.programme_id, o.sent_at, o.bounced_at, o.answered_at, o.shown_at) CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.sent_at), (o.org_id, o.shop_id, o.programme_id, o.sent_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  ELSE INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT DISTINCT t.org_id, t.shop_id, t.programme_id, date_bin('15 minutes', t.at, 'epoch') FROM old_rows n CROSS JOIN LATERAL (VALUES (n.org_id, n.shop_id, n.programme_id, n.sent_at)) AS t(org_id, shop_id, programme_id, at) WHERE t.at IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_licence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO audit (org_id, at, what, subject, subject_id, before, after)
    SELECT NEW.id, now(), 'licence', 'organisation', NEW.id,
      jsonb_build_object('surveys', OLD.surveys, 'modules', OLD.modules, 'until', OLD.licence_until),
      jsonb_build_object('surveys', NEW.surveys, 'modules', NEW.modules, 'until', NEW.licence_until);
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_months() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('month sums'));
  INSERT INTO month_change (org_id, shop_id, programme_id, at)
    SELECT org_id, shop_id, programme_id, month + interval '14 days' FROM month_sum WHERE shop_id = NEW.id;
  INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT n.org_id, n.shop_id, n.programme_id, t.at FROM (SELECT org_id, shop_id, programme_id, min(submitted_at) AS first, max(submitted_at) AS last, date_trunc('month', submitted_at, 'UTC') + interval '14 days' AS middle FROM answer WHERE submitted_at IS NOT NULL AND shop_id = NEW.id GROUP BY 1, 2, 3, 6) AS n CROSS JOIN LATERAL (VALUES (n.first), (n.last), (n.middle)) AS t(at);
  INSERT INTO month_change (org_id, shop_id, programme_id, at) SELECT n.org_id, n.shop_id, n.programme_id, t.at FROM (SELECT org_id, shop_id, programme_id, min(sent_at) AS first, max(sent_at) AS last, date_trunc('month', sent_at, 'UTC') + interval '14 days' AS middle FROM invitation WHERE sent_at IS NOT NULL AND shop_id = NEW.id GROUP BY 1, 2, 3, 6) AS n CROSS JOIN LATERAL (VALUES (n.first), (n.last), (n.middle)) AS t(at);
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_place() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before)
      VALUES (OLD.org_id, now(), rc_scope_person(), 'removed', 'node', OLD.id, jsonb_build_object('name', OLD.name));
  ELSE
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
      VALUES (NEW.org_id, now(), rc_scope_person(), CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'place' END, 'node', NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('name', OLD.name, 'parent_id', OLD.parent_id) END,
        jsonb_build_object('name', NEW.name, 'parent_id', NEW.parent_id));
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_programme() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE org bigint := coalesce(NEW.org_id, (SELECT min(e.org_id) FROM enrolment e WHERE e.programme_id = NEW.id));
BEGIN
  IF org IS NOT NULL THEN
    INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after) SELECT org, now(), rc_scope_person(),
      lower(TG_OP), 'programme', NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) - 'version' - 'last_key' END,
      to_jsonb(NEW) - 'version' - 'last_key';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_promise() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO earlier_promise (org_id, shop_id, job_id, promised_on)
    VALUES (NEW.org_id, NEW.shop_id, NEW.id, OLD.promised_on) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_note_shop() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id, before, after)
    SELECT NEW.org_id, now(), rc_scope_person(), 'shop', 'node', n.id, to_jsonb(OLD) - 'sort_key' - 'file_name',
      to_jsonb(NEW) - 'sort_key' - 'file_name' FROM node n WHERE n.shop_id = NEW.id;
  RETURN NULL;
END $$;
CREATE FUNCTION public.rc_open_session(org bigint, hash bytea, what text, subject bigint, from_at timestamp with time zone, until timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DELETE FROM session WHERE ends_at < from_at - interval '1 day';
   INSERT INTO session (org_id, token_hash, kind, subject_id, created_at, ends_at) VALUES (org, hash, what, subject, from_at, until) $$;
CREATE FUNCTION public.rc_opt_out(wanted bigint, when_at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ INSERT INTO opt_out (org_id, address_mac, at)
   SELECT org_id, address_mac, when_at FROM invitation WHERE id = wanted AND rc_has_token(wanted)
   ON CONFLICT DO NOTHING $$;
CREATE FUNCTION public.rc_own_organisation() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT org_id FROM person WHERE id = rc_scope_person() AND EXISTS (SELECT 1 FROM rc_managed_nodes()) $$;
CREATE FUNCTION public.rc_pair(person_id bigint, name text, secret bytea, at timestamp with time zone) RETURNS TABLE(id bigint, scope text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ INSERT INTO installation (org_id, device_name, secret_hash, shops, paired_by, created_at)
   SELECT p.org_id, rc_pair.name, secret, array_agg(DISTINCT r.shop_id ORDER BY r.shop_id), p.id, at
   FROM person p, rc_rights(p.id) r WHERE p.id = rc_pair.person_id AND r.role = 'shop_admin'
   GROUP BY p.org_id, p.id
   RETURNING id, rc_signed('shops:' || array_to_string(shops, ',') || ':') $$;
CREATE FUNCTION public.rc_pair_to_read(person_id bigint, name text, secret bytea, at timestamp with time zone) RETURNS TABLE(id bigint, scope text)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ INSERT INTO installation (org_id, device_name, secret_hash, shops, paired_by, created_at)
   SELECT p.org_id, rc_pair_to_read.name, secret, '{}', p.id, at FROM person p WHERE p.id = rc_pair_to_read.person_id AND p.active
   RETURNING id, rc_signed('shops::') $$;
CREATE FUNCTION public.rc_password_link(token bytea, at timestamp with time zone) RETURNS TABLE(email text, name text, language text, state text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT p.email, p.name, p.language, CASE WHEN l.used_at IS NOT NULL THEN 'used'
     WHEN at >= l.ends_at OR NOT p.active
       OR EXISTS (SELECT 1 FROM password_link o WHERE o.person_id = l.person_id AND o.id > l.id) THEN 'ended' ELSE 'open' END
   FROM password_link l JOIN person p ON p.id = l.person_id WHERE l.token_hash = token $$;
CREATE FUNCTION public.rc_people_at(wanted bigint) RETURNS TABLE(person_id bigint, roles text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH RECURSIVE above (id, parent_id) AS (
    SELECT id, parent_id FROM node WHERE shop_id = wanted
    UNION SELECT n.id, n.parent_id FROM node n JOIN above a ON n.id = a.parent_id)
  SELECT g.person_id, array_agg(DISTINCT g.role ORDER BY g.role) FROM person_grant g JOIN above a ON a.id = g.node_id
  GROUP BY g.person_id $$;
CREATE FUNCTION public.rc_people_of_shops() RETURNS TABLE(shop_id bigint, id bigint, name text, active boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ WITH RECURSIVE above (shop_id, id, parent_id) AS (
     SELECT n.shop_id, n.id, n.parent_id FROM node n WHERE n.shop_id = ANY (rc_seen_shops())
     UNION ALL SELECT a.shop_id, n.id, n.parent_id FROM above a JOIN node n ON n.id = a.parent_id)
   SELECT DISTINCT a.shop_id, p.id, p.name, p.active FROM above a JOIN person_grant g ON g.node_id = a.id
   JOIN person p ON p.id = g.person_id $$;
CREATE FUNCTION public.rc_person_for_sign_in(address text) RETURNS TABLE(org_id bigint, id bigint, password_hash text, active boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT org_id, id, password_hash, active FROM person WHERE email = address $$;
CREATE FUNCTION public.rc_place_node() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF rc_node_rank(NEW.kind) <= (SELECT rc_node_rank(kind) FROM node WHERE id = NEW.parent_id)
    OR 'programme' = (SELECT kind FROM node WHERE id = NEW.parent_id) THEN
    RAISE EXCEPTION 'a % does not stand below that', NEW.kind;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.name, NEW.parent_id) IS DISTINCT FROM (OLD.name, OLD.parent_id)
    AND rc_scope_person() IS NOT NULL AND NOT rc_manages_all() THEN RAISE insufficient_privilege;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION public.rc_programmes_of(wanted bigint) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT array_agg(DISTINCT n.programme_id ORDER BY n.programme_id) FROM person_grant g
  JOIN node n ON n.id = g.node_id JOIN person p ON p.id = g.person_id AND p.active
  WHERE g.person_id = wanted AND g.role = 'insurer' AND n.programme_id IS NOT NULL $$;
CREATE FUNCTION public.rc_prune_feed() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DELETE FROM feed WHERE at < now() - interval '2 days' $$;
CREATE FUNCTION public.rc_questionnaire_draft(token bytea, at timestamp with time zone) RETURNS TABLE(content jsonb, shop text, language text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT content, shop, language FROM questionnaire_draft WHERE token_hash = token AND ends_at > at $$;
CREATE FUNCTION public.rc_remove_place(wanted bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH gone AS (DELETE FROM node WHERE id = wanted AND kind IN ('country', 'region') AND rc_manages_all()
    AND id IN (SELECT rc_managed_nodes()) AND NOT EXISTS (SELECT 1 FROM node b WHERE b.parent_id = wanted)
    AND NOT EXISTS (SELECT 1 FROM person_grant g WHERE g.node_id = wanted) RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM gone) $$;
CREATE FUNCTION public.rc_revoke_pc(wanted bigint, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM rc_managed_pcs() m WHERE m.id = wanted AND m.wholly) THEN RETURN false; END IF;
  INSERT INTO audit (org_id, at, by_id, what, subject, subject_id)
    SELECT i.org_id, at, rc_scope_person(), 'revoked', 'pc', i.id FROM installation i
    WHERE i.id = wanted AND i.revoked_at IS NULL;
  UPDATE installation SET revoked_at = at WHERE id = wanted AND revoked_at IS NULL;
  DELETE FROM session WHERE kind = 'installation' AND subject_id = wanted;
  DELETE FROM collecting WHERE installation_id = wanted;
  RETURN true;
END $$;
CREATE FUNCTION public.rc_rights(wanted bigint) RETURNS TABLE(shop_id bigint, role text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  WITH RECURSIVE below (role, id, shop_id) AS (
    SELECT g.role, n.id, n.shop_id FROM person_grant g JOIN node n ON n.id = g.node_id
      JOIN person p ON p.id = g.person_id AND p.active WHERE g.person_id = wanted
    UNION SELECT b.role, n.id, n.shop_id FROM below b JOIN node n ON n.parent_id = b.id)
  SELECT shop_id, role FROM below WHERE shop_id IS NOT NULL $$;
CREATE FUNCTION public.rc_rotate(old bytea, fresh bytea, trying bytea, at timestamp with time zone, idle interval) RETURNS TABLE(org bigint, person bigint, verdict text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
DECLARE mine refresh; known person;
BEGIN
  SELECT * INTO mine FROM refresh r WHERE r.token_hash = old FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN; END IF;
  SELECT * INTO known FROM person p WHERE p.id = mine.person_id;
  IF NOT known.active THEN RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'account_revoked'; RETURN; END IF;
  IF mine.issued_at < at - idle OR (mine.replaced_by IS NOT NULL AND NOT (
       mine.attempt IS NOT NULL AND mine.attempt = trying AND mine.replaced_by = fresh
       AND EXISTS (SELECT 1 FROM refresh r WHERE r.token_hash = fresh AND r.used_at IS NULL))) THEN
    PERFORM rc_end_family(mine.family);
    RETURN QUERY SELECT NULL::bigint, NULL::bigint, 'signed_out'; RETURN;
  END IF;
  IF mine.replaced_by IS NULL THEN
    INSERT INTO refresh (org_id, token_hash, family, person_id, issued_at)
      VALUES (mine.org_id, fresh, mine.family, mine.person_id, at);
    UPDATE refresh SET replaced_by = fresh, attempt = trying, used_at = at WHERE token_hash = old;
    DELETE FROM refresh r WHERE r.family = mine.family AND r.issued_at < at - idle;
  END IF;
  RETURN QUERY SELECT mine.org_id, mine.person_id, 'good';
END $$;
CREATE FUNCTION public.rc_scope() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'public'
    AS $_$ SELECT CASE WHEN given = rc_signed(bare) THEN bare ELSE '' END
   FROM (SELECT given, regexp_replace(given, ':[0-9a-f]*$', '') AS bare
         FROM (SELECT coalesce(current_setting('rc.scope', true), '') AS given) AS setting) AS parts
   WHERE given <> '' $_$;
CREATE FUNCTION public.rc_scope_ids() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT ARRAY(
     SELECT id::bigint FROM unnest(string_to_array(nullif(split_part(rc_scope(), ':', 2), ''), ',')) AS id
     WHERE coalesce(current_setting('rc.only', true), '') = ''
       OR id = ANY (string_to_array(current_setting('rc.only', true), ','))) $$;
CREATE FUNCTION public.rc_scope_kind() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(split_part(rc_scope(), ':', 1), '') $$;
CREATE FUNCTION public.rc_scope_organisation() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$
  SELECT coalesce((SELECT org_id FROM person WHERE id = rc_scope_person()),
    (SELECT org_id FROM shop WHERE id = ANY (rc_seen_shops()) LIMIT 1),
    (SELECT org_id FROM invitation WHERE id = ANY (rc_tokens()) LIMIT 1)) $$;
CREATE FUNCTION public.rc_scope_person() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(split_part(rc_scope(), ':', 3), '')::bigint $$;
CREATE FUNCTION public.rc_seen_programmes() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN rc_scope_kind() = 'programme' THEN rc_scope_ids() ELSE '{}' END $$;
CREATE FUNCTION public.rc_seen_shops() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN rc_scope_kind() = 'shops' THEN rc_scope_ids() ELSE '{}' END $$;
CREATE FUNCTION public.rc_sees_shop(wanted bigint) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT rc_is_worker() OR (rc_scope_kind() = 'shops' AND wanted = ANY (rc_scope_ids())) $$;
CREATE FUNCTION public.rc_session(hash bytea, at timestamp with time zone) RETURNS TABLE(org_id bigint, kind text, subject_id bigint, shops bigint[], licensed boolean, surveys boolean, scope text, roles jsonb, modules text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT s.org_id, s.kind, s.subject_id, seen.shops, coalesce(o.licence_until > at, true), o.surveys,
     rc_signed(CASE WHEN seen.programmes IS NULL THEN 'shops:' || array_to_string(seen.shops, ',')
               ELSE 'programme:' || array_to_string(seen.programmes, ',') END || ':'
               || CASE WHEN s.kind = 'person' THEN s.subject_id::text ELSE '' END), seen.roles, o.modules
   FROM session s JOIN organisation o ON o.id = s.org_id,
   LATERAL (SELECT i.shops, '{}'::jsonb AS roles, NULL::bigint[] AS programmes FROM installation i
              WHERE s.kind = 'installation' AND i.id = s.subject_id AND i.revoked_at IS NULL
            UNION ALL
            SELECT (SELECT array_agg(DISTINCT shop_id ORDER BY shop_id) FROM rc_rights(s.subject_id)),
              (SELECT jsonb_object_agg(role, shops)
               FROM (SELECT role, array_agg(shop_id ORDER BY shop_id) AS shops FROM rc_rights(s.subject_id) GROUP BY role) AS r),
              NULL WHERE s.kind <> 'installation' AND rc_programmes_of(s.subject_id) IS NULL
            UNION ALL
            SELECT taking.shops, jsonb_build_object('insurer', taking.shops), rc_programmes_of(s.subject_id)
              FROM (SELECT coalesce(array_agg(DISTINCT e.shop_id ORDER BY e.shop_id), '{}') AS shops FROM enrolment e
                    WHERE e.programme_id = ANY (rc_programmes_of(s.subject_id))) AS taking
              WHERE s.kind <> 'installation' AND rc_programmes_of(s.subject_id) IS NOT NULL) AS seen
   WHERE s.token_hash = hash AND s.ends_at > at $$;
CREATE FUNCTION public.rc_shop_is_called(called text, other_than bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT EXISTS (SELECT 1 FROM shop WHERE org_id = rc_own_organisation()
  AND lower(name) = lower(called) AND id IS DISTINCT FROM other_than) $$;
CREATE FUNCTION public.rc_sign_in_failed(wanted bytea, at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DELETE FROM sign_in_failure WHERE last_at < at - interval '1 day';
   INSERT INTO sign_in_failure VALUES (wanted, 1, at)
   ON CONFLICT (address) DO UPDATE SET failures = sign_in_failure.failures + 1, last_at = at $$;
CREATE FUNCTION public.rc_sign_in_good(wanted bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ DELETE FROM sign_in_failure WHERE address = wanted $$;
CREATE FUNCTION public.rc_sign_out(hash bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT rc_end_family((SELECT family FROM refresh WHERE token_hash = hash)) $$;
CREATE FUNCTION public.rc_signed(scope text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'public'
    AS $$ SELECT scope || ':' || encode(sha256(key || convert_to(scope, 'UTF8') || key), 'hex') FROM scope_key $$;
CREATE FUNCTION public.rc_stop_calls(wanted bigint, at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $_$ INSERT INTO opt_out (org_id, address_mac, at) SELECT v.org_id, mac, $2 FROM interview v, unnest(v.dialled) AS mac
    WHERE v.id = wanted AND v.shop_id = ANY (rc_seen_shops()) ON CONFLICT DO NOTHING $_$;
CREATE FUNCTION public.rc_stop_earlier(hash bytea, at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $_$ INSERT INTO opt_out (org_id, address_mac, at) SELECT e.org_id, e.address_mac, $2 FROM earlier_link e
    WHERE e.token_hash = $1 ON CONFLICT DO NOTHING $_$;
CREATE FUNCTION public.rc_surveyed_insurers() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT coalesce(array_agg(DISTINCT word), '{}') FROM programme p, unnest(p.match_codes || p.match_names) AS word
   WHERE p.active AND rc_scope_kind() = 'shops' $$;
CREATE FUNCTION public.rc_tell_shops(shops bigint[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ SELECT pg_notify('rc_feed', shop::text) FROM (SELECT DISTINCT unnest(shops) AS shop) AS changed $$;
CREATE FUNCTION public.rc_tend_runs(mine text, alive text[], at timestamp with time zone, forgotten interval, dead interval, kept interval) RETURNS SETOF text
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ UPDATE report_run SET beat_at = at WHERE id = ANY (alive) AND state = 'running';
   UPDATE report_run SET state = 'stopped' WHERE state = 'running' AND asked_at < at - forgotten;
   UPDATE report_run SET state = 'failed', error = 'report_failed' WHERE state = 'running' AND beat_at < at - dead;
   DELETE FROM report_run WHERE asked_at < at - kept;
   SELECT id FROM report_run WHERE worker = mine AND state = 'stopped' $$;
CREATE FUNCTION public.rc_tokens() RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN rc_scope_kind() = 'token' THEN rc_scope_ids() ELSE '{}' END $$;
CREATE FUNCTION public.rc_touch_person(wanted bigint, key text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public'
    AS $$ UPDATE person SET version = version + 1, last_key = key
   WHERE id = wanted AND wanted IN (SELECT m.id FROM rc_managed_people() m) $$;
CREATE TABLE public.alert (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    answer_id bigint,
    job_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    low text[] NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    last_key text COLLATE pg_catalog."C",
    owner_id bigint,
    changed_by bigint,
    changed_at timestamp with time zone,
    mailed_at timestamp with time zone,
    told bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    cause text COLLATE pg_catalog."C",
    action text COLLATE pg_catalog."C",
    outcome text COLLATE pg_catalog."C",
    ended_by bigint,
    ended_at timestamp with time zone,
    kind text DEFAULT 'low'::text NOT NULL COLLATE pg_catalog."C",
    invitation_id bigint,
    CONSTRAINT alert_check CHECK (((kind = 'low'::text) = (answer_id IS NOT NULL))),
    CONSTRAINT alert_check1 CHECK (((kind = 'low'::text) = (invitation_id IS NULL)))
);
CREATE TABLE public.programme (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    match_codes text[] DEFAULT '{}'::text[] NOT NULL,
    match_names text[] DEFAULT '{}'::text[] NOT NULL,
    ageing_days integer DEFAULT 19 NOT NULL,
    not_before_delivery boolean DEFAULT true NOT NULL,
    questionnaire text NOT NULL COLLATE pg_catalog."C",
    active boolean DEFAULT true NOT NULL,
    targets jsonb DEFAULT '{}'::jsonb NOT NULL,
    reminder_days integer DEFAULT 5 NOT NULL,
    throttle_days integer DEFAULT 30 NOT NULL,
    alert_at_most smallint DEFAULT 7,
    alert_hours integer DEFAULT 8 NOT NULL,
    recovery_demanded boolean DEFAULT true NOT NULL,
    org_id bigint,
    version integer DEFAULT 1 NOT NULL,
    last_key text COLLATE pg_catalog."C",
    names text[] DEFAULT '{}'::text[] NOT NULL,
    codes text[] DEFAULT '{}'::text[] NOT NULL,
    file_name text COLLATE pg_catalog."C",
    publishing text DEFAULT 'at_once'::text NOT NULL COLLATE pg_catalog."C",
    channels text[] DEFAULT '{email}'::text[] NOT NULL COLLATE pg_catalog."C",
    shows_contact boolean DEFAULT false NOT NULL,
    shows_recovery boolean DEFAULT false NOT NULL,
    alert_unreached boolean DEFAULT false NOT NULL,
    alert_silent text DEFAULT 'nobody'::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT programme_alert_at_most_check CHECK (((alert_at_most >= 0) AND (alert_at_most <= 10))),
    CONSTRAINT programme_alert_hours_check CHECK (((alert_hours >= 1) AND (alert_hours <= 400))),
    CONSTRAINT programme_alert_silent_check CHECK ((alert_silent = ANY (ARRAY['nobody'::text, 'companies'::text, 'everybody'::text]))),
    CONSTRAINT programme_channels_check CHECK (((cardinality(channels) > 0) AND (channels <@ '{email,sms,phone}'::text[]))),
    CONSTRAINT programme_reminder_days_check CHECK (((reminder_days >= 0) AND (reminder_days <= 20))),
    CONSTRAINT programme_throttle_days_check CHECK (((throttle_days >= 0) AND (throttle_days <= 365)))
);
CREATE VIEW programme_reader.alert WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    answer_id,
    job_id,
    programme_id,
    low,
    opened_at,
    due_at,
    state,
    version,
    NULL::bigint AS owner_id,
    cause,
    action,
    outcome,
    NULL::bigint AS ended_by,
    ended_at,
    kind,
    invitation_id
   FROM public.alert
  WHERE ((kind = 'low'::text) AND (programme_id IN ( SELECT p.id
           FROM public.programme p
          WHERE ((p.id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])) AND p.shows_recovery))));
CREATE TABLE public.answer (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    visible_from timestamp with time zone NOT NULL,
    comment text COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    channel text COLLATE pg_catalog."C",
    left_out_at timestamp with time zone
);
CREATE VIEW programme_reader.answer WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    invitation_id,
    programme_id,
    submitted_at,
    visible_from,
    comment,
    language,
    channel,
    left_out_at
   FROM public.answer
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.answer_choice (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    answer_id bigint NOT NULL,
    question text NOT NULL COLLATE pg_catalog."C",
    choice text NOT NULL COLLATE pg_catalog."C"
);
CREATE VIEW programme_reader.answer_choice WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    answer_id,
    question,
    choice
   FROM public.answer_choice
  WHERE (answer_id IN ( SELECT a.id
           FROM public.answer a
          WHERE (a.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))));
CREATE TABLE public.answer_text (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    answer_id bigint NOT NULL,
    question text NOT NULL COLLATE pg_catalog."C",
    words text COLLATE pg_catalog."C"
);
CREATE VIEW programme_reader.answer_text WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    answer_id,
    question,
    words
   FROM public.answer_text
  WHERE (answer_id IN ( SELECT a.id
           FROM public.answer a
          WHERE (a.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))));
CREATE TABLE public.answer_value (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    answer_id bigint NOT NULL,
    question text NOT NULL COLLATE pg_catalog."C",
    value smallint NOT NULL
);
CREATE VIEW programme_reader.answer_value WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    answer_id,
    question,
    value
   FROM public.answer_value
  WHERE (answer_id IN ( SELECT a.id
           FROM public.answer a
          WHERE (a.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))));
CREATE TABLE public.contest (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    answer_id bigint NOT NULL,
    job_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    evidence text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    last_key text COLLATE pg_catalog."C",
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    note text COLLATE pg_catalog."C"
);
CREATE VIEW programme_reader.contest WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    answer_id,
    programme_id,
    (NULL::text COLLATE "C") AS reason,
    state,
    made_at,
    decided_at,
    NULL::bigint AS made_by,
    NULL::bigint AS decided_by,
    (NULL::text COLLATE "C") AS evidence,
    (NULL::text COLLATE "C") AS note
   FROM public.contest
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.enrolment (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    active boolean DEFAULT true NOT NULL
);
CREATE VIEW programme_reader.enrolment WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    programme_id,
    active
   FROM public.enrolment
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.invitation (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    sample_id bigint NOT NULL,
    questionnaire_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    channel text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    nonce bytea NOT NULL,
    token_hash bytea NOT NULL,
    address_mac bytea NOT NULL,
    people jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    bounced_at timestamp with time zone,
    started_at timestamp with time zone,
    answered_at timestamp with time zone,
    unsubscribed_at timestamp with time zone,
    reminded_at timestamp with time zone,
    opened_at timestamp with time zone,
    shown_at timestamp with time zone,
    tried bytea[] DEFAULT '{}'::bytea[] NOT NULL,
    delivered_at timestamp with time zone
);
CREATE VIEW programme_reader.invitation WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    sample_id,
    questionnaire_id,
    programme_id,
    channel,
    language,
    '{}'::jsonb AS people,
    created_at,
    sent_at,
    bounced_at,
    started_at,
    answered_at,
    unsubscribed_at,
    reminded_at,
    opened_at,
    shown_at,
    delivered_at
   FROM public.invitation
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.job (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    job_key text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    version_order bigint NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    programme_id bigint NOT NULL,
    ro_number text COLLATE pg_catalog."C",
    first_name text COLLATE pg_catalog."C",
    last_name text COLLATE pg_catalog."C",
    company text COLLATE pg_catalog."C",
    sort_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    phones text[] DEFAULT '{}'::text[] NOT NULL,
    preferred_channel text COLLATE pg_catalog."C",
    language text COLLATE pg_catalog."C",
    do_not_contact boolean DEFAULT false NOT NULL,
    vehicle text COLLATE pg_catalog."C",
    insurer_name text COLLATE pg_catalog."C",
    claim_number text COLLATE pg_catalog."C",
    estimator text COLLATE pg_catalog."C",
    appraiser text COLLATE pg_catalog."C",
    created_on date,
    arrived_on date,
    promised_on date,
    delivered_on date,
    total_cents bigint,
    currency text NOT NULL COLLATE pg_catalog."C",
    source jsonb,
    received_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    erased_at timestamp with time zone,
    credits jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE public.sample (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    programme_id bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    received_on date NOT NULL,
    callable_on date NOT NULL
);
CREATE VIEW programme_reader.job WITH (security_barrier='true') AS
 SELECT j.org_id,
    j.shop_id,
    j.id,
    j.job_key,
    NULL::bigint AS programme_id,
        CASE
            WHEN (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))))) THEN j.ro_number
            ELSE NULL::text
        END AS ro_number,
        CASE
            WHEN (of.shows AND (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])))))) THEN j.first_name
            ELSE NULL::text
        END AS first_name,
        CASE
            WHEN (of.shows AND (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])))))) THEN j.last_name
            ELSE NULL::text
        END AS last_name,
        CASE
            WHEN (of.shows AND (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])))))) THEN j.company
            ELSE NULL::text
        END AS company,
        CASE
            WHEN (of.shows AND (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])))))) THEN j.sort_key
            ELSE NULL::text
        END AS sort_key,
        CASE
            WHEN (EXISTS ( SELECT 1
               FROM ((public.sample t
                 JOIN public.invitation v ON ((v.sample_id = t.id)))
                 JOIN public.answer r ON ((r.invitation_id = v.id)))
              WHERE ((t.job_id = j.id) AND (r.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))))) THEN j.vehicle
            ELSE NULL::text
        END AS vehicle,
    (NULL::text COLLATE "C") AS insurer_name,
    (NULL::text COLLATE "C") AS estimator,
    (NULL::text COLLATE "C") AS appraiser,
    j.created_on,
    j.arrived_on,
    j.promised_on,
    j.delivered_on,
    j.total_cents,
    j.currency,
    j.received_at,
    j.withdrawn_at,
    j.erased_at
   FROM public.job j,
    LATERAL ( SELECT bool_or(p.shows_contact) AS shows
           FROM (public.sample s
             JOIN public.programme p ON ((p.id = s.programme_id)))
          WHERE ((s.job_id = j.id) AND (s.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])))) of
  WHERE (of.shows IS NOT NULL);
CREATE TABLE public.month_answer (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    month date NOT NULL,
    programme_id bigint NOT NULL,
    questionnaire_id bigint NOT NULL,
    n integer NOT NULL,
    first_at timestamp with time zone NOT NULL
);
CREATE VIEW programme_reader.month_answer WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    month,
    programme_id,
    questionnaire_id,
    n,
    first_at
   FROM public.month_answer
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.month_change (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    programme_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE VIEW programme_reader.month_change WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    programme_id,
    at
   FROM public.month_change
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.month_mean (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    month date NOT NULL,
    programme_id bigint NOT NULL,
    questionnaire_id bigint NOT NULL,
    section text NOT NULL COLLATE pg_catalog."C",
    n integer NOT NULL,
    total double precision NOT NULL,
    squares double precision NOT NULL
);
CREATE VIEW programme_reader.month_mean WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    month,
    programme_id,
    questionnaire_id,
    section,
    n,
    total,
    squares
   FROM public.month_mean
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.month_score (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    month date NOT NULL,
    programme_id bigint NOT NULL,
    question text NOT NULL COLLATE pg_catalog."C",
    s0 integer NOT NULL,
    s1 integer NOT NULL,
    s2 integer NOT NULL,
    s3 integer NOT NULL,
    s4 integer NOT NULL,
    s5 integer NOT NULL,
    s6 integer NOT NULL,
    s7 integer NOT NULL,
    s8 integer NOT NULL,
    s9 integer NOT NULL,
    s10 integer NOT NULL
);
CREATE VIEW programme_reader.month_score WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    month,
    programme_id,
    question,
    s0,
    s1,
    s2,
    s3,
    s4,
    s5,
    s6,
    s7,
    s8,
    s9,
    s10
   FROM public.month_score
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.month_sum (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    month date NOT NULL,
    programme_id bigint NOT NULL,
    sent integer NOT NULL,
    bounced integer NOT NULL,
    completed integer NOT NULL,
    open integer NOT NULL,
    as_of timestamp with time zone NOT NULL,
    good_until timestamp with time zone NOT NULL,
    made_by text NOT NULL COLLATE pg_catalog."C"
);
CREATE VIEW programme_reader.month_sum WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    month,
    programme_id,
    sent,
    bounced,
    completed,
    open,
    as_of,
    good_until,
    made_by
   FROM public.month_sum
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE VIEW programme_reader.programme WITH (security_barrier='true') AS
 SELECT id,
    name,
    kind,
    match_codes,
    match_names,
    ageing_days,
    questionnaire,
    active,
    targets,
    shows_recovery
   FROM public.programme
  WHERE (id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.questionnaire (
    id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    content jsonb NOT NULL,
    org_id bigint,
    made_by bigint,
    made_at timestamp with time zone,
    last_key text COLLATE pg_catalog."C",
    CONSTRAINT own_is_whole CHECK (((org_id IS NULL) OR COALESCE(((jsonb_typeof((content -> 'questions'::text)) = 'array'::text) AND ((content ->> 'key'::text) = key) AND ((content ->> 'version'::text) = (version)::text)), false)))
);
CREATE VIEW programme_reader.questionnaire WITH (security_barrier='true') AS
 SELECT id,
    key,
    version,
    content
   FROM public.questionnaire q
  WHERE ((EXISTS ( SELECT 1
           FROM public.programme p
          WHERE ((p.id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])) AND (p.questionnaire = q.key)))) OR (EXISTS ( SELECT 1
           FROM public.invitation i
          WHERE ((i.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[])) AND (i.questionnaire_id = q.id)))));
CREATE VIEW programme_reader.sample WITH (security_barrier='true') AS
 SELECT org_id,
    shop_id,
    id,
    job_id,
    programme_id,
    state,
    (NULL::text COLLATE "C") AS reason,
    received_on,
    callable_on
   FROM public.sample
  WHERE (programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]));
CREATE TABLE public.shop (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    sort_key text NOT NULL COLLATE pg_catalog."C",
    zone text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    tax_id text COLLATE pg_catalog."C",
    licence text COLLATE pg_catalog."C",
    phone text COLLATE pg_catalog."C",
    file_name text COLLATE pg_catalog."C"
);
CREATE VIEW programme_reader.shop WITH (security_barrier='true') AS
 SELECT org_id,
    id,
    name,
    sort_key,
    zone,
    language,
    (NULL::text COLLATE "C") AS tax_id,
    (NULL::text COLLATE "C") AS licence,
    phone
   FROM public.shop
  WHERE (id IN ( SELECT e.shop_id
           FROM public.enrolment e
          WHERE (e.programme_id = ANY (( SELECT public.rc_seen_programmes() AS rc_seen_programmes)::bigint[]))));
CREATE TABLE public.address_change (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    old_nonce bytea NOT NULL,
    old_hash bytea NOT NULL,
    old_at timestamp with time zone,
    new_nonce bytea NOT NULL,
    new_hash bytea NOT NULL,
    new_at timestamp with time zone,
    done_at timestamp with time zone
);
ALTER TABLE public.address_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.address_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alert_choice (
    org_id bigint NOT NULL,
    person_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    choice text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.alert ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.alert_mail (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    alerts bigint[] NOT NULL,
    made_at timestamp with time zone NOT NULL
);
ALTER TABLE public.alert_mail ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.alert_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.answer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    what text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    subject_id bigint NOT NULL,
    before jsonb,
    after jsonb,
    CONSTRAINT audit_subject_check CHECK ((subject = ANY (ARRAY['person'::text, 'organisation'::text, 'pc'::text, 'programme'::text, 'node'::text])))
);
ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.collecting (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    place text NOT NULL COLLATE pg_catalog."C",
    installation_id bigint NOT NULL,
    device_name text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
ALTER TABLE public.contest ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.contest_mail (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    contest_id bigint NOT NULL,
    person_id bigint NOT NULL,
    version integer NOT NULL
);
ALTER TABLE public.contest_mail ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contest_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.dead_address (
    org_id bigint NOT NULL,
    address_mac bytea NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.earlier_link (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    address_mac bytea NOT NULL
);
CREATE TABLE public.earlier_promise (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    promised_on date NOT NULL
);
ALTER TABLE public.earlier_promise ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.earlier_promise_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.employee_name (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    known_as text NOT NULL COLLATE pg_catalog."C",
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    person_id bigint,
    CONSTRAINT employee_name_check CHECK (((person_id IS NULL) OR (known_as = name)))
);
CREATE TABLE public.erased_job (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    job_mac bytea NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.event (
    id bigint NOT NULL,
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    job_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C"
);
ALTER TABLE public.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.external_benchmark (
    metric text NOT NULL COLLATE pg_catalog."C",
    segment text NOT NULL COLLATE pg_catalog."C",
    as_of date NOT NULL,
    value double precision NOT NULL,
    source text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.favourite (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    sort_key text NOT NULL COLLATE pg_catalog."C",
    report text NOT NULL COLLATE pg_catalog."C",
    parameters jsonb NOT NULL,
    shops bigint[] NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.favourite ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.favourite_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feed (
    seq bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.feed ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.feed_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.filtered_job (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    job_mac bytea NOT NULL,
    digest_mac bytea NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    version_order bigint NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.installation (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    device_name text NOT NULL COLLATE pg_catalog."C",
    secret_hash bytea NOT NULL,
    shops bigint[] NOT NULL,
    paired_by bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
ALTER TABLE public.installation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.installation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.intake_key (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    digest_mac bytea NOT NULL,
    outcome text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    job_id bigint,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.interview (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    due_at timestamp with time zone NOT NULL,
    is_appointment boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    outcome text COLLATE pg_catalog."C",
    agent_id bigint,
    taken_at timestamp with time zone,
    dialled bytea[] DEFAULT '{}'::bytea[] NOT NULL
);
CREATE TABLE public.interview_call (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    interview_id bigint NOT NULL,
    number integer NOT NULL,
    agent_id bigint NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    outcome text COLLATE pg_catalog."C"
);
ALTER TABLE public.interview ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.interview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.invitation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.message (
    org_id bigint CONSTRAINT mail_message_org_id_not_null NOT NULL,
    shop_id bigint CONSTRAINT mail_message_shop_id_not_null NOT NULL,
    id bigint CONSTRAINT mail_message_id_not_null NOT NULL,
    kind text CONSTRAINT mail_message_kind_not_null NOT NULL COLLATE pg_catalog."C",
    subject_id bigint CONSTRAINT mail_message_invitation_id_not_null NOT NULL,
    state text CONSTRAINT mail_message_state_not_null NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone CONSTRAINT mail_message_created_at_not_null NOT NULL,
    ended_at timestamp with time zone,
    attempts integer DEFAULT 0 CONSTRAINT mail_message_attempts_not_null NOT NULL,
    reason text COLLATE pg_catalog."C",
    occurrence integer DEFAULT 0 NOT NULL,
    channel text DEFAULT 'email'::text NOT NULL COLLATE pg_catalog."C",
    address_mac bytea,
    told text COLLATE pg_catalog."C"
);
ALTER TABLE public.message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.month_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.month_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.node (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    parent_id bigint,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text COLLATE pg_catalog."C",
    shop_id bigint,
    opening jsonb,
    closed date[] DEFAULT '{}'::date[] NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    last_key text COLLATE pg_catalog."C",
    programme_id bigint,
    file_name text COLLATE pg_catalog."C",
    CONSTRAINT node_check CHECK (((kind = 'network'::text) = (parent_id IS NULL))),
    CONSTRAINT node_check1 CHECK (((kind = 'shop'::text) = (shop_id IS NOT NULL))),
    CONSTRAINT node_check2 CHECK (((kind = ANY (ARRAY['country'::text, 'region'::text])) = (name IS NOT NULL))),
    CONSTRAINT node_check3 CHECK (((kind = 'programme'::text) = (programme_id IS NOT NULL))),
    CONSTRAINT node_kind_check CHECK ((public.rc_node_rank(kind) IS NOT NULL))
);
ALTER TABLE public.node ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.node_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.opt_out (
    org_id bigint NOT NULL,
    address_mac bytea NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.organisation (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    licence_until timestamp with time zone,
    surveys boolean DEFAULT true NOT NULL,
    logo bytea,
    modules text[] DEFAULT '{alerts}'::text[] NOT NULL,
    CONSTRAINT organisation_logo_check CHECK ((octet_length(logo) <= 262144))
);
ALTER TABLE public.organisation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.partial_answer (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    given jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.password_link (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    asked_by bigint,
    nonce bytea NOT NULL,
    token_hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE public.password_link ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.password_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.person (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    email text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    password_hash text COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    last_key text COLLATE pg_catalog."C",
    signed_in_at timestamp with time zone
);
CREATE TABLE public.person_grant (
    org_id bigint NOT NULL,
    person_id bigint NOT NULL,
    role text NOT NULL COLLATE pg_catalog."C",
    node_id bigint NOT NULL
);
ALTER TABLE public.person ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.programme ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.programme_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.questionnaire_draft (
    org_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    content jsonb NOT NULL,
    shop text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    ends_at timestamp with time zone NOT NULL
);
ALTER TABLE public.questionnaire ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.questionnaire_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.queue_migration (
    name text NOT NULL
);
CREATE TABLE public.refresh (
    org_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    family bytea NOT NULL,
    person_id bigint NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    replaced_by bytea,
    attempt bytea
);
CREATE TABLE public.repaircenter_secret (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.reply (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    words text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    came_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone
);
ALTER TABLE public.reply ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.report_part (
    run_id text NOT NULL,
    number integer NOT NULL,
    person_id bigint NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY public.report_part ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE UNLOGGED TABLE public.report_run (
    id text NOT NULL,
    person_id bigint NOT NULL,
    worker text NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    error text,
    parts integer DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    CONSTRAINT report_run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'stopped'::text])))
);
ALTER TABLE public.sample ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sample_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.scope_key (
    key bytea NOT NULL
);
CREATE TABLE public.session (
    org_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    subject_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    family bytea
);
ALTER TABLE public.shop ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.shop_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.shop_week (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL
);
ALTER TABLE public.shop_week ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.shop_week_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.shop_week_mail (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    week_id bigint NOT NULL,
    person_id bigint NOT NULL
);
ALTER TABLE public.shop_week_mail ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.shop_week_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.sign_in_failure (
    address bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.survey_page (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    page text NOT NULL COLLATE pg_catalog."C",
    seconds integer,
    sent_at timestamp with time zone NOT NULL
);
CREATE TABLE public.survey_probe (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    invitation_id bigint NOT NULL,
    times integer NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.timer (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    subject_id bigint NOT NULL,
    occurrence integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.unclaimed_insurer (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    name_mac bytea NOT NULL,
    name text COLLATE pg_catalog."C",
    jobs integer NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.wording (
    org_id bigint NOT NULL,
    id bigint NOT NULL,
    template text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    subject text COLLATE pg_catalog."C",
    body text COLLATE pg_catalog."C",
    last_key text NOT NULL COLLATE pg_catalog."C",
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT wording_check CHECK (((subject IS NULL) = (body IS NULL)))
);
ALTER TABLE public.wording ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.wording_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.wording_test (
    org_id bigint NOT NULL,
    shop_id bigint NOT NULL,
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.wording_test ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.wording_test_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_id_key UNIQUE (id);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_new_hash_key UNIQUE (new_hash);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_old_hash_key UNIQUE (old_hash);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_answer_id_key UNIQUE (answer_id);
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_pkey PRIMARY KEY (org_id, person_id, shop_id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_id_key UNIQUE (id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_invitation_id_kind_key UNIQUE (invitation_id, kind);
ALTER TABLE ONLY public.alert_mail
    ADD CONSTRAINT alert_mail_id_key UNIQUE (id);
ALTER TABLE ONLY public.alert_mail
    ADD CONSTRAINT alert_mail_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.answer_choice
    ADD CONSTRAINT answer_choice_pkey PRIMARY KEY (org_id, shop_id, answer_id, question, choice);
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_id_key UNIQUE (id);
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_invitation_id_key UNIQUE (invitation_id);
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.answer_text
    ADD CONSTRAINT answer_text_pkey PRIMARY KEY (org_id, shop_id, answer_id, question);
ALTER TABLE ONLY public.answer_value
    ADD CONSTRAINT answer_value_pkey PRIMARY KEY (org_id, shop_id, answer_id, question);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_id_key UNIQUE (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.collecting
    ADD CONSTRAINT collecting_pkey PRIMARY KEY (org_id, shop_id, place);
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_answer_id_key UNIQUE (answer_id);
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_id_key UNIQUE (id);
ALTER TABLE ONLY public.contest_mail
    ADD CONSTRAINT contest_mail_contest_id_person_id_version_key UNIQUE (contest_id, person_id, version);
ALTER TABLE ONLY public.contest_mail
    ADD CONSTRAINT contest_mail_id_key UNIQUE (id);
ALTER TABLE ONLY public.contest_mail
    ADD CONSTRAINT contest_mail_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.dead_address
    ADD CONSTRAINT dead_address_pkey PRIMARY KEY (org_id, address_mac);
ALTER TABLE ONLY public.earlier_link
    ADD CONSTRAINT earlier_link_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.earlier_promise
    ADD CONSTRAINT earlier_promise_id_key UNIQUE (id);
ALTER TABLE ONLY public.earlier_promise
    ADD CONSTRAINT earlier_promise_pkey PRIMARY KEY (org_id, shop_id, job_id, promised_on);
ALTER TABLE ONLY public.employee_name
    ADD CONSTRAINT employee_name_pkey PRIMARY KEY (org_id, shop_id, name);
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (org_id, shop_id, programme_id);
ALTER TABLE ONLY public.erased_job
    ADD CONSTRAINT erased_job_pkey PRIMARY KEY (shop_id, job_mac);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.external_benchmark
    ADD CONSTRAINT external_benchmark_pkey PRIMARY KEY (metric, segment, as_of);
ALTER TABLE ONLY public.favourite
    ADD CONSTRAINT favourite_id_key UNIQUE (id);
ALTER TABLE ONLY public.favourite
    ADD CONSTRAINT favourite_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (xid, seq);
ALTER TABLE ONLY public.filtered_job
    ADD CONSTRAINT filtered_job_pkey PRIMARY KEY (shop_id, job_mac);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_id_key UNIQUE (id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.intake_key
    ADD CONSTRAINT intake_key_pkey PRIMARY KEY (shop_id, key);
ALTER TABLE ONLY public.interview_call
    ADD CONSTRAINT interview_call_pkey PRIMARY KEY (org_id, shop_id, interview_id, number);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT interview_id_key UNIQUE (id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT interview_invitation_id_key UNIQUE (invitation_id);
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT interview_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_id_key UNIQUE (id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_sample_id_key UNIQUE (sample_id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_token_hash_key UNIQUE (token_hash);
ALTER TABLE public.shop
    ADD CONSTRAINT is_called CHECK ((name <> ''::text)) NOT VALID;
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_id_key UNIQUE (id);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_of_shop UNIQUE (job_key, shop_id);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_id_key UNIQUE (id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_once UNIQUE (kind, subject_id, occurrence, channel);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.month_answer
    ADD CONSTRAINT month_answer_pkey PRIMARY KEY (shop_id, month, programme_id, questionnaire_id);
ALTER TABLE ONLY public.month_change
    ADD CONSTRAINT month_change_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.month_mean
    ADD CONSTRAINT month_mean_pkey PRIMARY KEY (shop_id, month, programme_id, questionnaire_id, section);
ALTER TABLE ONLY public.month_score
    ADD CONSTRAINT month_score_pkey PRIMARY KEY (shop_id, month, programme_id, question);
ALTER TABLE ONLY public.month_sum
    ADD CONSTRAINT month_sum_pkey PRIMARY KEY (shop_id, month, programme_id);
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_id_key UNIQUE (id);
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_shop_id_key UNIQUE (shop_id);
ALTER TABLE ONLY public.opt_out
    ADD CONSTRAINT opt_out_pkey PRIMARY KEY (org_id, address_mac);
ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.partial_answer
    ADD CONSTRAINT partial_answer_pkey PRIMARY KEY (org_id, shop_id, invitation_id);
ALTER TABLE ONLY public.password_link
    ADD CONSTRAINT password_link_id_key UNIQUE (id);
ALTER TABLE ONLY public.password_link
    ADD CONSTRAINT password_link_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.password_link
    ADD CONSTRAINT password_link_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_email_key UNIQUE (email);
ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_pkey PRIMARY KEY (org_id, person_id, role, node_id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_id_key UNIQUE (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.programme
    ADD CONSTRAINT programme_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.questionnaire_draft
    ADD CONSTRAINT questionnaire_draft_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_key_version_key UNIQUE (key, version);
ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.queue_migration
    ADD CONSTRAINT queue_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.refresh
    ADD CONSTRAINT refresh_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.repaircenter_secret
    ADD CONSTRAINT repaircenter_secret_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_id_key UNIQUE (id);
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.report_part
    ADD CONSTRAINT report_part_pkey PRIMARY KEY (run_id, number);
ALTER TABLE ONLY public.report_run
    ADD CONSTRAINT report_run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sample
    ADD CONSTRAINT sample_id_key UNIQUE (id);
ALTER TABLE ONLY public.sample
    ADD CONSTRAINT sample_of_programme UNIQUE (job_id, programme_id);
ALTER TABLE ONLY public.sample
    ADD CONSTRAINT sample_pkey PRIMARY KEY (org_id, shop_id, id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.shop
    ADD CONSTRAINT shop_id_key UNIQUE (id);
ALTER TABLE ONLY public.shop
    ADD CONSTRAINT shop_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.shop_week
    ADD CONSTRAINT shop_week_id_key UNIQUE (id);
ALTER TABLE ONLY public.shop_week_mail
    ADD CONSTRAINT shop_week_mail_id_key UNIQUE (id);
ALTER TABLE ONLY public.shop_week_mail
    ADD CONSTRAINT shop_week_mail_pkey PRIMARY KEY (week_id, person_id);
ALTER TABLE ONLY public.shop_week
    ADD CONSTRAINT shop_week_pkey PRIMARY KEY (shop_id, until_at);
ALTER TABLE ONLY public.sign_in_failure
    ADD CONSTRAINT sign_in_failure_pkey PRIMARY KEY (address);
ALTER TABLE ONLY public.survey_page
    ADD CONSTRAINT survey_page_pkey PRIMARY KEY (org_id, shop_id, invitation_id, page);
ALTER TABLE ONLY public.survey_probe
    ADD CONSTRAINT survey_probe_pkey PRIMARY KEY (org_id, shop_id, invitation_id);
ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_pkey PRIMARY KEY (kind, subject_id, occurrence);
ALTER TABLE ONLY public.unclaimed_insurer
    ADD CONSTRAINT unclaimed_insurer_pkey PRIMARY KEY (shop_id, name_mac);
ALTER TABLE ONLY public.wording
    ADD CONSTRAINT wording_id_key UNIQUE (id);
ALTER TABLE ONLY public.wording
    ADD CONSTRAINT wording_org_id_template_language_version_key UNIQUE (org_id, template, language, version);
ALTER TABLE ONLY public.wording
    ADD CONSTRAINT wording_pkey PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.wording_test
    ADD CONSTRAINT wording_test_id_key UNIQUE (id);
ALTER TABLE ONLY public.wording_test
    ADD CONSTRAINT wording_test_pkey PRIMARY KEY (org_id, shop_id, id);
CREATE INDEX address_change_person ON public.address_change USING btree (person_id, id);
CREATE INDEX alert_of_job ON public.alert USING btree (job_id);
CREATE INDEX alert_of_shop ON public.alert USING btree (shop_id, opened_at);
CREATE INDEX answer_commented ON public.answer USING btree (shop_id, submitted_at) WHERE (comment IS NOT NULL);
CREATE INDEX answer_left_out ON public.answer USING btree (shop_id) WHERE (left_out_at IS NOT NULL);
CREATE INDEX answer_programme ON public.answer USING btree (programme_id);
CREATE INDEX answer_when ON public.answer USING btree (shop_id, submitted_at);
CREATE INDEX audit_subject ON public.audit USING btree (subject, subject_id, id);
CREATE INDEX contest_job ON public.contest USING btree (job_id);
CREATE INDEX contest_newest ON public.contest USING btree (shop_id, made_at);
CREATE UNIQUE INDEX employee_name_person ON public.employee_name USING btree (shop_id, person_id) WHERE (person_id IS NOT NULL);
CREATE INDEX employee_name_shop ON public.employee_name USING btree (shop_id, name);
CREATE INDEX event_of_job ON public.event USING btree (job_id, id);
CREATE INDEX feed_at ON public.feed USING btree (at);
CREATE INDEX feed_of_shop ON public.feed USING btree (shop_id, xid, seq);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX interview_due ON public.interview USING btree (shop_id, due_at) WHERE (state <> 'ended'::text);
CREATE INDEX invitation_address ON public.invitation USING btree (org_id, address_mac);
CREATE INDEX invitation_programme ON public.invitation USING btree (programme_id, questionnaire_id);
CREATE INDEX invitation_sent ON public.invitation USING btree (shop_id, sent_at);
CREATE INDEX job_address ON public.job USING btree (org_id, lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX job_phones_forbidden ON public.job USING gin (phones) WHERE do_not_contact;
CREATE INDEX job_received ON public.job USING btree (received_at, shop_id);
CREATE INDEX job_shop ON public.job USING btree (shop_id, received_at);
CREATE INDEX message_text_to ON public.message USING btree (address_mac) WHERE (channel = 'sms'::text);
CREATE INDEX month_change_shop ON public.month_change USING btree (shop_id, at);
CREATE INDEX month_sum_good ON public.month_sum USING btree (good_until);
CREATE UNIQUE INDEX node_name ON public.node USING btree (parent_id, kind, name);
CREATE UNIQUE INDEX node_programme ON public.node USING btree (org_id, programme_id);
CREATE UNIQUE INDEX node_root ON public.node USING btree (org_id) WHERE (parent_id IS NULL);
CREATE INDEX password_link_person ON public.password_link USING btree (person_id, made_at);
CREATE INDEX person_grant_node ON public.person_grant USING btree (node_id);
CREATE INDEX person_grant_person ON public.person_grant USING btree (person_id);
CREATE UNIQUE INDEX person_last_key ON public.person USING btree (org_id, last_key);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE UNIQUE INDEX programme_last_key ON public.programme USING btree (org_id, last_key);
CREATE INDEX refresh_family ON public.refresh USING btree (family);
CREATE INDEX reply_invitation ON public.reply USING btree (invitation_id);
CREATE INDEX reply_job ON public.reply USING btree (job_id);
CREATE INDEX report_run_worker ON public.report_run USING btree (worker) WHERE (state = ANY (ARRAY['running'::text, 'stopped'::text]));
CREATE INDEX timer_due ON public.timer USING btree (due_at) WHERE (state = 'waiting'::text);
CREATE TRIGGER add_node AFTER INSERT OR UPDATE OF org_id ON public.programme FOR EACH ROW EXECUTE FUNCTION public.rc_add_programme_node();
CREATE TRIGGER add_node AFTER INSERT ON public.shop FOR EACH ROW EXECUTE FUNCTION public.rc_add_shop_node();
CREATE TRIGGER add_root AFTER INSERT ON public.organisation FOR EACH ROW EXECUTE FUNCTION public.rc_add_root();
CREATE TRIGGER begin_weeks AFTER INSERT ON public.shop FOR EACH ROW EXECUTE FUNCTION public.rc_begin_weeks();
CREATE TRIGGER drop_partial AFTER UPDATE OF state ON public.sample FOR EACH ROW WHEN (((old.state = 'invited'::text) AND (new.state <> 'invited'::text))) EXECUTE FUNCTION public.rc_drop_partial();
CREATE TRIGGER end_interview AFTER UPDATE OF state ON public.sample FOR EACH ROW WHEN (((old.state = 'invited'::text) AND (new.state <> 'invited'::text))) EXECUTE FUNCTION public.rc_end_interview();
CREATE TRIGGER end_sessions AFTER UPDATE ON public.person FOR EACH ROW WHEN (((old.password_hash IS DISTINCT FROM new.password_hash) OR (old.active <> new.active))) EXECUTE FUNCTION public.rc_end_sessions();
CREATE TRIGGER feed_changed AFTER UPDATE ON public.alert REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.rc_feed_alerts();
CREATE TRIGGER feed_changed AFTER UPDATE ON public.invitation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.rc_feed_invitations();
CREATE TRIGGER feed_changed AFTER UPDATE ON public.sample REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.rc_feed_samples();
CREATE TRIGGER feed_forget AFTER UPDATE OF job_key ON public.job FOR EACH ROW WHEN ((old.job_key IS DISTINCT FROM new.job_key)) EXECUTE FUNCTION public.rc_feed_forget();
CREATE TRIGGER feed_opened AFTER INSERT ON public.alert REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.rc_feed_alerts();
CREATE TRIGGER judge BEFORE UPDATE ON public.contest FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.made_by <> new.made_by))) EXECUTE FUNCTION public.rc_judge_contest();
CREATE TRIGGER judge BEFORE UPDATE OF person_id ON public.employee_name FOR EACH ROW WHEN (((new.person_id IS NOT NULL) AND (new.person_id IS DISTINCT FROM old.person_id))) EXECUTE FUNCTION public.rc_judge_employee();
CREATE CONSTRAINT TRIGGER judge AFTER INSERT OR UPDATE ON public.person_grant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.rc_judge_grant();
CREATE TRIGGER judge_new BEFORE INSERT ON public.employee_name FOR EACH ROW WHEN ((new.person_id IS NOT NULL)) EXECUTE FUNCTION public.rc_judge_employee();
CREATE TRIGGER leave_out AFTER UPDATE OF state ON public.contest FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION public.rc_leave_out();
CREATE CONSTRAINT TRIGGER look_at_sample AFTER UPDATE OF state ON public.sample DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION public.rc_look_at_sample();
CREATE TRIGGER look_at_silence AFTER UPDATE OF sent_at ON public.invitation FOR EACH ROW WHEN (((old.sent_at IS NULL) AND (new.sent_at IS NOT NULL))) EXECUTE FUNCTION public.rc_look_at_silence();
CREATE TRIGGER note_added AFTER INSERT ON public.programme FOR EACH ROW EXECUTE FUNCTION public.rc_note_programme();
CREATE TRIGGER note_changed AFTER UPDATE ON public.enrolment FOR EACH ROW WHEN ((old.active <> new.active)) EXECUTE FUNCTION public.rc_note_enrolment();
CREATE TRIGGER note_changed AFTER UPDATE ON public.programme FOR EACH ROW WHEN ((((to_jsonb(old.*) - 'version'::text) - 'last_key'::text) IS DISTINCT FROM ((to_jsonb(new.*) - 'version'::text) - 'last_key'::text))) EXECUTE FUNCTION public.rc_note_programme();
CREATE TRIGGER note_changed AFTER UPDATE ON public.shop FOR EACH ROW WHEN (((to_jsonb(old.*) - 'file_name'::text) IS DISTINCT FROM (to_jsonb(new.*) - 'file_name'::text))) EXECUTE FUNCTION public.rc_note_shop();
CREATE TRIGGER note_hours AFTER UPDATE ON public.node FOR EACH ROW WHEN (((old.opening IS DISTINCT FROM new.opening) OR (old.closed IS DISTINCT FROM new.closed))) EXECUTE FUNCTION public.rc_note_hours();
CREATE TRIGGER note_joined AFTER INSERT ON public.enrolment FOR EACH ROW EXECUTE FUNCTION public.rc_note_enrolment();
CREATE TRIGGER note_licence AFTER UPDATE ON public.organisation FOR EACH ROW WHEN ((((old.surveys IS DISTINCT FROM new.surveys) OR (old.modules IS DISTINCT FROM new.modules)) OR (old.licence_until IS DISTINCT FROM new.licence_until))) EXECUTE FUNCTION public.rc_note_licence();
CREATE TRIGGER note_month_delete AFTER DELETE ON public.answer REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_answer();
CREATE TRIGGER note_month_delete AFTER DELETE ON public.answer_value REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_answer_value();
CREATE TRIGGER note_month_delete AFTER DELETE ON public.invitation REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_invitation();
CREATE TRIGGER note_month_insert AFTER INSERT ON public.answer REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_answer();
CREATE TRIGGER note_month_insert AFTER INSERT ON public.invitation REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_invitation();
CREATE TRIGGER note_month_update AFTER UPDATE ON public.answer REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_answer();
CREATE TRIGGER note_month_update AFTER UPDATE ON public.answer_value REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_answer_value();
CREATE TRIGGER note_month_update AFTER UPDATE ON public.invitation REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.rc_note_invitation();
CREATE TRIGGER note_months AFTER UPDATE OF zone ON public.shop FOR EACH ROW WHEN ((old.zone IS DISTINCT FROM new.zone)) EXECUTE FUNCTION public.rc_note_months();
CREATE TRIGGER note_moved AFTER UPDATE ON public.node FOR EACH ROW WHEN (((new.name IS DISTINCT FROM old.name) OR (new.parent_id IS DISTINCT FROM old.parent_id))) EXECUTE FUNCTION public.rc_note_place();
CREATE TRIGGER note_place AFTER INSERT OR DELETE ON public.node FOR EACH ROW EXECUTE FUNCTION public.rc_note_place();
CREATE TRIGGER note_promise AFTER UPDATE OF promised_on ON public.job FOR EACH ROW WHEN (((old.promised_on IS NOT NULL) AND (old.promised_on IS DISTINCT FROM new.promised_on))) EXECUTE FUNCTION public.rc_note_promise();
CREATE TRIGGER place BEFORE INSERT OR UPDATE ON public.node FOR EACH ROW EXECUTE FUNCTION public.rc_place_node();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert_choice
    ADD CONSTRAINT alert_choice_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_org_id_shop_id_answer_id_fkey FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES public.answer(org_id, shop_id, id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.answer_choice
    ADD CONSTRAINT answer_choice_org_id_shop_id_answer_id_fkey FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES public.answer(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id);
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.answer_text
    ADD CONSTRAINT answer_text_org_id_shop_id_answer_id_fkey FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES public.answer(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.answer_value
    ADD CONSTRAINT answer_value_org_id_shop_id_answer_id_fkey FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES public.answer(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.collecting
    ADD CONSTRAINT collecting_org_id_installation_id_fkey FOREIGN KEY (org_id, installation_id) REFERENCES public.installation(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.collecting
    ADD CONSTRAINT collecting_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest_mail
    ADD CONSTRAINT contest_mail_org_id_shop_id_contest_id_fkey FOREIGN KEY (org_id, shop_id, contest_id) REFERENCES public.contest(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_org_id_shop_id_answer_id_fkey FOREIGN KEY (org_id, shop_id, answer_id) REFERENCES public.answer(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.dead_address
    ADD CONSTRAINT dead_address_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.earlier_link
    ADD CONSTRAINT earlier_link_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.earlier_promise
    ADD CONSTRAINT earlier_promise_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.employee_name
    ADD CONSTRAINT employee_name_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.employee_name
    ADD CONSTRAINT employee_name_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.erased_job
    ADD CONSTRAINT erased_job_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id);
ALTER TABLE ONLY public.favourite
    ADD CONSTRAINT favourite_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.filtered_job
    ADD CONSTRAINT filtered_job_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id);
ALTER TABLE ONLY public.installation
    ADD CONSTRAINT installation_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.intake_key
    ADD CONSTRAINT intake_key_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id);
ALTER TABLE ONLY public.interview_call
    ADD CONSTRAINT interview_call_org_id_shop_id_interview_id_fkey FOREIGN KEY (org_id, shop_id, interview_id) REFERENCES public.interview(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.interview
    ADD CONSTRAINT interview_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_org_id_shop_id_sample_id_fkey FOREIGN KEY (org_id, shop_id, sample_id) REFERENCES public.sample(org_id, shop_id, id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_questionnaire_id_fkey FOREIGN KEY (questionnaire_id) REFERENCES public.questionnaire(id);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id);
ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.month_answer
    ADD CONSTRAINT month_answer_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.month_mean
    ADD CONSTRAINT month_mean_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.month_score
    ADD CONSTRAINT month_score_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.month_sum
    ADD CONSTRAINT month_sum_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_org_id_parent_id_fkey FOREIGN KEY (org_id, parent_id) REFERENCES public.node(org_id, id);
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.node
    ADD CONSTRAINT node_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.opt_out
    ADD CONSTRAINT opt_out_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.partial_answer
    ADD CONSTRAINT partial_answer_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.password_link
    ADD CONSTRAINT password_link_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.password_link
    ADD CONSTRAINT password_link_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_org_id_node_id_fkey FOREIGN KEY (org_id, node_id) REFERENCES public.node(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.person_grant
    ADD CONSTRAINT person_grant_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
ALTER TABLE ONLY public.programme
    ADD CONSTRAINT programme_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.questionnaire_draft
    ADD CONSTRAINT questionnaire_draft_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.refresh
    ADD CONSTRAINT refresh_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.report_part
    ADD CONSTRAINT report_part_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.report_run(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sample
    ADD CONSTRAINT sample_org_id_shop_id_job_id_fkey FOREIGN KEY (org_id, shop_id, job_id) REFERENCES public.job(org_id, shop_id, id);
ALTER TABLE ONLY public.sample
    ADD CONSTRAINT sample_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.shop
    ADD CONSTRAINT shop_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.shop_week_mail
    ADD CONSTRAINT shop_week_mail_week_id_fkey FOREIGN KEY (week_id) REFERENCES public.shop_week(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shop_week
    ADD CONSTRAINT shop_week_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.survey_page
    ADD CONSTRAINT survey_page_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.survey_probe
    ADD CONSTRAINT survey_probe_org_id_shop_id_invitation_id_fkey FOREIGN KEY (org_id, shop_id, invitation_id) REFERENCES public.invitation(org_id, shop_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.unclaimed_insurer
    ADD CONSTRAINT unclaimed_insurer_org_id_shop_id_fkey FOREIGN KEY (org_id, shop_id) REFERENCES public.shop(org_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.wording
    ADD CONSTRAINT wording_org_id_fkey FOREIGN KEY (org_id) REFERENCES public.organisation(id);
ALTER TABLE ONLY public.wording_test
    ADD CONSTRAINT wording_test_org_id_person_id_fkey FOREIGN KEY (org_id, person_id) REFERENCES public.person(org_id, id) ON DELETE CASCADE;
CREATE POLICY added ON public.programme FOR INSERT WITH CHECK ((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)));
CREATE POLICY added ON public.questionnaire FOR INSERT WITH CHECK (((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)) AND ( SELECT public.rc_manages_all() AS rc_manages_all) AND (made_by = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND starts_with(key, (('own_'::text || ( SELECT public.rc_own_organisation() AS rc_own_organisation)) || '_'::text))));
CREATE POLICY added ON public.wording FOR INSERT WITH CHECK (((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)) AND ( SELECT public.rc_manages_all() AS rc_manages_all) AND (made_by = ( SELECT public.rc_scope_person() AS rc_scope_person))));
ALTER TABLE public.address_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.alert_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.alert_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.answer_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.answer_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.answer_value ENABLE ROW LEVEL SECURITY;
CREATE POLICY asks_added ON public.programme AS RESTRICTIVE FOR INSERT WITH CHECK (public.rc_may_ask(questionnaire));
CREATE POLICY asks_changed ON public.programme AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (public.rc_may_ask(questionnaire));
ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_own_shops ON public.organisation FOR SELECT USING ((id IN ( SELECT s.org_id
   FROM public.shop s
  WHERE (s.id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))));
CREATE POLICY by_person ON public.alert_choice USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)))) WITH CHECK (((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_person ON public.favourite USING ((public.rc_is_worker() OR (person_id = public.rc_scope_person()))) WITH CHECK ((person_id = public.rc_scope_person()));
CREATE POLICY by_person ON public.person FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (id = ( SELECT public.rc_scope_person() AS rc_scope_person)) OR (id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited)))));
CREATE POLICY by_person ON public.report_part USING ((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person))) WITH CHECK ((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)));
CREATE POLICY by_person ON public.report_run USING ((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person))) WITH CHECK ((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)));
CREATE POLICY by_shop ON public.alert USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.answer USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.answer_choice USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.answer_text USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.answer_value USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.collecting USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.contest USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.earlier_promise USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.enrolment USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.erased_job USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.event USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.feed FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.filtered_job USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.intake_key USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.interview USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.interview_call USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.invitation USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.job USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.message USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.month_answer USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_shop ON public.month_change USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_shop ON public.month_mean USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_shop ON public.month_score USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_shop ON public.month_sum USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_shop ON public.partial_answer USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.reply USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.sample USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id IN ( SELECT unnest(( SELECT public.rc_seen_shops() AS rc_seen_shops)) AS unnest)))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.shop USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.survey_page USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.survey_probe USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.timer USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])))) WITH CHECK ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY by_shop ON public.unclaimed_insurer USING ((shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))) WITH CHECK ((shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[])));
CREATE POLICY by_token ON public.answer USING ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))) WITH CHECK ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])));
CREATE POLICY by_token ON public.answer_choice USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_choice.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))))))) WITH CHECK (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_choice.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.answer_text USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_text.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))))))) WITH CHECK (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_text.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.answer_value USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_value.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))))))) WITH CHECK (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = answer_value.answer_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.earlier_promise FOR SELECT USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.job j
  WHERE (j.id = earlier_promise.job_id)))));
CREATE POLICY by_token ON public.event FOR INSERT WITH CHECK (((kind = 'survey.answered'::text) AND (EXISTS ( SELECT 1
   FROM (public.invitation i
     JOIN public.sample s ON ((s.id = i.sample_id)))
  WHERE ((s.job_id = event.job_id) AND (i.id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.invitation USING ((id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])));
CREATE POLICY by_token ON public.job FOR SELECT USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.sample s
  WHERE (s.job_id = job.id)))));
CREATE POLICY by_token ON public.partial_answer USING ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))) WITH CHECK ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])));
CREATE POLICY by_token ON public.sample USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.invitation i
  WHERE ((i.sample_id = sample.id) AND (i.id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.shop FOR SELECT USING (((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.invitation i
  WHERE ((i.shop_id = shop.id) AND (i.id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_token ON public.survey_page USING ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))) WITH CHECK ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])));
CREATE POLICY by_token ON public.survey_probe USING ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[]))) WITH CHECK ((invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])));
CREATE POLICY by_token ON public.timer FOR INSERT WITH CHECK (((kind = ANY (ARRAY['alert.judge'::text, 'survey.publish'::text])) AND (occurrence = 0) AND (EXISTS ( SELECT 1
   FROM public.answer a
  WHERE ((a.id = timer.subject_id) AND (a.org_id = timer.org_id) AND (a.shop_id = timer.shop_id) AND (a.invitation_id = ANY (( SELECT public.rc_tokens() AS rc_tokens)::bigint[])))))));
CREATE POLICY by_worker ON public.alert_mail USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.contest_mail USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.dead_address USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.earlier_link USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.installation USING (public.rc_is_worker());
CREATE POLICY by_worker ON public.opt_out USING (public.rc_is_worker());
CREATE POLICY by_worker ON public.organisation USING (public.rc_is_worker());
CREATE POLICY by_worker ON public.questionnaire_draft TO rc_worker USING (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.shop_week USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.shop_week_mail USING (( SELECT public.rc_is_worker() AS rc_is_worker)) WITH CHECK (( SELECT public.rc_is_worker() AS rc_is_worker));
CREATE POLICY by_worker ON public.wording_test FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (person_id = ( SELECT public.rc_scope_person() AS rc_scope_person))));
CREATE POLICY changed ON public.employee_name FOR UPDATE USING ((shop_id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops))) WITH CHECK (((shop_id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops)) AND (decided_by = ( SELECT public.rc_scope_person() AS rc_scope_person))));
CREATE POLICY changed ON public.enrolment AS RESTRICTIVE FOR UPDATE USING (((shop_id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops)) AND (programme_id IN ( SELECT public.rc_managed_programmes() AS rc_managed_programmes))));
CREATE POLICY changed ON public.shop AS RESTRICTIVE FOR UPDATE USING ((id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops)));
ALTER TABLE public.collecting ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.contest ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.contest_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.dead_address ENABLE ROW LEVEL SECURITY;
CREATE POLICY decided ON public.employee_name FOR INSERT WITH CHECK (((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)) AND (shop_id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops)) AND (decided_by = ( SELECT public.rc_scope_person() AS rc_scope_person))));
ALTER TABLE public.earlier_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.earlier_promise ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.employee_name ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.erased_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.favourite ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.filtered_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.installation ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.intake_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.interview ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.interview_call ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY joined ON public.enrolment AS RESTRICTIVE FOR INSERT WITH CHECK (((shop_id IN ( SELECT public.rc_managed_shops() AS rc_managed_shops)) AND (programme_id IN ( SELECT public.rc_managed_programmes() AS rc_managed_programmes))));
CREATE POLICY logo_of_own ON public.organisation FOR UPDATE USING (((id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)) AND ( SELECT public.rc_manages_all() AS rc_manages_all)));
CREATE POLICY managed ON public.audit FOR INSERT WITH CHECK (((subject = 'person'::text) AND (by_id = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND (subject_id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited)))));
CREATE POLICY managed ON public.node FOR UPDATE USING ((id IN ( SELECT public.rc_managed_nodes() AS rc_managed_nodes)));
CREATE POLICY managed ON public.password_link USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (person_id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited))))) WITH CHECK (((person_id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited)
  WHERE m.wholly)) AND (asked_by = ( SELECT public.rc_scope_person() AS rc_scope_person))));
CREATE POLICY managed ON public.person FOR UPDATE USING ((id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited)
  WHERE m.wholly)));
CREATE POLICY managed ON public.person_grant USING ((node_id IN ( SELECT public.rc_managed_nodes() AS rc_managed_nodes))) WITH CHECK (((node_id IN ( SELECT public.rc_managed_nodes() AS rc_managed_nodes)) AND (person_id IN ( SELECT m.id
   FROM public.rc_managed_people() m(id, wholly, invited)))));
CREATE POLICY managed ON public.programme FOR UPDATE USING ((id IN ( SELECT public.rc_managed_programmes() AS rc_managed_programmes)));
ALTER TABLE public.message ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.month_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.month_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.month_mean ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.month_score ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.month_sum ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.node ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_organisation ON public.node FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (org_id IN ( SELECT s.org_id
   FROM public.shop s
  WHERE (s.id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))))));
ALTER TABLE public.opt_out ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.address_change USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)))) WITH CHECK (((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND (old_at IS NULL) AND (new_at IS NULL) AND (done_at IS NULL)));
CREATE POLICY own ON public.questionnaire_draft USING ((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation))) WITH CHECK ((org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)));
CREATE POLICY own ON public.wording_test FOR INSERT WITH CHECK (((person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY own_address ON public.timer FOR INSERT WITH CHECK (((kind = 'account.address'::text) AND (EXISTS ( SELECT 1
   FROM public.address_change c
  WHERE ((c.id = timer.subject_id) AND (c.person_id = ( SELECT public.rc_scope_person() AS rc_scope_person)))))));
CREATE POLICY own_name ON public.contest AS RESTRICTIVE FOR INSERT TO rc_web WITH CHECK (((made_by = ( SELECT public.rc_scope_person() AS rc_scope_person)) AND (state = 'open'::text)));
ALTER TABLE public.partial_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.password_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.person_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.programme ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.questionnaire ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.questionnaire_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.refresh ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reply ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.report_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.report_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.scope_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON public.employee_name FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (shop_id = ANY (( SELECT public.rc_seen_shops() AS rc_seen_shops)::bigint[]))));
CREATE POLICY seen ON public.programme FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (id IN ( SELECT e.programme_id
   FROM public.enrolment e)) OR (org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation)) OR ((( SELECT public.rc_scope_kind() AS rc_scope_kind) = 'token'::text) AND (EXISTS ( SELECT 1
   FROM public.sample s
  WHERE (s.programme_id = programme.id))))));
CREATE POLICY seen ON public.questionnaire FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR ((( SELECT public.rc_scope_kind() AS rc_scope_kind) = ANY (ARRAY['shops'::text, 'token'::text])) AND ((org_id IS NULL) OR (org_id = ( SELECT public.rc_scope_organisation() AS rc_scope_organisation)) OR (EXISTS ( SELECT 1
   FROM public.programme p
  WHERE ((p.org_id = questionnaire.org_id) AND ((p.questionnaire = questionnaire.key) OR (EXISTS ( SELECT 1
           FROM public.invitation i
          WHERE ((i.programme_id = p.id) AND (i.questionnaire_id = questionnaire.id))))))))))));
CREATE POLICY seen ON public.wording FOR SELECT USING ((( SELECT public.rc_is_worker() AS rc_is_worker) OR (org_id = ( SELECT public.rc_own_organisation() AS rc_own_organisation))));
ALTER TABLE public.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shop ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shop_week ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shop_week_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sign_in_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.survey_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.survey_probe ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.timer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.unclaimed_insurer ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.wording ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.wording_test ENABLE ROW LEVEL SECURITY;
GRANT USAGE ON SCHEMA programme_reader TO rc_web;
GRANT USAGE ON SCHEMA public TO rc_web;
GRANT USAGE ON SCHEMA public TO rc_worker;
GRANT USAGE ON SCHEMA public TO rc_sign_in;
REVOKE ALL ON FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.procrastinate_jobs TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_notify_queue_abort_job_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_notify_queue_abort_job_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_notify_queue_job_inserted_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_notify_queue_job_inserted_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_register_worker_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_register_worker_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_trigger_function_status_events_update_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_trigger_function_status_events_update_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_unlink_periodic_defers_v1() FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_unlink_periodic_defers_v1() TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_accounts_of(shop bigint, people jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_accounts_of(shop bigint, people jsonb) TO rc_web;
GRANT ALL ON FUNCTION public.rc_accounts_of(shop bigint, people jsonb) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_add_person(address text, called text, speaks text, key text, role text, node bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_add_person(address text, called text, speaks text, key text, role text, node bigint) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_add_place(kind text, called text, sorted text, above bigint, zone text, language text, key text, address text, phone text, tax_id text, licence text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_add_place(kind text, called text, sorted text, above bigint, zone text, language text, key text, address text, phone text, tax_id text, licence text) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_add_programme_node() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_add_root() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_add_shop_node() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_address_change(token bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_address_change(token bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_address_taken(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_address_taken(wanted text) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_begin_weeks() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_bind_session(session_hash bytea, refresh_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_bind_session(session_hash bytea, refresh_hash bytea) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_choose_password(token bytea, hash text, address bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_choose_password(token bytea, hash text, address bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_confirm_address(token bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_confirm_address(token bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_drop_partial() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_earlier_link(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_earlier_link(hash bytea) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_end_family(ended bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_end_interview() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_end_sessions() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_feed_alerts() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_feed_forget() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_feed_invitations() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_feed_samples() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_forgot_password(address text, nonce bytea, token bytea, at timestamp with time zone, ends timestamp with time zone, invited_ends timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_forgot_password(address text, nonce bytea, token bytea, at timestamp with time zone, ends timestamp with time zone, invited_ends timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_has_token(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_has_token(wanted bigint) TO rc_web;
GRANT ALL ON FUNCTION public.rc_has_token(wanted bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_held_nodes() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_held_nodes() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_history(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_history(wanted bigint) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_installation(wanted bigint, secret bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_installation(wanted bigint, secret bytea) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_invitation_by_token(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_invitation_by_token(hash bytea) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_is_invited(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_is_invited(wanted bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_is_worker() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_is_worker() TO rc_web;
GRANT ALL ON FUNCTION public.rc_is_worker() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_issue_refresh(wanted bigint, hash bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_issue_refresh(wanted bigint, hash bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_judge_contest() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_judge_employee() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_judge_grant() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_known_as(shop bigint, called text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_known_as(shop bigint, called text) TO rc_web;
GRANT ALL ON FUNCTION public.rc_known_as(shop bigint, called text) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_known_people(shop bigint, people jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_known_people(shop bigint, people jsonb) TO rc_web;
GRANT ALL ON FUNCTION public.rc_known_people(shop bigint, people jsonb) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_leave_out() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_licence(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_licence(wanted bigint) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_locked_until(wanted bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_locked_until(wanted bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_look_at_sample() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_look_at_silence() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_managed_nodes() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_managed_nodes() TO rc_web;
GRANT ALL ON FUNCTION public.rc_managed_nodes() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_managed_pcs() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_managed_pcs() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_managed_people() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_managed_people() TO rc_web;
GRANT ALL ON FUNCTION public.rc_managed_people() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_managed_programmes() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_managed_programmes() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_managed_shops() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_managed_shops() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_manages_all() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_manages_all() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_may_ask(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_may_ask(wanted text) TO rc_web;
GRANT ALL ON FUNCTION public.rc_may_ask(wanted text) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_newest_questionnaire(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_newest_questionnaire(wanted text) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_note_answer() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_answer_value() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_enrolment() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_hours() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_invitation() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_licence() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_months() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_place() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_programme() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_promise() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_note_shop() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_open_session(org bigint, hash bytea, what text, subject bigint, from_at timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_open_session(org bigint, hash bytea, what text, subject bigint, from_at timestamp with time zone, until timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_opt_out(wanted bigint, when_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_opt_out(wanted bigint, when_at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_own_organisation() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_own_organisation() TO rc_web;
GRANT ALL ON FUNCTION public.rc_own_organisation() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_pair(person_id bigint, name text, secret bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_pair(person_id bigint, name text, secret bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_pair_to_read(person_id bigint, name text, secret bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_pair_to_read(person_id bigint, name text, secret bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_password_link(token bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_password_link(token bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_people_at(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_people_at(wanted bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_people_of_shops() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_people_of_shops() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_person_for_sign_in(address text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_person_for_sign_in(address text) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_place_node() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_programmes_of(wanted bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_prune_feed() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_prune_feed() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_questionnaire_draft(token bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_questionnaire_draft(token bytea, at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_remove_place(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_remove_place(wanted bigint) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_revoke_pc(wanted bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_revoke_pc(wanted bigint, at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_rights(wanted bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_rotate(old bytea, fresh bytea, trying bytea, at timestamp with time zone, idle interval) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_rotate(old bytea, fresh bytea, trying bytea, at timestamp with time zone, idle interval) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_scope() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_scope() TO rc_web;
GRANT ALL ON FUNCTION public.rc_scope() TO rc_worker;
GRANT ALL ON FUNCTION public.rc_scope() TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_scope_ids() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_scope_ids() TO rc_web;
GRANT ALL ON FUNCTION public.rc_scope_ids() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_scope_kind() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_scope_kind() TO rc_web;
GRANT ALL ON FUNCTION public.rc_scope_kind() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_scope_organisation() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_scope_organisation() TO rc_web;
GRANT ALL ON FUNCTION public.rc_scope_organisation() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_scope_person() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_scope_person() TO rc_web;
GRANT ALL ON FUNCTION public.rc_scope_person() TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_sees_shop(wanted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_sees_shop(wanted bigint) TO rc_web;
GRANT ALL ON FUNCTION public.rc_sees_shop(wanted bigint) TO rc_worker;
REVOKE ALL ON FUNCTION public.rc_session(hash bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_session(hash bytea, at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_shop_is_called(called text, other_than bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_shop_is_called(called text, other_than bigint) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_sign_in_failed(wanted bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_sign_in_failed(wanted bytea, at timestamp with time zone) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_sign_in_good(wanted bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_sign_in_good(wanted bytea) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_sign_out(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_sign_out(hash bytea) TO rc_sign_in;
REVOKE ALL ON FUNCTION public.rc_signed(scope text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_stop_calls(wanted bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_stop_calls(wanted bigint, at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_stop_earlier(hash bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_stop_earlier(hash bytea, at timestamp with time zone) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_surveyed_insurers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_surveyed_insurers() TO rc_web;
REVOKE ALL ON FUNCTION public.rc_tell_shops(shops bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rc_tend_runs(mine text, alive text[], at timestamp with time zone, forgotten interval, dead interval, kept interval) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_tend_runs(mine text, alive text[], at timestamp with time zone, forgotten interval, dead interval, kept interval) TO rc_web;
REVOKE ALL ON FUNCTION public.rc_touch_person(wanted bigint, key text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rc_touch_person(wanted bigint, key text) TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.alert TO rc_worker;
GRANT SELECT ON TABLE public.alert TO rc_web;
GRANT UPDATE(state) ON TABLE public.alert TO rc_web;
GRANT UPDATE(version) ON TABLE public.alert TO rc_web;
GRANT UPDATE(last_key) ON TABLE public.alert TO rc_web;
GRANT UPDATE(owner_id) ON TABLE public.alert TO rc_web;
GRANT UPDATE(changed_by) ON TABLE public.alert TO rc_web;
GRANT UPDATE(changed_at) ON TABLE public.alert TO rc_web;
GRANT UPDATE(cause) ON TABLE public.alert TO rc_web;
GRANT UPDATE(action) ON TABLE public.alert TO rc_web;
GRANT UPDATE(outcome) ON TABLE public.alert TO rc_web;
GRANT UPDATE(ended_by) ON TABLE public.alert TO rc_web;
GRANT UPDATE(ended_at) ON TABLE public.alert TO rc_web;
GRANT SELECT,INSERT ON TABLE public.programme TO rc_web;
GRANT SELECT ON TABLE public.programme TO rc_worker;
GRANT UPDATE(name) ON TABLE public.programme TO rc_web;
GRANT UPDATE(match_codes) ON TABLE public.programme TO rc_web;
GRANT UPDATE(match_names) ON TABLE public.programme TO rc_web;
GRANT UPDATE(ageing_days) ON TABLE public.programme TO rc_web;
GRANT UPDATE(not_before_delivery) ON TABLE public.programme TO rc_web;
GRANT UPDATE(questionnaire) ON TABLE public.programme TO rc_web;
GRANT UPDATE(active) ON TABLE public.programme TO rc_web;
GRANT UPDATE(reminder_days) ON TABLE public.programme TO rc_web;
GRANT UPDATE(throttle_days) ON TABLE public.programme TO rc_web;
GRANT UPDATE(alert_at_most) ON TABLE public.programme TO rc_web;
GRANT UPDATE(alert_hours) ON TABLE public.programme TO rc_web;
GRANT UPDATE(recovery_demanded) ON TABLE public.programme TO rc_web;
GRANT UPDATE(version) ON TABLE public.programme TO rc_web;
GRANT UPDATE(last_key) ON TABLE public.programme TO rc_web;
GRANT UPDATE(names) ON TABLE public.programme TO rc_web;
GRANT UPDATE(codes) ON TABLE public.programme TO rc_web;
GRANT UPDATE(publishing) ON TABLE public.programme TO rc_web;
GRANT UPDATE(channels) ON TABLE public.programme TO rc_web;
GRANT INSERT(shows_contact),UPDATE(shows_contact) ON TABLE public.programme TO rc_web;
GRANT INSERT(shows_recovery),UPDATE(shows_recovery) ON TABLE public.programme TO rc_web;
GRANT INSERT(alert_unreached),UPDATE(alert_unreached) ON TABLE public.programme TO rc_web;
GRANT INSERT(alert_silent),UPDATE(alert_silent) ON TABLE public.programme TO rc_web;
GRANT SELECT ON TABLE programme_reader.alert TO rc_web;
GRANT SELECT ON TABLE public.answer TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.answer TO rc_worker;
GRANT INSERT(org_id) ON TABLE public.answer TO rc_web;
GRANT INSERT(shop_id) ON TABLE public.answer TO rc_web;
GRANT INSERT(invitation_id) ON TABLE public.answer TO rc_web;
GRANT INSERT(programme_id) ON TABLE public.answer TO rc_web;
GRANT INSERT(submitted_at) ON TABLE public.answer TO rc_web;
GRANT INSERT(visible_from) ON TABLE public.answer TO rc_web;
GRANT INSERT(comment),UPDATE(comment) ON TABLE public.answer TO rc_web;
GRANT INSERT(language) ON TABLE public.answer TO rc_web;
GRANT INSERT(channel) ON TABLE public.answer TO rc_web;
GRANT SELECT ON TABLE programme_reader.answer TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.answer_choice TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.answer_choice TO rc_worker;
GRANT SELECT ON TABLE programme_reader.answer_choice TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.answer_text TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.answer_text TO rc_worker;
GRANT SELECT ON TABLE programme_reader.answer_text TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answer_value TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answer_value TO rc_worker;
GRANT SELECT ON TABLE programme_reader.answer_value TO rc_web;
GRANT SELECT,INSERT ON TABLE public.contest TO rc_web;
GRANT SELECT,UPDATE ON TABLE public.contest TO rc_worker;
GRANT UPDATE(reason) ON TABLE public.contest TO rc_web;
GRANT UPDATE(evidence) ON TABLE public.contest TO rc_web;
GRANT UPDATE(state) ON TABLE public.contest TO rc_web;
GRANT UPDATE(version) ON TABLE public.contest TO rc_web;
GRANT UPDATE(last_key) ON TABLE public.contest TO rc_web;
GRANT UPDATE(made_by) ON TABLE public.contest TO rc_web;
GRANT UPDATE(made_at) ON TABLE public.contest TO rc_web;
GRANT UPDATE(ends_at) ON TABLE public.contest TO rc_web;
GRANT UPDATE(decided_by) ON TABLE public.contest TO rc_web;
GRANT UPDATE(decided_at) ON TABLE public.contest TO rc_web;
GRANT UPDATE(note) ON TABLE public.contest TO rc_web;
GRANT SELECT ON TABLE programme_reader.contest TO rc_web;
GRANT SELECT,INSERT ON TABLE public.enrolment TO rc_web;
GRANT SELECT ON TABLE public.enrolment TO rc_worker;
GRANT UPDATE(active) ON TABLE public.enrolment TO rc_web;
GRANT SELECT ON TABLE programme_reader.enrolment TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO rc_worker;
GRANT SELECT ON TABLE programme_reader.invitation TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.job TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.job TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.sample TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.sample TO rc_worker;
GRANT SELECT ON TABLE programme_reader.job TO rc_web;
GRANT SELECT ON TABLE public.month_answer TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.month_answer TO rc_worker;
GRANT SELECT ON TABLE programme_reader.month_answer TO rc_web;
GRANT SELECT ON TABLE public.month_change TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.month_change TO rc_worker;
GRANT SELECT ON TABLE programme_reader.month_change TO rc_web;
GRANT SELECT ON TABLE public.month_mean TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.month_mean TO rc_worker;
GRANT SELECT ON TABLE programme_reader.month_mean TO rc_web;
GRANT SELECT ON TABLE public.month_score TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.month_score TO rc_worker;
GRANT SELECT ON TABLE programme_reader.month_score TO rc_web;
GRANT SELECT ON TABLE public.month_sum TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.month_sum TO rc_worker;
GRANT SELECT ON TABLE programme_reader.month_sum TO rc_web;
GRANT SELECT ON TABLE programme_reader.programme TO rc_web;
GRANT SELECT,INSERT ON TABLE public.questionnaire TO rc_web;
GRANT SELECT ON TABLE public.questionnaire TO rc_worker;
GRANT SELECT ON TABLE programme_reader.questionnaire TO rc_web;
GRANT SELECT ON TABLE programme_reader.sample TO rc_web;
GRANT SELECT ON TABLE public.shop TO rc_web;
GRANT SELECT ON TABLE public.shop TO rc_worker;
GRANT UPDATE(name) ON TABLE public.shop TO rc_web;
GRANT UPDATE(sort_key) ON TABLE public.shop TO rc_web;
GRANT UPDATE(zone) ON TABLE public.shop TO rc_web;
GRANT UPDATE(language) ON TABLE public.shop TO rc_web;
GRANT UPDATE(address) ON TABLE public.shop TO rc_web;
GRANT UPDATE(tax_id) ON TABLE public.shop TO rc_web;
GRANT UPDATE(licence) ON TABLE public.shop TO rc_web;
GRANT UPDATE(phone) ON TABLE public.shop TO rc_web;
GRANT SELECT ON TABLE programme_reader.shop TO rc_web;
GRANT INSERT ON TABLE public.address_change TO rc_web;
GRANT SELECT ON TABLE public.address_change TO rc_worker;
GRANT SELECT(org_id) ON TABLE public.address_change TO rc_web;
GRANT SELECT(id) ON TABLE public.address_change TO rc_web;
GRANT SELECT(person_id) ON TABLE public.address_change TO rc_web;
GRANT SELECT(address) ON TABLE public.address_change TO rc_web;
GRANT SELECT(made_at) ON TABLE public.address_change TO rc_web;
GRANT SELECT(ends_at) ON TABLE public.address_change TO rc_web;
GRANT SELECT(old_at) ON TABLE public.address_change TO rc_web;
GRANT SELECT(new_at) ON TABLE public.address_change TO rc_web;
GRANT SELECT(done_at) ON TABLE public.address_change TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.alert_choice TO rc_web;
GRANT SELECT ON TABLE public.alert_choice TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.alert_mail TO rc_worker;
GRANT USAGE ON SEQUENCE public.answer_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.answer_id_seq TO rc_worker;
GRANT INSERT ON TABLE public.audit TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.collecting TO rc_web;
GRANT SELECT(shop_id) ON TABLE public.collecting TO rc_worker;
GRANT SELECT(seen_at) ON TABLE public.collecting TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.contest_mail TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_address TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.earlier_link TO rc_worker;
GRANT SELECT ON TABLE public.earlier_promise TO rc_web;
GRANT SELECT ON TABLE public.earlier_promise TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.employee_name TO rc_web;
GRANT SELECT ON TABLE public.employee_name TO rc_worker;
GRANT UPDATE(known_as) ON TABLE public.employee_name TO rc_web;
GRANT UPDATE(decided_by) ON TABLE public.employee_name TO rc_web;
GRANT UPDATE(decided_at) ON TABLE public.employee_name TO rc_web;
GRANT UPDATE(person_id) ON TABLE public.employee_name TO rc_web;
GRANT SELECT,INSERT ON TABLE public.erased_job TO rc_web;
GRANT SELECT,INSERT ON TABLE public.event TO rc_web;
GRANT SELECT,INSERT ON TABLE public.event TO rc_worker;
GRANT SELECT ON TABLE public.external_benchmark TO rc_web;
GRANT SELECT ON TABLE public.external_benchmark TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.favourite TO rc_web;
GRANT USAGE ON SEQUENCE public.favourite_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.favourite_id_seq TO rc_worker;
GRANT SELECT ON TABLE public.feed TO rc_web;
GRANT SELECT ON TABLE public.feed TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.filtered_job TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.filtered_job TO rc_worker;
GRANT SELECT(org_id) ON TABLE public.installation TO rc_worker;
GRANT SELECT(shops) ON TABLE public.installation TO rc_worker;
GRANT SELECT(revoked_at) ON TABLE public.installation TO rc_worker;
GRANT USAGE ON SEQUENCE public.installation_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.installation_id_seq TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.intake_key TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.intake_key TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.interview TO rc_worker;
GRANT SELECT ON TABLE public.interview TO rc_web;
GRANT UPDATE(state) ON TABLE public.interview TO rc_web;
GRANT UPDATE(due_at) ON TABLE public.interview TO rc_web;
GRANT UPDATE(is_appointment) ON TABLE public.interview TO rc_web;
GRANT UPDATE(attempts) ON TABLE public.interview TO rc_web;
GRANT UPDATE(outcome) ON TABLE public.interview TO rc_web;
GRANT UPDATE(agent_id) ON TABLE public.interview TO rc_web;
GRANT UPDATE(taken_at) ON TABLE public.interview TO rc_web;
GRANT UPDATE(dialled) ON TABLE public.interview TO rc_web;
GRANT SELECT,INSERT ON TABLE public.interview_call TO rc_web;
GRANT SELECT ON TABLE public.interview_call TO rc_worker;
GRANT UPDATE(ended_at) ON TABLE public.interview_call TO rc_web;
GRANT UPDATE(outcome) ON TABLE public.interview_call TO rc_web;
GRANT USAGE ON SEQUENCE public.invitation_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.invitation_id_seq TO rc_worker;
GRANT USAGE ON SEQUENCE public.job_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.job_id_seq TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO rc_worker;
GRANT USAGE ON SEQUENCE public.message_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.message_id_seq TO rc_worker;
GRANT SELECT ON TABLE public.node TO rc_web;
GRANT SELECT ON TABLE public.node TO rc_worker;
GRANT UPDATE(parent_id) ON TABLE public.node TO rc_web;
GRANT UPDATE(name) ON TABLE public.node TO rc_web;
GRANT UPDATE(opening) ON TABLE public.node TO rc_web;
GRANT UPDATE(closed) ON TABLE public.node TO rc_web;
GRANT UPDATE(version) ON TABLE public.node TO rc_web;
GRANT UPDATE(last_key) ON TABLE public.node TO rc_web;
GRANT SELECT,INSERT ON TABLE public.opt_out TO rc_worker;
GRANT SELECT ON TABLE public.organisation TO rc_worker;
GRANT SELECT(id) ON TABLE public.organisation TO rc_web;
GRANT SELECT(name) ON TABLE public.organisation TO rc_web;
GRANT SELECT(licence_until) ON TABLE public.organisation TO rc_web;
GRANT SELECT(surveys) ON TABLE public.organisation TO rc_web;
GRANT SELECT(logo),UPDATE(logo) ON TABLE public.organisation TO rc_web;
GRANT SELECT(modules) ON TABLE public.organisation TO rc_web;
GRANT USAGE ON SEQUENCE public.organisation_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.organisation_id_seq TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.partial_answer TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.partial_answer TO rc_worker;
GRANT INSERT ON TABLE public.password_link TO rc_web;
GRANT SELECT ON TABLE public.password_link TO rc_worker;
GRANT SELECT(org_id) ON TABLE public.password_link TO rc_web;
GRANT SELECT(id) ON TABLE public.password_link TO rc_web;
GRANT SELECT(person_id) ON TABLE public.password_link TO rc_web;
GRANT SELECT(made_at) ON TABLE public.password_link TO rc_web;
GRANT SELECT(ends_at) ON TABLE public.password_link TO rc_web;
GRANT SELECT(used_at) ON TABLE public.password_link TO rc_web;
GRANT SELECT(org_id) ON TABLE public.person TO rc_web;
GRANT SELECT(org_id) ON TABLE public.person TO rc_worker;
GRANT SELECT(id) ON TABLE public.person TO rc_web;
GRANT SELECT(id) ON TABLE public.person TO rc_worker;
GRANT SELECT(email) ON TABLE public.person TO rc_worker;
GRANT SELECT(email) ON TABLE public.person TO rc_web;
GRANT SELECT(name),UPDATE(name) ON TABLE public.person TO rc_web;
GRANT SELECT(name) ON TABLE public.person TO rc_worker;
GRANT SELECT(language),UPDATE(language) ON TABLE public.person TO rc_web;
GRANT SELECT(language) ON TABLE public.person TO rc_worker;
GRANT SELECT(active),UPDATE(active) ON TABLE public.person TO rc_web;
GRANT SELECT(active) ON TABLE public.person TO rc_worker;
GRANT SELECT(version) ON TABLE public.person TO rc_web;
GRANT SELECT(last_key) ON TABLE public.person TO rc_web;
GRANT SELECT(signed_in_at) ON TABLE public.person TO rc_web;
GRANT SELECT,INSERT,DELETE ON TABLE public.person_grant TO rc_web;
GRANT USAGE ON SEQUENCE public.person_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.person_id_seq TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.procrastinate_events TO rc_worker;
GRANT USAGE ON SEQUENCE public.procrastinate_events_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.procrastinate_events_id_seq TO rc_worker;
GRANT USAGE ON SEQUENCE public.procrastinate_jobs_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.procrastinate_jobs_id_seq TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.procrastinate_periodic_defers TO rc_worker;
GRANT USAGE ON SEQUENCE public.procrastinate_periodic_defers_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.procrastinate_periodic_defers_id_seq TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.procrastinate_workers TO rc_worker;
GRANT USAGE ON SEQUENCE public.procrastinate_workers_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.procrastinate_workers_id_seq TO rc_worker;
GRANT USAGE ON SEQUENCE public.programme_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.programme_id_seq TO rc_worker;
GRANT SELECT,INSERT,DELETE ON TABLE public.questionnaire_draft TO rc_web;
GRANT SELECT,DELETE ON TABLE public.questionnaire_draft TO rc_worker;
GRANT USAGE ON SEQUENCE public.questionnaire_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.questionnaire_id_seq TO rc_worker;
GRANT SELECT ON TABLE public.reply TO rc_web;
GRANT SELECT,INSERT ON TABLE public.reply TO rc_worker;
GRANT UPDATE(words) ON TABLE public.reply TO rc_web;
GRANT UPDATE(words) ON TABLE public.reply TO rc_worker;
GRANT UPDATE(told_at) ON TABLE public.reply TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.report_part TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.report_run TO rc_web;
GRANT USAGE ON SEQUENCE public.sample_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.sample_id_seq TO rc_worker;
GRANT USAGE ON SEQUENCE public.shop_id_seq TO rc_web;
GRANT USAGE ON SEQUENCE public.shop_id_seq TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.shop_week TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.shop_week_mail TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_page TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_page TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_probe TO rc_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.survey_probe TO rc_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE public.timer TO rc_web;
GRANT SELECT,INSERT,UPDATE ON TABLE public.timer TO rc_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.unclaimed_insurer TO rc_web;
GRANT SELECT,INSERT ON TABLE public.wording TO rc_web;
GRANT SELECT ON TABLE public.wording TO rc_worker;
GRANT SELECT,INSERT ON TABLE public.wording_test TO rc_web;
GRANT SELECT ON TABLE public.wording_test TO rc_worker;
