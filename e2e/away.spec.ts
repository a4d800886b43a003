import { expect, test } from './fixtures'
import { approve, ask, grantOf, mailTo } from './support/flows'

test('somebody is away, and their substitute’s yes counts as theirs', async ({ as, db, mails }) => {
  const [greta, samuel, tomas, ines, mei] = [
    await as('greta'),
    await as('samuel'),
    await as('tomas'),
    await as('ines'),
    await as('mei'),
  ]
  await greta.goto('/')
  await expect(greta.getByRole('list', { name: 'Who is away' })).toContainText('Samuel')

  const requestId = await ask(tomas, {
    entitlement: 'ledger_write',
    length: '6 hours',
    reason: 'Accruals of the month, second try',
  })
  await approve(ines, requestId)
  const mail = await mailTo(mails, 'samuel', /^Tomás Rivera asks for ledger_write/)
  expect(mail.text).toContain('Greta Sand')
  await samuel.goto('/approvals')
  await samuel.getByRole('link', { name: /Tomás Rivera for ledger_write/ }).click()
  await expect(samuel.getByText(/In place of Greta Sand/).first()).toBeVisible()
  await approve(samuel, requestId)
  expect(await state(), 'one seat of two').toBe('pending')

  await greta.goto(`/requests/${requestId}`)
  await expect(greta.getByRole('button', { name: /^Approve/ }), 'her seat is taken').toHaveCount(0)
  await approve(mei, requestId)
  await grantOf(db, requestId, 'active')
  await tomas.goto(`/requests/${requestId}`)
  await expect(tomas.getByText(/for Greta Sand|in place of Greta Sand/i).first()).toBeVisible()

  async function state() {
    const [row] = await db<{ state: string }[]>`select state from request where id = ${requestId}`
    return row?.state
  }
})

test('one names a substitute from now on, and is back', async ({ as, db }) => {
  const [ruth, chidi] = [await as('ruth'), await as('chidi')]
  await ruth.goto('/you')
  const away = ruth.getByRole('region', { name: 'Away?' })
  await away.getByRole('combobox', { name: 'Who decides instead' }).fill('Chidi')
  await ruth.getByRole('option', { name: /^Chidi Eze/ }).click()
  await away.getByRole('button', { name: 'Name this substitute' }).click()
  await expect(away.getByText('Give a day and a time').first(), 'not without an end').toBeVisible()
  await away.getByLabel('Until').fill('2027-06-01T09:00')
  await away.getByRole('button', { name: 'Name this substitute' }).click()
  await expect(away.getByText(/Chidi Eze decides in your place until/)).toBeVisible()

  await chidi.goto('/approvals')
  await expect(chidi.getByRole('list', { name: 'Who is away' })).toContainText('Ruth Adler')
  await away.getByRole('button', { name: /^I am back/ }).click()
  await expect(away.getByText(/Chidi Eze decides in your place/)).toHaveCount(0)
  await chidi.reload()
  await expect(chidi.getByRole('list', { name: 'Who is away' })).toHaveCount(0)
  const [kept] = await db<{ count: string }[]>`
    select count(*) from timeline where verb in ('delegated', 'delegation_ended')
      and subject_id = (select id from person where name = 'Ruth Adler')`
  expect(kept?.count).toBe('2')
})
