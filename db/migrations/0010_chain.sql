CREATE TABLE "checkpoint" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"from_seq" bigint NOT NULL,
	"jws" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "checkpoint_delivery" (
	"channel" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"error" text,
	CONSTRAINT "checkpoint_delivery_channel" CHECK (channel in ('file', 'webhook', 'mail'))
);
--> statement-breakpoint
CREATE TABLE "seal" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	"payload_hash" text NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "seal_entry_id_unique" UNIQUE("entry_id"),
	CONSTRAINT "seal_from_one" CHECK ("seal"."seq" >= 1),
	CONSTRAINT "seal_hashes" CHECK ("seal"."payload_hash" ~ '^[0-9a-f]{64}$' and "seal"."hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "unsealed" (
	"entry_id" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_kind";--> statement-breakpoint
ALTER TABLE "timeline" ADD COLUMN "salt" uuid DEFAULT gen_random_uuid();--> statement-breakpoint
ALTER TABLE "timeline" ADD COLUMN "erased_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "payload_days" integer;--> statement-breakpoint
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_seq_seal_seq_fk" FOREIGN KEY ("seq") REFERENCES "public"."seal"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seal" ADD CONSTRAINT "seal_entry_id_timeline_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."timeline"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_erased" CHECK ((erased_at is null) = (salt is not null));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'escalate', 'remind', 'check', 'send', 'event', 'probe', 'sync', 'drift', 'drill', 'remove', 'checkpoint', 'retention'));--> statement-breakpoint
ALTER TABLE "organisation" ADD CONSTRAINT "organisation_payload_days" CHECK ("organisation"."payload_days" between 30 and 36500);--> statement-breakpoint
-- The chain only grows, without a gap.
CREATE FUNCTION seal_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
  SELECT max(seq) INTO last FROM "seal";
  IF NEW.seq <> coalesce(last, 0) + 1 THEN
    RAISE EXCEPTION 'the chain would jump from % to %', coalesce(last, 0), NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER seal_gapless BEFORE INSERT ON "seal" FOR EACH ROW EXECUTE FUNCTION seal_gapless();--> statement-breakpoint
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON "seal" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON "seal" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint

-- Every entry waits for its seal from the moment it is committed: what was written before is sealed the same way.
INSERT INTO "unsealed" ("entry_id") SELECT "id" FROM "timeline";--> statement-breakpoint
CREATE FUNCTION timeline_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "unsealed" ("entry_id") SELECT "id" FROM written;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER timeline_unsealed AFTER INSERT ON "timeline" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION timeline_unsealed();--> statement-breakpoint

-- The one exception of the append-only timeline: a sealed payload may become nothing, once, in the transaction that
-- wrote the entry saying so (named in leasehold.erasure). Nothing else of the row may move, and no such entry itself.
CREATE FUNCTION timeline_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.salt IS NULL AND NEW.data = '{"erased": true}'::jsonb
    AND OLD.verb <> 'erased'
    AND to_jsonb(NEW) - ARRAY['data', 'salt', 'erased_at'] = to_jsonb(OLD) - ARRAY['data', 'salt', 'erased_at']
    AND EXISTS (SELECT FROM "seal" WHERE entry_id = OLD.id)
    AND EXISTS (
      SELECT FROM "timeline" record
      WHERE record.id = nullif(current_setting('leasehold.erasure', true), '')::bigint
        AND record.verb = 'erased' AND record.xmin = pg_current_xact_id()::xid
    )
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;--> statement-breakpoint
DROP TRIGGER timeline_append_only ON "timeline";--> statement-breakpoint
CREATE TRIGGER timeline_append_only BEFORE UPDATE OR DELETE ON "timeline" FOR EACH ROW EXECUTE FUNCTION timeline_guard();
--> statement-breakpoint
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON "checkpoint" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON "checkpoint" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
