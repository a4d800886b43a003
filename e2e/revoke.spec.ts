import { expect, test } from './fixtures'
import { ask, follow, grantOf, mailTo } from './support/flows'

const REVENUE = 'select count(*)::int as days from analytics.revenue_by_day'

test('approve from the mail, then revoke now from the drawer', async ({ as, db, mails, warehouse }) => {
  const [owen, tomas, ines] = [await as('owen'), await as('tomas'), await as('ines')]
  const requestId = await ask(owen, {
    entitlement: 'analytics_read',
    length: '1 day',
    reason: 'Revenue of March, for the auditors',
  })

  const mail = await mailTo(mails, 'tomas', /^Owen Bright asks for analytics_read/)
  const decide = await follow(tomas, mail, 'Review request')
  await expect(decide.getByRole('heading', { name: /^Owen Bright asks for analytics_read/ })).toBeVisible()
  await expect(decide, 'the token leaves the address bar').toHaveURL(/\/decide$/)
  await decide.getByRole('button', { name: 'Approve' }).click()
  await expect(decide.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
  const grantId = await grantOf(db, requestId, 'active')
  expect(await warehouse.as('owen', REVENUE)).not.toContain('permission denied')
  const again = await follow(tomas, mail, 'Review request')
  await expect(again.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
  await expect(again.getByRole('button', { name: 'Approve' })).toHaveCount(0)

  await ines.goto(`/settings/access-management/grants/${grantId}`)
  const drawer = ines.getByRole('dialog', { name: 'Grant details' })
  await drawer.getByRole('button', { name: 'Revoke now…' }).click()
  const question = ines.getByRole('alertdialog')
  await expect(question).toContainText('Removes Owen from analytics_read in Data warehouse at once')
  await question.getByRole('button', { name: 'Revoke now' }).click()
  await expect(question.getByText('Say why.')).toBeVisible()
  await question.getByRole('textbox', { name: 'Reason' }).fill('The auditors have what they need')
  await question.getByRole('button', { name: 'Revoke now' }).click()
  await expect(question).toBeHidden()

  await grantOf(db, requestId, 'ended')
  expect(await warehouse.as('owen', REVENUE)).toContain('permission denied')
  const timeline = drawer.getByRole('region', { name: 'Timeline' })
  await expect(timeline).toContainText(/Ines Albrecht revoked it.*The auditors have what they need/)
  await expect(timeline).toContainText('Seen absent in Data warehouse')
  await expect(drawer.getByRole('button', { name: 'Revoke now…' })).toHaveCount(0)
  const told = await mailTo(mails, 'owen', /analytics_read.*(ended|taken back|revoked)/i)
  expect(told.text).toContain('The auditors have what they need')
})

test('a no needs its reason, and ends the request', async ({ as, db, mails, warehouse }) => {
  const [lena, mira] = [await as('lena'), await as('mira')]
  const requestId = await ask(lena, {
    entitlement: 'analytics_read',
    length: '3 days',
    reason: 'Numbers for a talk',
  })
  const mail = await mailTo(mails, 'mira', /^Lena Hoffmann asks for analytics_read/)
  const decide = await follow(mira, mail, 'Review request')
  await decide.getByRole('button', { name: 'Deny' }).click()
  const note = decide.getByRole('textbox', { name: /^Note to Lena/ })
  await expect(note).toHaveAttribute('aria-invalid', 'true')
  await expect(note).toHaveAccessibleDescription(/Say why/)
  expect(await stateOf()).toBe('pending')

  await note.fill('The monthly report has these numbers')
  await decide.getByRole('button', { name: 'Deny' }).click()
  await expect(decide.getByRole('heading', { name: /^Denied by you/ })).toBeVisible()
  expect(await stateOf()).toBe('denied')
  const told = await mailTo(mails, 'lena', /^Denied: analytics_read/)
  expect(told.text).toContain('The monthly report has these numbers')
  expect(await warehouse.membership('lena', 'analytics_read')).toBeNull()
  await lena.goto(`/requests/${requestId}`)
  await expect(lena.getByRole('link', { name: 'Ask again' })).toBeVisible()

  async function stateOf() {
    const [row] = await db<{ state: string }[]>`select state from request where id = ${requestId}`
    return row?.state
  }
})
