CREATE TABLE "account_question" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"candidates" jsonb NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" uuid,
	CONSTRAINT "account_question_kind" CHECK (kind in ('ambiguous', 'missing', 'address_changed', 'recycled', 'taken'))
);
--> statement-breakpoint
CREATE TABLE "drill" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"account" text NOT NULL,
	"entitlement" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"ok" boolean,
	"steps" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "probe" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "probe_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"ok" boolean NOT NULL,
	"took_ms" integer NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "standing" (
	"entitlement_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"since" timestamp (3) with time zone NOT NULL,
	"adopted_by" uuid,
	"reason" text,
	CONSTRAINT "standing_entitlement_id_external_id_pk" PRIMARY KEY("entitlement_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "request" DROP CONSTRAINT "request_approval";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_kind";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_subject";--> statement-breakpoint
DROP INDEX "account_external";--> statement-breakpoint
DROP INDEX "account_person";--> statement-breakpoint
ALTER TABLE "finding" ALTER COLUMN "grant_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "pinned_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "linked_by" uuid;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "unlinked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "tokens" double precision;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "tokens_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "breaker_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "breaker_opened_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "breaker_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "credential_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "credential_warned_days" integer;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "sync_error" text;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "sync_shrunk" jsonb;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "holders_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "holders_error" text;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "drill_entitlement_id" uuid;--> statement-breakpoint
ALTER TABLE "connection" ADD COLUMN "drill_account" jsonb;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "missed_listings" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "holders_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "exclusive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "exclusive_cap" integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "busy_by" bigint;--> statement-breakpoint
ALTER TABLE "entitlement" ADD COLUMN "busy_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "entitlement_id" uuid;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "holder" jsonb;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "seen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "closed_by" uuid;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "closed_as" text;--> statement-breakpoint
ALTER TABLE "finding" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "grant" ADD COLUMN "converts" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "work" ADD COLUMN "tried_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "account_question" ADD CONSTRAINT "account_question_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_question" ADD CONSTRAINT "account_question_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_question" ADD CONSTRAINT "account_question_closed_by_person_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drill" ADD CONSTRAINT "drill_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "probe" ADD CONSTRAINT "probe_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing" ADD CONSTRAINT "standing_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing" ADD CONSTRAINT "standing_adopted_by_person_id_fk" FOREIGN KEY ("adopted_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_question_open" ON "account_question" USING btree ("connection_id","person_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "account_question_person" ON "account_question" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "drill_connection" ON "drill" USING btree ("connection_id","started_at");--> statement-breakpoint
CREATE INDEX "probe_connection" ON "probe" USING btree ("connection_id","at");--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_linked_by_person_id_fk" FOREIGN KEY ("linked_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_drill_entitlement_id_entitlement_id_fk" FOREIGN KEY ("drill_entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_closed_by_person_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "entitlement_busy" ON "entitlement" USING btree ("busy_until") WHERE busy_until is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "finding_open_holder" ON "finding" USING btree ("entitlement_id",(holder ->> 'id'),"kind") WHERE closed_at is null and grant_id is null;--> statement-breakpoint
CREATE INDEX "finding_entitlement" ON "finding" USING btree ("entitlement_id","found_at");--> statement-breakpoint
CREATE UNIQUE INDEX "account_external" ON "account" USING btree ("connection_id","external_id") WHERE unlinked_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "account_person" ON "account" USING btree ("connection_id","person_id") WHERE unlinked_at is null;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_kind" CHECK (kind in ('indirect_rest', 'came_back', 'sessions_left', 'unknown_holder', 'missing_holder', 'others_moved'));--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_end" CHECK (closed_as is null or closed_as in ('adopted', 'leased', 'removed', 'ignored', 'given_again', 'gone'));--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_about" CHECK (grant_id is not null or (entitlement_id is not null and holder is not null));--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_approval" CHECK (approval in ('people', 'automatic', 'emergency', 'conversion'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'escalate', 'remind', 'check', 'send', 'event', 'probe', 'sync', 'drift', 'drill', 'remove'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_subject" CHECK (subject_type in ('grant', 'request', 'mail', 'event', 'organisation', 'connection', 'finding'));