import { expect, test } from './fixtures'
import { approve, ask, follow, grantOf, mailTo } from './support/flows'
import { linkIn } from './support/outside'
import { deactivate } from './support/server'

const BOARD = 'select count(*)::int as months from analytics.board_pack'

test('two steps, the second with a quorum of two', async ({ as, db, mails, warehouse }) => {
  const [owen, tomas, mei, jonas] = [await as('owen'), await as('tomas'), await as('mei'), await as('jonas')]
  const requestId = await ask(owen, {
    entitlement: 'ledger_write',
    length: '6 hours',
    reason: 'Reversing entry 4711, twice booked',
  })
  await expect(owen.getByText('Step 2: 2 of them have to agree')).toBeVisible()
  await mailTo(mails, 'tomas', /^Owen Bright asks for ledger_write/)
  expect(await mails.to('mei', /^Owen Bright asks for ledger_write/), 'asked once step 1 agreed').toEqual([])

  await approve(tomas, requestId)
  await mailTo(mails, 'mei', /^Owen Bright asks for ledger_write/)
  expect(await state(), 'the manager alone is not enough').toBe('pending')
  await approve(mei, requestId)
  expect(await state(), 'one of two is not enough').toBe('pending')
  expect(await warehouse.membership('owen', 'ledger_write')).toBeNull()
  await mei.goto('/approvals')
  await expect(mei.getByRole('link', { name: /Owen Bright for ledger_write/ })).toHaveCount(0)
  await approve(jonas, requestId)
  await grantOf(db, requestId, 'active')
  expect(await warehouse.membership('owen', 'ledger_write')).not.toBeNull()
  await owen.goto(`/requests/${requestId}`)
  for (const name of ['Tomás Rivera', 'Mei Tanaka', 'Jonas Weber'])
    await expect(owen.getByText(name).first()).toBeVisible()

  async function state() {
    const [row] = await db<{ state: string }[]>`select state from request where id = ${requestId}`
    return row?.state
  }
})

