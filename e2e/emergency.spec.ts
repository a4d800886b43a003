import { expect, test } from './fixtures'
import { grantOf, mailTo } from './support/flows'

test('break-glass: at once, announced, one at a time, and reviewed before the next', async ({
  as,
  db,
  mails,
  warehouse,
}) => {
  test.setTimeout(90_000)
  const [yara, ines, mira] = [await as('yara'), await as('ines'), await as('mira')]
  const take = async (reason: string) => {
    await yara.goto('/catalogue')
    await yara.getByRole('link', { name: 'Request prod_write on Data warehouse' }).click()
    const form = yara.getByRole('form', { name: 'Emergency access to prod_write' })
    await form.getByRole('button', { name: 'Take emergency access' }).click()
    await expect(form.getByRole('textbox'), 'not without saying what it is').toHaveAttribute(
      'aria-invalid',
      'true',
    )
    await form.getByRole('textbox', { name: 'What is the emergency' }).fill(reason)
    await form.getByRole('checkbox').check()
    await form.getByRole('button', { name: 'Take emergency access' }).click()
    await yara.waitForURL(/\/requests\/[0-9a-f-]{36}/)
    return new URL(yara.url()).pathname.split('/').at(-1) ?? ''
  }

  const requestId = await take('Orders of the last hour have to be replayed')
  const grantId = await grantOf(db, requestId, 'active')
  expect(await warehouse.membership('yara', 'prod_write')).not.toBeNull()
  for (const who of ['mira', 'jonas', 'ines']) {
    const mail = await mailTo(mails, who, /^Emergency: Yara Haddou took prod_write/)
    expect(mail.text).toContain('Orders of the last hour have to be replayed')
  }
  expect(await mails.to('yara', /^Emergency:/)).toEqual([])

  await test.step('there is no second one while it runs', async () => {
    await yara.goto('/catalogue')
    await yara.getByRole('link', { name: 'Request prod_read on Data warehouse' }).click()
    const card = yara.getByRole('region', { name: 'Emergency access' })
    await expect(card).toContainText('Not now.')
    await expect(card.getByRole('button')).toHaveCount(0)
  })

  await test.step('an admin ends it, and the review is there', async () => {
    await ines.goto(`/settings/access-management/grants/${grantId}`)
    const drawer = ines.getByRole('dialog', { name: 'Grant details' })
    await expect(drawer.getByText('Emergency').first()).toBeVisible()
    await drawer.getByRole('button', { name: 'Revoke now…' }).click()
    const question = ines.getByRole('alertdialog')
    await question.getByRole('textbox', { name: 'Reason' }).fill('The replay is done')
    await question.getByRole('button', { name: 'Revoke now' }).click()
    await grantOf(db, requestId, 'ended')
    expect(await warehouse.membership('yara', 'prod_write')).toBeNull()
    await mailTo(mails, 'mira', /review the emergency access of Yara Haddou/)
    await yara.reload()
    await expect(yara.getByRole('region', { name: 'Emergency access' })).toContainText('not reviewed yet')
  })

  await test.step('an owner reviews it', async () => {
    await mira.goto('/approvals?tab=tasks')
    await mira
      .getByRole('link', { name: /Yara Haddou/ })
      .first()
      .click()
    await mira.waitForURL(/\/approvals\/tasks\//)
    await mira.getByRole('radio', { name: /^Justified/ }).check()
    await mira
      .getByRole('textbox', { name: /^What you looked at/ })
      .fill('Replayed 1,204 orders; the log agrees')
    await mira.getByRole('button', { name: 'Finish the review' }).click()
    await expect(mira.getByText('Replayed 1,204 orders; the log agrees').first()).toBeVisible()
    await yara.goto(`/requests/${requestId}`)
    await expect(yara.getByText(/Replayed 1,204 orders/).first()).toBeVisible()
  })

  await test.step('and then there may be another', async () => {
    await yara.goto('/catalogue')
    await yara.getByRole('link', { name: 'Request prod_read on Data warehouse' }).click()
    await expect(yara.getByRole('form', { name: 'Emergency access to prod_read' })).toBeVisible()
  })
})
