CREATE TABLE "attestation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"grant_id" uuid NOT NULL,
	"right_over_at" timestamp (3) with time zone NOT NULL,
	"seat" integer NOT NULL,
	"person_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "attestation_seat" CHECK (seat in (1, 2))
);
--> statement-breakpoint
CREATE TABLE "heartbeat" (
	"name" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"bound_seconds" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attestation" ADD CONSTRAINT "attestation_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attestation_once" ON "attestation" USING btree ("grant_id","right_over_at","seat");--> statement-breakpoint
CREATE INDEX "attestation_person" ON "attestation" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "attempt_started" ON "attempt" USING brin ("started_at");--> statement-breakpoint
CREATE INDEX "grant_alarmed" ON "grant" USING btree ("overdue_since") WHERE overdue_since is not null;--> statement-breakpoint
CREATE INDEX "grant_lateness" ON "grant" USING btree ("late_ms") WHERE verified;--> statement-breakpoint

-- What should be gone and is not seen gone yet, from the rows and the database's own clock. No process has to be
-- right, or alive, for it to be true: the end stands in the grant, the moment it is overdue in the alarm that is armed
-- from when the end is known. Where that is missing, which is a fault of its own, a minute is all there is.
CREATE VIEW "should_be_gone" AS
SELECT g.id AS grant_id, g.application_id, g.over_at, o.overdue_from, o.overdue_from <= c.now AS overdue,
  greatest(0, extract(epoch FROM c.now - g.over_at))::float8 AS late_seconds
FROM (SELECT leasehold_now() AS now OFFSET 0) c
CROSS JOIN LATERAL (
  SELECT id, application_id, right_over_at AS over_at, overdue_since FROM "grant" WHERE state = 'revoking'
  UNION ALL
  SELECT id, application_id, ends_at, overdue_since FROM "grant"
  WHERE state IN ('provisioning', 'active') AND NOT preexisting AND first_give_at IS NOT NULL AND ends_at <= c.now
) g
LEFT JOIN "work" a ON a.kind = 'alarm' AND a.subject_id = g.id
CROSS JOIN LATERAL (
  SELECT coalesce(g.overdue_since, a.due_at, g.over_at + interval '1 minute') AS overdue_from
) o;--> statement-breakpoint

-- One row: whether anything goes over what is due, and what is due and overdue. Unshifted time for the scheduler.
CREATE VIEW "watchdog" AS
SELECT h.beat_at, extract(epoch FROM h.wall - h.beat_at)::float8 AS silent_seconds, coalesce(h.alive, false) AS alive,
  d.due, d.overdue, d.longest_seconds
FROM (
  SELECT max(t.wall) AS wall, max(b.at) AS beat_at, bool_or(b.at + b.bound_seconds * interval '1 second' > t.wall) AS alive
  FROM (SELECT clock_timestamp() AS wall OFFSET 0) t LEFT JOIN "heartbeat" b ON true
) h
CROSS JOIN (
  SELECT count(*)::int AS due, count(*) FILTER (WHERE overdue)::int AS overdue,
    coalesce(max(late_seconds) FILTER (WHERE overdue), 0)::float8 AS longest_seconds
  FROM "should_be_gone"
) d;--> statement-breakpoint

-- What somebody stated is not unsaid.
CREATE TRIGGER attestation_immutable BEFORE UPDATE OR DELETE ON "attestation" FOR EACH ROW EXECUTE FUNCTION refuse_change();
