import type { NextRequest } from 'next/server'
import { readHealth } from '@/lib/queries/health'

const headers = { 'cache-control': 'no-store' }

/** `?live`: the process answers. Without: it can do its work (503 where it cannot, with what is wrong). */
export async function GET(request: NextRequest): Promise<Response> {
  if (request.nextUrl.searchParams.has('live')) return Response.json({ ok: true }, { headers })
  const health = await readHealth()
  return Response.json(health, { status: health.ok ? 200 : 503, headers })
}
