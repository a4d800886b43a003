import 'server-only'
import { and, asc, eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { MailContent } from '@/emails'
import { loadGrant, membersOf, reviewersOf } from '@/lib/services/facts'
import { becauseOf, nameOf, namesOf } from './facts'
import { type Owed, pageUrl, reference } from './owed'

/** To those who give or take by hand; dropped when somebody was faster. */
export async function taskForYou(owed: Owed): Promise<MailContent | null> {
  const { db, row, now, base, reader } = owed
  const { task, request } = schema
  const found = row.taskId ? await db.query.task.findFirst({ where: eq(task.id, row.taskId) }) : null
  const f = found && (await loadGrant(db, found.grantId, now))
  if (!f || found.state !== 'open') return null
  const asked = await db.query.request.findFirst({
    where: and(eq(request.grantId, f.row.id), eq(request.kind, 'grant')),
    orderBy: asc(request.askedAt),
  })
  const members = await membersOf(db, found.groupId)
  const concerned = found.kind === 'review' ? await reviewersOf(db, f.row.personId, f.ownerIds) : members
  const others = await namesOf(
    db,
    concerned.filter((id) => id !== reader.id && id !== f.row.personId),
  )
  return {
    kind: 'task-for-you',
    props: {
      ...base,
      entitlement: f.entitlement.name,
      application: f.application.name,
      reference: reference('Task', found.id),
      act: found.kind,
      person: await nameOf(db, f.row.personId),
      account: null,
      dueAt: found.dueAt,
      seconds: f.row.durationSeconds,
      reason:
        found.kind !== 'take' ? asked?.reason || null : (endWords[f.row.endReason ?? 'expired'] ?? null),
      instructions: found.kind === 'review' ? null : f.application.checklist,
      others: [...others.values()],
      because:
        found.kind !== 'review' && members.includes(reader.id) ? 'group' : becauseOf(reader.id, f.ownerIds),
      url: pageUrl(`/approvals/tasks/${found.id}`),
    },
  }
}

const endWords: Record<string, string> = {
  expired: 'The agreed time is over',
  revoked: 'It was revoked',
  returned: 'They gave it back',
  withdrawn: 'It was called off',
  left: 'They left',
  attested: 'It was stated to be gone',
}
