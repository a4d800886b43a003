import { expect, test } from './fixtures'
import { approve, ask, eventually, grantOf, mailTo } from './support/flows'

test('freeze all giving, lift it, then take everything back from one person', async ({
  as,
  db,
  mails,
  warehouse,
}) => {
  test.setTimeout(90_000)
  const [ines, yara, mira] = [await as('ines'), await as('yara'), await as('mira')]
  await ines.goto('/settings/organisation')
  await ines.getByRole('button', { name: 'Freeze all giving…' }).click()
  const question = ines.getByRole('alertdialog')
  await question.getByRole('button', { name: 'Freeze now' }).click()
  await expect(question.getByText('Say why.')).toBeVisible()
  await question.getByRole('textbox', { name: 'Reason' }).fill('Looking into INC-77')
  await question.getByRole('button', { name: 'Freeze now' }).click()
  await expect(question).toBeHidden()

  await yara.goto('/catalogue')
  await expect(yara.getByText('All giving is frozen'), 'everybody sees it on every page').toBeVisible()
  const requestId = await ask(yara, { entitlement: 'prod_read', length: '6 hours', reason: 'PAY-5200' })
  await approve(mira, requestId)
  await grantOf(db, requestId, 'scheduled')
  expect(await warehouse.membership('yara', 'prod_read')).toBeNull()

  await ines.reload()
  await ines.getByRole('button', { name: 'Lift the freeze…' }).click()
  await question.getByRole('textbox', { name: 'What you found' }).fill('A false alarm')
  await question.getByRole('button', { name: 'Lift the freeze' }).click()
  await expect(question).toBeHidden()
  await grantOf(db, requestId, 'active')
  await yara.reload()
  await expect(yara.getByText('All giving is frozen')).toHaveCount(0)

  await ines.goto('/settings/people')
  await ines.getByRole('link', { name: /Yara Haddou/ }).click()
  await ines.getByRole('link', { name: 'Take everything back…' }).click()
  await expect(ines.getByRole('heading', { name: 'Take everything back from Yara Haddou' })).toBeVisible()
  const form = ines.getByRole('form', { name: 'Take everything back from Yara Haddou' })
  await expect(form.getByText('prod_read')).toBeVisible()
  await form.getByRole('textbox', { name: 'Reason' }).fill('Her laptop was stolen')
  await form.getByRole('button', { name: /^Take .* back now$/ }).click()
  await expect(ines.getByText(/from Yara Haddou are being taken back/)).toBeVisible()
  const became = ines.getByRole('list', { name: 'What became of each' })
  await expect(became.getByText('prod_read')).toBeVisible()
  await expect(became.getByText('Yara Haddou').first()).toBeVisible()
  await grantOf(db, requestId, 'ended')
  await eventually.poll(() => warehouse.membership('yara', 'prod_read')).toBeNull()
  const told = await mailTo(mails, 'yara', /^Your prod_read on Data warehouse/)
  expect(told.text).toContain('Her laptop was stolen')
})