test('from the mail on a phone, without JavaScript: a question, a change, the difference, a yes', async ({
  as,
  db,
  mails,
  warehouse,
}) => {
  test.setTimeout(90_000)
  const lena = await as('lena')
  const phone = { viewport: { width: 390, height: 844 }, javaScriptEnabled: false, isMobile: true }
  const hugo = await as('hugo', phone)
  const requestId = await ask(lena, { entitlement: 'board_read', length: '1 day', reason: 'The draft deck' })
  const first = await mailTo(mails, 'hugo', /^Lena Hoffmann asks for board_read/)
  for (const words of ['board_read', '1 day', 'The draft deck', 'Lena already holds'])
    expect(first.text).toContain(words)

  await test.step('he asks instead of deciding, and she answers', async () => {
    await hugo.goto(linkIn(first, 'Review'))
    await expect(hugo.getByRole('heading', { name: /^Lena Hoffmann asks for board_read/ })).toBeVisible()
    await expect(hugo.getByRole('button', { name: /^Approve/ })).toBeVisible()
    await expect(hugo.getByRole('button', { name: 'Deny' })).toBeVisible()
    const overflow = await hugo.locator('html').evaluate((page) => page.scrollWidth > page.clientWidth)
    expect(overflow, 'nothing is cut off on a phone').toBe(false)
    await hugo.getByText('Ask instead of deciding').click()
    await hugo.getByRole('textbox', { name: /question/i }).fill('Only the revenue, or all of it?')
    await hugo.getByRole('button', { name: /^Ask/ }).click()
    const question = await mailTo(mails, 'lena', /^Hugo Meyer has a question about board_read/)
    const page = await follow(lena, question, 'Answer')
    await page.getByRole('textbox', { name: /answer/i }).fill('Only the revenue')
    await page.getByRole('button', { name: /answer/i }).click()
    const answered = await mailTo(mails, 'hugo', /^Lena Hoffmann answered/)
    expect(answered.text).toContain('Only the revenue')
  })

  await test.step('she changes it, and the old link shows the difference', async () => {
    await lena.goto(`/requests/${requestId}/edit`)
    await lena.getByRole('radio', { name: /^6 hours/ }).check()
    await lena.getByRole('button', { name: /^(Change|Save|Ask)/ }).click()
    await lena.waitForURL((url) => url.pathname === `/requests/${requestId}`)
    await hugo.goto(linkIn(first, 'Review'))
    await expect(hugo.getByText(/changed/i).first()).toBeVisible()
    await expect(hugo.getByText('1 day').first()).toBeVisible()
    await expect(hugo.getByText('6 hours').first()).toBeVisible()
    await expect(hugo.getByRole('button', { name: /^Approve/ })).toHaveCount(0)
  })

  await test.step('the new link decides, and is used up by that', async () => {
    await expect
      .poll(async () => (await mails.to('hugo', /^Lena Hoffmann asks for board_read/)).length)
      .toBe(2)
    const [, second] = await mails.to('hugo', /^Lena Hoffmann asks for board_read/)
    if (!second) throw new Error('there is no second mail')
    await hugo.goto(linkIn(second, 'Review'))
    await hugo.getByRole('button', { name: /^Approve/ }).click()
    await expect(hugo.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
    await grantOf(db, requestId, 'active')
    expect(await warehouse.as('lena', BOARD)).not.toContain('permission denied')
    await hugo.goto(linkIn(second, 'Review'))
    await expect(hugo.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
    await expect(hugo.getByRole('button', { name: /^Approve/ })).toHaveCount(0)
  })
})

test('asked for somebody else: both are told, and neither decides', async ({ as, db, mails }) => {
  const [ben, yara, jonas] = [await as('ben'), await as('yara'), await as('jonas')]
  await ben.goto('/catalogue')
  await ben.getByRole('link', { name: 'Request analytics_read on Data warehouse' }).click()
  await ben.getByRole('combobox', { name: 'For whom' }).fill('Yara')
  await ben.getByRole('option', { name: /^Yara Haddou/ }).click()
  await ben.waitForURL(/[?&]for=/)
  await expect(ben.getByText('Yara is told. Neither of you decides on it.')).toBeVisible()
  await ben.getByRole('radio', { name: '6 hours' }).check()
  await ben.getByRole('textbox', { name: 'Why Yara needs it' }).fill('She starts on the forecast tomorrow')
  await ben.getByRole('button', { name: 'Request for 6 hours' }).click()
  await ben.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  const requestId = new URL(ben.url()).pathname.split('/').at(-1) ?? ''
  await expect(ben.getByRole('button', { name: /^Approve/ })).toHaveCount(0)

  const told = await mailTo(mails, 'yara', /^Ben Okafor asks for analytics_read/)
  expect(told.text).toContain('Neither you nor Ben decides on it')
  await yara.goto(`/requests/${requestId}`)
  await expect(yara.getByRole('button', { name: /^Approve/ })).toHaveCount(0)
  expect(await mails.to('ben', /asks for analytics_read/), 'her manager asked, so is not asked').toEqual([])
  await approve(jonas, requestId)
  await grantOf(db, requestId, 'active')
  const [held] = await db<{ person: string }[]>`
    select p.name as person from request r join "grant" g on g.id = r.grant_id join person p on p.id = g.person_id
    where r.id = ${requestId}`
  expect(held?.person).toBe('Yara Haddou')
  await mailTo(mails, 'ben', /^Approved: analytics_read/)
})

test('several in one go: one form, one mail, each its own request', async ({ as, db, mails }) => {
  const [theo, mira] = [await as('theo'), await as('mira')]
  await theo.goto('/catalogue')
  for (const name of ['analytics_read', 'prod_read']) {
    await theo.getByRole('link', { name: `Add ${name} on Data warehouse` }).click()
    await expect(theo.getByRole('link', { name: `Take ${name} on Data warehouse out` })).toBeVisible()
  }
  await theo.getByRole('link', { name: 'Ask for these 2' }).click()
  await expect(theo.getByRole('heading', { name: 'Ask for 2 things in one go' })).toBeVisible()
  await theo.getByRole('button', { name: 'Send 2 requests' }).click()
  await expect(
    theo.getByText('Say why you need it').first(),
    'nothing is sent without a reason',
  ).toBeVisible()
  await theo.getByRole('textbox', { name: 'Why you need them' }).fill('Onboarding in the data team')
  await theo.getByRole('button', { name: 'Send 2 requests' }).click()
  await expect(theo.getByText('2 requests were made.')).toBeVisible()

  const mail = await mailTo(mails, 'mira', /^Theo Lange asks for 2 things/)
  expect(mail.html.match(/\/decide\//g)?.length ?? 0).toBeGreaterThanOrEqual(2)
  await mira.goto('/approvals')
  await expect(mira.getByText(/2 from Theo/)).toBeVisible()
  await mira.getByRole('checkbox', { name: /Theo Lange.*analytics_read/ }).check()
  await mira.getByRole('checkbox', { name: /Theo Lange.*prod_read/ }).check()
  await mira.getByRole('button', { name: /^Approve 2/ }).click()
  await mira
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Approve/ })
    .click()
  await expect
    .poll(async () => {
      const rows = await db<{ state: string }[]>`
        select r.state from request r join person p on p.id = r.person_id where p.name = 'Theo Lange'`
      return rows.map((r) => r.state)
    })
    .toEqual(['approved', 'approved'])
})

test('more time from the notice: at once where the policy says so, and never past its caps', async ({
  as,
  clock,
  db,
  mails,
}) => {
  const tomas = await as('tomas')
  const requestId = await test.step('who is in Finance gets it at once', async () => {
    await tomas.goto('/catalogue')
    await tomas.getByRole('link', { name: 'Request board_read on Data warehouse' }).click()
    await tomas.getByRole('radio', { name: /^6 hours/ }).check()
    await expect(tomas.getByText('The access policy agrees').first()).toBeVisible()
    await tomas.getByRole('textbox', { name: 'Why you need it' }).fill('Board meeting')
    await tomas.getByRole('button', { name: 'Request for 6 hours' }).click()
    await tomas.waitForURL(/\/requests\/[0-9a-f-]{36}/)
    return new URL(tomas.url()).pathname.split('/').at(-1) ?? ''
  })
  const grantId = await grantOf(db, requestId, 'active')
  const end = async () => {
    const [row] = await db<{ at: Date }[]>`select ends_at as at from "grant" where id = ${grantId}`
    return row?.at.getTime() ?? 0
  }
  const before = await end()
  await clock.advance('5h')
  const notice = await mailTo(mails, 'tomas', /^Your board_read on Data warehouse ends/)
  const page = await follow(tomas, notice, 'Request extension')
  await expect(page.getByText('1 of 1')).toBeVisible()
  await expect(page.getByText('extension left')).toBeVisible()
  await page.getByRole('radio', { name: /^6 hours.*agreed at once/ }).check()
  await page.getByRole('textbox', { name: 'Why longer' }).fill('It goes on after lunch')
  await page.getByRole('button', { name: 'Request extension' }).click()
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  expect((await end()) - before).toBe(6 * 3_600_000)
  await page.goto(`/grants/${grantId}/extend`)
  await expect(page.getByText(/extended once already, which is the most this policy allows/)).toBeVisible()
})

// The last one here: the person who leaves is asked in the stories before.
test('a request that lost its last approver goes to the owners at once', async ({ as, db, mails, world }) => {
  const [priya, mira] = [await as('priya'), await as('mira')]
  const requestId = await ask(priya, {
    entitlement: 'board_read',
    length: '1 day',
    reason: 'Numbers to check',
  })
  await mailTo(mails, 'hugo', /^Priya Nair asks for board_read/)
  await deactivate(world, 'hugo')
  const mail = await mailTo(mails, 'mira', /^Priya Nair asks for board_read/)
  await priya.goto(`/requests/${requestId}`)
  await expect(priya.getByText(/Too few were left who could agree/).first()).toBeVisible()
  const decide = await follow(mira, mail, 'Review request')
  await decide.getByRole('button', { name: /^Approve/ }).click()
  await expect(decide.getByRole('heading', { name: /^Approved by you/ })).toBeVisible()
  await grantOf(db, requestId, 'active')
})
