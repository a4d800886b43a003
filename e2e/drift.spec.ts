import { expect, test } from './fixtures'

const REFUNDS = 'refunds_write'

test('somebody added to a role by hand is found, and removed after a look', async ({ as, db, warehouse }) => {
  const [app] = await db<{ id: string; name: string; connection: string }[]>`
    select a.id, a.name, c.id as connection from application a join connection c on c.id = a.connection_id
    where c.connector = 'postgres' limit 1`
  if (!app) throw new Error('the seeded warehouse is not there')
  const page = await as('ines')
  await page.goto(`/settings/access-management/applications/${app.id}?section=findings`)
  const read = page.getByRole('button', { name: 'Read holders now' })
  const findings = page.getByRole('region', { name: 'Findings' })
  /** How many readings are asked for, or under way. */
  const readings = async () => {
    const [row] = await db<{ n: number }[]>`select count(*)::int as n from work
      where kind = 'drift' and subject_id = ${app.connection}
      and (lease_until is not null or coalesce(not_before <= clock_timestamp(), true))`
    return row?.n
  }
  // The first reading makes the baseline; whoever comes after it is found.
  await read.click()
  await expect(findings).toContainText('all read')
  await expect.poll(readings, 'the baseline is there').toBe(0)

  await warehouse.grantForGood('lena', REFUNDS)
  await read.click()
  const found = findings.getByRole('listitem').filter({ hasText: REFUNDS }).filter({ hasText: 'lena' })
  await expect(found).toContainText('holds it without a lease')

  await found.getByRole('checkbox').check()
  await findings.getByRole('button', { name: 'Remove 1 access…' }).click()
  const question = page.getByRole('dialog', { name: /^Remove 1 access from/ })
  await expect(question, 'the dry run').toContainText(`loses ${REFUNDS}`)
  await question.getByRole('textbox', { name: 'Reason' }).fill('Added by mistake')
  await question.getByRole('button', { name: 'Remove 1 access' }).click()
  await expect(question.getByText(`Type ${app.name} to confirm`).last()).toBeVisible()
  expect(await warehouse.membership('lena', REFUNDS), 'nothing was removed yet').not.toBeNull()
  await question.getByRole('textbox', { name: `Type ${app.name} to confirm` }).fill(app.name)
  await question.getByRole('button', { name: 'Remove 1 access' }).click()
  await expect(question).toBeHidden()

  await expect.poll(() => warehouse.membership('lena', REFUNDS)).toBeNull()
  await expect
    .poll(async () => {
      await page.reload()
      return found.count()
    })
    .toBe(0)
})
