import 'server-only'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { database } from '@/db/client'
import { PATH_HEADER } from './page-headers'
import { doorOf, recordMachine, recordRefusal } from './refusals'
import { currentViewer, type Viewer } from './session'

/**
 * Ends a page that is not there, or not for whoever looks: 404 either way, and on record. In a page: `return
 * notHere()`.
 */
export async function notHere(): Promise<never> {
  const viewer = await currentViewer()
  if (viewer) await told(viewer)
  notFound()
}

/** The same for a route: the answer, with one sentence. */
export async function noSuch(viewer: Viewer, sentence: string): Promise<Response> {
  await told(viewer)
  return new Response(`${sentence}\n`, { status: 404, headers: { 'cache-control': 'no-store' } })
}

/** What a door of machines answers to whoever lacks its secret: there is no such door. */
export async function noMachine(request: Request): Promise<Response> {
  await recordMachine(database().db, request, 'not_found')
  return new Response('Not found', { status: 404 })
}

async function told({ ctx, person }: Viewer): Promise<void> {
  const door = doorOf((await headers()).get(PATH_HEADER) ?? '/')
  await recordRefusal(ctx.db, { personId: person.id, door, code: 'not_found' })
}
