import { expect, type Page } from '@playwright/test'
import type postgres from 'postgres'
import type { Mail, Mails } from './outside'

/** Waits for something that happens behind the page, looking often: the figures are measured with it. */
export const eventually = expect.configure({ timeout: 20_000 })

/** Finds an entitlement in the catalogue, asks for it, and ends on the request's page. @returns its id */
export async function ask(
  page: Page,
  wanted: { entitlement: string; application?: string; length: string; reason: string },
): Promise<string> {
  const { entitlement, application = 'Data warehouse', length, reason } = wanted
  await page.goto('/catalogue')
  await page.getByRole('searchbox', { name: 'Search the catalogue' }).fill(entitlement)
  await page.getByRole('link', { name: `Request ${entitlement} on ${application}` }).click()
  await page.getByRole('radio', { name: length }).check()
  await page.getByRole('textbox', { name: 'Why you need it' }).fill(reason)
  await page.getByRole('button', { name: `Request for ${length}` }).click()
  await page.waitForURL(/\/requests\/[0-9a-f-]{36}/)
  await expect(page.getByText(/^(Not decided yet|Step 1 of \d)$/).first()).toBeVisible()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** Approves on the request's own page, as it was asked for. */
export async function approve(page: Page, requestId: string): Promise<void> {
  await page.goto(`/requests/${requestId}`)
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('form', { name: 'Your decision' })).toBeHidden()
}

/** The grant that came of a request, once it is in the state that is waited for. @returns its id */
export async function grantOf(db: postgres.Sql, requestId: string, state: string): Promise<string> {
  let id = ''
  await expect
    .poll(
      async () => {
        const [row] = await db<{ id: string; state: string }[]>`
          select g.id, g.state from request r join "grant" g on g.id = r.grant_id where r.id = ${requestId}`
        id = row?.id ?? ''
        return row?.state
      },
      { message: `the grant of request ${requestId} is ${state}`, intervals: [20], timeout: 20_000 },
    )
    .toBe(state)
  return id
}

/** The one mail of this kind that somebody got in this story. */
export async function mailTo(mails: Mails, who: string, subject: RegExp): Promise<Mail> {
  let found: Mail[] = []
  await expect
    .poll(
      async () => {
        found = await mails.to(who, subject)
        return found.length
      },
      { message: `${who} has one mail about ${subject}`, intervals: [50], timeout: 20_000 },
    )
    .toBe(1)
  return found[0] as Mail
}

/** Reads a mail as its receiver does and follows one of its links. @returns the page it led to */
export async function follow(page: Page, mail: Mail, words: string): Promise<Page> {
  await page.setContent(mail.html)
  const link = page.getByRole('link', { name: words })
  const elsewhere = (await link.getAttribute('target')) === '_blank'
  const popup = elsewhere ? page.waitForEvent('popup') : null
  await link.click()
  return popup ?? page
}
