CREATE TABLE "audit_receiver" (
	"id" uuid PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"format" text NOT NULL,
	"position" bigint NOT NULL,
	"sending_to" bigint,
	"run" integer DEFAULT 1 NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "audit_receiver_format" CHECK (format in ('jsonl', 'ocsf')),
	CONSTRAINT "audit_receiver_position" CHECK ("audit_receiver"."position" >= 0 and "audit_receiver"."sending_to" > "audit_receiver"."position")
);
--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_kind";--> statement-breakpoint
ALTER TABLE "work" DROP CONSTRAINT "work_subject";--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_kind" CHECK (kind in ('take', 'alarm', 'notice', 'give', 'look', 'lapse', 'escalate', 'remind', 'check', 'send', 'event', 'probe', 'sync', 'drift', 'drill', 'remove', 'checkpoint', 'retention', 'deliver'));--> statement-breakpoint
ALTER TABLE "work" ADD CONSTRAINT "work_subject" CHECK (subject_type in ('grant', 'request', 'mail', 'event', 'organisation', 'connection', 'finding', 'receiver'));