import { hasBearer } from '@/lib/bearer'
import { moveClock } from '@/lib/demo-clock'
import { env } from '@/lib/env'
import { noMachine } from '@/lib/not-here'

export const maxDuration = 300

/** `{ "advance": "5h" }` moves the demo's clock forward. Behind CRON_SECRET; production has no such door. */
export async function POST(request: Request): Promise<Response> {
  const { LEASEHOLD_MODE, CRON_SECRET } = env()
  if (LEASEHOLD_MODE === 'production' || !hasBearer(request.headers, CRON_SECRET)) return noMachine(request)
  const body: unknown = await request.json().catch(() => null)
  const advance = body && typeof body === 'object' && 'advance' in body ? body.advance : null
  const moved = await moveClock(typeof advance === 'string' ? advance : '')
  if (!moved.ok) return new Response(moved.message, { status: 400 })
  return Response.json({ now: moved.value.now.toISOString() })
}
