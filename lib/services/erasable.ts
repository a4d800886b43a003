/** Which payloads may be erased at all, and which of them hold something of a person. */
import 'server-only'
import { and, isNull, type SQL, sql } from 'drizzle-orm'
import { schema } from '@/db/client'

const { timeline } = schema

/** Of what is not over yet: a request that waits or whose grant runs, a running grant, their tasks, and a review. */
export const ofRunning: SQL = sql`(case ${timeline.subjectType}
  when 'grant' then exists (select from "grant" g where g.id = ${timeline.subjectId} and g.state not in ('ended', 'failed'))
  when 'request' then exists (select from request r left join "grant" g on g.id = r.grant_id
    where r.id = ${timeline.subjectId} and (r.state = 'pending' or g.state not in ('ended', 'failed')))
  when 'task' then exists (select from task t join "grant" g on g.id = t.grant_id
    where t.id = ${timeline.subjectId} and (t.state = 'open' or g.state not in ('ended', 'failed')))
  when 'access_review' then exists (select from access_review a
    where a.id = ${timeline.subjectId} and a.state in ('open', 'escalated'))
  else false end)`

/** Has a payload that is sealed, so that its hash is kept, and is not itself the record of an erasure. */
export const hasPayload: SQL = and(
  isNull(timeline.erasedAt),
  sql`${timeline.verb} <> 'erased'`,
  sql`exists (select from seal s where s.entry_id = ${timeline.id})`,
) as SQL

/** A person, as entries may name them. */
export interface Named {
  readonly id: string
  readonly name: string
  readonly email: string
}

/**
 * Holds something of the person: entries about them, their requests, grants and tasks, what they did and wrote
 * themselves, and whatever else names their id, name or address.
 */
export function holdsSomethingOf({ id, name, email }: Named): SQL {
  return sql`(${timeline.actorId} = ${id}
    or ${timeline.subjectType} = 'person' and ${timeline.subjectId} = ${id}
    or ${timeline.subjectType} = 'request' and ${timeline.subjectId} in
      (select r.id from request r where r.person_id = ${id} or r.asker_id = ${id})
    or ${timeline.subjectType} = 'grant' and ${timeline.subjectId} in
      (select g.id from "grant" g where g.person_id = ${id})
    or ${timeline.subjectType} = 'task' and ${timeline.subjectId} in
      (select t.id from task t join "grant" g on g.id = t.grant_id where g.person_id = ${id} or t.done_by = ${id})
    or strpos(${timeline.data}::text, ${id}) > 0
    or strpos(lower(${timeline.data}::text), lower(${email})) > 0
    or strpos(lower(${timeline.data}::text), lower(${name})) > 0)`
}
