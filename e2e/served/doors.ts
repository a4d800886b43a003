import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../../scripts/lib/root.mjs'
import { type Entry, on, plain } from './entries'
import type { Place } from './place'

const ACCESS = '/settings/access-management'

/** What is asked of a route that is no page: the method, and the address. */
export type Knock = string | { readonly method: string; readonly path: string; readonly body?: string }

const token = 'x'.repeat(43)
const since = new Date(0).toISOString()

/** The methods of one address for provisioning clients; where it is of a thing, of whose. */
function scim(route: string, methods: string, id?: (it: Place) => string): Record<string, Entry<Knock>> {
  const of = (it: Place) => `/api/scim/v2/${route.replace(/\[.*\]/, id ? id(it) : 'User')}`
  const one = (method: string): Entry<Knock> =>
    on(
      (it) => (method === 'GET' ? of(it) : { method, path: of(it), body: '{}' }),
      id ? '111111111 111111111 111111111' : '111111111',
    )
  return Object.fromEntries(
    methods.split(' ').map((method) => [`${method} /api/scim/v2/${route}`, one(method)]),
  )
}

/**
 * Every page and every method of every route, in the letters of `replay.ts` and for the kinds of `people.ts`. Looking
 * changes nothing, so whoever is let in has an `o`. What follows a `?` is one more look at the same page.
 */
