import { expect, test } from './fixtures'
import { ask, follow, grantOf, mailTo } from './support/flows'

const ADMIN = '/settings/access-management'

test('the keyboard goes anywhere, and through the table', async ({ as }) => {
  const page = await as('ines')
  await page.goto('/')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search or go to' })
  await expect(palette.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('access gr')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${ADMIN}/grants`)
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  const rows = page.getByRole('table', { name: 'Access grants' }).locator('tbody').getByRole('row')
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press(' ')
  await expect(rows.nth(1).getByRole('checkbox')).toBeChecked()
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog', { name: 'Grant details' })
  await expect(drawer).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(rows.nth(1), 'the focus comes back to its row').toBeFocused()
})

test('approvals go by keyboard: J, K, X, A, D', async ({ as, db }) => {
  const ids: Record<string, string> = {}
  for (const who of ['jonas', 'priya', 'chidi'])
    ids[who] = await ask(await as(who), {
      entitlement: 'analytics_read',
      length: '6 hours',
      reason: `Numbers for ${who}`,
    })
  const mira = await as('mira')
  await mira.goto('/approvals')
  const row = (name: string) => mira.getByRole('link', { name: new RegExp(`^${name} for analytics_read`) })
  const panel = (name: string) => mira.getByRole('region', { name: `${name} asks for analytics_read` })
  await row('Jonas Weber').focus()
  for (let step = 0; step < 20 && !(await panel('Jonas Weber').isVisible()); step++)
    await mira.keyboard.press('j')
  await mira.keyboard.press('j')
  await expect(panel('Priya Nair')).toBeVisible()
  await mira.keyboard.press('k')
  await expect(panel('Jonas Weber')).toBeVisible()
  await mira.keyboard.press('x')
  await expect(mira.getByText('1 selected')).toBeVisible()
  await mira.keyboard.press('Escape')
  await expect(mira.getByText('1 selected')).toBeHidden()
  await mira.keyboard.press('a')
  await expect(mira.getByText('Approved: analytics_read for Jonas Weber')).toBeVisible()
  await grantOf(db, ids.jonas ?? '', 'active')
  await row('Priya Nair').click()
  await mira.keyboard.press('d')
  await expect(mira.getByRole('textbox', { name: 'Note to Priya' })).toBeFocused()
  await mira.keyboard.type('The report has it')
  await mira.keyboard.press('Escape')
  await mira.keyboard.press('d')
  await expect(mira.getByText('Denied: analytics_read for Priya Nair')).toBeVisible()
})

test('the pages behind mail links work without any script', async ({ as, clock, db, mails }) => {
  const sofia = await as('sofia')
  const requestId = await ask(sofia, {
    entitlement: 'analytics_read',
    length: '6 hours',
    reason: 'Without a script',
  })
  const plain = { javaScriptEnabled: false }
  const asked = await mailTo(mails, 'jonas', /^Sofia Lindqvist asks for analytics_read/)
  const decide = await follow(await as('jonas', plain), asked, 'Review request')
  await decide.getByRole('button', { name: 'Deny' }).click()
  await expect(decide.getByText('Say why, so that they know what to change').first()).toBeVisible()
  await decide.getByRole('textbox', { name: /^Note to Sofia/ }).fill('Take what you need')
  await decide.getByRole('button', { name: 'Approve' }).click()
  await expect(decide.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
  await grantOf(db, requestId, 'active')

  await clock.advance('5h')
  const notice = await mailTo(mails, 'sofia', /^Your analytics_read on Data warehouse ends/)
  const extend = await follow(await as('sofia', plain), notice, 'Request extension')
  await extend.getByRole('radio', { name: /^6 hours/ }).check()
  await extend.getByRole('textbox', { name: 'Why longer' }).fill('Half of it is left')
  await extend.getByRole('button', { name: 'Request extension' }).click()
  await extend.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  await expect(extend.getByText('Half of it is left').first()).toBeVisible()
})
