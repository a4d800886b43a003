import type { Page } from '@playwright/test'
import { slapdTrouble } from '../scripts/lib/slapd.mjs'
import { loginOf } from '../scripts/seed/people.mjs'
import { expect, nameOf, signIn, test } from './fixtures'
import { Directory } from './support/directory'
import { emptyOrganisation } from './support/empty'
import { approve, ask, grantOf } from './support/flows'
import { Clock, connect } from './support/outside'
import { freePort, startServer } from './support/server'

const GROUP = 'payments-oncall'
const APPLICATION = 'Company directory'
const ADMIN = '/settings/access-management'

test('an empty organisation leases from its LDAP directory, through a power cut at the end', async ({
  as,
  measured,
  world,
}) => {
  const trouble = slapdTrouble()
  test.skip(trouble !== null, trouble ?? '')
  test.setTimeout(180_000)
  const people = ['ines', 'ben', 'ana', 'chidi']
  const directory = await Directory.start([...people, 'greta'], GROUP, 'greta')
  const databaseUrl = await emptyOrganisation(world, 'leasehold_ldap', people)
  const port = await freePort()
  const server = await startServer(world, port, { SMTP_URL: '', DATABASE_URL: databaseUrl })
  const db = connect(databaseUrl, { default_transaction_read_only: true })
  const clock = new Clock({ ...world, appUrl: server.url })
  const pages: Page[] = []
  const open = async (who: string) => {
    const page = await as(null, { baseURL: server.url })
    pages.push(page)
    await signIn(page, who)
    return page
  }
  try {
    const ines = await open('ines')
    const standing = [loginOf('greta')]

    await test.step('an admin adds the directory as the first application', async () => {
      await ines.goto(`${ADMIN}/applications`)
      await ines.getByRole('link', { name: 'Add application' }).first().click()
      await ines.getByRole('radio', { name: /LDAP or Active Directory/ }).check()
      await ines.getByRole('textbox', { name: 'Name', exact: true }).fill(APPLICATION)
      await ines.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1')
      await ines.getByRole('textbox', { name: 'Port' }).fill(String(directory.port))
      await ines.getByRole('combobox', { name: 'Encryption' }).click()
      await ines.getByRole('option', { name: 'none' }).click()
      const { operator, peopleBase, groupsBase } = directory.settings
      await ines.getByRole('textbox', { name: 'Operator' }).fill(operator.dn)
      await ines.getByLabel('Password').fill(operator.password)
      await ines.getByRole('textbox', { name: 'People under' }).fill(peopleBase)
      await ines.getByRole('textbox', { name: 'Groups under' }).fill(groupsBase)
      await ines.getByRole('button', { name: 'Add application' }).click()
      await ines.waitForURL(/\/applications\/[0-9a-f-]{36}/)
    })

    await test.step('tests the connection, and reads what it has', async () => {
      await ines.getByRole('button', { name: 'Test connection' }).click()
      await expect(ines.getByText('The connection works')).toBeVisible()
      const test = ines.getByRole('region', { name: 'Connection test' })
      await expect(test).toContainText(`Signed in as “${directory.settings.operator.dn}”`)
      await expect(test).toContainText('may change member of 1 of the 1 group tried; nothing was changed')
      await ines.getByRole('button', { name: 'Sync catalogue' }).click()
      await expect(ines.getByText('Catalogue synced')).toBeVisible()
    })

    await test.step('and publishes a policy for the group', async () => {
      await ines.goto(`${ADMIN}/policies/new`)
      await ines.getByRole('textbox', { name: 'Name' }).fill('On call')
      await ines.getByRole('button', { name: 'Next: Entitlements' }).click()
      await ines.getByRole('checkbox', { name: new RegExp(`^${GROUP}`) }).check()
      await ines.getByRole('button', { name: 'Next: Who may request' }).click()
      await ines.getByRole('radio', { name: /^Anyone/ }).check()
      await ines.getByRole('button', { name: 'Next: Approval' }).click()
      await ines.getByRole('combobox', { name: 'Asked on step 1' }).fill('Manager')
      await ines.getByRole('option', { name: /^Manager/ }).click()
      await ines.getByRole('button', { name: 'Next: Duration' }).click()
      await ines.getByRole('button', { name: 'Next: Review' }).click()
      await ines.getByRole('button', { name: 'Publish version 1' }).click()
      await ines.waitForURL(/\/policies\/[0-9a-f-]{36}$/)
    })

    const ben = await open('ben')
    const lease = async (who: string) => {
      const page = await open(who)
      const wanted = {
        entitlement: GROUP,
        application: APPLICATION,
        length: '6 hours',
        reason: 'On call tonight',
      }
      const requestId = await ask(page, wanted)
      expect(await directory.members(GROUP)).toEqual(standing)
      await approve(ben, requestId)
      await grantOf(db, requestId, 'active')
      expect(await directory.members(GROUP)).toEqual([...standing, loginOf(who)].sort())
      return { page, requestId }
    }

    await test.step('a person asks, is agreed to, and is in the group until the end', async () => {
      const { page, requestId } = await lease('ana')
      await clock.advance('6h')
      await grantOf(db, requestId, 'ended')
      expect(await directory.members(GROUP)).toEqual(standing)
      await page.goto(`/requests/${requestId}`)
      await expect(page.getByText('Ended', { exact: true }).first()).toBeVisible()
    })

    const { requestId } =
      await test.step('another one holds it when the directory loses its power', async () => {
        const held = await lease('chidi')
        await directory.kill()
        return held
      })

    await test.step('the end comes, and the admin sees that it is overdue', async () => {
      await clock.advance('6h 5m')
      await ines.goto(`${ADMIN}/grants?show=overdue`)
      const row = ines.getByRole('row').filter({ hasText: nameOf('chidi') })
      await expect(row).toContainText('Overdue')
      const id = await grantOf(db, requestId, 'revoking')
      await ines.goto(`${ADMIN}/grants/${id}`)
      await expect(ines.getByText('It should be gone and is not.')).toBeVisible()
      await ines.getByRole('link', { name: 'See what is overdue' }).click()
      const card = ines.getByRole('article').filter({ hasText: nameOf('chidi') })
      await expect(card.getByRole('heading', { name: /still holds/ })).toBeVisible()
      await expect(card.getByRole('img', { name: /^Tries from/ })).toBeVisible()
      await card.getByRole('button', { name: /^Retry now/ }).click()
      await expect(ines.getByText('It is tried now')).toBeVisible()
    })

    await test.step('the power is back, and within a minute the access is gone', async () => {
      await directory.revive()
      const backAt = performance.now()
      expect(await directory.members(GROUP), 'what was held outlived the power cut').toContain(
        loginOf('chidi'),
      )
      await expect
        .poll(() => directory.members(GROUP), { timeout: 60_000, intervals: [100] })
        .toEqual(standing)
      const seconds = (performance.now() - backAt) / 1000
      measured('directory back → access gone', `${seconds.toFixed(1)} s`)
      expect(seconds).toBeLessThan(60)
      await grantOf(db, requestId, 'ended')
      await ines.goto(`${ADMIN}/grants?show=overdue`)
      await expect(ines.getByText('Nothing is overdue')).toBeVisible()
      await ines.goto(`${ADMIN}/overdue`)
      const closed = ines.getByRole('region', { name: 'Closed in the last 30 days' })
      await expect(closed.getByRole('listitem').filter({ hasText: nameOf('chidi') })).toContainText(
        'Seen absent',
      )
    })
  } finally {
    // A page would complain when its server goes.
    for (const page of pages) await page.close()
    await db.end({ timeout: 1 })
    await server.stop()
    await directory.close()
  }
})
