-- Grants that were given before alarms were armed with the end itself: theirs would only have been armed by the take.
-- Where its target needs longer than a minute, the alarm puts itself off when it comes.
INSERT INTO "work" ("kind", "subject_type", "subject_id", "priority", "due_at")
SELECT 'alarm', 'grant', g.id, 1, g.ends_at + interval '1 minute'
FROM "grant" g
WHERE g.state IN ('provisioning', 'active') AND NOT g.preexisting AND g.first_give_at IS NOT NULL AND g.ends_at IS NOT NULL
ON CONFLICT ("kind", "subject_id") DO NOTHING;
