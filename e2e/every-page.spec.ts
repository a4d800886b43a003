import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { crowded } from './support/crowded'
import { ask } from './support/flows'

const ADMIN = '/settings/access-management'
const PHONE = { width: 390, height: 844 }
const TABLET = { width: 1024, height: 768 }
const DESK = { width: 1440, height: 900 }

// A recording of every look would take longer than looking; what is wrong is named.
test.use({ trace: 'off' })

/** Structure is the same in both themes, colours at both widths: these looks see all of it. */
const looks = [
  { size: DESK, colorScheme: 'light', rules: true },
  { size: TABLET, colorScheme: 'dark', rules: false },
  { size: PHONE, colorScheme: 'dark', rules: true },
] as const

/** Looks at a page at all widths and in both themes. Problems are collected, so that one run names them all. */
async function lookAt(page: Page, name: string): Promise<void> {
  // What is still loading has none yet, and the page of what is not there is drawn in the browser.
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading.first(), `${name} has a heading`).toBeVisible()
  for (const { size, colorScheme, rules } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect.soft(wide, `${name} overflows at ${size.width} px`).toBeLessThanOrEqual(0)
    expect.soft(await crowded(page), `${name} has room at ${size.width} px`).toEqual([])
    if (!rules) continue
    // The focus guards of Base UI are hidden from readers and hold no content. In the frame around a mail no
    // script may run, axe's neither: it would wait there for ever.
    const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]').exclude('.ob-html')
    // No page here has a frame of another site, which is all that the way around by an empty page is for.
    axe.setLegacyMode()
    const { violations } = await axe.analyze()
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')} (${nodes[0]?.failureSummary})`,
    )
    expect.soft(found, `${name}, ${colorScheme}, ${size.width} px`).toEqual([])
  }
  await page.setViewportSize(DESK)
}

type Looked = readonly [person: string | null, name: string, path: string]

/** Looking changes nothing, so two look at once, each in tabs of its own, one for each person that it looks as. */
async function lookAtAll(all: readonly Looked[], as: (who: string | null) => Promise<Page>): Promise<void> {
  const left = [...all]
  const look = async () => {
    const tabs = new Map<string | null, Page>()
    for (let one = left.shift(); one; one = left.shift()) {
      const [who, name, path] = one
      const page = tabs.get(who) ?? (await as(who))
      tabs.set(who, page)
      await page.goto(path)
      await lookAt(page, `${name} (${who ?? 'nobody'})`)
    }
  }
  await Promise.all([look(), look()])
}