export const doors: Readonly<Record<string, Entry<Knock>>> = {
  '/': plain(() => '/', '11ooooooo'),
  '/approvals': plain(() => '/approvals', '11ooooooo'),
  '/approvals/access-reviews/[review]': on(
    (it) => `/approvals/access-reviews/${it.accessReview}`,
    '11444o444 114444444 114444444',
  ),
  '/approvals/tasks/[id]': on((it) => `/approvals/tasks/${it.task}`, '11444oooo 1144444oo 114444444'),
  '/catalogue': plain(() => '/catalogue', '11ooooooo'),
  '/catalogue/[entitlement]/request': on(
    (it) => `/catalogue/${it.entitlement}/request`,
    '11ooooooo 11ooooooo 114444444',
  ),
  '/catalogue/ask': plain(() => '/catalogue/ask', '11ooooooo'),
  '/grants/[id]/extend': on((it) => `/grants/${it.grant}/extend`, '1144o4o4o 11444444o 114444444'),
  '/grants/[id]/give-again': on(
    (it) => `/grants/${it.lostGrant}/give-again`,
    '1144o4o4o 11444444o 114444444',
  ),
  '/grants/[id]/give-back': on((it) => `/grants/${it.grant}/give-back`, '1144o4444 114444444 114444444'),
  '/requests': plain(() => '/requests', '11ooooooo'),
  '/requests/[id]': on((it) => `/requests/${it.request}`, '114o4oooo 1144444oo 114444444'),
  '/requests/[id]/edit': on((it) => `/requests/${it.request}/edit`, '114o44444 114444444 114444444'),
  '/you': plain(() => '/you', '11ooooooo'),

  '/settings': plain(() => '/settings', '114444ooo'),
  [`${ACCESS}/access-reviews`]: plain(() => `${ACCESS}/access-reviews`, '114444ooo'),
  [`${ACCESS}/access-reviews/new`]: plain(() => `${ACCESS}/access-reviews/new`, '114444o4o'),
  [`${ACCESS}/access-reviews/[review]`]: on(
    (it) => `${ACCESS}/access-reviews/${it.accessReview}`,
    '114444ooo 1144444oo 114444444',
  ),
  [`GET ${ACCESS}/access-reviews/[review]/export`]: on(
    (it) => `${ACCESS}/access-reviews/${it.accessReview}/export`,
    '114444ooo 1144444oo 114444444',
  ),
  [`${ACCESS}/applications`]: plain(() => `${ACCESS}/applications`, '114444ooo'),
  [`${ACCESS}/applications/new`]: plain(() => `${ACCESS}/applications/new`, '11444444o'),
  [`${ACCESS}/applications/[application]`]: on(
    (it) => `${ACCESS}/applications/${it.application}`,
    '114444ooo 1144444oo 114444444',
  ),
  ...Object.fromEntries(
    ['accounts', 'entitlements', 'findings', 'connection'].map((section) => [
      `${ACCESS}/applications/[application]?section=${section}`,
      on(
        (it) => `${ACCESS}/applications/${it.application}?section=${section}`,
        '114444ooo 1144444oo 114444444',
      ),
    ]),
  ),
  [`${ACCESS}/applications/[application]/convert`]: on(
    (it) => `${ACCESS}/applications/${it.application}/convert?entitlement=${it.keptEntitlement}`,
    '114444o4o 11444444o 114444444',
  ),
  [`${ACCESS}/grants`]: plain(() => `${ACCESS}/grants`, '114444ooo'),
  [`${ACCESS}/grants/[id]`]: on((it) => `${ACCESS}/grants/${it.grant}`, '114444ooo 1144444oo 114444444'),
  [`${ACCESS}/grants/[id]/evidence`]: on(
    (it) => `${ACCESS}/grants/${it.grant}/evidence`,
    '114444ooo 1144444oo 114444444',
  ),
  [`GET ${ACCESS}/grants/[id]/evidence/pack`]: on(
    (it) => `${ACCESS}/grants/${it.grant}/evidence/pack`,
    '114444ooo 1144444oo 114444444',
  ),
  [`GET ${ACCESS}/grants/[id]/timeline`]: on(
    (it) => `${ACCESS}/grants/${it.grant}/timeline`,
    '114444ooo 1144444oo 114444444',
  ),
  [`GET ${ACCESS}/grants/export`]: plain(() => `${ACCESS}/grants/export`, '114444ooo'),
  [`GET ${ACCESS}/grants/lengths`]: on(
    (it) => `${ACCESS}/grants/lengths?ids=${it.grant}`,
    '114444ooo 114444ooo 114444ooo',
  ),
  [`GET ${ACCESS}/grants/live`]: on(
    (it) => `${ACCESS}/grants/live?ids=${it.grant}&since=${since}`,
    '114444ooo 114444ooo 114444ooo',
  ),
  [`GET ${ACCESS}/grants/options`]: plain(() => `${ACCESS}/grants/options?kind=user&q=the`, '114444ooo'),
  [`${ACCESS}/overdue`]: plain(() => `${ACCESS}/overdue`, '114444ooo'),
  [`${ACCESS}/policies`]: plain(() => `${ACCESS}/policies`, '114444ooo'),
  [`${ACCESS}/policies/new`]: plain(() => `${ACCESS}/policies/new`, '11444444o'),
  [`${ACCESS}/policies/[policy]`]: on(
    (it) => `${ACCESS}/policies/${it.policy}`,
    '114444ooo 1144444oo 114444444',
  ),
  [`${ACCESS}/policies/[policy]/edit`]: on(
    (it) => `${ACCESS}/policies/${it.policy}/edit`,
    '11444444o 11444444o 114444444',
  ),
  [`${ACCESS}/separation`]: plain(() => `${ACCESS}/separation`, '114444ooo'),
  [`${ACCESS}/separation/new`]: plain(() => `${ACCESS}/separation/new`, '11444444o'),
  [`${ACCESS}/separation/[rule]`]: on(
    (it) => `${ACCESS}/separation/${it.rule}`,
    '114444ooo 1144444oo 114444444',
  ),
  '/settings/quarantine': plain(() => '/settings/quarantine', '11444444o'),
  '/settings/audit': plain(() => '/settings/audit', '1144444oo'),
  '/settings/audit/delivery': plain(() => '/settings/audit/delivery', '1144444oo'),
  '/settings/audit/refusals': plain(() => '/settings/audit/refusals', '1144444oo'),
  '/settings/audit/refusals?person': on(
    (it) => `/settings/audit/refusals?person=${it.requester}`,
    '1144444oo 1144444oo 1144444oo',
  ),
  'GET /settings/audit/export': plain(() => '/settings/audit/export', '1144444oo'),
  'GET /settings/audit/options': plain(() => '/settings/audit/options?kind=person', '1144444oo'),
  '/settings/directory': plain(() => '/settings/directory', '1144444oo'),
  '/settings/organisation': plain(() => '/settings/organisation', '1144444oo'),
  '/settings/people': plain(() => '/settings/people', '114444ooo'),
  '/settings/people/[person]': on(
    (it) => `/settings/people/${it.requester}`,
    '114o44ooo 114444ooo 114444444',
  ),
  '/settings/people/[person]/edit': on(
    (it) => `/settings/people/${it.requester}/edit`,
    '11444444o 11444444o 114444444',
  ),
  '/settings/people/[person]/erase': on(
    (it) => `/settings/people/${it.leaver}/erase`,
    '11444444o 11444444o 114444444',
  ),
  '/settings/people/new': plain(() => '/settings/people/new', '11444444o'),
  '/settings/people/import': plain(() => '/settings/people/import', '11444444o'),
  '/settings/people/import/[file]': on(
    (it) => `/settings/people/import/${it.file}`,
    '11444444o 11444444o 114444444',
  ),
  // What is no question is not understood, by whoever may ask it.
  'POST /settings/people/import/upload': plain(
    () => ({ method: 'POST', path: '/settings/people/import/upload', body: 'email' }),
    '11444444?',
  ),
  '/settings/people/groups': plain(() => '/settings/people/groups', '114444ooo'),
  '/settings/people/groups/[group]': on(
    (it) => `/settings/people/groups/${it.group}`,
    '114444ooo 114444ooo 114444444',
  ),
  '/settings/take-back': on(
    (it) => `/settings/take-back?application=${it.application}`,
    '114444o4o 11444444o 114444444',
  ),

  '/decide': plain(() => '/decide', 'ooooooooo'),
  '/decide/[token]': plain(() => `/decide/${token}`, '11ooooooo'),
  '/extend': plain(() => '/extend', 'ooooooooo'),
  '/extend/[token]': plain(() => `/extend/${token}`, '11ooooooo'),
  '/sign-in': plain(() => '/sign-in', 'ooooooooo'),
  '/sign-in/again': plain(() => '/sign-in/again', '11ooooooo'),
  '/signed-in': plain(() => '/signed-in', '11ooooooo'),
  '/sign-in/confirm': plain(() => '/sign-in/confirm?email=nobody%40elsewhere.example&token=x', 'ooooooooo'),
  '/sign-in/sent': plain(() => '/sign-in/sent', 'ooooooooo'),
  // The outbox of the demo and of tests; production has none (headers.ts).
  '/dev/mail': plain(() => '/dev/mail', 'ooooooooo'),
  '/dev/mail/[id]': on((it) => `/dev/mail/${it.grant}`, '444444444 444444444 444444444'),
  'GET /dev/mail/[id]/attachments/[index]': on(
    (it) => `/dev/mail/${it.grant}/attachments/0`,
    '444444444 444444444 444444444',
  ),

  // No provider is set up here, so nobody is sent back by one.
  'GET /api/auth/callback/[provider]': plain(() => '/api/auth/callback/oidc?code=x&state=y', '444444444'),
  // Doors of machines: no session opens them, only their own secret or signature.
  'GET /api/cron/sweep': plain(() => '/api/cron/sweep', '444444444'),
  'POST /api/demo/clock': plain(
    () => ({ method: 'POST', path: '/api/demo/clock', body: '{"advance":"1h"}' }),
    '444444444',
  ),
  'POST /api/mail/resend': plain(
    () => ({ method: 'POST', path: '/api/mail/resend', body: '{}' }),
    '444444444',
  ),
  'GET /api/health': plain(() => '/api/health', 'ooooooooo'),
  'GET /api/metrics': plain(() => '/api/metrics', '444444444'),
  'GET /api/inngest': plain(() => '/api/inngest', '444444444'),
  'POST /api/inngest': plain(() => ({ method: 'POST', path: '/api/inngest', body: '{}' }), '444444444'),
  'PUT /api/inngest': plain(() => ({ method: 'PUT', path: '/api/inngest', body: '{}' }), '444444444'),
  // A provisioning client has a token, which is asked for before anything else.
  ...scim('Users', 'GET POST'),
  ...scim('Users/[id]', 'GET PUT PATCH DELETE', (it) => it.requester),
  ...scim('Groups', 'GET POST'),
  ...scim('Groups/[id]', 'GET PUT PATCH DELETE', (it) => it.group),
  ...scim('ServiceProviderConfig', 'GET'),
  ...scim('ResourceTypes', 'GET'),
  ...scim('ResourceTypes/[id]', 'GET'),
  ...scim('Schemas', 'GET'),
  ...scim('Schemas/[id]', 'GET'),
  ...scim('[...rest]', 'GET POST PUT PATCH DELETE'),
}

const METHODS =
  /^export (?:async )?(?:function|const) (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b|^export const \{([^}]+)\}/gm

/** Every page and every method of every route there is under `app`, as the keys above. */
export function foundDoors(): string[] {
  const app = inRoot('app')
  return readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(page\.tsx|route\.tsx?)$/.test(entry.name))
    .flatMap((entry) => {
      const folders = entry.parentPath.slice(app.length).split('/')
      const path = folders.filter((part) => !/^\(.*\)$/.test(part)).join('/') || '/'
      if (entry.name === 'page.tsx') return [path]
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      const methods = [...text.matchAll(METHODS)].flatMap(
        ([, one, several]) => one ?? several?.split(/[\s,]+/) ?? [],
      )
      // A route whose methods cannot be read is one that no table knows.
      return (methods.length > 0 ? methods : ['?']).map((method) => `${method} ${path}`)
    })
    .sort()
}
