CREATE TABLE "directory_import" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"content" text NOT NULL,
	"lines" integer NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"outcome" jsonb,
	CONSTRAINT "directory_import_kind" CHECK (kind in ('people', 'groups')),
	CONSTRAINT "directory_import_size" CHECK (octet_length("directory_import"."content") <= 4194304)
);
--> statement-breakpoint
ALTER TABLE "group" ADD COLUMN "managed_by" text;--> statement-breakpoint
ALTER TABLE "group" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "locale" text;--> statement-breakpoint
ALTER TABLE "directory_import" ADD CONSTRAINT "directory_import_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "directory_import_created" ON "directory_import" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "group_external" ON "group" USING btree ("managed_by","external_id");--> statement-breakpoint
ALTER TABLE "group" ADD CONSTRAINT "group_managed_by" CHECK ("group"."managed_by" in ('scim', 'oidc'));