import { expect, signIn, test } from './fixtures'
import { approve, ask, eventually, grantOf } from './support/flows'

test('the leaver: out at the next click, everything taken, nothing back on return', async ({
  as,
  db,
  sessions,
  warehouse,
  measured,
}) => {
  test.setTimeout(90_000)
  const [theo, mira, ines] = [await as('theo'), await as('mira'), await as('ines')]
  const held = await ask(theo, { entitlement: 'prod_read', length: '6 hours', reason: 'PAY-6100' })
  await approve(mira, held)
  const grantId = await grantOf(db, held, 'active')
  expect(await warehouse.membership('theo', 'prod_read')).not.toBeNull()

  await ines.goto('/settings/people?q=theo')
  await ines.getByRole('link', { name: 'Theo Lange' }).click()
  await ines.getByRole('button', { name: 'Deactivate' }).click()
  const question = ines.getByRole('alertdialog', { name: 'Deactivate Theo Lange?' })
  await expect(question.getByText(/access(es)? (is|are) taken now/)).toBeVisible()
  await question.getByRole('button', { name: 'Deactivate Theo Lange' }).click()
  await expect(question.getByRole('textbox', { name: 'Reason' }), 'not without a reason').toHaveAttribute(
    'aria-invalid',
    'true',
  )
  await question.getByRole('textbox', { name: 'Reason' }).fill('Last day was yesterday')
  await question.getByRole('button', { name: 'Deactivate Theo Lange' }).click()
  await expect(question).toBeHidden()

  await theo.goto('/catalogue')
  await expect(theo, 'signed out at the next click').toHaveURL(/\/sign-in\?next=/)
  await grantOf(db, held, 'ended')
  await eventually.poll(() => warehouse.membership('theo', 'prod_read')).toBeNull()
  const [took] = await db<{ reason: string; seconds: number }[]>`
    select g.end_reason as reason,
      extract(epoch from (select at from timeline where subject_id = g.id and verb = 'ending')
        - (select max(at) from timeline where subject_id = g.person_id and verb = 'deactivated'))::float8 as seconds
    from "grant" g where g.id = ${grantId}`
  expect(took?.reason).toBe('left')
  expect(took?.seconds).toBeLessThan(5)
  measured('a leaver’s lease began to end', `${took?.seconds.toFixed(2)} s after the deactivation`)

  await expect(ines.getByText(/^Deactivated today/)).toBeVisible()
  await ines.getByRole('button', { name: 'Reactivate' }).click()
  const back = ines.getByRole('alertdialog', { name: 'Take Theo Lange in again?' })
  await back.getByRole('textbox', { name: 'Reason' }).fill('Came back')
  await back.getByRole('button', { name: 'Reactivate' }).click()
  await expect(back).toBeHidden()
  sessions.delete('theo')
  await signIn(theo, 'theo')
  expect(await warehouse.membership('theo', 'prod_read')).toBeNull()
})
