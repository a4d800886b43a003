-- The rules that no code path may get around, kept by the database itself.
INSERT INTO "clock" ("id", "offset_ms") VALUES (1, 0);--> statement-breakpoint

-- The only judge of time: the primary's clock, moved by the stored offset (always 0 in production).
CREATE FUNCTION leasehold_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp() + (SELECT offset_ms FROM "clock") * interval '1 millisecond')
$$;--> statement-breakpoint

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
CREATE TRIGGER timeline_append_only BEFORE UPDATE OR DELETE ON "timeline" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER timeline_no_truncate BEFORE TRUNCATE ON "timeline" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER policy_version_immutable BEFORE UPDATE OR DELETE ON "policy_version" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON "decision" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint

-- One transition, one entry: versions of a subject have no gap.
CREATE FUNCTION timeline_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last integer;
BEGIN
  SELECT max(version) INTO last FROM "timeline" WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;
  IF NEW.version <> coalesce(last, 0) + 1 THEN
    RAISE EXCEPTION 'timeline of % % would jump from % to %', NEW.subject_type, NEW.subject_id, coalesce(last, 0), NEW.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER timeline_gapless BEFORE INSERT ON "timeline" FOR EACH ROW EXECUTE FUNCTION timeline_gapless();--> statement-breakpoint

-- The first decision wins: an ended request stays as it ended.
CREATE FUNCTION request_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'request % is % and stays so', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER request_final BEFORE UPDATE ON "request" FOR EACH ROW EXECUTE FUNCTION request_final();--> statement-breakpoint

CREATE FUNCTION clock_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offset_ms < OLD.offset_ms THEN
    RAISE EXCEPTION 'the clock only moves forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER clock_only_grows BEFORE UPDATE ON "clock" FOR EACH ROW EXECUTE FUNCTION clock_only_grows();--> statement-breakpoint

-- A nudge for the loop: something is due sooner than it may think.
CREATE FUNCTION work_nudge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('leasehold_work', '');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER work_nudge_insert AFTER INSERT ON "work" FOR EACH STATEMENT EXECUTE FUNCTION work_nudge();--> statement-breakpoint
CREATE TRIGGER work_nudge_update AFTER UPDATE OF "due_at" ON "work" FOR EACH STATEMENT EXECUTE FUNCTION work_nudge();
