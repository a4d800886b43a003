import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { ask } from './support/flows'
import { deactivate } from './support/server'

const POLICIES = '/settings/access-management/policies'
const NOBODY = '01a20ad9-cb9b-7478-abea-000000000000'

/** Opens one step of a policy's editor. */
async function editor(page: Page, policy: string, step: string): Promise<void> {
  await page.goto(POLICIES)
  await page.getByRole('link', { name: policy }).click()
  await page.getByRole('link', { name: /^(Edit policy|Continue the draft)$/ }).click()
  await page.waitForURL(/\/edit/)
  await page.goto(`${new URL(page.url()).pathname}?step=${step}`)
}

/** Opens the form that asks for an entitlement, filled in. */
async function filledForm(
  page: Page,
  entitlement: string,
  reason: string,
  length = '6 hours',
): Promise<void> {
  await page.goto('/catalogue')
  await page.getByRole('link', { name: `Request ${entitlement} on Data warehouse` }).click()
  if (length) await page.getByRole('radio', { name: length }).check()
  await page.getByRole('textbox', { name: 'Why you need it' }).fill(reason)
}

test.describe('a policy', () => {
  test('says at the field that a length is too short and a notice too early', async ({ as }) => {
    const ines = await as('ines')
    await editor(ines, 'Stripe by hand', 'duration')
    const length = ines.getByRole('textbox', { name: 'Length 1, number' })
    await length.fill('5')
    await expect(length).toHaveAccessibleDescription('The minimum is 6 hours')
    await ines.getByRole('button', { name: 'Next: Review' }).click()
    await expect(length, 'the focus is where the problem is').toBeFocused()
    await length.fill('6')
    const notice = ines.getByRole('textbox', { name: 'Notify before end 1, number' })
    await notice.fill('6')
    await expect(notice).toHaveAccessibleDescription('The notice must come before the end')
    await ines.getByRole('link', { name: /^Review/ }).click()
    await expect(ines.getByText('1 thing to fix')).toBeVisible()
    await expect(ines.getByRole('button', { name: /^Publish version/ })).toBeDisabled()
    await ines.getByRole('button', { name: 'Discard draft' }).click()
    await ines.getByRole('alertdialog').getByRole('button', { name: 'Discard the draft' }).click()
    await expect(ines.getByRole('link', { name: 'Edit policy' })).toBeVisible()
  })

  test('under which nobody could say yes is not published', async ({ as }) => {
    const ines = await as('ines')
    await editor(ines, 'Production write', 'requesters')
    for (const group of ['Data engineering', 'Payments engineering'])
      await ines.getByRole('button', { name: `Remove ${group}` }).click()
    await ines.getByRole('combobox', { name: 'People' }).fill('Samuel')
    await ines.getByRole('option', { name: /^Samuel Osei/ }).click()
    await ines.getByRole('button', { name: 'Next: Approval' }).click()
    await ines.getByRole('button', { name: 'Remove step 2' }).click()
    await ines.getByRole('button', { name: 'Remove Manager' }).click()
    const asked = ines.getByRole('combobox', { name: 'Asked on step 1' })
    await expect(asked).toHaveAccessibleDescription(/an empty step means nobody can agree/)
    await asked.fill('Samuel')
    await ines.getByRole('option', { name: /^Samuel Osei/ }).click()
    await expect(asked).toHaveAccessibleDescription(/Nobody could agree to a request for Data warehouse/)
    await ines.getByRole('link', { name: /^Review/ }).click()
    await expect(ines.getByText('1 thing to fix')).toBeVisible()
    await expect(ines.getByRole('button', { name: /^Publish version/ })).toBeDisabled()
    await ines.getByRole('button', { name: 'Discard draft' }).click()
    await ines.getByRole('alertdialog').getByRole('button', { name: 'Discard the draft' }).click()
    await expect(ines.getByRole('link', { name: 'Edit policy' })).toBeVisible()
  })

  test('that was saved in another tab is not overwritten, and nothing is lost', async ({ as }) => {
    const [one, two] = [await as('ines'), await as('ines')]
    await editor(one, 'Finance close', 'details')
    await two.goto(new URL(one.url()).pathname)
    await one.getByRole('textbox', { name: /^Description/ }).fill('The ledger, when books are closed.')
    await one.getByRole('button', { name: 'Save draft' }).click()
    await expect(one.getByText('Draft saved').first()).toBeVisible()
    const words = two.getByRole('textbox', { name: /^Description/ })
    await words.fill('The ledger, for controllers.')
    await two.getByRole('button', { name: 'Save draft' }).click()
    await expect(
      two
        .getByRole('alert')
        .filter({ hasText: /changed|saved/i })
        .first(),
    ).toBeVisible()
    await expect(words).toHaveValue('The ledger, for controllers.')
    await two.getByRole('button', { name: 'Reload' }).click()
    await expect(two.getByText('The ledger, when books are closed.').first()).toBeVisible()
  })
})

