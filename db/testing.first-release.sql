-- The state of the product's first migrations (0000 and 0001), with what its first engine wrote into it: people, an
-- application behind a signed webhook, a policy, two active grants, one with a request for more time, one that is being
-- taken back from a target that did not answer, one that is being given, a pending request, and the work of all of them.
--
-- Made by running that version's own services and handlers from 08:00 to 09:10 on 4 January 2100 (a shifted clock, so
-- that nothing is due before a test says so). Two claims were in the hands of a process that died. Left out: the clock,
-- and the text of mails that were sent. One line of that version was mended, or it could not have given anything: it
-- stored an account after the grant that names it.

CREATE TABLE "account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL
);

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

CREATE TABLE "application_owner" (
	"application_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "application_owner_application_id_person_id_pk" PRIMARY KEY("application_id","person_id")
);

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

CREATE TABLE "policy_entitlement" (
	"entitlement_id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL
);

CREATE TABLE "policy_version" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"published_by" uuid,
	"published_at" timestamp (3) with time zone NOT NULL
);

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

CREATE TABLE "finding" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"grant_id" uuid NOT NULL,
	"detail" text NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);

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

CREATE TABLE "clock" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"offset_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "clock_one_row" CHECK ("clock"."id" = 1),
	CONSTRAINT "clock_forward" CHECK ("clock"."offset_ms" >= 0)
);

CREATE TABLE "group" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"version" integer DEFAULT 1 NOT NULL
);

CREATE TABLE "group_member" (
	"group_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "group_member_group_id_person_id_pk" PRIMARY KEY("group_id","person_id")
);

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

CREATE TABLE "organisation" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"time_zone" text DEFAULT 'Europe/Berlin' NOT NULL,
	"floor_seconds" integer DEFAULT 21600 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "organisation_one_row" CHECK ("organisation"."id" = 1),
	CONSTRAINT "organisation_floor" CHECK ("organisation"."floor_seconds" between 900 and 31622400)
);

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

CREATE TABLE "rate_counter" (
	"key" text PRIMARY KEY NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL
);

CREATE TABLE "saved_view" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL
);

CREATE TABLE "session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"expires" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "verification_token" (
	"identifier" text NOT NULL,
	"token" text NOT NULL,
	"expires" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "verification_token_identifier_token_pk" PRIMARY KEY("identifier","token")
);

