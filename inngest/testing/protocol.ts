import { createHmac, timingSafeEqual } from 'node:crypto'

/** An event as the job engine keeps it. */
export interface StoredEvent {
  readonly id: string
  readonly name: string
  readonly data: Record<string, unknown>
  readonly ts: number
}

/** What the app says of one of its functions when it is asked for the list. */
export interface ServedFunction {
  readonly id: string
  readonly triggers: readonly ({ readonly event: string } | { readonly cron: string })[]
  readonly steps: {
    readonly step: { readonly runtime: { readonly url: string }; readonly retries?: { attempts: number } }
  }
  readonly singleton?: { readonly key?: string; readonly mode: 'skip' | 'cancel' }
}

/** One thing that a turn of a function asks for. */
export interface Op {
  readonly id: string
  readonly op: 'StepRun' | 'StepError' | 'StepFailed' | 'WaitForEvent' | 'Sleep' | (string & {})
  readonly name?: string
  readonly data?: unknown
  readonly error?: { readonly message?: string }
  readonly opts?: { readonly timeout?: string; readonly if?: string }
}

/** JSON with its keys in order (RFC 8785), so that both ends sign the same bytes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** The value of `x-inngest-signature` for a body that is canonical already. `at` is in milliseconds. */
export function sign(body: string, signingKey: string, at: number): string {
  const t = Math.floor(at / 1000)
  return `t=${t}&s=${mac(body, signingKey, String(t))}`
}

/** Whether an answer was signed with our key. */
export function isSigned(body: string, signature: string | null, signingKey: string): boolean {
  const given = new URLSearchParams(signature ?? '')
  const expected = Buffer.from(mac(body, signingKey, given.get('t') ?? ''))
  const actual = Buffer.from(given.get('s') ?? '')
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function mac(body: string, signingKey: string, t: string): string {
  const key = signingKey.replace(/^signkey-\w+-/, '')
  return createHmac('sha256', key).update(body).update(t).digest('hex')
}

/** The moment a wait is over, in milliseconds: an ISO moment, or a length such as "1h30m" from `now`. */
export function momentOf(text: string, now: number): number {
  if (/^(\d+[wdhms])+$/.test(text)) {
    const seconds = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }
    const parts = [...text.matchAll(/(\d+)([wdhms])/g)]
    return now + parts.reduce((sum, [, n, unit]) => sum + Number(n) * seconds[unit as 's'] * 1000, 0)
  }
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Error(`not a moment: ${text}`)
  return at
}

/** Reads a dotted path such as `event.data.grantId`. */
export function pick(from: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], from)
}

/** Whether a waiting run's condition holds. Speaks what `match` becomes: `event.<path> == async.<path>`. */
export function holds(condition: string | undefined, event: StoredEvent, async: StoredEvent): boolean {
  if (condition === undefined) return true
  const match = /^event\.([\w.]+) == async\.([\w.]+)$/.exec(condition)
  if (!match?.[1] || !match[2]) throw new Error(`a condition this driver does not speak: ${condition}`)
  return pick(event, match[1]) === pick(async, match[2])
}
