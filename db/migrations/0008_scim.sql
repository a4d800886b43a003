CREATE TABLE "group_nesting" (
	"parent_id" uuid NOT NULL,
	"child_id" uuid NOT NULL,
	CONSTRAINT "group_nesting_parent_id_child_id_pk" PRIMARY KEY("parent_id","child_id")
);
--> statement-breakpoint
CREATE TABLE "scim_client" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid,
	"revoked_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scim_group" (
	"group_id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"external_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "scim_person" (
	"client_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"external_id" text,
	"user_name" text NOT NULL,
	"given_name" text,
	"family_name" text,
	"manager_ref" text,
	"asserted" text[] DEFAULT '{}' NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "scim_person_client_id_person_id_pk" PRIMARY KEY("client_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "scim_token" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "timeline" DROP CONSTRAINT "timeline_subject";--> statement-breakpoint
ALTER TABLE "group_nesting" ADD CONSTRAINT "group_nesting_parent_id_group_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_nesting" ADD CONSTRAINT "group_nesting_child_id_group_id_fk" FOREIGN KEY ("child_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_client" ADD CONSTRAINT "scim_client_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group" ADD CONSTRAINT "scim_group_group_id_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."group"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_group" ADD CONSTRAINT "scim_group_client_id_scim_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."scim_client"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_person" ADD CONSTRAINT "scim_person_client_id_scim_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."scim_client"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_person" ADD CONSTRAINT "scim_person_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_token" ADD CONSTRAINT "scim_token_client_id_scim_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."scim_client"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scim_token" ADD CONSTRAINT "scim_token_created_by_person_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "group_nesting_child" ON "group_nesting" USING btree ("child_id");--> statement-breakpoint
CREATE UNIQUE INDEX "scim_client_name" ON "scim_client" USING btree (lower("name")) WHERE "scim_client"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "scim_group_client" ON "scim_group" USING btree ("client_id");--> statement-breakpoint
CREATE INDEX "scim_person_person" ON "scim_person" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "scim_person_external" ON "scim_person" USING btree ("client_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "scim_person_user_name" ON "scim_person" USING btree ("client_id",lower("user_name")) WHERE "scim_person"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "scim_token_hash" ON "scim_token" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "scim_token_client" ON "scim_token" USING btree ("client_id");--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_subject" CHECK (subject_type in ('request', 'grant', 'policy', 'application', 'connection', 'person', 'organisation', 'task', 'group', 'separation', 'scim_client'));--> statement-breakpoint

-- A group is never in itself, however deep: one answer at a time for the whole tree.
CREATE FUNCTION group_nesting_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('group_nesting', 0));
  IF EXISTS (
    WITH RECURSIVE below (id) AS (
      SELECT NEW.child_id
      UNION
      SELECT n.child_id FROM below b JOIN "group_nesting" n ON n.parent_id = b.id
    )
    SELECT 1 FROM below WHERE id = NEW.parent_id
  ) THEN
    RAISE EXCEPTION 'group % would be in itself', NEW.parent_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER group_nesting_no_circle BEFORE INSERT OR UPDATE ON "group_nesting" FOR EACH ROW EXECUTE FUNCTION group_nesting_no_circle();
