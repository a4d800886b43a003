import { expect, test } from './fixtures'
import { approve, ask, follow, grantOf, mailTo } from './support/flows'

const HOUR = 3_600_000
const LEDGER = 'select count(*)::int as entries from finance.ledger'

test('a lease, from its policy to the proof that it is gone', async ({
  as,
  clock,
  db,
  mails,
  measured,
  warehouse,
}) => {
  test.setTimeout(150_000)
  const [ines, chidi, ben] = [await as('ines'), await as('chidi'), await as('ben')]

  await test.step('an admin finds a new role in the warehouse', async () => {
    await warehouse.newRole('ledger_audit', 'finance.ledger')
    await ines.goto('/settings/access-management/applications')
    await ines.getByRole('link', { name: /^Data warehouse/ }).click()
    await ines.getByRole('button', { name: 'Sync catalogue' }).click()
    await expect(ines.getByText('Catalogue synced')).toBeVisible()
  })

  await test.step('and writes a policy for it, step by step', async () => {
    await ines.goto('/settings/access-management/policies')
    await ines.getByRole('link', { name: 'New policy' }).click()
    await ines.getByRole('textbox', { name: 'Name' }).fill('Ledger look-ups')
    await ines.getByRole('button', { name: 'Next: Entitlements' }).click()
    await ines.getByRole('checkbox', { name: /^ledger_audit/ }).check()
    await ines.getByRole('button', { name: 'Next: Who may request' }).click()
    await ines.getByRole('radio', { name: /^Some people/ }).check()
    await ines.getByRole('combobox', { name: 'Groups' }).fill('Payments eng')
    await ines.getByRole('option', { name: /^Payments engineering/ }).click()
    await expect(ines.getByText('4 people may ask at present.')).toBeVisible()
    await ines.getByRole('button', { name: 'Next: Approval' }).click()
    await ines.getByRole('combobox', { name: 'Asked on step 1' }).fill('Manager')
    await ines.getByRole('option', { name: /^Manager/ }).click()
    await ines.getByRole('button', { name: 'Next: Duration' }).click()

    await expect(ines.getByRole('radio', { name: /^Just-in-time/ })).toBeChecked()
    await expect(ines.getByRole('list', { name: 'Lengths' }).getByRole('listitem')).toHaveCount(2)
    await ines.getByRole('textbox', { name: 'Length 2, number' }).fill('12')
    await ines.getByRole('combobox', { name: 'Length 2, unit' }).click()
    await ines.getByRole('option', { name: 'hours' }).click()
    await ines.getByRole('textbox', { name: 'Notify before end 2, number' }).fill('2')
    await ines.getByRole('switch', { name: /^Allow access extension requests/ }).check()
    await ines.getByRole('button', { name: 'Next: Review' }).click()
    await ines.getByRole('button', { name: 'Publish version 1' }).click()
    await ines.waitForURL(/\/policies\/[0-9a-f-]{36}$/)
    const words = ines.getByRole('region', { name: 'In plain words' })
    await expect(words).toContainText('6 hours or 12 hours')
    await expect(words).toContainText('1 hour or 2 hours before the end')
  })

  const requestId = await test.step('a requester finds it and asks', () =>
    ask(chidi, { entitlement: 'ledger_audit', length: '6 hours', reason: 'Which refunds were booked twice' }))
  expect(await warehouse.as('chidi', LEDGER)).toContain('permission denied')

  const grantId = await test.step('the approver agrees, and the right is really there', async () => {
    await ben.goto('/approvals')
    await ben.getByRole('link', { name: /Chidi Eze for ledger_audit/ }).click()
    const clickedAt = performance.now()
    await ben.getByRole('button', { name: /^Approve until about/ }).click()
    const id = await grantOf(db, requestId, 'active')
    measured('approval click → seen active', `${Math.round(performance.now() - clickedAt)} ms`)
    expect(await warehouse.as('chidi', LEDGER)).toEqual([{ entries: 8_000 }])
    await expect(ben.getByText('Approved: ledger_audit for Chidi Eze')).toBeVisible()
    return id
  })

  const given = await grantRow()
  expect(given.endsAt.getTime() - given.grantedAt.getTime(), 'counted from when it was seen').toBe(6 * HOUR)
  await chidi.reload()
  await expect(chidi.getByText('Active', { exact: true })).toBeVisible()
  const membership = await warehouse.membership('chidi', 'ledger_audit')
  expect(membership?.grantor).toBe('leasehold_operator')
  const session = await warehouse.session('chidi', 'ledger_audit')

  const notice = await test.step('five hours later, by the banner, the notice is there', async () => {
    await chidi.getByRole('textbox', { name: 'How far to move the clock' }).fill('5h')
    await chidi.getByRole('button', { name: 'Move', exact: true }).click()
    const mail = await mailTo(mails, 'chidi', /^Your ledger_audit on Data warehouse ends/)
    await chidi.goto('/dev/mail?to=chidi.eze')
    await expect(
      chidi.getByRole('link', { name: /^Chidi Eze .* ledger_audit on Data warehouse ends/ }),
    ).toBeVisible()
    return mail
  })

  const extensionId = await test.step('its link asks for more', async () => {
    const page = await follow(chidi, notice, 'Request extension')
    await expect(
      page.getByRole('heading', { name: /^Keep ledger_audit on Data warehouse longer/ }),
    ).toBeVisible()
    await page.getByRole('radio', { name: /^12 hours/ }).check()
    await page.getByRole('textbox', { name: 'Why longer' }).fill('Three refunds are still open')
    await page.getByRole('button', { name: 'Request extension' }).click()
    await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
    return new URL(page.url()).pathname.split('/').at(-1) ?? ''
  })

  await test.step('the approver agrees, the end moves, and nothing was taken away in between', async () => {
    await approve(ben, extensionId)
    const moved = await grantRow()
    expect(moved.endsAt.getTime() - given.endsAt.getTime()).toBe(12 * HOUR)
    expect(await warehouse.membership('chidi', 'ledger_audit'), 'the very same membership').toEqual(
      membership,
    )
    expect(await session.alive()).toBe(true)
    expect(await operations()).not.toContain('revoke')
    const armed = await db<{ dueAt: Date }[]>`
      select due_at as "dueAt" from work where subject_id = ${grantId} and kind = 'notice'`
    expect(
      armed.map(({ dueAt }) => moved.endsAt.getTime() - dueAt.getTime()),
      'a new notice',
    ).toEqual([2 * HOUR])
  })

  await test.step('past the end it is gone, the open session with it', async () => {
    await clock.advance('14h')
    await grantOf(db, requestId, 'ended')
    expect(await warehouse.as('chidi', LEDGER)).toContain('permission denied')
    expect(await warehouse.membership('chidi', 'ledger_audit')).toBeNull()
    expect(await session.alive()).toBe(false)
    expect(
      await mails.to('chidi', /^Your ledger_audit on Data warehouse ends/),
      'one notice for each end',
    ).toHaveLength(2)
    const { lateMs, verified } = await grantRow()
    expect(verified).toBe(true)
    expect(lateMs).toBeLessThan(5_000)
    measured('end due → seen absent', `${lateMs} ms`)
    await chidi.goto(`/requests/${requestId}`)
    await expect(chidi.getByText('Ended', { exact: true }).first()).toBeVisible()
  })

  await test.step('the table finds it by each filter, and its drawer tells all of it', async () => {
    await ines.goto('/settings/access-management/grants')
    const filters = ines.getByRole('region', { name: 'Filters' })
    const pick = async (chip: string, choice: RegExp, param: RegExp) => {
      await filters.getByRole('button', { name: chip, exact: true }).click()
      await ines.getByRole('checkbox', { name: choice }).click()
      await ines.waitForURL(param)
      await ines.keyboard.press('Escape')
    }
    await pick('Application', /Data warehouse/, /[?&]application=/)
    await pick('User', /^Chidi Eze/, /[?&]user=/)
    await pick('Entitlement', /^ledger_audit/, /[?&]entitlement=/)
    await pick('Status', /^Ended$/, /[?&]status=ended/)
    await filters.getByRole('button', { name: 'Expiry date', exact: true }).click()
    await ines.getByRole('radio', { name: 'Ended in the last 7 days' }).click()
    await ines.waitForURL(/[?&]expiry=ended-7d/)
    await ines.reload()
    const rows = ines.getByRole('table', { name: 'Access grants' }).locator('tbody').getByRole('row')
    await expect(rows).toHaveCount(1)
    await expect(rows).toContainText('Ended')
    await rows.click()
    await ines.waitForURL((url) => url.pathname.endsWith(grantId))

    const drawer = ines.getByRole('dialog', { name: 'Grant details' })
    const told = drawer.getByRole('region', { name: 'Timeline' }).getByRole('listitem')
    const story = [
      /Chidi Eze asked for 6 hours.*Which refunds were booked twice/,
      /Ben Okafor agreed/,
      /gives it in Data warehouse.*Seen without it first/,
      /Seen in Data warehouse.*The clock starts here/,
      /Notice sent to chidi\.eze@halden\.example/,
      /Chidi Eze asked for 12 hours more.*Three refunds are still open/,
      /Ben Okafor agreed to the extension/,
      /The end moved by 12 hours.*Nothing was revoked in between/,
      /The end\. The right is over/,
      /Seen absent in Data warehouse.*1 session ended.*after the end/,
    ]
    for (const line of story) await expect(told.filter({ hasText: line }).first()).toBeVisible()
    const moments = await told.getByRole('time').all()
    for (const moment of moments) await expect(moment).toHaveText(/\d\d:\d\d:\d\d/)
  })

  async function grantRow() {
    const [row] = await db<{ grantedAt: Date; endsAt: Date; lateMs: number; verified: boolean }[]>`
      select granted_at as "grantedAt", ends_at as "endsAt", late_ms as "lateMs", verified
      from "grant" where id = ${grantId}`
    if (!row) throw new Error(`there is no grant ${grantId}`)
    return row
  }

  async function operations(): Promise<string[]> {
    const rows = await db<{ operation: string }[]>`select operation from attempt where grant_id = ${grantId}`
    return rows.map(({ operation }) => operation)
  }
})
