CREATE TABLE "timeline_mention" (
	"about_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"entry_id" bigint NOT NULL,
	CONSTRAINT "timeline_mention_about_id_at_entry_id_pk" PRIMARY KEY("about_id","at","entry_id")
);
--> statement-breakpoint
DROP INDEX "timeline_at";--> statement-breakpoint
CREATE INDEX "timeline_actor" ON "timeline" USING btree ("actor_id","at","id") WHERE actor_id is not null;--> statement-breakpoint
CREATE INDEX "timeline_verb" ON "timeline" USING btree ("verb","at","id");--> statement-breakpoint
CREATE INDEX "timeline_at" ON "timeline" USING btree ("at","id");--> statement-breakpoint
-- Whom and which application an entry is about: those of its subject, and every one that its data names.
CREATE FUNCTION timeline_about("of_type" text, "of_id" uuid, "told" jsonb) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  WITH named AS (
    SELECT (value #>> '{}')::uuid AS id FROM jsonb_path_query(told,
      'strict $.** ? (@.type() == "string" && @ like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")') AS value
  )
  SELECT of_id WHERE of_type IN ('person', 'application')
  UNION SELECT unnest(ARRAY[g.person_id, g.application_id]) FROM "grant" g WHERE of_type = 'grant' AND g.id = of_id
  UNION SELECT unnest(ARRAY[r.person_id, r.asker_id, e.application_id])
    FROM "request" r JOIN "entitlement" e ON e.id = r.entitlement_id WHERE of_type = 'request' AND r.id = of_id
  UNION SELECT unnest(ARRAY[g.person_id, g.application_id])
    FROM "task" t JOIN "grant" g ON g.id = t.grant_id WHERE of_type = 'task' AND t.id = of_id
  UNION SELECT a.id FROM "application" a WHERE of_type = 'connection' AND a.connection_id = of_id
  UNION SELECT p.id FROM named JOIN "person" p ON p.id = named.id
  UNION SELECT a.id FROM named JOIN "application" a ON a.id = named.id
$$;--> statement-breakpoint
CREATE FUNCTION timeline_mention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "timeline_mention" (about_id, at, entry_id)
    SELECT about, fresh.at, fresh.id FROM fresh, timeline_about(fresh.subject_type, fresh.subject_id, fresh.data) AS about;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER timeline_mention AFTER INSERT ON "timeline" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION timeline_mention();--> statement-breakpoint
INSERT INTO "timeline_mention" (about_id, at, entry_id)
  SELECT about, t.at, t.id FROM "timeline" t, timeline_about(t.subject_type, t.subject_id, t.data) AS about;
