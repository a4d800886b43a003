CREATE TABLE "account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "application" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"connection_id" uuid,
	"fulfilment_group_id" uuid,
	"task_seconds" integer DEFAULT 3600 NOT NULL,
	"checklist" text,
	"archived_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "application_connection_id_unique" UNIQUE("connection_id")
);
--> statement-breakpoint
CREATE TABLE "application_owner" (
	"application_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "application_owner_application_id_person_id_pk" PRIMARY KEY("application_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "connection" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connector" text NOT NULL,
	"config" jsonb NOT NULL,
	"secrets" text,
	"paused" boolean DEFAULT false NOT NULL,
	"probed_at" timestamp (3) with time zone,
	"probe_ok" boolean,
	"probe" jsonb,
	"resume_at" timestamp (3) with time zone,
	"synced_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entitlement" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"connection_id" uuid,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"how_to_use" text,
	"risk" text DEFAULT 'low' NOT NULL,
	"requestable" boolean DEFAULT true NOT NULL,
	"reason" text,
	"closed_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "entitlement_risk" CHECK (risk in ('low', 'medium', 'high'))
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"draft" jsonb,
	"current_version_id" uuid,
	"archived_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_entitlement" (
	"entitlement_id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_version" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"published_by" uuid,
	"published_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "attempt_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"grant_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"operation_id" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "decision" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"step" integer NOT NULL,
	"person_id" uuid NOT NULL,
	"verdict" text NOT NULL,
	"note" text,
	"seconds" integer,
	"decided_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "decision_verdict" CHECK (verdict in ('approve', 'deny'))
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"detail" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "grant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"person_id" uuid NOT NULL,
	"entitlement_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"policy_version_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"duration_seconds" integer,
	"notice_seconds" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"start_at" timestamp (3) with time zone NOT NULL,
	"start_by" timestamp (3) with time zone NOT NULL,
	"account_id" uuid,
	"baseline" text,
	"preexisting" boolean DEFAULT false NOT NULL,
	"first_give_at" timestamp (3) with time zone,
	"granted_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"end_reason" text,
	"right_over_at" timestamp (3) with time zone,
	"seen_absent_at" timestamp (3) with time zone,
	"late_ms" integer,
	"verified" boolean,
	"extensions" integer DEFAULT 0 NOT NULL,
	"overdue_since" timestamp (3) with time zone,
	"last_answer" text,
	"notice_sent_at" timestamp (3) with time zone,
	"notice_error" text,
	"call_until" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "grant_state" CHECK (state in ('scheduled', 'provisioning', 'active', 'revoking', 'ended', 'failed')),
	CONSTRAINT "grant_mode" CHECK (mode in ('just-in-time', 'permanent')),
	CONSTRAINT "grant_baseline" CHECK (baseline is null or baseline in ('absent', 'direct', 'indirect', 'pending', 'unknown')),
	CONSTRAINT "grant_end_reason" CHECK (end_reason is null or end_reason in ('expired', 'revoked', 'returned', 'withdrawn', 'left', 'attested')),
	CONSTRAINT "grant_jit_has_length" CHECK (mode = 'permanent' or (duration_seconds > 0 and notice_seconds > 0 and notice_seconds < duration_seconds or extensions > 0)),
	CONSTRAINT "grant_never_without_end" CHECK (mode = 'permanent' or state not in ('active', 'revoking') or ends_at is not null),
	CONSTRAINT "grant_given_has_baseline" CHECK (first_give_at is null or baseline is not null),
	CONSTRAINT "grant_ending_has_reason" CHECK (state not in ('revoking', 'ended') or (end_reason is not null and right_over_at is not null))
);
--> statement-breakpoint
CREATE TABLE "link" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"person_id" uuid NOT NULL,
	"request_id" uuid,
	"grant_id" uuid,
	"digest" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "link_purpose" CHECK (purpose in ('decide', 'extend'))
);
--> statement-breakpoint
CREATE TABLE "mail" (
	"id" uuid PRIMARY KEY NOT NULL,
	"occasion" text NOT NULL,
	"kind" text NOT NULL,
	"person_id" uuid,
	"recipient" text NOT NULL,
	"request_id" uuid,
	"grant_id" uuid,
	"task_id" uuid,
	"data" jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"subject" text,
	"html" text,
	"text" text,
	"attachments" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"error" text,
	CONSTRAINT "mail_state" CHECK (state in ('queued', 'sent', 'failed', 'dropped'))
);
--> statement-breakpoint
CREATE TABLE "request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"asker_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"entitlement_id" uuid NOT NULL,
	"policy_version_id" uuid NOT NULL,
	"grant_id" uuid,
	"seconds" integer,
	"notice_seconds" integer,
	"asked_seconds" integer,
	"reason" text NOT NULL,
	"start_at" timestamp (3) with time zone,
	"step" integer DEFAULT 0 NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"decide_by" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "request_state" CHECK (state in ('pending', 'approved', 'denied', 'withdrawn', 'lapsed')),
	CONSTRAINT "request_kind" CHECK (kind in ('grant', 'extension')),
	CONSTRAINT "request_extension_has_grant" CHECK (kind <> 'extension' or grant_id is not null)
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" uuid PRIMARY KEY NOT NULL,
	"grant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"group_id" uuid,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"evidence" text,
	"done_by" uuid,
	"done_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "task_kind" CHECK (kind in ('give', 'take')),
	CONSTRAINT "task_state" CHECK (state in ('open', 'done', 'void'))
);
--> statement-breakpoint
CREATE TABLE "timeline" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "timeline_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"verb" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" uuid,
	"actor_system" text,
	"data" jsonb NOT NULL,
	CONSTRAINT "timeline_subject" CHECK (subject_type in ('request', 'grant', 'policy', 'application', 'connection', 'person', 'organisation', 'task')),
	CONSTRAINT "timeline_one_actor" CHECK ((actor_id is null) <> (actor_system is null))
);
--> statement-breakpoint
CREATE TABLE "work" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "work_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"connection_id" uuid,
	"priority" integer NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"not_before" timestamp (3) with time zone,
	"generation" integer DEFAULT 1 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	"memo" jsonb,
	CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'send', 'event')),
	CONSTRAINT "work_subject" CHECK (subject_type in ('grant', 'request', 'mail', 'event'))
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"offset_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "clock_one_row" CHECK ("clock"."id" = 1),
	CONSTRAINT "clock_forward" CHECK ("clock"."offset_ms" >= 0)
);
--> statement-breakpoint
CREATE TABLE "group" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_member" (
	"group_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "group_member_group_id_person_id_pk" PRIMARY KEY("group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "identity" (
	"person_id" uuid NOT NULL,
	"type" text NOT NULL,
	"provider" text NOT NULL,
	"provider_account_id" text NOT NULL,
	"refresh_token" text,
	"access_token" text,
	"expires_at" integer,
	"token_type" text,
	"scope" text,
	"id_token" text,
	"session_state" text,
	CONSTRAINT "identity_provider_provider_account_id_pk" PRIMARY KEY("provider","provider_account_id")
);
--> statement-breakpoint
CREATE TABLE "organisation" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"time_zone" text DEFAULT 'Europe/Berlin' NOT NULL,
	"floor_seconds" integer DEFAULT 21600 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "organisation_one_row" CHECK ("organisation"."id" = 1),
	CONSTRAINT "organisation_floor" CHECK ("organisation"."floor_seconds" between 900 and 31622400)
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" timestamp (3) with time zone,
	"image" text,
	"title" text,
	"team" text,
	"time_zone" text,
	"manager_id" uuid,
	"admin" boolean DEFAULT false NOT NULL,
	"auditor" boolean DEFAULT false NOT NULL,
	"deactivated_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_counter" (
	"key" text PRIMARY KEY NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_view" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"expires" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verification_token" (
	"identifier" text NOT NULL,
	"token" text NOT NULL,
	"expires" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "verification_token_identifier_token_pk" PRIMARY KEY("identifier","token")
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_fulfilment_group_id_group_id_fk" FOREIGN KEY ("fulfilment_group_id") REFERENCES "public"."group"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_owner" ADD CONSTRAINT "application_owner_application_id_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."application"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_owner" ADD CONSTRAINT "application_owner_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_application_id_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."application"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_entitlement" ADD CONSTRAINT "policy_entitlement_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_entitlement" ADD CONSTRAINT "policy_entitlement_policy_id_policy_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policy"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_policy_id_policy_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policy"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_published_by_person_id_fk" FOREIGN KEY ("published_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision" ADD CONSTRAINT "decision_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision" ADD CONSTRAINT "decision_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant" ADD CONSTRAINT "grant_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant" ADD CONSTRAINT "grant_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant" ADD CONSTRAINT "grant_policy_version_id_policy_version_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant" ADD CONSTRAINT "grant_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link" ADD CONSTRAINT "link_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail" ADD CONSTRAINT "mail_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_asker_id_person_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_policy_version_id_policy_version_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request" ADD CONSTRAINT "request_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task" ADD CONSTRAINT "task_done_by_person_id_fk" FOREIGN KEY ("done_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_actor_id_person_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity" ADD CONSTRAINT "identity_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person" ADD CONSTRAINT "person_manager_id_person_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_external" ON "account" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "account_person" ON "account" USING btree ("connection_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "application_name" ON "application" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "application_owner_person" ON "application_owner" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "entitlement_external" ON "entitlement" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "entitlement_by_hand" ON "entitlement" USING btree ("application_id","external_id") WHERE "entitlement"."connection_id" is null;--> statement-breakpoint
CREATE INDEX "entitlement_application" ON "entitlement" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "policy_name" ON "policy" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "policy_entitlement_policy" ON "policy_entitlement" USING btree ("policy_id");--> statement-breakpoint
CREATE UNIQUE INDEX "policy_version_number" ON "policy_version" USING btree ("policy_id","number");--> statement-breakpoint
CREATE INDEX "attempt_grant" ON "attempt" USING btree ("grant_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "decision_once" ON "decision" USING btree ("request_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "finding_open" ON "finding" USING btree ("grant_id","kind") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "grant_one_live" ON "grant" USING btree ("person_id","entitlement_id") WHERE state in ('provisioning', 'active', 'revoking');--> statement-breakpoint
CREATE UNIQUE INDEX "grant_one_scheduled" ON "grant" USING btree ("person_id","entitlement_id") WHERE state = 'scheduled';--> statement-breakpoint
CREATE INDEX "grant_person" ON "grant" USING btree ("person_id","created_at");--> statement-breakpoint
CREATE INDEX "grant_by_end" ON "grant" USING btree ("ends_at","id");--> statement-breakpoint
CREATE INDEX "grant_by_granted" ON "grant" USING btree ("granted_at","id");--> statement-breakpoint
CREATE INDEX "grant_by_created" ON "grant" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "grant_application" ON "grant" USING btree ("application_id","ends_at","id");--> statement-breakpoint
CREATE INDEX "grant_entitlement" ON "grant" USING btree ("entitlement_id","ends_at","id");--> statement-breakpoint
CREATE INDEX "grant_live" ON "grant" USING btree ("ends_at","id") WHERE state in ('scheduled', 'provisioning', 'active', 'revoking');--> statement-breakpoint
CREATE INDEX "grant_overdue" ON "grant" USING btree ("right_over_at") WHERE state = 'revoking';--> statement-breakpoint
CREATE INDEX "link_request" ON "link" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "link_grant" ON "link" USING btree ("grant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_once" ON "mail" USING btree ("occasion","recipient");--> statement-breakpoint
CREATE INDEX "mail_created" ON "mail" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "mail_grant" ON "mail" USING btree ("grant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "request_one_pending" ON "request" USING btree ("person_id","entitlement_id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "request_person" ON "request" USING btree ("person_id","asked_at");--> statement-breakpoint
CREATE INDEX "request_grant" ON "request" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "request_entitlement" ON "request" USING btree ("entitlement_id","asked_at");--> statement-breakpoint
CREATE INDEX "request_pending" ON "request" USING btree ("decide_by") WHERE state = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "task_one_open" ON "task" USING btree ("grant_id","kind") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "task_group" ON "task" USING btree ("group_id","due_at") WHERE state = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "timeline_version" ON "timeline" USING btree ("subject_type","subject_id","version");--> statement-breakpoint
CREATE INDEX "timeline_at" ON "timeline" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "work_once" ON "work" USING btree ("kind","subject_id");--> statement-breakpoint
CREATE INDEX "work_due" ON "work" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "work_leased" ON "work" USING btree ("connection_id") WHERE lease_until is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "group_name" ON "group" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "group_member_person" ON "group_member" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "identity_person" ON "identity" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_email" ON "person" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "person_manager" ON "person" USING btree ("manager_id");--> statement-breakpoint
CREATE UNIQUE INDEX "saved_view_name" ON "saved_view" USING btree ("person_id","name");--> statement-breakpoint
CREATE INDEX "session_person" ON "session" USING btree ("person_id");