import { hasBearer } from '@/lib/bearer'
import { env } from '@/lib/env'
import { logUnknown } from '@/lib/log'
import { exposition, METRICS_TYPE } from '@/lib/metrics'
import { noMachine } from '@/lib/not-here'
import { readMetrics } from '@/lib/queries/metrics'

const headers = { 'cache-control': 'no-store' }

/** For Prometheus: what is due, overdue and how late, as the database has it. Behind METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  if (!hasBearer(request.headers, env().METRICS_TOKEN)) return noMachine(request)
  try {
    const text = exposition(await readMetrics())
    return new Response(text, { headers: { ...headers, 'content-type': METRICS_TYPE } })
  } catch (error) {
    const errorId = logUnknown(error, 'reading metrics')
    return new Response(`The database does not answer: ${errorId}\n`, { status: 503, headers })
  }
}
