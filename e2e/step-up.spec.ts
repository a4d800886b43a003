import type { Page } from '@playwright/test'
import { expect, signIn, test } from './fixtures'
import { connect } from './support/outside'

/** Lets the proof of a person's latest sign-in be an hour old: no story waits for that, and other stories' stay. */
async function age(url: string, name: string): Promise<void> {
  const sql = connect(url)
  try {
    const aged = await sql`update session set proven_at = proven_at - interval '1 hour' where id = (
      select s.id from session s join person p on p.id = s.person_id
      where p.name = ${name} order by s.signed_in_at desc limit 1) returning id`
    expect(aged).toHaveLength(1)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function inNewTab(page: Page, open: () => Promise<void>): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), open()])
  return opened
}

const TYPED = `whsec_${Buffer.alloc(32, 5).toString('base64')}`

test('what says who may do what takes a fresh sign-in, and nothing typed is lost on the way', async ({
  as,
  world,
}) => {
  const ines = await as(null)
  await signIn(ines, 'ines')
  await ines.goto('/settings/access-management/applications/new')
  await ines.getByRole('searchbox', { name: 'Find a system' }).fill('webhook')
  await ines.getByRole('radio', { name: /^Signed webhook/ }).check()
  await ines.getByRole('textbox', { name: /^Address/ }).fill('http://127.0.0.1:9/hook')
  const secret = ines.getByLabel(/^Signing secret/)
  await secret.fill(TYPED)
  await ines.getByRole('textbox', { name: 'Name' }).fill('Build farm')
  await age(world.databaseUrl, 'Ines Albrecht')
  const dialog = ines.getByRole('dialog', { name: 'Sign in again to go on' })

  await test.step('without one nothing happens, and the form stands as it was', async () => {
    await ines.getByRole('button', { name: 'Add application' }).click()
    await expect(dialog).toBeVisible()
    await dialog.getByRole('button', { name: 'Not now' }).click()
    await expect(ines.getByText('This takes a sign-in of the last 15 minutes').first()).toBeVisible()
    await expect(secret).toHaveValue(TYPED)
  })

  await test.step('a sign-in in another tab sends it', async () => {
    await ines.getByRole('button', { name: 'Add application' }).click()
    const other = await inNewTab(ines, () => dialog.getByRole('link', { name: /^Sign in again/ }).click())
    await expect(other.getByRole('heading', { name: 'Sign in again as Ines Albrecht' })).toBeVisible()
    await other.getByRole('button', { name: 'Ines Albrecht' }).click()
    await expect(other.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
    await ines.waitForURL(/\/applications\/[0-9a-f-]{36}/)
    await expect(ines.getByRole('heading', { name: 'Build farm', level: 1 })).toBeVisible()
  })

  await test.step('and the next one at once', async () => {
    await ines.getByRole('button', { name: 'More acts on this application' }).click()
    await ines.getByRole('menuitem', { name: /^Delete/ }).click()
    await ines
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Delete/ })
      .click()
    await ines.waitForURL(/\/applications$/)
  })
})

test('one sees where one is signed in, and ends it there', async ({ as, watch }) => {
  const [desk, phone] = [await as(null), await as(null)]
  // Of somebody whom no later story needs.
  await signIn(desk, 'chidi')
  await signIn(phone, 'chidi')
  await desk.goto('/you')
  const list = desk.getByRole('region', { name: 'Signed in' }).getByRole('listitem')
  const here = list.filter({ hasText: 'This browser' })
  await expect(here).toHaveCount(1)
  await expect(here).toContainText('by choosing a name')
  const others = await list.count()
  await list
    .getByRole('button', { name: /^End the session/ })
    .first()
    .click()
  await expect(list).toHaveCount(others - 1)
  watch.allow(/^40[13] from/)
  await desk.getByRole('button', { name: 'Sign out everywhere' }).click()
  await desk.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await desk.waitForURL(/\/sign-in/)
  await phone.goto('/requests')
  await expect(phone).toHaveURL(/\/sign-in\?next=/)
})
