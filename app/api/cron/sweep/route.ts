import { hasBearer } from '@/lib/bearer'
import { env } from '@/lib/env'
import { noMachine } from '@/lib/not-here'
import { sweep } from '@/lib/sweep'

export const maxDuration = 60

/** For platforms where nothing runs between requests: does all that is due. Behind CRON_SECRET. */
export async function GET(request: Request): Promise<Response> {
  if (!hasBearer(request.headers, env().CRON_SECRET)) return noMachine(request)
  return Response.json(await sweep())
}
