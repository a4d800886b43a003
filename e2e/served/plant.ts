import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Kind, Somebody } from './people'
import type { Place } from './place'
import { actionNamed, knock, sendAction } from './replay'
import type { Served } from './server'

/** A value that is nowhere but where somebody put it. */
const canary = (name: string) => `${name}-canary-${randomBytes(12).toString('hex')}`

export const secrets = {
  cron: canary('cron'),
  oidc: canary('oidc'),
  auth: canary('auth-secret-of-at-least-thirty-two'),
  smtp: canary('smtp'),
  inngest: canary('inngest'),
  inngestSigning: `signkey-test-${randomBytes(32).toString('hex')}`,
  /** Typed into a form, and kept sealed. */
  connection: `whsec_${Buffer.from(canary('hook')).toString('base64')}`,
  /** The same, for a system that the audit log is sent to. */
  receiver: `whsec_${Buffer.from(canary('siem')).toString('base64')}`,
  /** Typed into a form that refuses it. */
  refused: `whsec_${Buffer.from(canary('lost')).toString('base64')}`,
}
export const sealingKey = randomBytes(32).toString('base64')

export interface Planted {
  readonly served: Served
  readonly people: Record<Kind, Somebody>
  readonly place: Place
  /** What left the product, by where. */
  readonly seen: Map<string, string>
}

/** Puts secrets everywhere they belong, and sees what the product answers. @returns a provisioning client's token */
export async function plant({ served, people, place, seen }: Planted): Promise<string> {
  const sent = async (
    door: { id: string; path: string },
    form: Record<string, string>,
    who = people.admin,
  ): Promise<string> => {
    const body = new FormData()
    for (const [field, value] of Object.entries(form)) body.append(`_1_${field}`, value)
    body.append('0', '[{"status":"idle"},"$K1"]')
    const headers = { 'next-action': door.id, origin: served.origin }
    const { response, text } = await knock(served, door.path, who, { method: 'POST', headers, body })
    return `${text}\n${JSON.stringify([...response.headers])}`
  }
  // A secret is replaced, once as it should be and twice with an input that comes back.
  const replace = actionNamed('settings/access-management/applications#replaceSecret')
  const typed = { applicationId: place.application, version: '1' }
  served.target.acceptSecret(secrets.connection)
  seen.set(
    'a form that was refused',
    await sent(replace, { ...typed, version: '99', 'secrets.secret': secrets.refused }),
  )
  seen.set(
    'a form that was not understood',
    await sent(replace, { ...typed, applicationId: 'none', 'secrets.secret': secrets.refused }),
  )
  seen.set(
    'a form with a field too many',
    await sent(replace, { ...typed, '!': 'x', 'secrets.secret': secrets.refused }),
  )
  seen.set('the form that was taken', await sent(replace, { ...typed, 'secrets.secret': secrets.connection }))
  // The target is asked, answers, and then answers with what it was sent.
  const test = actionNamed('settings/access-management/applications#test')
  seen.set('a test that passed', await sent(test, { applicationId: place.application }))
  served.target.fault({
    kind: 'status',
    status: 500,
    body: { error: `bad key ${secrets.connection}` },
    times: 20,
  })
  seen.set('a test that failed', await sent(test, { applicationId: place.application }))
  served.target.clear()
  // A token is made, shown once, and used; the log is sent to a system that knows the secret.
  const connected = await sent(actionNamed('settings/directory#connect'), { name: 'Okta' })
  const scimToken = /lhscim_[\w-]+/.exec(connected)?.[0] ?? ''
  const bearer = { authorization: `Bearer ${scimToken}` }
  for (const path of ['Users', `Users/${people.member.id}`, 'Groups', 'Users?filter=nonsense'])
    seen.set(
      `what a client is told at ${path}`,
      (await knock(served, `/api/scim/v2/${path}`, people.anonymous, { headers: bearer })).text,
    )
  const receiver = { url: `${served.target.url}/audit`, format: 'jsonl', from: 'start' }
  const add = actionNamed('settings/audit/delivery#add')
  seen.set('a receiver that was refused', await sent(add, { ...receiver, url: 'x', secret: secrets.refused }))
  seen.set('the receiver that was added', await sent(add, { ...receiver, secret: secrets.receiver }))
  // Mails with links are sent: a request to decide on, and a link to sign in with.
  const ask = actionNamed('catalogue/[entitlement]/request#ask')
  const asked = { entitlementId: place.entitlement, seconds: '21600', reason: 'Month end', zone: 'UTC' }
  expect((await sendAction(served, ask, asked, people.holder)).letter).toBe('+')
  expect(
    (
      await sendAction(
        served,
        actionNamed('sign-in#sendLink'),
        { email: people.member.email },
        people.anonymous,
      )
    ).letter,
  ).toBe('+')
  seen.set(
    'an address at the provider',
    await sent(actionNamed('sign-in#withProvider'), { next: '/', provider: 'oidc' }, people.anonymous),
  )
  const swept = await knock(served, '/api/cron/sweep', people.anonymous, {
    headers: { authorization: `Bearer ${secrets.cron}` },
  })
  seen.set('the sweep', swept.text)
  return scimToken
}
