ALTER TABLE "grant" ADD COLUMN "call_by" text;--> statement-breakpoint
ALTER TABLE "work" ADD COLUMN "fence" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "work_line" ON "work" USING btree ("connection_id","kind",(case when kind = 'take' then attempt + case when memo ? 'taken' then 1000 else 0 end else 0 end),"due_at","id");--> statement-breakpoint

-- Once for all that are sealed together, instead of once for each of them.
CREATE OR REPLACE FUNCTION seal_gapless() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first bigint; latest bigint; number bigint; before bigint;
BEGIN
  SELECT min(seq), max(seq), count(*) INTO first, latest, number FROM written;
  IF number = 0 THEN RETURN NULL; END IF;
  SELECT max(seq) INTO before FROM "seal" WHERE seq < first;
  IF first <> coalesce(before, 0) + 1 OR latest <> first + number - 1 THEN
    RAISE EXCEPTION 'the chain would jump from % to % with % links up to %', coalesce(before, 0), first, number, latest
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
DROP TRIGGER seal_gapless ON "seal";--> statement-breakpoint
CREATE TRIGGER seal_gapless AFTER INSERT ON "seal" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION seal_gapless();
