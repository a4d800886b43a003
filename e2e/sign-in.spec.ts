import { expect, signIn, test } from './fixtures'
import { follow, mailTo } from './support/flows'
import { deactivate } from './support/server'

test.describe('the identity provider', () => {
  test.beforeEach(({ watch }) => {
    // Its own pages want a font of somebody else's.
    watch.allow(/\/interaction\/.*ERR_NAME_NOT_RESOLVED/)
  })

  test('lets in whom it vouches for, and brings them back to the page they opened', async ({ page, db }) => {
    await page.goto('/catalogue')
    await expect(page).toHaveURL(/\/sign-in\?next=/)
    await page.getByRole('button', { name: 'Continue with Halden ID' }).click()
    await page.getByPlaceholder('Enter any login').fill('mei')
    await page.getByPlaceholder('and password').fill('anything')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/catalogue')
    await expect(page.getByRole('button', { name: /^Mei Tanaka/ })).toBeVisible()
    const kept = await db`
      select p.name from group_member m join "group" g on g.id = m.group_id join person p on p.id = m.person_id
      where g.name = 'Platform leads' and g.managed_by = 'oidc'`
    expect(
      kept.map((row) => row.name),
      'the groups it says',
    ).toEqual(['Mei Tanaka'])
  })

  test('does not let in somebody nobody knows', async ({ page, db }) => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Continue with Halden ID' }).click()
    await page.getByPlaceholder('Enter any login').fill('mallory')
    await page.getByPlaceholder('and password').fill('anything')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(
      page.getByRole('alert').filter({ hasText: 'Nobody with this address is known' }),
    ).toBeVisible()
    expect(await db`select 1 from person where email like 'mallory%'`).toHaveLength(0)
  })
})

test.describe('the link by mail', () => {
  test('is not used up by looking; the button completes it, once', async ({ as, db, mails }) => {
    const tomas = await as(null)
    await tomas.goto('/requests')
    await tomas.getByRole('textbox', { name: 'Work e-mail' }).fill('Tomas.Rivera@halden.example')
    await tomas.getByRole('button', { name: 'Send me a link' }).click()
    await expect(tomas.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()
    const mail = await mailTo(mails, 'tomas', /sign in/i)

    const scanner = await as(null)
    for (const look of ['first', 'second']) {
      const seen = await follow(scanner, mail, 'Open sign-in page')
      await expect(seen.getByRole('button', { name: /^Sign in as tomas/ }), `${look} look`).toBeVisible()
    }
    expect(await db`select 1 from verification_token where identifier like 'tomas%'`).toHaveLength(1)

    const opened = await follow(tomas, mail, 'Open sign-in page')
    await opened.getByRole('button', { name: /^Sign in as tomas/ }).click()
    await opened.waitForURL('**/requests')
    await expect(opened.getByRole('button', { name: /^Tomás Rivera/ })).toBeVisible()

    const late = await follow(scanner, mail, 'Open sign-in page')
    await late.getByRole('button', { name: /^Sign in as tomas/ }).click()
    await expect(late.getByRole('alert').filter({ hasText: 'This link was used already' })).toBeVisible()
  })

  test('answers an address nobody knows in the same words, and mails nobody', async ({ page, mails }) => {
    await page.goto('/sign-in')
    await page.getByRole('textbox', { name: 'Work e-mail' }).fill('mallory@elsewhere.example')
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()
    expect(await mails.all()).toEqual([])
  })

  test('says what is wrong with an address, and keeps it', async ({ page }) => {
    await page.goto('/sign-in')
    const field = page.getByRole('textbox', { name: 'Work e-mail' })
    await field.fill('ana.oliveira at halden')
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await expect(field).toHaveAccessibleDescription(/This is not an e-mail address/)
    await expect(field).toHaveValue('ana.oliveira at halden')
  })
})

test('signing out ends the session, not only the cookie', async ({ as }) => {
  const jonas = await as(null)
  await signIn(jonas, 'jonas')
  const kept = await jonas.context().storageState()
  await jonas.getByRole('button', { name: /^Jonas Weber/ }).click()
  await jonas.getByRole('menuitem', { name: 'Sign out' }).click()
  await jonas.waitForURL('**/sign-in')
  await jonas.context().addCookies(kept.cookies)
  await jonas.goto('/approvals')
  await expect(jonas).toHaveURL(/\/sign-in\?next=/)
})

test('a deactivated person is out at the next request', async ({ as, world, watch }) => {
  const priya = await as(null)
  await signIn(priya, 'priya')
  await priya.goto('/requests')
  await expect(priya.getByRole('heading', { name: 'My requests', level: 1 })).toBeVisible()
  await deactivate(world, 'priya')
  await priya.getByRole('link', { name: 'Catalogue' }).click()
  await priya.waitForURL(/\/sign-in/)
  await expect(priya.getByRole('button', { name: 'Priya Nair' })).toHaveCount(0)
  watch.allow(/^40[13] from/)
})
