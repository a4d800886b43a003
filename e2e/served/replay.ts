import { readFileSync } from 'node:fs'
import { inRoot } from '../../scripts/lib/root.mjs'
import type { Somebody } from './people'
import type { Served } from './server'

/** A server action of the build: its endpoint's id, and a page that answers for it. */
export interface ActionDoor {
  /** Its file under `app`, without groups, and its name: `requests#withdraw`. */
  readonly name: string
  readonly id: string
  /** Such as `/requests/[id]`. */
  readonly page: string
}

interface Manifest {
  node: Record<string, { exportedName: string; filename: string; workers: Record<string, unknown> }>
}

/** Every server action that the build answers to, from its own manifest. */
export function actionDoors(): ActionDoor[] {
  const file = inRoot('.next/server/server-reference-manifest.json')
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return Object.entries(node)
    .map(([id, { exportedName, filename, workers }]) => {
      const place = /^app\/(.*)\/?actions\.ts$/.exec(filename)?.[1] ?? filename
      const page = Object.keys(workers).sort((a, b) => a.length - b.length)[0] ?? ''
      return { name: `${ungrouped(place)}#${exportedName}`, id, page: ungrouped(`/${page}`) }
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** The door of one action, and an address that answers for it: every part that is not fixed is an id of nothing. */
export function actionNamed(name: string): ActionDoor & { readonly path: string } {
  const door = actionDoors().find((one) => one.name === name)
  if (!door) throw new Error(`there is no action ${name}`)
  return { ...door, path: addressOf(door) }
}

/** A page's address: every part that is not fixed is an id of nothing. */
export function addressOf({ page }: ActionDoor): string {
  return page.replaceAll(/\[[^\]]+\]/g, '01a20ad9-cb9b-7478-abea-000000000000')
}

/** The folders of a route without its groups, `app` and the file: `app/(app)/you/page` is `/you`. */
function ungrouped(place: string): string {
  const parts = place.split('/').filter((part) => !/^\(.*\)$/.test(part))
  const path = parts
    .join('/')
    .replace(/^\/app(?=\/)/, '')
    .replace(/\/page$/, '')
  return path.replace(/\/$/, '') || (place.startsWith('/') ? '/' : '')
}

/**
 * What a door answered:
 * `+` let in, and done · `o` answered, and nothing was changed · `~` let in, and refused by a rule about the thing ·
 * `1` sign in first · `3` forbidden · `4` no such thing · `?` the input is not understood · `!` an accident
 */
export type Letter = '+' | 'o' | '~' | '1' | '3' | '4' | '?' | '!'

export interface Answer {
  readonly letter: Letter
  /** The sentence of a refusal, for whoever has to mend the table. */
  readonly words: string
}

export type Form = Readonly<Record<string, string | readonly string[]>>

/** Where a form says that it comes from; null says nothing. */
export async function sendAction(
  served: Served,
  door: { id: string; path: string },
  form: Form | { readonly asks: unknown },
  who: Somebody,
  from: string | null = served.origin,
): Promise<Answer> {
  const headers = asFrom(served, who, { 'next-action': door.id, accept: 'text/x-component' })
  if (from !== null) headers.set('origin', from)
  let body: string | FormData
  if ('asks' in form) {
    headers.set('content-type', 'text/plain;charset=UTF-8')
    body = JSON.stringify([form.asks])
  } else {
    body = new FormData()
    for (const [field, value] of Object.entries(form))
      for (const one of [value].flat()) body.append(`_1_${field}`, one)
    body.append('0', '[{"status":"idle"},"$K1"]')
  }
  const response = await fetch(`${served.base}${door.path}`, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
  })
  return readAnswer(response, 'asks' in form)
}

/** The headers of somebody's request as a proxy in front of `origin` passes them on. */
function asFrom(served: Served, who: Somebody, more?: HeadersInit): Headers {
  const headers = new Headers(more)
  headers.set('x-forwarded-host', new URL(served.origin).host)
  if (who.cookie) headers.set('cookie', who.cookie)
  return headers
}

async function readAnswer(response: Response, reading: boolean): Promise<Answer> {
  const text = await response.text()
  if (response.headers.has('x-action-redirect')) return { letter: '+', words: 'a redirect' }
  const line = rowsOf(text).get('1')
  if (response.status !== 200 || line === undefined || !/^[[{"tfn\d]/.test(line))
    return { letter: '!', words: `${response.status} ${text.slice(0, 200)}` }
  const value: unknown = JSON.parse(line)
  if (reading) {
    const empty = value === null || (Array.isArray(value) && value.length === 0)
    return { letter: empty ? 'o' : '+', words: '' }
  }
  const { status, code, message = '' } = value as { status: string; code?: string; message?: string }
  if (status === 'done') return { letter: '+', words: '' }
  if (status !== 'refused') return { letter: '!', words: message }
  return { letter: letters[code ?? ''] ?? '~', words: `${code}: ${message}` }
}

/** The rows of React's answer by their number: a line each, but for long texts, which say their length in bytes. */
function rowsOf(text: string): Map<string, string> {
  const rows = new Map<string, string>()
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    const colon = rest.indexOf(':')
    const id = rest.subarray(0, Math.max(0, colon)).toString()
    const long = /^T([\da-f]+),/.exec(rest.subarray(colon + 1, colon + 12).toString())
    const from = colon + 1 + (long?.[0].length ?? 0)
    const found = long ? from + Number.parseInt(long[1] ?? '', 16) : rest.indexOf('\n', from)
    const to = found < from ? rest.length : found
    rows.set(id, rest.subarray(from, to).toString())
    rest = rest.subarray(long ? to : to + 1)
  }
  return rows
}

const letters: Record<string, Letter> = {
  unauthenticated: '1',
  forbidden: '3',
  not_found: '4',
  invalid: '?',
}

/** Opens an address as somebody, or sends it something else than a GET. */
export async function knock(
  served: Served,
  path: string,
  who: Somebody,
  { method = 'GET', ...init }: RequestInit = {},
): Promise<Answer & { response: Response; text: string }> {
  const headers = asFrom(served, who, init.headers)
  const response = await fetch(`${served.base}${path}`, { ...init, method, headers, redirect: 'manual' })
  const text = await response.text()
  return { ...answerOf(response), response, text }
}

/** The same page as its scripts ask for it. */
export function knockForPayload(served: Served, path: string, who: Somebody) {
  // Empty: a digest of the headers that the router sends when it knows a part of the page already.
  return knock(served, `${path}${path.includes('?') ? '&' : '?'}_rsc=`, who, { headers: { rsc: '1' } })
}

function answerOf({ status, headers }: Response): Answer {
  const to = headers.get('location')
  if (
    status === 401 ||
    (to &&
      /^\/sign-in(\?next=|$)/.test(new URL(to, 'http://any').pathname + new URL(to, 'http://any').search))
  )
    return { letter: '1', words: 'sign in first' }
  if (status < 300) return { letter: 'o', words: '' }
  if (status < 400) return { letter: 'o', words: `to ${to}` }
  const letter = ({ 403: '3', 404: '4', 400: '?' } as const)[status as 403] ?? '!'
  return { letter: status >= 500 ? '!' : letter, words: `${status}` }
}
