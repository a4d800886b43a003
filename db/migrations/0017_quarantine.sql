CREATE TABLE "installation" (
	"row" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"id" uuid NOT NULL,
	"system_identifier" text,
	"database_oid" bigint NOT NULL,
	"timeline" integer,
	"marked_at" timestamp (3) with time zone,
	CONSTRAINT "installation_one_row" CHECK ("installation"."row" = 1)
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"id" uuid PRIMARY KEY NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	"why" text[] NOT NULL,
	"link" bigint NOT NULL,
	"lost" jsonb,
	"checkpoints_read" boolean NOT NULL,
	"sessions" integer NOT NULL,
	"links" integer NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" uuid,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "quarantine_difference" (
	"id" uuid PRIMARY KEY NOT NULL,
	"quarantine_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"entitlement_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"grant_id" uuid,
	"account" jsonb,
	"read_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "quarantine_difference_kind" CHECK (kind in ('missing', 'stranger', 'over'))
);
--> statement-breakpoint
CREATE TABLE "quarantine_reading" (
	"quarantine_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"listed" boolean NOT NULL,
	"problem" text,
	CONSTRAINT "quarantine_reading_quarantine_id_connection_id_pk" PRIMARY KEY("quarantine_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "quarantine" ADD CONSTRAINT "quarantine_ended_by_person_id_fk" FOREIGN KEY ("ended_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_difference" ADD CONSTRAINT "quarantine_difference_quarantine_id_quarantine_id_fk" FOREIGN KEY ("quarantine_id") REFERENCES "public"."quarantine"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_difference" ADD CONSTRAINT "quarantine_difference_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_difference" ADD CONSTRAINT "quarantine_difference_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_difference" ADD CONSTRAINT "quarantine_difference_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_reading" ADD CONSTRAINT "quarantine_reading_quarantine_id_quarantine_id_fk" FOREIGN KEY ("quarantine_id") REFERENCES "public"."quarantine"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantine_reading" ADD CONSTRAINT "quarantine_reading_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_open" ON "quarantine" USING btree ((ended_at is null)) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "quarantine_difference_of" ON "quarantine_difference" USING btree ("quarantine_id","kind");--> statement-breakpoint
CREATE INDEX "quarantine_difference_connection" ON "quarantine_difference" USING btree ("connection_id");--> statement-breakpoint

-- What tells this database from every other. What cannot be read here, on a managed PostgreSQL perhaps, is null. The
-- timeline is asked of the log that is written now: the control file learns of a new one a moment later.
CREATE FUNCTION leasehold_stamp(OUT system_identifier text, OUT database_oid bigint, OUT timeline integer)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT d.oid INTO database_oid FROM pg_database d WHERE d.datname = current_database();
  BEGIN
    SELECT c.system_identifier::text INTO system_identifier FROM pg_control_system() c;
  EXCEPTION WHEN OTHERS THEN
    system_identifier := NULL;
  END;
  BEGIN
    timeline := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;
  EXCEPTION WHEN OTHERS THEN
    timeline := NULL;
  END;
END $$;--> statement-breakpoint

-- Whether nothing may leave: a quarantine is open, or this is not the database that the product knew, noticed or not.
-- Asked by whatever claims work and by the door to the outside, so that no process has to know.
CREATE FUNCTION leasehold_quarantined() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "quarantine" WHERE ended_at IS NULL)
    OR EXISTS (
      SELECT FROM "installation" i CROSS JOIN leasehold_stamp() s
      WHERE i.database_oid <> s.database_oid OR i.system_identifier <> s.system_identifier OR i.timeline <> s.timeline
    )
$$;--> statement-breakpoint

-- What was said at the end of a quarantine stays; its beginning is not unsaid.
CREATE FUNCTION quarantine_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a quarantine that is over stays as it is';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER quarantine_immutable BEFORE UPDATE OR DELETE ON "quarantine"
FOR EACH ROW EXECUTE FUNCTION quarantine_stays();