test('an access review says at its fields what is missing or too soon', async ({ as }) => {
  const ines = await as('ines')
  await ines.goto('/settings/access-management/access-reviews/new')
  await ines.getByRole('combobox', { name: 'Application' }).fill('Data')
  await ines.getByRole('option', { name: /^Data warehouse/ }).click()
  const due = ines.getByRole('textbox', { name: 'Due' }).or(ines.getByLabel('Due'))
  await due.fill('2020-01-01T09:00')
  await ines.getByRole('radio', { name: 'People you name' }).check()
  const show = ines.getByRole('button', { name: 'Show what would be reviewed' })
  await show.click()
  await expect(ines.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription('Give it a name')
  await ines.getByRole('textbox', { name: 'Name' }).fill('Too soon')
  await show.click()
  await expect(ines.getByText('Give the reviewers at least a day').first()).toBeVisible()
  await expect(ines.getByRole('textbox', { name: 'Name' }), 'nothing typed is lost').toHaveValue('Too soon')
})

test.describe('asking', () => {
  test('twice at once makes one request, and another tab is told', async ({ as, db }) => {
    const [mei, tab] = [await as('tomas'), await as('tomas')]
    await filledForm(mei, 'analytics_read', 'Fees by day')
    await filledForm(tab, 'analytics_read', 'Fees by day, once more')
    await mei.getByRole('button', { name: 'Request for 6 hours' }).dblclick()
    await mei.waitForURL(/\/requests\/[0-9a-f-]{36}/)
    await tab.getByRole('button', { name: 'Request for 6 hours' }).click()
    await expect(tab.getByRole('alert').filter({ hasText: 'You have asked for this already' })).toBeVisible()
    await expect(tab.getByRole('textbox', { name: 'Why you need it' })).toHaveValue('Fees by day, once more')
    const rows = await db`
      select 1 from request r join person p on p.id = r.person_id join entitlement e on e.id = r.entitlement_id
      where p.name = 'Tomás Rivera' and e.name = 'analytics_read' and r.state = 'pending'`
    expect(rows).toHaveLength(1)
    await mei.getByRole('button', { name: 'Withdraw request' }).click()
    await mei.getByRole('alertdialog').getByRole('button', { name: 'Withdraw the request' }).click()
    await expect(mei.getByRole('link', { name: 'Ask again' })).toBeVisible()
  })

  test('without a reason, or with one that is too long, says so and keeps what was typed', async ({ as }) => {
    const ruth = await as('ruth')
    await filledForm(ruth, 'analytics_read', '')
    const reason = ruth.getByRole('textbox', { name: 'Why you need it' })
    await ruth.getByRole('button', { name: 'Request for 6 hours' }).click()
    await expect(reason).toHaveAccessibleDescription(/Say why you need it/)
    await ruth.getByRole('radio', { name: '1 day' }).check()
    // A browser stops at the limit by itself; a server must not count on it.
    await reason.evaluate((area: HTMLTextAreaElement) => area.removeAttribute('maxlength'))
    const long = 'Month end. '.repeat(200)
    await reason.fill(long)
    await ruth.getByRole('button', { name: 'Request for 1 day' }).click()
    await expect(reason).toHaveAccessibleDescription(/At most 2,000 characters/)
    await expect(reason).toHaveValue(long)
    await expect(ruth.getByRole('radio', { name: '1 day' })).toBeChecked()
  })

  test('for what was closed or archived meanwhile is refused in words', async ({ as, warehouse }) => {
    const [owen, ines] = [await as('owen'), await as('ines')]
    const ruth = await as('ruth')
    await warehouse.newRole('refunds_read', 'production.refunds')
    await sync(ines)
    await ines.goto(`${POLICIES}/new`)
    await ines.getByRole('textbox', { name: 'Name' }).fill('Refund look-ups')
    await ines.getByRole('button', { name: 'Next: Entitlements' }).click()
    await ines.getByRole('checkbox', { name: /^refunds_read/ }).check()
    await ines.getByRole('link', { name: /^Review/ }).click()
    await ines.getByRole('button', { name: 'Publish version 1' }).click()
    await ines.waitForURL(/\/policies\/[0-9a-f-]{36}$/)

    await filledForm(owen, 'refunds_read', 'A supplier asks about a refund')
    await filledForm(ruth, 'reporting_read', 'To read along', '')
    await warehouse.dropRole('refunds_read')
    // Gone is what two complete listings in a row lack.
    await sync(ines)
    await sync(ines)
    await owen.getByRole('button', { name: 'Request for 6 hours' }).click()
    await expect(owen.getByRole('alert').filter({ hasText: /refunds_read is closed/ })).toBeVisible()
    await expect(owen.getByRole('textbox', { name: 'Why you need it' })).toHaveValue(/A supplier asks/)

    await ines.goto(POLICIES)
    await ines.getByRole('link', { name: 'Reporting' }).click()
    await ines.getByRole('button', { name: 'More acts on this policy' }).click()
    await ines.getByRole('menuitem', { name: 'Archive policy' }).click()
    await ines.getByRole('alertdialog').getByRole('button', { name: 'Archive policy' }).click()
    await ines.waitForURL('**/policies')
    await ruth.getByRole('button', { name: 'Request without an end' }).click()
    await expect(ruth.getByRole('alert').filter({ hasText: /No access policy offers/ })).toBeVisible()
  })
})

test.describe('deciding', () => {
  test('in two tabs: the first answer counts, the second is told', async ({ as }) => {
    const sofia = await as('sofia')
    const requestId = await ask(sofia, {
      entitlement: 'analytics_read',
      length: '1 day',
      reason: 'Sample of the half-year audit',
    })
    const [one, two] = [await as('mira'), await as('jonas')]
    await two.goto(`/requests/${requestId}`)
    await one.goto(`/requests/${requestId}`)
    await one.getByRole('textbox', { name: /^Note to Sofia/ }).fill('Not this month')
    await one.getByRole('button', { name: 'Deny' }).click()
    await expect(one.getByRole('form', { name: 'Your decision' })).toBeHidden()
    await two.getByRole('textbox', { name: /^Note to Sofia/ }).fill('Fine with me')
    await two.getByRole('button', { name: 'Approve' }).click()
    await expect(
      two.getByText(/already denied|Already denied|changed after you opened/).first(),
    ).toBeVisible()
  })

  test('on somebody who was deactivated meanwhile gives nothing', async ({ as, db, warehouse, world }) => {
    const samuel = await as('samuel')
    const requestId = await ask(samuel, {
      entitlement: 'analytics_read',
      length: '6 hours',
      reason: 'Load before the sale',
    })
    const mei = await as('mei')
    await mei.goto(`/requests/${requestId}`)
    await deactivate(world, 'samuel')
    await mei.getByRole('button', { name: 'Approve' }).click()
    await expect(mei.getByText(/lapsed already/).first()).toBeVisible()
    const [row] = await db<{ state: string; grant: string | null }[]>`
      select state, grant_id as grant from request where id = ${requestId}`
    expect(row).toEqual({ state: 'lapsed', grant: null })
    expect(await warehouse.membership('samuel', 'analytics_read')).toBeNull()
  })
})

test('addresses of nothing answer 404, never 500', async ({ as, watch }) => {
  watch.allow(/^404 from/)
  const { request } = await as('ines')
  const admin = '/settings/access-management'
  for (const id of [NOBODY, 'nonsense', '%00', "'--", '9'.repeat(300)]) {
    const paths = [
      `/requests/${id}`,
      `/catalogue/${id}/request`,
      `/grants/${id}/extend`,
      `/grants/${id}/give-back`,
      `/grants/${id}/give-again`,
      `/approvals/tasks/${id}`,
      `${admin}/grants/${id}`,
      `${admin}/grants/${id}/timeline`,
      `${admin}/policies/${id}`,
      `${admin}/policies/${id}/edit`,
      `${admin}/applications/${id}`,
      `/settings/people/${id}`,
      `/settings/people/${id}/edit`,
      `/settings/people/import/${id}`,
      `/settings/people/${id}/erase`,
      `/settings/people/groups/${id}`,
      `/settings/take-back?person=${id}`,
      `/settings/access-management/grants/${id}/evidence`,
      `${admin}/separation/${id}`,
      `/requests/${id}/edit`,
      `/dev/mail/${id}`,
    ]
    for (const path of paths) {
      const status = (await request.get(path)).status()
      expect.soft([400, 404], `${path} answers ${status}`).toContain(status)
    }
  }
  const page = await as('ines')
  await page.goto(`/requests/${NOBODY}`)
  await expect(page.getByRole('heading', { name: 'There is nothing here for you' })).toBeVisible()
  for (const door of ['decide', 'extend']) {
    await page.goto(`/${door}/${'x'.repeat(43)}`)
    await expect(page.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible()
  }
  for (const query of ['user=nonsense', 'expiry=never', 'at=%00', 'from=2026-13-45', 'status=x&sort=y']) {
    const answer = await request.get(`${admin}/grants?${query}`)
    expect(answer.status(), query).toBe(200)
  }
})

async function sync(ines: Page): Promise<void> {
  await ines.goto('/settings/access-management/applications')
  await ines.getByRole('link', { name: /^Data warehouse/ }).click()
  await ines.getByRole('button', { name: 'Sync catalogue' }).click()
  await expect(ines.getByText('Catalogue synced')).toBeVisible()
}

test('a receiver of the audit log says at its fields what is wrong, and sends no secret back', async ({
  as,
}) => {
  const ines = await as('ines')
  await ines.goto('/settings/audit/delivery')
  await ines.getByRole('button', { name: 'Add a receiver' }).click()
  const address = ines.getByRole('textbox', { name: 'Address' })
  const secret = ines.getByLabel('Signing secret')
  await address.fill('ftp://siem.example.com')
  await secret.fill('hunter2')
  // On a busy machine a frame may come before the answer stands on the page: here every frame does.
  await ines.evaluate(() => {
    window.requestAnimationFrame = (run) => {
      queueMicrotask(() => run(performance.now()))
      return 0
    }
  })
  await ines.getByRole('button', { name: 'Start delivering' }).click()
  await expect(address).toHaveAccessibleDescription(/Enter an https address/)
  await expect(address, 'the focus is where the problem is').toBeFocused()
  await expect(address).toHaveValue('ftp://siem.example.com')
  await expect(secret).toHaveAccessibleDescription(/A signing secret is whsec_/)
})
