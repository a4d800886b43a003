import type { APIRequestContext, APIResponse, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import type postgres from 'postgres'

/** A form as a legitimate page sent it, byte by byte. */
export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What a page says whose form did not arrive. */
export const lostForm = /net::ERR_FAILED|Failed to fetch/

/**
 * Lets a page send a form and keeps it from arriving.
 * @param marker words the form holds, which tell it from what the page sends by itself
 */
export async function intercepted(page: Page, marker: string, send: () => Promise<void>): Promise<Sent> {
  let caught: (sent: Sent) => void = () => {}
  const sent = new Promise<Sent>((resolve) => {
    caught = resolve
  })
  await page.route('**/*', async (route, request) => {
    const body = request.postDataBuffer()
    if (request.method() !== 'POST' || !body?.toString('utf8').includes(marker)) return route.continue()
    const { pathname, search } = new URL(request.url())
    caught({ path: pathname + search, headers: await request.allHeaders(), body })
    await route.abort()
  })
  await send()
  const form = await sent
  await page.close()
  return form
}

/** Sends it again over plain HTTP, with somebody else's session or from somewhere else. */
export function replay(sender: APIRequestContext, sent: Sent, origin: string | null): Promise<APIResponse> {
  const { cookie: _c, host: _h, 'content-length': _l, origin: _o, referer: _r, ...headers } = sent.headers
  return sender.post(sent.path, {
    headers: origin === null ? headers : { ...headers, origin },
    data: sent.body,
    maxRedirects: 0,
  })
}

/** Everything a request must not change, by table: equal before and after, or it did. */
export async function record(db: postgres.Sql): Promise<Record<string, string>> {
  const [row] = await db<Record<string, string>[]>`
    select
      (select count(*)::text from timeline) as timeline,
      ${digest(db, db`select id, state, version from request`)} as requests,
      ${digest(db, db`select * from decision`)} as decisions,
      ${digest(db, db`select id, state, version from "grant"`)} as grants,
      ${digest(db, db`select id, state, version from task`)} as tasks,
      ${digest(db, db`select id, kind, subject_id, due_at from work`)} as work,
      ${digest(db, db`select id, version, current_version_id from policy`)} as policies,
      ${digest(db, db`select id, version from application`)} as applications,
      ${digest(db, db`select * from entitlement`)} as entitlements,
      ${digest(db, db`select id, version, deactivated_at from person`)} as people,
      ${digest(db, db`select * from organisation`)} as organisation,
      ${digest(db, db`select token_hash, used_at from link`)} as links,
      ${digest(db, db`select id, state from mail`)} as mails,
      ${digest(db, db`select * from clock`)} as clock`
  return row ?? {}
}

function digest(db: postgres.Sql, rows: postgres.PendingQuery<postgres.Row[]>) {
  return db`(select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from (${rows}) t)`
}

/** Waits until nothing is left to do that is due, now or within so many seconds: mails are out, what was agreed is given. */
export async function quiet(db: postgres.Sql, seconds = 0): Promise<void> {
  await expect
    .poll(
      async () => {
        const [row] = await db<{ due: number }[]>`
          select count(*)::int as due from work w cross join clock c
          where w.due_at <= clock_timestamp() + c.offset_ms * interval '1 millisecond' + ${seconds}::int * interval '1 second'
            and w.attempt < 3
            -- Upkeep is always due and held back until its next time.
            and not (w.subject_type in ('connection', 'organisation')
              and w.not_before > clock_timestamp() + ${seconds}::int * interval '1 second')`
        return row?.due
      },
      { message: 'nothing that is due is left to do', intervals: [50], timeout: 100_000 },
    )
    .toBe(0)
}
