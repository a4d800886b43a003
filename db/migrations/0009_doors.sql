-- Sessions from before say neither when nor how they began, so everybody signs in once more.
DELETE FROM "session";--> statement-breakpoint
-- Identities from before name no issuer. They are made again at the next sign-in, by a vouched address as the first time.
DELETE FROM "identity";--> statement-breakpoint
DROP INDEX "identity_person";--> statement-breakpoint
ALTER TABLE "mail" ADD COLUMN "failed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "mail" ADD COLUMN "provider_id" text;--> statement-breakpoint
ALTER TABLE "organisation" ADD COLUMN "single_sign_on_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "id" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "way" text NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "issuer" text;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "device" text NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "signed_in_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "proven_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "last_seen_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
CREATE INDEX "mail_provider" ON "mail" USING btree ("provider_id") WHERE "mail"."provider_id" is not null;--> statement-breakpoint
CREATE INDEX "mail_failed" ON "mail" USING btree ("failed_at") WHERE "mail"."state" = 'failed';--> statement-breakpoint
CREATE UNIQUE INDEX "session_id" ON "session" USING btree ("id");--> statement-breakpoint
CREATE UNIQUE INDEX "identity_person" ON "identity" USING btree ("person_id","provider");--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_way" CHECK (way in ('oidc', 'email', 'demo'));--> statement-breakpoint
UPDATE "mail" SET "failed_at" = "created_at" WHERE "state" = 'failed';
