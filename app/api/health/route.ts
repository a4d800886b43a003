import type { NextRequest } from 'next/server'
import { readHealth } from '@/lib/queries/health'

const headers = { 'cache-control': 'no-store' }

/**
 * `?live`: the process answers. `?ready`: this node can do its work. Without: that, and something somewhere goes over
 * what is due. 503 where not, with what is wrong.
 */
export async function GET(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl
  if (searchParams.has('live')) return Response.json({ ok: true }, { headers })
  const health = await readHealth(undefined, { scheduler: !searchParams.has('ready') })
  return Response.json(health, { status: health.ok ? 200 : 503, headers })
}
