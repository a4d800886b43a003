import { expect, test } from './fixtures'
import { approve, ask, mailTo } from './support/flows'

test('separation of duties: refused with its reason, or allowed with one more yes', async ({
  as,
  db,
  mails,
}) => {
  test.setTimeout(90_000)
  const [yara, ben, ines] = [await as('yara'), await as('ben'), await as('ines')]

  await test.step('the second half of a pair is refused before one asks', async () => {
    const requestId = await ask(yara, {
      entitlement: 'Refunds',
      application: 'Stripe',
      length: '6 hours',
      reason: 'Chargebacks of this week',
    })
    await approve(ben, requestId)
    await yara.goto('/catalogue')
    await yara.getByRole('link', { name: 'Request Payouts on Stripe' }).click()
    await expect(yara.getByText(/could send money to themselves/).first()).toBeVisible()
    await expect(yara.getByRole('button', { name: /^Request for/ })).toHaveCount(0)
  })

  await test.step('an admin writes another rule', async () => {
    await ines.goto('/settings/access-management/separation')
    await ines.getByRole('link', { name: 'New rule' }).first().click()
    await ines.getByRole('textbox', { name: 'Name' }).fill('Support and webhooks')
    const picker = ines.getByRole('combobox', { name: 'Nobody may hold together' })
    for (const name of ['Support view', 'Refunds']) {
      await picker.fill(name)
      await ines
        .getByRole('option', { name: new RegExp(`^${name}`) })
        .first()
        .click()
    }
    await ines
      .getByRole('textbox', { name: 'Why they do not go together' })
      .fill('One sees what the other pays')
    await ines.getByRole('radio', { name: /^Needs one more approval/ }).check()
    const asked = ines.getByRole('combobox', { name: 'Who decides on the extra step' })
    await asked.fill('Ines')
    await ines.getByRole('option', { name: /^Ines Albrecht/ }).click()
    await ines.keyboard.press('Escape')
    await ines.getByRole('button', { name: 'Make rule' }).click()
    await expect(ines.getByText('Support and webhooks').first()).toBeVisible()
  })

  await test.step('and it adds a step, which is told to who decides', async () => {
    const requestId = await ask(yara, {
      entitlement: 'Support view',
      application: 'Stripe',
      length: '6 hours',
      reason: 'What the customers wrote',
    })
    await approve(ben, requestId)
    const [row] = await db<{ state: string; step: number }[]>`
      select state, step from request where id = ${requestId}`
    expect(row, 'one more has to agree').toEqual({ state: 'pending', step: 1 })
    const mail = await mailTo(mails, 'ines', /^Yara Haddou asks for Support view/)
    expect(mail.text).toContain('One sees what the other pays')
    await ines.goto(`/requests/${requestId}`)
    await expect(ines.getByText(/One sees what the other pays/).first()).toBeVisible()
    await approve(ines, requestId)
    const [after] = await db<{ state: string }[]>`select state from request where id = ${requestId}`
    expect(after?.state).toBe('approved')
  })
})
