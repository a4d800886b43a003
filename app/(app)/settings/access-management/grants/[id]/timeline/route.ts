import { isUuid } from '@/lib/ids'
import { noSuch } from '@/lib/not-here'
import { grantDetails } from '@/lib/queries/grant-details'
import { currentViewer } from '@/lib/session'

/** The complete timeline of one grant, with the calls to its target, as JSON. 404 as the page itself. */
export async function GET(
  _request: Request,
  { params }: RouteContext<'/settings/access-management/grants/[id]/timeline'>,
): Promise<Response> {
  const viewer = await currentViewer()
  if (!viewer) return new Response('Sign in first.\n', { status: 401 })
  const { id } = await params
  const details = isUuid(id) ? await grantDetails(viewer.ctx, id, viewer.now) : null
  if (!details) return noSuch(viewer, 'There is no such grant.')
  const { row, personEmail, account, policy, entries, calls } = details
  const body = {
    grant: {
      id,
      state: row.state,
      person: { ...row.person, email: personEmail },
      application: row.application,
      entitlement: row.entitlement,
      account,
      policy,
      reason: row.reason,
      grantedAt: row.grantedAt,
      endsAt: row.endsAt,
      endReason: row.endReason,
      seenAbsentAt: row.seenAbsentAt,
      lateMs: row.lateMs,
      verified: row.verified,
      heldBefore: row.preexisting,
    },
    entries: entries.map(({ id: entry, at, verb, subjectType, actorName, data }) => {
      return { entry, at, verb, subject: subjectType, by: actorName ?? 'Leasehold', data }
    }),
    calls,
    writtenAt: viewer.now,
  }
  return new Response(`${JSON.stringify(body, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="grant-${id}.json"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
