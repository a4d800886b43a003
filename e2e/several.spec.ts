import { readFile } from 'node:fs/promises'
import { expect, test } from './fixtures'
import { approve, ask, grantOf } from './support/flows'

test('several grants at once: a file of just them, more time for them, and their end', async ({
  as,
  db,
  warehouse,
}) => {
  test.setTimeout(120_000)
  const asked: string[] = []
  for (const [who, by] of [
    ['ana', 'ben'],
    ['priya', 'mira'],
  ] as const) {
    const reason = `Both at once, says ${who}`
    const requestId = await ask(await as(who), { entitlement: 'prod_read', length: '6 hours', reason })
    await approve(await as(by), requestId)
    await grantOf(db, requestId, 'active')
    asked.push(requestId)
  }

  const ines = await as('ines')
  await ines.goto('/settings/access-management/grants?show=active&q=Both+at+once')
  await ines.getByRole('checkbox', { name: 'Select all on this page' }).check()
  const bar = ines.getByRole('toolbar', { name: 'Selected rows' })
  await expect(bar).toContainText('2 selected')

  const arriving = ines.waitForEvent('download')
  await bar.getByRole('button', { name: 'Export' }).click()
  const file = await readFile(await (await arriving).path(), 'utf8')
  const lines = file.trim().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(
    lines
      .slice(1)
      .map((line) => line.split(',')[1])
      .sort(),
  ).toEqual(['Ana Oliveira', 'Priya Nair'])

  await ines
    .getByRole('table', { name: 'Access grants' })
    .getByRole('link', { name: /^Ana Oliveira/ })
    .click()
  const drawer = ines.getByRole('dialog', { name: 'Grant details' })
  await drawer.getByRole('button', { name: 'Extend…' }).click()
  const single = ines.getByRole('dialog', { name: 'Ask for more time for Ana' })
  await single.getByRole('button', { name: 'Ask for more time' }).click()
  await expect(single.getByText('Say why it is needed longer')).toBeVisible()
  await single.getByRole('button', { name: 'Keep the end as it is' }).click()
  await expect(single).toBeHidden()
  // The list is drawn anew a moment later; whoever is faster than that loses nothing.
  await drawer.getByRole('button', { name: 'Close details' }).click()
  await expect(drawer).toBeHidden()
  await expect(bar, 'what was selected still is').toContainText('2 selected')
  await bar.getByRole('button', { name: 'Extend 2…' }).click()
  const more = ines.getByRole('dialog', { name: 'Ask for more time on 2 grants' })
  await expect(more).toBeVisible()
  await expect(ines, 'back on the list').not.toHaveURL(/\/grants\/[0-9a-f-]{36}/)
  await expect(more, 'what was opened meanwhile still is').toBeVisible()
  await more.getByRole('button', { name: 'Ask for more time' }).click()
  await expect(more.getByText('Say why it is needed longer')).toBeVisible()
  await more.getByRole('radio', { name: /^1 day/ }).check()
  await more.getByRole('textbox', { name: 'Reason' }).fill('The audit takes until tomorrow')
  await more.getByRole('button', { name: 'Ask for more time' }).click()
  const told = ines.getByRole('dialog', { name: '2 of 2 asked for' })
  await told.getByRole('button', { name: 'Back to the list' }).click()
  await expect(told).toBeHidden()
  expect(await extensions()).toEqual(['pending', 'pending'])

  await ines.getByRole('checkbox', { name: 'Select all on this page' }).check()
  await bar.getByRole('button', { name: 'Revoke 2…' }).click()
  const question = ines.getByRole('alertdialog')
  await expect(question).toContainText('Ana Oliveira loses prod_read in Data warehouse')
  await question.getByRole('textbox', { name: 'Reason' }).fill('The audit was called off')
  await question.getByRole('button', { name: 'Revoke 2 grants' }).click()
  await expect(ines.getByRole('dialog', { name: '2 of 2 revoked' })).toBeVisible()
  for (const requestId of asked) await grantOf(db, requestId, 'ended')
  expect(await extensions(), 'what was still asked for ended with them').toEqual(['lapsed', 'lapsed'])
  expect(await warehouse.membership('ana', 'prod_read')).toBeNull()
  expect(await warehouse.membership('priya', 'prod_read')).toBeNull()

  async function extensions() {
    const rows = await db<{ state: string }[]>`
      select e.state from request e join request r on r.grant_id = e.grant_id
      where r.id in ${db(asked)} and e.kind = 'extension'`
    return rows.map(({ state }) => state)
  }
})
