import type { APIRequestContext, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { ask, follow, grantOf, mailTo } from './support/flows'
import { intercepted, lostForm, quiet, record, replay, type Sent } from './support/replay'

const ADMIN = '/settings/access-management'

/** Ids of things that exist and are none of Owen's business. */
async function foreign(db: import('postgres').Sql) {
  const [row] = await db<Record<'grant' | 'policy', string>[]>`
    select
      (select g.id from "grant" g join person p on p.id = g.person_id
        where p.name = 'Mei Tanaka' and g.state = 'active' limit 1) as grant,
      (select id from policy where name = 'Analytics read') as policy`
  if (!row) throw new Error('the seeded organisation is not there')
  return row
}

test('a form sent again by a stranger, by nobody, or from another site does nothing', async ({
  as,
  baseURL,
  db,
  warehouse,
  watch,
}) => {
  test.setTimeout(180_000)
  watch.allow(lostForm)
  const own = new URL(baseURL ?? '').origin
  const nadia = await as('nadia')
  const requestId = await ask(nadia, {
    entitlement: 'analytics_read',
    length: '6 hours',
    reason: 'Signups per day of this quarter',
  })
  const ids = await foreign(db)
  const forms: Record<string, { of: string; sent: Sent }> = {}
  const keep = async (what: string, of: string, marker: string, act: (page: Page) => Promise<void>) => {
    const page = await as(of)
    forms[what] = { of, sent: await intercepted(page, marker, () => act(page)) }
  }
  await keep('approve', 'mira', requestId, async (page) => {
    await page.goto(`/requests/${requestId}`)
    await page.getByRole('button', { name: 'Approve' }).click({ noWaitAfter: true })
  })
  await keep('withdraw', 'nadia', requestId, async (page) => {
    await page.goto(`/requests/${requestId}`)
    await page.getByRole('button', { name: 'Withdraw request' }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Withdraw the request' })
      .click({ noWaitAfter: true })
  })
  await keep('give back', 'mei', ids.grant, async (page) => {
    await page.goto(`/grants/${ids.grant}/give-back`)
    await page.getByRole('button', { name: /^Give analytics_read back/ }).click({ noWaitAfter: true })
  })
  await keep('extend', 'mei', 'One more day of it', async (page) => {
    await page.goto(`/grants/${ids.grant}/extend`)
    await page.getByRole('textbox', { name: 'Why longer' }).fill('One more day of it')
    await page.getByRole('button', { name: 'Request extension' }).click({ noWaitAfter: true })
  })
  await keep('revoke', 'ines', 'Not needed any more', async (page) => {
    await page.goto(`${ADMIN}/grants/${ids.grant}`)
    await page.getByRole('button', { name: 'Revoke now…' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByRole('textbox', { name: 'Reason' }).fill('Not needed any more')
    await question.getByRole('button', { name: 'Revoke now' }).click({ noWaitAfter: true })
  })
  await keep('archive a policy', 'ines', ids.policy, async (page) => {
    await page.goto(`${ADMIN}/policies/${ids.policy}`)
    await page.getByRole('button', { name: 'More acts on this policy' }).click()
    await page.getByRole('menuitem', { name: 'Archive policy' }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Archive policy' })
      .click({ noWaitAfter: true })
  })
  await keep('edit the organisation', 'ines', 'Halden of strangers', async (page) => {
    await page.goto('/settings/organisation')
    await page.getByRole('textbox', { name: 'Name' }).fill('Halden of strangers')
    await page.getByRole('button', { name: /^Save/ }).click({ noWaitAfter: true })
  })

  const owen = (await as('owen')).request
  const nobody = (await as(null)).request
  // Before the record is read: whoever was here long ago signs in anew, which is recorded.
  const selves = new Map<string, APIRequestContext>()
  for (const { of } of Object.values(forms)) selves.set(of, (await as(of)).request)
  await quiet(db)
  const before = await record(db)
  for (const [what, { of, sent }] of Object.entries(forms)) {
    const self = selves.get(of) as APIRequestContext
    const tries: [string, Promise<{ status(): number }>][] = [
      ['by a stranger', replay(owen, sent, own)],
      ['by nobody', replay(nobody, sent, own)],
      ['from another site', replay(self, sent, 'https://elsewhere.example')],
      ['from a sandbox', replay(self, sent, 'null')],
      ['without saying from where', replay(self, sent, null)],
    ]
    for (const [how, answer] of tries) {
      const status = (await answer).status()
      // Another site is turned away by the framework, with a 500 of its own, before any of ours is asked.
      expect.soft(status, `${what} ${how}`).toBeLessThan(/site|sandbox/.test(how) ? 501 : 500)
    }
    expect.soft(await record(db), what).toEqual(before)
  }
  expect(await warehouse.membership('nadia', 'analytics_read')).toBeNull()

  // The very same bytes act when the right person sends them from here: what refused them was not their form.
  const mira = (await as('mira')).request
  expect((await replay(mira, forms.approve?.sent as Sent, own)).ok()).toBe(true)
  await grantOf(db, requestId, 'active')
  expect(await warehouse.membership('nadia', 'analytics_read')).not.toBeNull()
  const ines = (await as('ines')).request
  expect((await replay(ines, forms['edit the organisation']?.sent as Sent, own)).ok()).toBe(true)
  expect(await db`select 1 from organisation where name = 'Halden of strangers'`).toHaveLength(1)
})

test('a scanner that opens every link of every mail and presses every button changes nothing', async ({
  as,
  db,
  mails,
  watch,
}) => {
  test.setTimeout(180_000)
  watch.allow(/^4\d\d from/, /\/interaction\/.*ERR_NAME_NOT_RESOLVED/)
  const ruth = await as('ruth')
  await ask(ruth, { entitlement: 'analytics_read', length: '6 hours', reason: 'Fees by day' })
  await quiet(db)
  const links = new Set(
    (await mails.everything())
      .flatMap(({ html }) => [...html.matchAll(/href="(http[^"]+)"/g)].map(([, href]) => href ?? ''))
      .filter((href) => /\/(decide|extend)\//.test(href)),
  )
  expect(links.size).toBeGreaterThan(0)
  const before = await record(db)
  const scanner = await as(null)
  for (const link of [...links].slice(-8)) {
    await scanner.goto(link)
    await expect(scanner, 'it gets as far as the door').toHaveURL(/\/sign-in\?next=/)
    // The demo’s list of people stands in for their passwords: a scanner has none of them.
    const buttons = 'button:not(.si-person)'
    for (let at = 0; at < (await scanner.locator(buttons).count()); at++) {
      const tab = await scanner.context().newPage()
      await tab.goto(link)
      const sent = tab.waitForResponse((response) => response.request().method() === 'POST')
      await tab.locator(buttons).nth(at).click()
      await sent
      await tab.close()
    }
    const { origin } = new URL(link)
    await scanner.request.post(link, { headers: { origin }, form: { verdict: 'approve' } })
  }
  expect(await record(db)).toEqual(before)

  const mail = await mailTo(mails, 'mira', /^Ruth Adler asks for analytics_read/)
  const decide = await follow(await as('mira'), mail, 'Review request')
  await decide.getByRole('button', { name: /^Approve/ }).click()
  await expect(
    decide.getByRole('heading', { name: /^Approved by you/ }),
    'she can still decide',
  ).toBeVisible()
})