ALTER TABLE "account" ADD CONSTRAINT "account_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "account" ADD CONSTRAINT "account_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "application" ADD CONSTRAINT "application_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "application" ADD CONSTRAINT "application_fulfilment_group_id_group_id_fk" FOREIGN KEY ("fulfilment_group_id") REFERENCES "public"."group"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "application_owner" ADD CONSTRAINT "application_owner_application_id_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."application"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "application_owner" ADD CONSTRAINT "application_owner_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_application_id_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."application"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "policy_entitlement" ADD CONSTRAINT "policy_entitlement_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "policy_entitlement" ADD CONSTRAINT "policy_entitlement_policy_id_policy_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policy"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_policy_id_policy_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policy"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "policy_version" ADD CONSTRAINT "policy_version_published_by_person_id_fk" FOREIGN KEY ("published_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "decision" ADD CONSTRAINT "decision_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "decision" ADD CONSTRAINT "decision_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "finding" ADD CONSTRAINT "finding_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "grant" ADD CONSTRAINT "grant_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "grant" ADD CONSTRAINT "grant_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "grant" ADD CONSTRAINT "grant_policy_version_id_policy_version_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_version"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "grant" ADD CONSTRAINT "grant_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "link" ADD CONSTRAINT "link_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "link" ADD CONSTRAINT "link_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "link" ADD CONSTRAINT "link_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "mail" ADD CONSTRAINT "mail_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "mail" ADD CONSTRAINT "mail_request_id_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."request"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "mail" ADD CONSTRAINT "mail_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "mail" ADD CONSTRAINT "mail_task_id_task_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."task"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "request" ADD CONSTRAINT "request_asker_id_person_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "request" ADD CONSTRAINT "request_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "request" ADD CONSTRAINT "request_entitlement_id_entitlement_id_fk" FOREIGN KEY ("entitlement_id") REFERENCES "public"."entitlement"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "request" ADD CONSTRAINT "request_policy_version_id_policy_version_id_fk" FOREIGN KEY ("policy_version_id") REFERENCES "public"."policy_version"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "request" ADD CONSTRAINT "request_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "task" ADD CONSTRAINT "task_grant_id_grant_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grant"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "task" ADD CONSTRAINT "task_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "task" ADD CONSTRAINT "task_done_by_person_id_fk" FOREIGN KEY ("done_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_actor_id_person_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "work" ADD CONSTRAINT "work_connection_id_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "group_member" ADD CONSTRAINT "group_member_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "identity" ADD CONSTRAINT "identity_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "person" ADD CONSTRAINT "person_manager_id_person_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;
CREATE UNIQUE INDEX "account_external" ON "account" USING btree ("connection_id","external_id");
CREATE UNIQUE INDEX "account_person" ON "account" USING btree ("connection_id","person_id");
CREATE UNIQUE INDEX "application_name" ON "application" USING btree (lower("name"));
CREATE INDEX "application_owner_person" ON "application_owner" USING btree ("person_id");
CREATE UNIQUE INDEX "entitlement_external" ON "entitlement" USING btree ("connection_id","external_id");
CREATE UNIQUE INDEX "entitlement_by_hand" ON "entitlement" USING btree ("application_id","external_id") WHERE "entitlement"."connection_id" is null;
CREATE INDEX "entitlement_application" ON "entitlement" USING btree ("application_id");
CREATE UNIQUE INDEX "policy_name" ON "policy" USING btree (lower("name"));
CREATE INDEX "policy_entitlement_policy" ON "policy_entitlement" USING btree ("policy_id");
CREATE UNIQUE INDEX "policy_version_number" ON "policy_version" USING btree ("policy_id","number");
CREATE INDEX "attempt_grant" ON "attempt" USING btree ("grant_id","id");
CREATE UNIQUE INDEX "decision_once" ON "decision" USING btree ("request_id","person_id");
CREATE UNIQUE INDEX "finding_open" ON "finding" USING btree ("grant_id","kind") WHERE closed_at is null;
CREATE UNIQUE INDEX "grant_one_live" ON "grant" USING btree ("person_id","entitlement_id") WHERE state in ('provisioning', 'active', 'revoking');
CREATE UNIQUE INDEX "grant_one_scheduled" ON "grant" USING btree ("person_id","entitlement_id") WHERE state = 'scheduled';
CREATE INDEX "grant_person" ON "grant" USING btree ("person_id","created_at");
CREATE INDEX "grant_by_end" ON "grant" USING btree ("ends_at","id");
CREATE INDEX "grant_by_granted" ON "grant" USING btree ("granted_at","id");
CREATE INDEX "grant_by_created" ON "grant" USING btree ("created_at","id");
CREATE INDEX "grant_application" ON "grant" USING btree ("application_id","ends_at","id");
CREATE INDEX "grant_entitlement" ON "grant" USING btree ("entitlement_id","ends_at","id");
CREATE INDEX "grant_live" ON "grant" USING btree ("ends_at","id") WHERE state in ('scheduled', 'provisioning', 'active', 'revoking');
CREATE INDEX "grant_overdue" ON "grant" USING btree ("right_over_at") WHERE state = 'revoking';
CREATE INDEX "link_request" ON "link" USING btree ("request_id");
CREATE INDEX "link_grant" ON "link" USING btree ("grant_id");
CREATE UNIQUE INDEX "mail_once" ON "mail" USING btree ("occasion","recipient");
CREATE INDEX "mail_created" ON "mail" USING btree ("created_at");
CREATE INDEX "mail_grant" ON "mail" USING btree ("grant_id");
CREATE UNIQUE INDEX "request_one_pending" ON "request" USING btree ("person_id","entitlement_id") WHERE state = 'pending';
CREATE INDEX "request_person" ON "request" USING btree ("person_id","asked_at");
CREATE INDEX "request_grant" ON "request" USING btree ("grant_id");
CREATE INDEX "request_entitlement" ON "request" USING btree ("entitlement_id","asked_at");
CREATE INDEX "request_pending" ON "request" USING btree ("decide_by") WHERE state = 'pending';
CREATE UNIQUE INDEX "task_one_open" ON "task" USING btree ("grant_id","kind") WHERE state = 'open';
CREATE INDEX "task_group" ON "task" USING btree ("group_id","due_at") WHERE state = 'open';
CREATE UNIQUE INDEX "timeline_version" ON "timeline" USING btree ("subject_type","subject_id","version");
CREATE INDEX "timeline_at" ON "timeline" USING btree ("at");
CREATE UNIQUE INDEX "work_once" ON "work" USING btree ("kind","subject_id");
CREATE INDEX "work_due" ON "work" USING btree ("due_at");
CREATE INDEX "work_leased" ON "work" USING btree ("connection_id") WHERE lease_until is not null;
CREATE UNIQUE INDEX "group_name" ON "group" USING btree (lower("name"));
CREATE INDEX "group_member_person" ON "group_member" USING btree ("person_id");
CREATE INDEX "identity_person" ON "identity" USING btree ("person_id");
CREATE UNIQUE INDEX "person_email" ON "person" USING btree (lower("email"));
CREATE INDEX "person_manager" ON "person" USING btree ("manager_id");
CREATE UNIQUE INDEX "saved_view_name" ON "saved_view" USING btree ("person_id","name");
CREATE INDEX "session_person" ON "session" USING btree ("person_id");
-- The rules that no code path may get around, kept by the database itself.
INSERT INTO "clock" ("id", "offset_ms") VALUES (1, 0);

-- The only judge of time: the primary's clock, moved by the stored offset (always 0 in production).
CREATE FUNCTION leasehold_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp() + (SELECT offset_ms FROM "clock") * interval '1 millisecond')
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER timeline_append_only BEFORE UPDATE OR DELETE ON "timeline" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER timeline_no_truncate BEFORE TRUNCATE ON "timeline" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_immutable BEFORE UPDATE OR DELETE ON "policy_version" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON "decision" FOR EACH ROW EXECUTE FUNCTION refuse_change();

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
END $$;
CREATE TRIGGER timeline_gapless BEFORE INSERT ON "timeline" FOR EACH ROW EXECUTE FUNCTION timeline_gapless();

-- The first decision wins: an ended request stays as it ended.
CREATE FUNCTION request_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'request % is % and stays so', OLD.id, OLD.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER request_final BEFORE UPDATE ON "request" FOR EACH ROW EXECUTE FUNCTION request_final();

CREATE FUNCTION clock_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offset_ms < OLD.offset_ms THEN
    RAISE EXCEPTION 'the clock only moves forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER clock_only_grows BEFORE UPDATE ON "clock" FOR EACH ROW EXECUTE FUNCTION clock_only_grows();

-- A nudge for the loop: something is due sooner than it may think.
CREATE FUNCTION work_nudge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('leasehold_work', '');
  RETURN NULL;
END $$;
CREATE TRIGGER work_nudge_insert AFTER INSERT ON "work" FOR EACH STATEMENT EXECUTE FUNCTION work_nudge();
CREATE TRIGGER work_nudge_update AFTER UPDATE OF "due_at" ON "work" FOR EACH STATEMENT EXECUTE FUNCTION work_nudge();

CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
INSERT INTO drizzle.__drizzle_migrations VALUES (1, 'd02698774899c568babc33550bb4c3636a0d8da7f5211cd7f6c9a8682a20a85d', 1795474988511);
INSERT INTO drizzle.__drizzle_migrations VALUES (2, '228653cc4ea63f548aa69e08952c2c50e891719ef28eebb00555eca7f0f1f0c3', 1795475040037);
SELECT setval('drizzle.__drizzle_migrations_id_seq', 2);

SET session_replication_role = replica;

INSERT INTO "account" ("id", "connection_id", "person_id", "external_id", "name", "email") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-3299-72fe-ba35-0f530910c428', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '01a21e13-2df3-7760-a438-9f03ec309a61', '43de6e39-e6a2-4a82-ad0c-c2bd8a60f088', 'Ana Oliveira', 'ana.oliveira@halden.example'),
('01a21e13-32cd-7479-9bbc-f61600188575', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '6420dda1-900a-40d3-b2bb-a23129845a1f', 'Gita Rao', 'gita.rao@halden.example'),
('01a21e13-32cf-7155-8b54-3e7d77c3e39b', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '01a21e13-2df5-74fa-84ef-3035437b9a7b', '71786f96-2561-417c-9ddf-c69a8c93b667', 'Cem Yildiz', 'cem.yildiz@halden.example');

