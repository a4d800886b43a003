import { expect, test } from './fixtures'
import { follow, mailTo } from './support/flows'

const REFUNDS = 'refunds_write'
const REVIEWS = '/settings/access-management/access-reviews'

test('an access review: said before it starts, decided by keyboard, removed from the system, exported', async ({
  as,
  db,
  mails,
  warehouse,
}) => {
  test.setTimeout(90_000)
  for (const who of ['lena', 'theo']) await warehouse.grantForGood(who, REFUNDS)
  const [app] = await db<{ id: string }[]>`select id from application where name = 'Data warehouse'`
  const ines = await as('ines')

  await test.step('the form says who would review what, and what becomes of what is missed', async () => {
    await ines.goto(`${REVIEWS}/new?application=${app?.id}`)
    await ines.getByRole('textbox', { name: 'Name' }).fill('Refunds, autumn')
    const only = ines.getByRole('combobox', { name: 'Only these entitlements' })
    await only.fill(REFUNDS)
    await ines.getByRole('option', { name: new RegExp(`^${REFUNDS}`) }).click()
    await ines.getByRole('radio', { name: 'People you name' }).check()
    await ines.getByRole('combobox', { name: 'Reviewers' }).fill('Owen')
    await ines.getByRole('option', { name: /^Owen Bright/ }).click()
    await ines.getByRole('radio', { name: /^Leases are revoked/ }).check()
    await ines.getByRole('button', { name: 'Show what would be reviewed' }).click()
    const plan = ines.getByRole('region', { name: '2 lines to review' })
    await expect(plan).toContainText('Owen Bright: 2 lines')
    await expect(plan).toContainText('Leases that nobody decided on are revoked')
    await plan.getByRole('button', { name: 'Start this access review' }).click()
    await expect(ines.getByText('Started with 2 lines')).toBeVisible()
  })

  const owen = await follow(
    await as('owen'),
    await mailTo(mails, 'owen', /^Please review: 2 accesses on Data warehouse/),
    'Review access',
  )

  await test.step('keeping needs a reason, and goes by keyboard', async () => {
    await owen.getByRole('checkbox', { name: /^Select Theo Lange/ }).focus()
    await owen.keyboard.press('a')
    const reason = owen.getByRole('textbox', { name: 'Reason for what you keep' })
    await expect(reason).toBeFocused()
    await reason.fill('Corrects refunds every week')
    await owen.keyboard.press('Escape')
    await owen.getByRole('checkbox', { name: /^Select Theo Lange/ }).focus()
    await owen.keyboard.press('a')
    await expect(owen.getByRole('heading', { name: '1 left' })).toBeVisible()
  })

  await test.step('a removal names whom and asks for the application’s name', async () => {
    await owen.getByRole('button', { name: `Remove Lena Hoffmann, ${REFUNDS}` }).click()
    const question = owen.getByRole('alertdialog')
    await expect(question).toContainText(`Lena Hoffmann loses ${REFUNDS}`)
    await question.getByRole('textbox', { name: 'Reason' }).fill('Moved to another team')
    await question.getByRole('button', { name: 'Remove it' }).click()
    await expect(question.getByText('Type Data warehouse to confirm').last()).toBeVisible()
    await question.getByRole('textbox', { name: 'Type Data warehouse to confirm' }).fill('Data warehouse')
    await question.getByRole('button', { name: 'Remove it' }).click()
    await expect(owen.getByRole('heading', { name: 'All decided' })).toBeVisible()
    await expect.poll(() => warehouse.membership('lena', REFUNDS)).toBeNull()
    expect(await warehouse.membership('theo', REFUNDS), 'what is kept stays').not.toBeNull()
  })

  await test.step('the auditor reads it, and takes it along', async () => {
    const sofia = await as('sofia')
    await sofia.goto(REVIEWS)
    await sofia.getByRole('link', { name: 'Refunds, autumn' }).click()
    await expect(sofia.getByText(/Moved to another team.*seen gone/)).toBeVisible()
    const csv = await sofia.request.get(`${new URL(sofia.url()).pathname}/export`)
    expect(await csv.text()).toContain('Corrects refunds every week')
    await expect(sofia.getByRole('button', { name: 'Call off…' })).toHaveCount(0)
  })
})
