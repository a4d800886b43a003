CREATE TABLE "access_review" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"instructions" text,
	"application_id" uuid NOT NULL,
	"reviewers" text NOT NULL,
	"reviewer_ids" jsonb NOT NULL,
	"consequence" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"started_by" uuid NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"escalated_at" timestamp (3) with time zone,
	"escalated_until" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"gaps" jsonb NOT NULL,
	"left_out" jsonb NOT NULL,
	CONSTRAINT "access_review_state" CHECK (state in ('open', 'escalated', 'closed', 'called_off')),
	CONSTRAINT "access_review_reviewers" CHECK (reviewers in ('manager', 'owners', 'people')),
	CONSTRAINT "access_review_consequence" CHECK (consequence in ('visible', 'revoke', 'escalate')),
	CONSTRAINT "access_review_named" CHECK ((reviewers = 'people') = (jsonb_array_length(reviewer_ids) > 0))
);
--> statement-breakpoint
CREATE TABLE "access_review_line" (
	"id" uuid PRIMARY KEY NOT NULL,
	"access_review_id" uuid NOT NULL,
	"entitlement_id" uuid NOT NULL,
	"grant_id" uuid,
	"account" jsonb,
	"person_id" uuid,
	"decision" text,
	"reason" text,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone,
	"missed_at" timestamp (3) with time zone,
	"over_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"revoke_problem" text,
	"finding_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "access_review_line_about" CHECK ((grant_id is null) <> (account is null)),
	CONSTRAINT "access_review_line_decision" CHECK (decision is null or decision in ('keep', 'remove')),
	CONSTRAINT "access_review_line_decided" CHECK ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null) and (decision is null or reason is not null))
);
--> statement-breakpoint
ALTER TABLE "timeline" DROP CONSTRAINT "timeline_subject";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_kind";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_subject";--> statement-breakpoint
ALTER TABLE "access_review" ADD CONSTRAINT "access_review_application_id_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."application"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review" ADD CONSTRAINT "access_review_started_by_person_id_fk" FOREIGN KEY ("started_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_access_review_id_access_review_id_fk" FOREIGN KEY ("access_review_id") REFERENCES "public"."access_review"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_decided_by_person_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_review_line" ADD CONSTRAINT "access_review_line_finding_id_finding_id_fk" FOREIGN KEY ("finding_id") REFERENCES "public"."finding"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "access_review_one_open" ON "access_review" USING btree ("application_id") WHERE state in ('open', 'escalated');--> statement-breakpoint
CREATE INDEX "access_review_started" ON "access_review" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "access_review_line_lease" ON "access_review_line" USING btree ("access_review_id","grant_id") WHERE grant_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "access_review_line_account" ON "access_review_line" USING btree ("access_review_id","entitlement_id",(account ->> 'id')) WHERE account is not null;--> statement-breakpoint
CREATE INDEX "access_review_line_review" ON "access_review_line" USING btree ("access_review_id");--> statement-breakpoint
CREATE INDEX "access_review_line_grant" ON "access_review_line" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "access_review_line_person" ON "access_review_line" USING btree ("person_id");--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_subject" CHECK (subject_type in ('request', 'grant', 'policy', 'application', 'connection', 'person', 'organisation', 'task', 'group', 'separation', 'scim_client', 'access_review'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'escalate', 'remind', 'check', 'send', 'event', 'probe', 'sync', 'drift', 'drill', 'remove', 'checkpoint', 'retention', 'deliver', 'review_remind', 'review_due'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_subject" CHECK (subject_type in ('grant', 'request', 'mail', 'event', 'organisation', 'connection', 'finding', 'receiver', 'access_review'));--> statement-breakpoint

-- An access review that is over stays so, and a removal that was decided is never undone.
CREATE FUNCTION access_review_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('closed', 'called_off') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'access review % is % and stays so', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER access_review_final BEFORE UPDATE ON "access_review" FOR EACH ROW EXECUTE FUNCTION access_review_final();--> statement-breakpoint
CREATE FUNCTION access_review_line_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.decision = 'remove' AND NEW.decision IS DISTINCT FROM OLD.decision THEN
    RAISE EXCEPTION 'line % was decided and stays so', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER access_review_line_final BEFORE UPDATE ON "access_review_line" FOR EACH ROW EXECUTE FUNCTION access_review_line_final();