INSERT INTO "application" ("id", "name", "description", "connection_id", "fulfilment_group_id", "task_seconds", "checklist", "archived_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e03-7509-8eeb-759959ff49f4', 'Data warehouse', NULL, '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', NULL, '3600', NULL, NULL, '1');

INSERT INTO "application_owner" ("application_id", "person_id") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2df2-710f-9392-db92f98e152e');

INSERT INTO "connection" ("id", "connector", "config", "secrets", "paused", "probed_at", "probe_ok", "probe", "resume_at", "synced_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', 'webhook', '{"url": "https://warehouse.halden.example/leasehold", "endsSessions": true, "listsHolders": true, "effectDelaySeconds": 0}', 'v1.test.riyCVxP6dRMlPxDySmMBJ-GmvcBTrXP3mK6KOhY5VWGcH9qUmDJ54a5GzuPnr5JXiZobtZOVMTIIoO2O.XckkdOxNldmdgReTgg_YN2QmKeUQFE5hI4NTDp9ut0IIlYcGEI3ZXDNRP3ffL5fxiIxJ4kelRhY62YcMyzvprpA1c54VF4bBwtUKLG0Bn9fHBJzj5mbxp37aSA', 'false', NULL, NULL, NULL, NULL, NULL, '1');

INSERT INTO "entitlement" ("id", "application_id", "connection_id", "external_id", "name", "description", "how_to_use", "risk", "requestable", "reason", "closed_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '861e758f-e8f1-4800-aa56-85247e55241e', 'prod_read', NULL, NULL, 'low', 'true', NULL, NULL, '1');

INSERT INTO "policy" ("id", "name", "description", "draft", "current_version_id", "archived_at", "updated_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e0c-704f-8bfc-e0efce2beb5a', 'Production read', NULL, NULL, '01a21e13-2e0c-704f-8bfc-e58834355793', NULL, '2026-01-05 08:35:03.18+00', '1');

INSERT INTO "policy_entitlement" ("entitlement_id", "policy_id") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e0efce2beb5a');

INSERT INTO "policy_version" ("id", "policy_id", "number", "name", "definition", "published_by", "published_at") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-2e0c-704f-8bfc-e0efce2beb5a', '1', 'Production read', '{"mode": "just-in-time", "steps": [{"quorum": 1, "approvers": [{"kind": "owners"}]}], "presets": [{"seconds": 21600, "noticeSeconds": 3600}, {"seconds": 86400, "noticeSeconds": 14400}], "extension": {"allowed": true, "maxCount": 2, "maxTotalSeconds": 259200}, "maxSeconds": 259200, "requesters": {"kind": "anyone"}, "entitlementIds": ["01a21e13-2e06-74c1-913a-5517a82499a1"], "reasonRequired": true, "convertStanding": false, "startWithinSeconds": 86400, "decideWithinSeconds": 86400}', NULL, '2026-01-05 08:35:03.18+00');

INSERT INTO "attempt" ("id", "grant_id", "operation", "operation_id", "started_at", "took_ms", "outcome", "message") OVERRIDING SYSTEM VALUE VALUES
('1', '01a21e13-2e4b-7574-8228-d7cc725369b3', 'resolve', 'resolve:01a21e13-2e4b-7574-8228-d7cc725369b3:4:1:1795800904288', '2026-01-05 08:35:04.288+00', '32', 'found', NULL),
('10', '01a21e13-2e4b-7574-8228-d7cc725369b3', 'check', 'check:01a21e13-2e4b-7574-8228-d7cc725369b3:4:1:1795800904500', '2026-01-05 08:35:04.5+00', '6', 'direct', NULL),
('11', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'grant', 'grant:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:1', '2026-01-05 08:35:04.536+00', '6', 'done', NULL),
('12', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'check', 'check:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:18:1:1795800904555', '2026-01-05 08:35:04.555+00', '8', 'direct', NULL),
('13', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'revoke', 'revoke:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:3', '2026-01-05 08:35:05.131+00', '7', 'retryable', '127.0.0.1:38299 is in trouble (503).'),
('14', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'check', 'check:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:29:1:1795800905144', '2026-01-05 08:35:05.144+00', '5', 'direct', NULL),
('15', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'revoke', 'revoke:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:3', '2026-01-05 08:35:05.229+00', '5', 'retryable', '127.0.0.1:38299 is in trouble (503).'),
('16', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'check', 'check:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:29:2:1795800905236', '2026-01-05 08:35:05.236+00', '4', 'direct', NULL),
('17', '01a21e13-3662-772b-a9c0-0767ecaf60a0', 'resolve', 'resolve:01a21e13-3662-772b-a9c0-0767ecaf60a0:53:1:1795800905511', '2026-01-05 08:35:05.511+00', '5', 'found', NULL),
('18', '01a21e13-3662-772b-a9c0-0767ecaf60a0', 'check', 'check:01a21e13-3662-772b-a9c0-0767ecaf60a0:53:1:1795800905517', '2026-01-05 08:35:05.517+00', '3', 'retryable', '127.0.0.1:38299 is in trouble (503).'),
('2', '01a21e13-2e4b-7574-8228-d7cc725369b3', 'check', 'check:01a21e13-2e4b-7574-8228-d7cc725369b3:4:1:1795800904326', '2026-01-05 08:35:04.326+00', '14', 'absent', NULL),
('3', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'resolve', 'resolve:01a21e13-2e7b-7137-98cb-87cb00ab1d34:11:1:1795800904346', '2026-01-05 08:35:04.346+00', '14', 'found', NULL),
('4', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'resolve', 'resolve:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:18:1:1795800904367', '2026-01-05 08:35:04.367+00', '10', 'found', NULL),
('5', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'check', 'check:01a21e13-2e7b-7137-98cb-87cb00ab1d34:11:1:1795800904370', '2026-01-05 08:35:04.37+00', '12', 'absent', NULL),
('6', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'check', 'check:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:18:1:1795800904385', '2026-01-05 08:35:04.385+00', '11', 'absent', NULL),
('7', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'grant', 'grant:01a21e13-2e7b-7137-98cb-87cb00ab1d34:1', '2026-01-05 08:35:04.442+00', '5', 'done', NULL),
('8', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'check', 'check:01a21e13-2e7b-7137-98cb-87cb00ab1d34:11:1:1795800904453', '2026-01-05 08:35:04.453+00', '6', 'direct', NULL),
('9', '01a21e13-2e4b-7574-8228-d7cc725369b3', 'grant', 'grant:01a21e13-2e4b-7574-8228-d7cc725369b3:1', '2026-01-05 08:35:04.487+00', '9', 'done', NULL);

INSERT INTO "decision" ("id", "request_id", "step", "person_id", "verdict", "note", "seconds", "decided_at") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e4b-7574-8228-d20b1605fa3e', '01a21e13-2e31-737a-9918-c81b89022f3c', '0', '01a21e13-2df2-710f-9392-db92f98e152e', 'approve', NULL, NULL, '2100-01-04 08:00:00.086+00'),
('01a21e13-2e7b-7137-98cb-8301917e6772', '01a21e13-2e69-7717-bbab-842b7f508dfa', '0', '01a21e13-2df2-710f-9392-db92f98e152e', 'approve', NULL, NULL, '2100-01-04 08:00:00.133+00'),
('01a21e13-2ec4-74fb-ba9b-7ac465cbde87', '01a21e13-2ea1-7012-8ae4-f9a982c3a407', '0', '01a21e13-2df2-710f-9392-db92f98e152e', 'approve', NULL, NULL, '2100-01-04 08:00:00.193+00'),
('01a21e13-3661-7001-8624-e894fabcee66', '01a21e13-3647-741f-8202-fa754bf5754a', '0', '01a21e13-2df2-710f-9392-db92f98e152e', 'approve', NULL, NULL, '2100-01-04 09:10:02.155+00');

INSERT INTO "grant" ("id", "state", "person_id", "entitlement_id", "application_id", "policy_version_id", "mode", "duration_seconds", "notice_seconds", "created_at", "start_at", "start_by", "account_id", "baseline", "preexisting", "first_give_at", "granted_at", "ends_at", "end_reason", "right_over_at", "seen_absent_at", "late_ms", "verified", "extensions", "overdue_since", "last_answer", "notice_sent_at", "notice_error", "call_until", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e4b-7574-8228-d7cc725369b3', 'active', '01a21e13-2df3-7760-a438-9f03ec309a61', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2e0c-704f-8bfc-e58834355793', 'just-in-time', '21600', '3600', '2100-01-04 08:00:00.086+00', '2100-01-04 08:00:00.086+00', '2100-01-05 08:00:00.086+00', '01a21e13-3299-72fe-ba35-0f530910c428', 'absent', 'false', '2100-01-04 08:00:01.253+00', '2100-01-04 08:00:01.362+00', '2100-01-04 14:00:01.362+00', NULL, NULL, NULL, NULL, NULL, '0', NULL, NULL, NULL, NULL, NULL, '4'),
('01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'active', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2e0c-704f-8bfc-e58834355793', 'just-in-time', '21600', '3600', '2100-01-04 08:00:00.133+00', '2100-01-04 08:00:00.133+00', '2100-01-05 08:00:00.133+00', '01a21e13-32cd-7479-9bbc-f61600188575', 'absent', 'false', '2100-01-04 08:00:01.26+00', '2100-01-04 08:00:01.312+00', '2100-01-04 14:00:01.312+00', NULL, NULL, NULL, NULL, NULL, '0', NULL, NULL, NULL, NULL, NULL, '4'),
('01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'revoking', '01a21e13-2df5-74fa-84ef-3035437b9a7b', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2e0c-704f-8bfc-e58834355793', 'just-in-time', '86400', '14400', '2100-01-04 08:00:00.193+00', '2100-01-04 08:00:00.193+00', '2100-01-05 08:00:00.193+00', '01a21e13-32cf-7155-8b54-3e7d77c3e39b', 'absent', 'false', '2100-01-04 08:00:01.285+00', '2100-01-04 08:00:01.421+00', '2100-01-05 08:00:01.421+00', 'revoked', '2100-01-04 09:00:01.885+00', NULL, NULL, NULL, '0', '2100-01-04 09:10:02.252+00', 'retryable', NULL, NULL, NULL, '7'),
('01a21e13-3662-772b-a9c0-0767ecaf60a0', 'provisioning', '01a21e13-2df6-727c-a473-6f46354134a4', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e03-7509-8eeb-759959ff49f4', '01a21e13-2e0c-704f-8bfc-e58834355793', 'just-in-time', '21600', '3600', '2100-01-04 09:10:02.155+00', '2100-01-04 09:10:02.155+00', '2100-01-05 09:10:02.155+00', NULL, NULL, 'false', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0', NULL, 'retryable', NULL, NULL, NULL, '3');

INSERT INTO "link" ("token_hash", "purpose", "person_id", "request_id", "grant_id", "digest", "expires_at", "used_at") OVERRIDING SYSTEM VALUE VALUES
('5520b9bd999338be4021b8b902c0997d67545067d5ab70442774fc6644d68b71', 'decide', '01a21e13-2df2-710f-9392-db92f98e152e', '01a21e13-34c1-720b-9e64-5db2a7f13938', NULL, '82527c17bdee4860c8c98606dc455bc7e68748816153784cbb8e0f79c90c6a29', '2100-01-04 14:00:01.312+00', NULL);

INSERT INTO "mail" ("id", "occasion", "kind", "person_id", "recipient", "request_id", "grant_id", "task_id", "data", "state", "subject", "html", "text", "attachments", "created_at", "sent_at", "error") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e38-76dc-9676-302aa1a48779', 'decision-needed:01a21e13-2e31-737a-9918-c81b89022f3c:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-2e31-737a-9918-c81b89022f3c', NULL, NULL, '{}', 'dropped', NULL, NULL, NULL, NULL, '2100-01-04 08:00:00.055+00', NULL, NULL),
('01a21e13-2e56-71ff-bc65-04d02c25e5c8', 'request-approved:01a21e13-2e31-737a-9918-c81b89022f3c', 'request-approved', '01a21e13-2df3-7760-a438-9f03ec309a61', 'ana.oliveira@halden.example', '01a21e13-2e31-737a-9918-c81b89022f3c', NULL, NULL, '{}', 'sent', 'Approved: prod_read on Data warehouse for 6 hours', '(left out)', '(left out)', NULL, '2100-01-04 08:00:00.086+00', '2100-01-04 08:00:01.086+00', NULL),
('01a21e13-2e6d-77c4-9c33-230c793f8e9f', 'decision-needed:01a21e13-2e69-7717-bbab-842b7f508dfa:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-2e69-7717-bbab-842b7f508dfa', NULL, NULL, '{}', 'dropped', NULL, NULL, NULL, NULL, '2100-01-04 08:00:00.111+00', NULL, NULL),
('01a21e13-2e83-7184-9fc5-be5cbb7c2545', 'request-approved:01a21e13-2e69-7717-bbab-842b7f508dfa', 'request-approved', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', 'gita.rao@halden.example', '01a21e13-2e69-7717-bbab-842b7f508dfa', NULL, NULL, '{}', 'sent', 'Approved: prod_read on Data warehouse for 6 hours', '(left out)', '(left out)', NULL, '2100-01-04 08:00:00.133+00', '2100-01-04 08:00:01.072+00', NULL),
('01a21e13-2ea5-7396-8edd-39e728fdf762', 'decision-needed:01a21e13-2ea1-7012-8ae4-f9a982c3a407:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-2ea1-7012-8ae4-f9a982c3a407', NULL, NULL, '{}', 'dropped', NULL, NULL, NULL, NULL, '2100-01-04 08:00:00.156+00', NULL, NULL),
('01a21e13-2ed1-7710-99ed-e73c9ffb1b19', 'request-approved:01a21e13-2ea1-7012-8ae4-f9a982c3a407', 'request-approved', '01a21e13-2df5-74fa-84ef-3035437b9a7b', 'cem.yildiz@halden.example', '01a21e13-2ea1-7012-8ae4-f9a982c3a407', NULL, NULL, '{}', 'sent', 'Approved: prod_read on Data warehouse for 1 day', '(left out)', '(left out)', NULL, '2100-01-04 08:00:00.193+00', '2100-01-04 08:00:01.067+00', NULL),
('01a21e13-3367-77de-a02e-4a961231a32d', 'access-ready:01a21e13-2e7b-7137-98cb-87cb00ab1d34', 'access-ready', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', 'gita.rao@halden.example', NULL, '01a21e13-2e7b-7137-98cb-87cb00ab1d34', NULL, '{}', 'sent', 'You have prod_read on Data warehouse until today 15:00', '(left out)', '(left out)', NULL, '2100-01-04 08:00:01.347+00', '2100-01-04 08:00:01.683+00', NULL),
('01a21e13-338a-7008-a387-49a961db79a8', 'access-ready:01a21e13-2e4b-7574-8228-d7cc725369b3', 'access-ready', '01a21e13-2df3-7760-a438-9f03ec309a61', 'ana.oliveira@halden.example', NULL, '01a21e13-2e4b-7574-8228-d7cc725369b3', NULL, '{}', 'sent', 'You have prod_read on Data warehouse until today 15:00', '(left out)', '(left out)', NULL, '2100-01-04 08:00:01.384+00', '2100-01-04 08:00:01.69+00', NULL),
('01a21e13-33b8-73c6-92e1-d5b17af7d52a', 'access-ready:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', 'access-ready', '01a21e13-2df5-74fa-84ef-3035437b9a7b', 'cem.yildiz@halden.example', NULL, '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', NULL, '{}', 'sent', 'You have prod_read on Data warehouse until Tue 5 Jan 09:00', '(left out)', '(left out)', NULL, '2100-01-04 08:00:01.436+00', '2100-01-04 08:00:01.684+00', NULL),
('01a21e13-34c7-70ac-b1e5-a052914f2438', 'decision-needed:01a21e13-34c1-720b-9e64-5db2a7f13938:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-34c1-720b-9e64-5db2a7f13938', NULL, NULL, '{}', 'sent', 'Gita Rao asks to keep prod_read on Data warehouse for 6 hours longer', '(left out)', '(left out)', NULL, '2100-01-04 09:00:01.72+00', '2100-01-04 09:00:01.859+00', NULL),
('01a21e13-364d-71c3-b4c1-d3d2a9df2850', 'decision-needed:01a21e13-3647-741f-8202-fa754bf5754a:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-3647-741f-8202-fa754bf5754a', NULL, NULL, '{}', 'dropped', NULL, NULL, NULL, NULL, '2100-01-04 09:10:02.121+00', NULL, NULL),
('01a21e13-3679-74ab-bc64-f6073f124421', 'request-approved:01a21e13-3647-741f-8202-fa754bf5754a', 'request-approved', '01a21e13-2df6-727c-a473-6f46354134a4', 'dora.lind@halden.example', '01a21e13-3647-741f-8202-fa754bf5754a', NULL, NULL, '{}', 'sent', 'Approved: prod_read on Data warehouse for 6 hours', '(left out)', '(left out)', NULL, '2100-01-04 09:10:02.155+00', '2100-01-04 09:10:02.325+00', NULL),
('01a21e13-36cd-747b-a8b4-c0becd56e478', 'could-not-remove:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:2100-01-04T09:00:01.885Z', 'could-not-remove', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', NULL, '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', NULL, '{}', 'sent', 'Not removed yet: Cem Yildiz’s prod_read on Data warehouse, due 10:00', '(left out)', '(left out)', NULL, '2100-01-04 09:10:02.252+00', '2100-01-04 09:10:02.507+00', NULL),
('01a21e13-36e8-76a8-86bf-a63533be6de4', 'could-not-remove:01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e:2100-01-04T09:00:01.885Z', 'could-not-remove', '01a21e13-2def-76be-afa0-58c4766deb7f', 'ines.albrecht@halden.example', NULL, '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', NULL, '{}', 'sent', 'Not removed yet: Cem Yildiz’s prod_read on Data warehouse, due 10:00', '(left out)', '(left out)', NULL, '2100-01-04 09:10:02.252+00', '2100-01-04 09:10:02.504+00', NULL),
('01a21e13-37dc-73aa-ab71-c54cf6582763', 'decision-needed:01a21e13-37d8-7614-a45b-fbf4417ab616:0', 'decision-needed', '01a21e13-2df2-710f-9392-db92f98e152e', 'ben.okafor@halden.example', '01a21e13-37d8-7614-a45b-fbf4417ab616', NULL, NULL, '{}', 'queued', NULL, NULL, NULL, NULL, '2100-01-04 09:10:02.524+00', NULL, NULL);

INSERT INTO "request" ("id", "kind", "state", "asker_id", "person_id", "entitlement_id", "policy_version_id", "grant_id", "seconds", "notice_seconds", "asked_seconds", "reason", "start_at", "step", "asked_at", "decide_by", "decided_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2e31-737a-9918-c81b89022f3c', 'grant', 'approved', '01a21e13-2df3-7760-a438-9f03ec309a61', '01a21e13-2df3-7760-a438-9f03ec309a61', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-2e4b-7574-8228-d7cc725369b3', '21600', '3600', '21600', 'INC-2417', NULL, '0', '2100-01-04 08:00:00.055+00', '2100-01-05 08:00:00.055+00', '2100-01-04 08:00:00.086+00', '2'),
('01a21e13-2e69-7717-bbab-842b7f508dfa', 'grant', 'approved', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '21600', '3600', '21600', 'INC-2417', NULL, '0', '2100-01-04 08:00:00.111+00', '2100-01-05 08:00:00.111+00', '2100-01-04 08:00:00.133+00', '2'),
('01a21e13-2ea1-7012-8ae4-f9a982c3a407', 'grant', 'approved', '01a21e13-2df5-74fa-84ef-3035437b9a7b', '01a21e13-2df5-74fa-84ef-3035437b9a7b', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '86400', '14400', '86400', 'INC-2417', NULL, '0', '2100-01-04 08:00:00.156+00', '2100-01-05 08:00:00.156+00', '2100-01-04 08:00:00.193+00', '2'),
('01a21e13-34c1-720b-9e64-5db2a7f13938', 'extension', 'pending', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '21600', '3600', '21600', 'one more run', NULL, '0', '2100-01-04 09:00:01.72+00', '2100-01-04 14:00:01.312+00', NULL, '1'),
('01a21e13-3647-741f-8202-fa754bf5754a', 'grant', 'approved', '01a21e13-2df6-727c-a473-6f46354134a4', '01a21e13-2df6-727c-a473-6f46354134a4', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', '01a21e13-3662-772b-a9c0-0767ecaf60a0', '21600', '3600', '21600', 'INC-2417', NULL, '0', '2100-01-04 09:10:02.121+00', '2100-01-05 09:10:02.121+00', '2100-01-04 09:10:02.155+00', '2'),
('01a21e13-37d8-7614-a45b-fbf4417ab616', 'grant', 'pending', '01a21e13-2df7-72e9-8626-e7f1c04da34a', '01a21e13-2df7-72e9-8626-e7f1c04da34a', '01a21e13-2e06-74c1-913a-5517a82499a1', '01a21e13-2e0c-704f-8bfc-e58834355793', NULL, '21600', '3600', '21600', 'INC-2417', NULL, '0', '2100-01-04 09:10:02.524+00', '2100-01-05 09:10:02.524+00', NULL, '1');

INSERT INTO "timeline" ("id", "subject_type", "subject_id", "version", "verb", "at", "actor_id", "actor_system", "data") OVERRIDING SYSTEM VALUE VALUES
('1', 'request', '01a21e13-2e31-737a-9918-c81b89022f3c', '1', 'asked', '2100-01-04 08:00:00.055+00', '01a21e13-2df3-7760-a438-9f03ec309a61', NULL, '{"reason": "INC-2417", "seconds": 21600}'),
('10', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', '2', 'started', '2100-01-04 08:00:00.808+00', NULL, 'engine', '{}'),
('11', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '2', 'started', '2100-01-04 08:00:01.028+00', NULL, 'engine', '{}'),
('12', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '2', 'started', '2100-01-04 08:00:00.911+00', NULL, 'engine', '{}'),
('13', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '3', 'giving', '2100-01-04 08:00:01.26+00', NULL, 'engine', '{"baseline": "absent"}'),
('14', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', '3', 'giving', '2100-01-04 08:00:01.253+00', NULL, 'engine', '{"baseline": "absent"}'),
('15', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '3', 'giving', '2100-01-04 08:00:01.285+00', NULL, 'engine', '{"baseline": "absent"}'),
('16', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '4', 'given', '2100-01-04 08:00:01.347+00', NULL, 'engine', '{"endsAt": "2100-01-04T14:00:01.312Z", "seenAt": "2100-01-04T08:00:01.312Z"}'),
('17', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', '4', 'given', '2100-01-04 08:00:01.384+00', NULL, 'engine', '{"endsAt": "2100-01-04T14:00:01.362Z", "seenAt": "2100-01-04T08:00:01.362Z"}'),
('18', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '4', 'given', '2100-01-04 08:00:01.436+00', NULL, 'engine', '{"endsAt": "2100-01-05T08:00:01.421Z", "seenAt": "2100-01-04T08:00:01.421Z"}'),
('19', 'request', '01a21e13-34c1-720b-9e64-5db2a7f13938', '1', 'asked', '2100-01-04 09:00:01.72+00', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', NULL, '{"endsAt": "2100-01-04T14:00:01.312Z", "reason": "one more run", "seconds": 21600}'),
('2', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', '1', 'scheduled', '2100-01-04 08:00:00.086+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"seconds": 21600, "startAt": "2100-01-04T08:00:00.086Z", "requestId": "01a21e13-2e31-737a-9918-c81b89022f3c"}'),
('20', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '5', 'ending', '2100-01-04 09:00:01.885+00', '01a21e13-2def-76be-afa0-58c4766deb7f', NULL, '{"note": "Moved to another team", "reason": "revoked"}'),
('21', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '6', 'answered', '2100-01-04 09:00:02.011+00', NULL, 'engine', '{"code": "retryable", "message": "127.0.0.1:38299 is in trouble (503).", "operation": "take"}'),
('22', 'request', '01a21e13-3647-741f-8202-fa754bf5754a', '1', 'asked', '2100-01-04 09:10:02.121+00', '01a21e13-2df6-727c-a473-6f46354134a4', NULL, '{"reason": "INC-2417", "seconds": 21600}'),
('23', 'grant', '01a21e13-3662-772b-a9c0-0767ecaf60a0', '1', 'scheduled', '2100-01-04 09:10:02.155+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"seconds": 21600, "startAt": "2100-01-04T09:10:02.155Z", "requestId": "01a21e13-3647-741f-8202-fa754bf5754a"}'),
('24', 'request', '01a21e13-3647-741f-8202-fa754bf5754a', '2', 'approved', '2100-01-04 09:10:02.155+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"step": 0, "seconds": 21600}'),
('25', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '7', 'overdue', '2100-01-04 09:10:02.252+00', NULL, 'engine', '{"since": "2100-01-04T09:00:01.885Z", "lastAnswer": "retryable"}'),
('26', 'grant', '01a21e13-3662-772b-a9c0-0767ecaf60a0', '2', 'started', '2100-01-04 09:10:02.271+00', NULL, 'engine', '{}'),
('27', 'grant', '01a21e13-3662-772b-a9c0-0767ecaf60a0', '3', 'answered', '2100-01-04 09:10:02.376+00', NULL, 'engine', '{"code": "retryable", "message": "127.0.0.1:38299 is in trouble (503).", "operation": "give"}'),
('28', 'request', '01a21e13-37d8-7614-a45b-fbf4417ab616', '1', 'asked', '2100-01-04 09:10:02.524+00', '01a21e13-2df7-72e9-8626-e7f1c04da34a', NULL, '{"reason": "INC-2417", "seconds": 21600}'),
('3', 'request', '01a21e13-2e31-737a-9918-c81b89022f3c', '2', 'approved', '2100-01-04 08:00:00.086+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"step": 0, "seconds": 21600}'),
('4', 'request', '01a21e13-2e69-7717-bbab-842b7f508dfa', '1', 'asked', '2100-01-04 08:00:00.111+00', '01a21e13-2df8-72c8-a83d-f93dc79eb5a1', NULL, '{"reason": "INC-2417", "seconds": 21600}'),
('5', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '1', 'scheduled', '2100-01-04 08:00:00.133+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"seconds": 21600, "startAt": "2100-01-04T08:00:00.133Z", "requestId": "01a21e13-2e69-7717-bbab-842b7f508dfa"}'),
('6', 'request', '01a21e13-2e69-7717-bbab-842b7f508dfa', '2', 'approved', '2100-01-04 08:00:00.133+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"step": 0, "seconds": 21600}'),
('7', 'request', '01a21e13-2ea1-7012-8ae4-f9a982c3a407', '1', 'asked', '2100-01-04 08:00:00.156+00', '01a21e13-2df5-74fa-84ef-3035437b9a7b', NULL, '{"reason": "INC-2417", "seconds": 86400}'),
('8', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '1', 'scheduled', '2100-01-04 08:00:00.193+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"seconds": 86400, "startAt": "2100-01-04T08:00:00.193Z", "requestId": "01a21e13-2ea1-7012-8ae4-f9a982c3a407"}'),
('9', 'request', '01a21e13-2ea1-7012-8ae4-f9a982c3a407', '2', 'approved', '2100-01-04 08:00:00.193+00', '01a21e13-2df2-710f-9392-db92f98e152e', NULL, '{"step": 0, "seconds": 86400}');

INSERT INTO "work" ("id", "kind", "subject_type", "subject_id", "connection_id", "priority", "due_at", "not_before", "generation", "attempt", "lease_until", "last_error", "memo") OVERRIDING SYSTEM VALUE VALUES
('25', 'take', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '0', '2100-01-04 14:00:01.312+00', NULL, '2', '0', NULL, NULL, NULL),
('27', 'take', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '0', '2100-01-04 14:00:01.362+00', NULL, '2', '0', NULL, NULL, NULL),
('29', 'take', 'grant', '01a21e13-2ec4-74fb-ba9b-7f1a5ce90f6e', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '0', '2100-01-04 09:00:01.885+00', NULL, '3', '3', '2026-01-05 08:35:20.666+00', '127.0.0.1:38299 is in trouble (503).', NULL),
('32', 'notice', 'grant', '01a21e13-2e7b-7137-98cb-87cb00ab1d34', NULL, '2', '2100-01-04 13:00:01.312+00', NULL, '1', '0', NULL, NULL, NULL),
('36', 'notice', 'grant', '01a21e13-2e4b-7574-8228-d7cc725369b3', NULL, '2', '2100-01-04 13:00:01.362+00', NULL, '1', '0', NULL, NULL, NULL),
('43', 'lapse', 'request', '01a21e13-34c1-720b-9e64-5db2a7f13938', NULL, '3', '2100-01-04 14:00:01.312+00', NULL, '1', '0', NULL, NULL, NULL),
('53', 'give', 'grant', '01a21e13-3662-772b-a9c0-0767ecaf60a0', '01a21e13-2df9-7598-b2b2-cfa4e6f42e7f', '4', '2100-01-04 09:10:02.155+00', NULL, '1', '2', '2026-01-05 08:35:20.666+00', '127.0.0.1:38299 is in trouble (503).', NULL),
('62', 'lapse', 'request', '01a21e13-37d8-7614-a45b-fbf4417ab616', NULL, '3', '2100-01-05 09:10:02.524+00', NULL, '1', '0', NULL, NULL, NULL),
('63', 'send', 'mail', '01a21e13-37dc-73aa-ab71-c54cf6582763', NULL, '5', '2100-01-04 09:10:02.524+00', NULL, '1', '0', NULL, NULL, NULL),
('64', 'event', 'event', '01a21e13-37de-76d9-861c-4f9f0788a1bc', NULL, '5', '2100-01-04 09:10:02.524+00', NULL, '1', '0', NULL, NULL, '{"data": {"requestId": "01a21e13-37d8-7614-a45b-fbf4417ab616"}, "name": "request/asked"}');

INSERT INTO "organisation" ("id", "name", "time_zone", "floor_seconds", "version") OVERRIDING SYSTEM VALUE VALUES
('1', 'Halden', 'Europe/Berlin', '900', '1');

INSERT INTO "person" ("id", "name", "email", "email_verified", "image", "title", "team", "time_zone", "manager_id", "admin", "auditor", "deactivated_at", "created_at", "version") OVERRIDING SYSTEM VALUE VALUES
('01a21e13-2def-76be-afa0-58c4766deb7f', 'Ines Albrecht', 'ines.albrecht@halden.example', NULL, NULL, NULL, NULL, NULL, NULL, 'true', 'false', NULL, '2026-01-05 08:35:03.154+00', '1'),
('01a21e13-2df2-710f-9392-db92f98e152e', 'Ben Okafor', 'ben.okafor@halden.example', NULL, NULL, NULL, NULL, NULL, NULL, 'false', 'false', NULL, '2026-01-05 08:35:03.156+00', '1'),
('01a21e13-2df3-7760-a438-9f03ec309a61', 'Ana Oliveira', 'ana.oliveira@halden.example', NULL, NULL, NULL, NULL, NULL, '01a21e13-2df2-710f-9392-db92f98e152e', 'false', 'false', NULL, '2026-01-05 08:35:03.157+00', '1'),
('01a21e13-2df5-74fa-84ef-3035437b9a7b', 'Cem Yildiz', 'cem.yildiz@halden.example', NULL, NULL, NULL, NULL, NULL, '01a21e13-2df2-710f-9392-db92f98e152e', 'false', 'false', NULL, '2026-01-05 08:35:03.159+00', '1'),
('01a21e13-2df6-727c-a473-6f46354134a4', 'Dora Lind', 'dora.lind@halden.example', NULL, NULL, NULL, NULL, NULL, '01a21e13-2df2-710f-9392-db92f98e152e', 'false', 'false', NULL, '2026-01-05 08:35:03.159+00', '1'),
('01a21e13-2df7-72e9-8626-e7f1c04da34a', 'Eva Lindt', 'eva.lindt@halden.example', NULL, NULL, NULL, NULL, NULL, '01a21e13-2df2-710f-9392-db92f98e152e', 'false', 'false', NULL, '2026-01-05 08:35:03.16+00', '1'),
('01a21e13-2df8-72c8-a83d-f93dc79eb5a1', 'Gita Rao', 'gita.rao@halden.example', NULL, NULL, NULL, NULL, NULL, '01a21e13-2df2-710f-9392-db92f98e152e', 'false', 'false', NULL, '2026-01-05 08:35:03.161+00', '1');

SET session_replication_role = origin;
SELECT setval('attempt_id_seq', 18);
SELECT setval('timeline_id_seq', 28);
SELECT setval('work_id_seq', 64);
