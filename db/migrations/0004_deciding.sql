CREATE TABLE "separation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"reason" text NOT NULL,
	"effect" text NOT NULL,
	"approvers" jsonb NOT NULL,
	"archived_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "separation_effect" CHECK (effect in ('refuse', 'extra_step'))
);
--> statement-breakpoint
CREATE TABLE "separation_entitlement" (
	"separation_id" uuid NOT NULL,
	"entitlement_id" uuid NOT NULL,
	CONSTRAINT "separation_entitlement_separation_id_entitlement_id_pk" PRIMARY KEY("separation_id","entitlement_id")
);
--> statement-breakpoint
CREATE TABLE "question" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"text" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"answer" text,
	"answered_by" uuid,
	"answered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "delegation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"substitute_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delegation_other" CHECK ("delegation"."person_id" <> "delegation"."substitute_id"),
	CONSTRAINT "delegation_order" CHECK ("delegation"."ends_at" >= "delegation"."starts_at")
);
--> statement-breakpoint
ALTER TABLE "task" DROP CONSTRAINT "task_kind";--> statement-breakpoint
ALTER TABLE "timeline" DROP CONSTRAINT "timeline_subject";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_kind";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_subject";--> statement-breakpoint
DROP INDEX "decision_once";--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "frozen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "frozen_by" uuid;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "frozen_reason" text;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "paused_reason" text;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "round" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "for_id" uuid;--> statement-breakpoint
ALTER TABLE "decision" ADD COLUMN "start_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "grant" ADD COLUMN "grace_given" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "grant" ADD COLUMN "emergency" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "link" ADD COLUMN "round" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "steps" jsonb;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "step_opened_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "escalated" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "reassigned" jsonb;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "round" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "approval" text DEFAULT 'people' NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "ask_id" uuid;--> statement-breakpoint
ALTER TABLE "request" ADD COLUMN "decide_from" timestamp (3) with time zone;--> statement-breakpoint
-- What was asked before goes through the steps of its policy; its present step counts as opened when it was asked.
UPDATE "request" r SET "steps" = v.definition -> 'steps', "step_opened_at" = r.asked_at, "ask_id" = r.id, "decide_from" = r.asked_at
FROM "policy_version" v WHERE v.id = r.policy_version_id;--> statement-breakpoint
ALTER TABLE "request" ALTER COLUMN "steps" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ALTER COLUMN "step_opened_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ALTER COLUMN "ask_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "request" ALTER COLUMN "decide_from" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "group" ADD COLUMN "deactivated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "frozen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "frozen_by" uuid;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "frozen_reason" text;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "email_key" text GENERATED ALWAYS AS (lower(regexp_replace(normalize(trim(email), NFKC), '[+][^@]*@', '@'))) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "separation_entitlement" ADD CONSTRAINT "separation_entitlement_separation_id_separation_id_fk" FOREIGN KEY ("separation_id") REFERENCES "public"."separation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "separation_entitlement" ADD CONSTRAINT "separation_entitlement_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question" ADD CONSTRAINT "question_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question" ADD CONSTRAINT "question_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question" ADD CONSTRAINT "question_answered_by_person_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_substitute_id_person_id_fk" FOREIGN KEY ("substitute_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "separation_name" ON "separation" USING btree (lower("name")) WHERE archived_at is null;--> statement-breakpoint
CREATE INDEX "separation_entitlement_of" ON "separation_entitlement" USING btree ("entitlement_id");--> statement-breakpoint
CREATE INDEX "question_request" ON "question" USING btree ("request_id","asked_at");--> statement-breakpoint
CREATE INDEX "delegation_person" ON "delegation" USING btree ("person_id","ends_at");--> statement-breakpoint
CREATE INDEX "delegation_substitute" ON "delegation" USING btree ("substitute_id","ends_at");--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_frozen_by_person_id_fk" FOREIGN KEY ("frozen_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision" ADD CONSTRAINT "decision_for_id_person_id_fk" FOREIGN KEY ("for_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation" ADD CONSTRAINT "organisation_frozen_by_person_id_fk" FOREIGN KEY ("frozen_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "grant_one_emergency" ON "grant" USING btree ("person_id") WHERE emergency and state in ('scheduled', 'provisioning', 'active');--> statement-breakpoint
CREATE INDEX "mail_request" ON "mail" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "request_ask" ON "request" USING btree ("ask_id");--> statement-breakpoint
CREATE INDEX "person_email_key" ON "person" USING btree ("email_key");--> statement-breakpoint
CREATE UNIQUE INDEX "decision_once" ON "decision" USING btree ("request_id","round","person_id");--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_approval" CHECK (approval in ('people', 'automatic', 'emergency'));--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_kind" CHECK (kind in ('give', 'take', 'review'));--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_subject" CHECK (subject_type in ('request', 'grant', 'policy', 'application', 'connection', 'person', 'organisation', 'task', 'group', 'separation'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'escalate', 'remind', 'check', 'send', 'event'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_subject" CHECK (subject_type in ('grant', 'request', 'mail', 'event', 'organisation'));