import { expect, nameOf, test } from './fixtures'
import { mailTo } from './support/flows'

const ADMIN = '/settings/access-management'

test('standing access becomes a lease and is gone at its end; what was called off stays', async ({
  as,
  db,
  clock,
  mails,
  warehouse,
}) => {
  const role = 'analytics_read'
  // Ines may turn her own into a lease at once; whoever else is concerned gets at least a day.
  for (const who of ['ines', 'sofia']) await warehouse.grantForGood(who, role)
  const [ids] = await db<{ application: string; entitlement: string }[]>`
    select a.id as application, e.id as entitlement from application a
    join entitlement e on e.application_id = a.id
    where a.name = 'Data warehouse' and e.name = ${role}`
  const ines = await as('ines')
  const path = `${ADMIN}/applications/${ids?.application}/convert?entitlement=${ids?.entitlement}`

  const plan = async (who: string) => {
    await ines.goto(path)
    await ines.getByRole('checkbox', { name: `Choose ${nameOf(who)}` }).check()
    await ines.getByRole('textbox', { name: 'Reason' }).fill('Nobody reads the figures for good')
  }
  const confirm = async (who: string) => {
    await ines.getByRole('button', { name: 'Show what will happen' }).click()
    const shown = ines.getByRole('region', { name: 'What will happen' })
    await expect(shown).toContainText(`${nameOf(who)} keeps ${role} on Data warehouse`)
    await shown.getByRole('button', { name: 'Plan this lease' }).click()
    await expect(ines.getByText('1 lease is planned', { exact: true }).first()).toBeVisible()
  }

  await plan('sofia')
  await ines.getByRole('button', { name: '7 days later' }).click()
  await confirm('sofia')
  await mailTo(mails, 'sofia', new RegExp(`^Your ${role} on Data warehouse will end`))

  await plan('ines')
  const start = ines.getByLabel(/^It begins/)
  const soonest = (await start.getAttribute('min')) ?? ''
  await start.fill(soonest)
  await ines.getByLabel(/^It ends/).fill(later(soonest, 7))
  await confirm('ines')
  const own = () => db<{ state: string }[]>`
    select g.state from "grant" g join person p on p.id = g.person_id
    where p.name = ${nameOf('ines')} and g.converts`
  await expect.poll(async () => (await own())[0]?.state, { timeout: 20_000 }).toBe('active')

  await ines.goto(path)
  const planned = ines.getByRole('region', { name: 'Planned and running' })
  await planned
    .getByRole('row', { name: nameOf('sofia') })
    .getByRole('button', { name: 'Call off' })
    .click()
  const asked = ines.getByRole('alertdialog')
  await expect(asked).toContainText(`${nameOf('sofia')} keeps ${role} for good, as before.`)
  await asked.getByRole('button', { name: 'Call off' }).click()
  await expect(planned.getByText(nameOf('sofia'))).toBeHidden()
  await mailTo(mails, 'sofia', new RegExp(`^Your ${role} on Data warehouse stays as it was`))

  expect(await warehouse.membership('ines', role), 'held on as a lease').not.toBeNull()
  await clock.advance('8h')
  await expect.poll(async () => (await own())[0]?.state, { timeout: 20_000 }).toBe('ended')
  expect(await warehouse.membership('ines', role), 'taken at the end').toBeNull()
  expect(await warehouse.membership('sofia', role), 'called off, so still there').not.toBeNull()
})

/** So many hours later on the same wall clock. */
function later(local: string, hours: number): string {
  return new Date(Date.parse(`${local}Z`) + hours * 3_600_000).toISOString().slice(0, 16)
}
