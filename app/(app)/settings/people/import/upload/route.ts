import { boundedBody, textOf } from '@/lib/body'
import { importKinds, MOST_BYTES } from '@/lib/directory-file'
import { env } from '@/lib/env'
import { noSuch } from '@/lib/not-here'
import { isOwnOrigin } from '@/lib/origin'
import { mayImport } from '@/lib/queries/directory-imports'
import { limits, take } from '@/lib/rate'
import { startImport } from '@/lib/services/directory-imports'
import { currentViewer } from '@/lib/session'

const answer = (status: number, body: { message: string } | { importId: string }) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

/** Takes a file with people or groups in, as the body of the request, and changes nothing yet. For admins. */
export async function POST(request: Request): Promise<Response> {
  if (!isOwnOrigin(request.headers, env()))
    return answer(403, {
      message: 'This form was not sent from Leasehold. Open the page again and send it from there',
    })
  const viewer = await currentViewer()
  if (!viewer)
    return answer(401, { message: 'You are signed out. Sign in again, then choose the file once more' })
  if (!mayImport(viewer.ctx)) return noSuch(viewer, 'There is no such page.')
  const taken = await take(viewer.ctx.db, limits.importFile, viewer.person.id)
  if (!taken.ok)
    return answer(429, { message: 'That was too often in a short time. Try again in some minutes' })
  const search = new URL(request.url).searchParams
  const kind = importKinds.find((one) => one === search.get('kind'))
  if (!kind) return answer(400, { message: 'Choose what the file holds' })
  const bytes = await boundedBody(request, MOST_BYTES)
  if (!bytes) return answer(413, { message: 'This file is larger than 1 MB. Split it' })
  const content = textOf(bytes)
  if (content === null || content.includes('\0'))
    return answer(400, { message: 'This file is no UTF-8 text. Save it as “CSV UTF-8”' })
  const fileName = (search.get('name') ?? '').slice(0, 200)
  const started = await startImport(viewer.ctx, { kind, fileName, content })
  if (!started.ok) return answer(400, { message: started.message })
  return answer(200, started.value)
}
