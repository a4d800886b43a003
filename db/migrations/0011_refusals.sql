CREATE TABLE "refusal" (
	"hour" timestamp (3) with time zone NOT NULL,
	"person_id" uuid,
	"door" text NOT NULL,
	"code" text NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refusal_once" UNIQUE NULLS NOT DISTINCT("hour","person_id","door","code"),
	CONSTRAINT "refusal_code" CHECK ("refusal"."code" in ('forbidden', 'not_found', 'unauthenticated'))
);
--> statement-breakpoint
ALTER TABLE "refusal" ADD CONSTRAINT "refusal_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refusal_person" ON "refusal" USING btree ("person_id","last_at");