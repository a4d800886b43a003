import { expect, signIn, test } from './fixtures'
import { grantOf } from './support/flows'
import { readOnly } from './support/outside'
import { freePort, startServer } from './support/server'

const HOUR = 3_600_000

test('the server is killed between “granted in the target” and “recorded”', async ({
  as,
  watch,
  warehouse,
  world,
}) => {
  test.setTimeout(150_000)
  // The page that approves may lose its server while it waits for the answer.
  watch.allow(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|Failed to fetch|network error/i)
  // The test's own reading of a mail's frame, in which no script may run.
  watch.allow(/Blocked script execution in 'about:srcdoc'/)
  const db = readOnly(world.spareUrl)
  const port = await freePort()
  const outboxOnly = { SMTP_URL: '' }
  const doomed = await startServer(world, port, { ...outboxOnly, FAULTPOINT: 'give.call:after:kill' })
  let revived: Awaited<ReturnType<typeof startServer>> | undefined
  try {
    const mira = await as(null, { baseURL: doomed.url })
    await signIn(mira, 'mira')
    const [asked] = await db<{ id: string }[]>`
      select r.id from request r join person p on p.id = r.person_id join entitlement e on e.id = r.entitlement_id
      where r.state = 'pending' and p.name = 'Chidi Eze' and e.name = 'prod_read'`
    const requestId = asked?.id ?? ''
    expect(await warehouse.membership('chidi', 'prod_read')).toBeNull()
    await mira.goto(`/requests/${requestId}`)
    await mira.getByRole('button', { name: 'Approve' }).click()
    expect(await doomed.exited, 'killed, not ended').toBeNull()

    const grantId = await grantOf(db, requestId, 'provisioning')
    const granted = await warehouse.membership('chidi', 'prod_read')
    expect(granted, 'granted in the target').not.toBeNull()

    const startedAt = performance.now()
    revived = await startServer(world, port, outboxOnly)
    await expect
      .poll(async () => (await grantRow()).state, { timeout: 30_000, intervals: [100] })
      .toBe('active')
    expect(performance.now() - startedAt).toBeLessThan(30_000)

    const row = await grantRow()
    expect(row.endsAt.getTime() - row.grantedAt.getTime()).toBe(6 * HOUR)
    const [live] = await db<{ count: number }[]>`
      select count(*)::int as count from "grant" g join request r on r.person_id = g.person_id
        and r.entitlement_id = g.entitlement_id
      where r.id = ${requestId} and g.state in ('provisioning', 'active', 'revoking')`
    expect(live?.count).toBe(1)
    const entries = await db<{ verb: string; version: number }[]>`
      select verb, version from timeline where subject_type = 'grant' and subject_id = ${grantId} order by version`
    expect(entries.filter(({ verb }) => verb === 'given')).toHaveLength(1)
    expect(entries.map(({ version }) => version)).toEqual(entries.map((_, at) => at + 1))
    expect(await warehouse.membership('chidi', 'prod_read'), 'not given twice').toEqual(granted)

    await test.step('its mail is in the outbox, and it can be taken back', async () => {
      await mira.goto('/dev/mail?to=chidi.eze')
      // Newest first: an older one may stand below.
      await mira
        .getByRole('link', { name: /You have prod_read on Data warehouse until/ })
        .first()
        .click()
      await expect(mira.frameLocator('iframe').getByText('prod_read').first()).toBeVisible()
      await mira.goto(`/requests/${requestId}`)
      await mira.getByRole('button', { name: 'Revoke…' }).click()
      const question = mira.getByRole('alertdialog')
      await question.getByRole('textbox', { name: 'Reason' }).fill('Only to see it given')
      await question.getByRole('button', { name: 'Revoke now' }).click()
      await grantOf(db, requestId, 'ended')
      expect(await warehouse.membership('chidi', 'prod_read')).toBeNull()
    })

    async function grantRow() {
      const [found] = await db<{ state: string; grantedAt: Date; endsAt: Date }[]>`
        select state, granted_at as "grantedAt", ends_at as "endsAt" from "grant" where id = ${grantId}`
      if (!found) throw new Error(`there is no grant ${grantId}`)
      return found
    }
  } finally {
    await Promise.all([doomed.stop(), revived?.stop()])
    await db.end({ timeout: 1 })
  }
})