test.describe('every page, at three widths, in both themes', () => {
  test('of an admin', async ({ as, db }) => {
    test.setTimeout(480_000)
    const [ids] = await db<
      Record<
        | 'grant'
        | 'ended'
        | 'policy'
        | 'application'
        | 'person'
        | 'group'
        | 'rule'
        | 'mail'
        | 'entitlement'
        | 'review',
        string
      >[]
    >`
      select
        (select id from "grant" where state = 'active' order by ends_at limit 1) as grant,
        (select id from "grant" where state = 'ended' order by ends_at desc limit 1) as ended,
        (select id from policy where name = 'Production write') as policy,
        (select id from application where name = 'Data warehouse') as application,
        (select id from person where name = 'Mei Tanaka') as person,
        (select id from "group" where name = 'Change board') as "group",
        (select id from separation order by name limit 1) as rule,
        (select id from entitlement where name = 'analytics_read') as entitlement,
        (select id from access_review order by started_at limit 1) as review,
        (select id from mail where html is not null order by created_at limit 1) as mail`
    const pages: Record<string, string> = {
      home: '/',
      manage: '/settings',
      'access grants': `${ADMIN}/grants`,
      'nothing found': `${ADMIN}/grants?q=nobody-at-all`,
      // Over a short list: the long one was looked at by itself.
      'a live grant': `${ADMIN}/grants/${ids?.grant}?q=mei`,
      'an ended grant': `${ADMIN}/grants/${ids?.ended}?q=mei`,
      overdue: `${ADMIN}/overdue`,
      policies: `${ADMIN}/policies`,
      'new policy': `${ADMIN}/policies/new`,
      policy: `${ADMIN}/policies/${ids?.policy}`,
      'policy, entitlements': `${ADMIN}/policies/${ids?.policy}/edit?step=entitlements`,
      'policy, requesters': `${ADMIN}/policies/${ids?.policy}/edit?step=requesters`,
      'policy, approval': `${ADMIN}/policies/${ids?.policy}/edit?step=approval`,
      'policy, duration': `${ADMIN}/policies/${ids?.policy}/edit?step=duration`,
      'policy, review': `${ADMIN}/policies/${ids?.policy}/edit?step=review`,
      applications: `${ADMIN}/applications`,
      'new application': `${ADMIN}/applications/new`,
      application: `${ADMIN}/applications/${ids?.application}`,
      'application, entitlements': `${ADMIN}/applications/${ids?.application}?section=entitlements`,
      'application, accounts': `${ADMIN}/applications/${ids?.application}?section=accounts`,
      'standing access': `${ADMIN}/applications/${ids?.application}/convert?entitlement=${ids?.entitlement}`,
      'application, connection': `${ADMIN}/applications/${ids?.application}?section=connection`,
      people: '/settings/people',
      person: `/settings/people/${ids?.person}`,
      'new person': '/settings/people/new',
      'edit person': `/settings/people/${ids?.person}/edit`,
      import: '/settings/people/import',
      'erase personal data': `/settings/people/${ids?.person}/erase`,
      groups: '/settings/people/groups',
      group: `/settings/people/groups/${ids?.group}`,
      directory: '/settings/directory',
      'separation of duties': `${ADMIN}/separation`,
      'new rule': `${ADMIN}/separation/new`,
      rule: `${ADMIN}/separation/${ids?.rule}`,
      evidence: `/settings/access-management/grants/${ids?.grant}/evidence`,
      'access reviews': `${ADMIN}/access-reviews`,
      'new access review': `${ADMIN}/access-reviews/new?application=${ids?.application}`,
      'access review': `${ADMIN}/access-reviews/${ids?.review}`,
      'take everything back': `/settings/take-back?person=${ids?.person}`,
      organisation: '/settings/organisation',
      'audit log': `/settings/audit?kind=grant&person=${ids?.person}`,
      quarantine: '/settings/quarantine',
      'delivery of the log': '/settings/audit/delivery',
      refusals: '/settings/audit/refusals',
      'nothing in the log': '/settings/audit?verb=drilled&to=1999-01-01',
      mails: '/dev/mail',
      mail: `/dev/mail/${ids?.mail}`,
    }
    await lookAtAll(
      Object.entries(pages).map(([name, path]) => ['ines', name, path]),
      as,
    )
  })

  test('of everybody else', async ({ as, db, watch }) => {
    test.setTimeout(360_000)
    watch.allow(/^404 from/)
    const pending = await ask(await as('greta'), {
      entitlement: 'analytics_read',
      length: '6 hours',
      reason: 'Looked at while it waits',
    })
    const [ids] = await db<
      Record<'task' | 'held' | 'over' | 'approved' | 'entitlement' | 'other' | 'review', string>[]
    >`
      select
        (select id from access_review order by started_at limit 1) as review,
        (select g.id from "grant" g join person p on p.id = g.person_id
          where p.name = 'Ana Oliveira' and g.state = 'ended' limit 1) as over,
        (select id from task where state = 'open' order by due_at limit 1) as task,
        (select r.id from request r join person p on p.id = r.person_id
          where p.name = 'Ana Oliveira' order by r.asked_at limit 1) as approved,
        (select g.id from "grant" g join person p on p.id = g.person_id
          where p.name = 'Ana Oliveira' and g.state = 'active' order by g.ends_at desc limit 1) as held,
        (select id from entitlement where name = 'prod_write') as entitlement,
        (select id from entitlement where name = 'reporting_read') as other`
    const pages: Looked[] = [
      [null, 'sign-in', '/sign-in'],
      [null, 'link sent', '/sign-in/sent'],
      [null, 'confirm', '/sign-in/confirm?email=ana.oliveira%40halden.example&token=x'],
      ['ana', 'home', '/'],
      ['ana', 'catalogue', '/catalogue'],
      ['ana', 'request form', `/catalogue/${ids?.entitlement}/request`],
      ['ana', 'several', `/catalogue/ask?pick=${ids?.entitlement}&pick=${ids?.other}`],
      ['greta', 'a pending request', `/requests/${pending}`],
      ['greta', 'its change', `/requests/${pending}/edit`],
      ['ana', 'requests', '/requests'],
      ['ana', 'a request', `/requests/${ids?.approved}`],
      ['ana', 'more time', `/grants/${ids?.held}/extend`],
      ['ana', 'give back', `/grants/${ids?.held}/give-back`],
      ['ana', 'nothing to give back', `/grants/${ids?.over}/give-back`],
      ['ana', 'give again', `/grants/${ids?.held}/give-again`],
      ['ana', 'you', '/you'],
      ['ana', 'sign in again', '/sign-in/again'],
      ['ana', 'signed in', '/signed-in'],
      ['ana', 'nothing here', '/requests/nothing'],
      ['mira', 'approvals', '/approvals'],
      ['ruth', 'tasks', '/approvals?tab=tasks'],
      ['ruth', 'a task', `/approvals/tasks/${ids?.task}`],
      ['ben', 'home with an access review', '/'],
      ['ben', 'reviewing access', `/approvals/access-reviews/${ids?.review}`],
      ['mira', 'decided', '/approvals?tab=decided'],
    ]
    await lookAtAll(pages, as)
  })
})

test('Access grants asks for little script', async ({ as, measured }) => {
  // A browser that has none of it yet.
  const page = await as('ines', {})
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(`${ADMIN}/grants`, { waitUntil: 'networkidle' })
  await expect(page.getByRole('table', { name: 'Access grants' })).toBeVisible()
  const kilobytes = Math.round(bytes / 1000)
  measured('script transferred on Access grants', `${kilobytes} KB in ${scripts.size} files`)
  expect(kilobytes).toBeGreaterThan(50)
  expect(kilobytes).toBeLessThan(285)
})
