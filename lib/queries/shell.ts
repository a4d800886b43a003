import 'server-only'
import { and, asc, eq, exists, ilike, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import type { NavSection } from '@/components/shell/nav'
import type { PaletteGroup, PaletteItem } from '@/components/shell/palette-search'
import { schema } from '@/db/client'
import type { Freeze } from '@/lib/application-views'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { formatClock, formatDurationShort, formatRelative } from '@/lib/format'
import { withoutNul } from '@/lib/plain-text'
import { freezeOf } from '@/lib/services/freeze'
import { inQuarantine } from '@/lib/services/quarantine-state'
import { waitingReviews } from './access-reviews'
import { approvalQueue, countToDecide } from './approvals'
import { catalogue } from './catalogue'
import { overdueLimits } from './grant-filters'
import { countOverdue, grantScope } from './grants'
import { unsafeLeases } from './leases'
import { countTasks } from './tasks'

const MANAGEMENT = '/settings/access-management'
/** So many of each kind are offered for what is typed. */
const FOUND = 6

const { grant, group, person, application, entitlement, policy, separation, separationEntitlement } = schema

/** The places a person may go to, with what waits there, and what the palette knows without asking. */
export async function shellOf(
  ctx: Ctx,
  look: { now: Date; zone: string },
): Promise<{ nav: NavSection[]; palette: PaletteGroup[]; freeze: Freeze | null; quarantined: boolean }> {
  const [waiting, tasks, reviews, overdue, mine, freeze, quarantined] = await Promise.all([
    countToDecide(ctx, look.now),
    countTasks(ctx, look.now),
    waitingReviews(ctx, look.now),
    overdueOf(ctx, look.now),
    myAccess(ctx, look),
    freezeOf(ctx.db, null),
    inQuarantine(ctx.db),
  ])
  const nav = places(ctx, { waiting: waiting + tasks + reviews.length, overdue, quarantined })
  const go: PaletteItem[] = nav.flatMap((section) =>
    section.items.map(({ href, label, icon, count, hot }) => ({
      id: `page:${href}`,
      label,
      href,
      icon,
      ...(count && { sub: hot ? `${count} overdue` : `${count} waiting` }),
      ...(section.label && { keywords: [section.label] }),
    })),
  )
  const you: PaletteItem = {
    id: 'page:/you',
    label: 'You',
    href: '/you',
    icon: 'user',
    sub: 'theme, sign out',
  }
  const requests: PaletteItem = {
    id: 'page:/requests',
    label: 'My requests',
    href: '/requests',
    icon: 'send',
  }
  const palette = [
    { label: 'My access', items: mine },
    { label: 'Go to', items: [...go, requests, you] },
  ]
  return { nav, palette: palette.filter((group) => group.items.length > 0), freeze, quarantined }
}

/** The places behind "Manage" on a phone, for whoever sees any. */
export async function placesToManage(ctx: Ctx, now: Date): Promise<NavSection[]> {
  const [overdue, quarantined] = await Promise.all([overdueOf(ctx, now), inQuarantine(ctx.db)])
  return places(ctx, { waiting: 0, overdue, quarantined }).filter((section) => section.label)
}

/** Who sees which place is asked of the gate's table, like everything else. */
function places(
  ctx: Ctx,
  counts: { waiting: number; overdue: number | null; quarantined: boolean },
): NavSection[] {
  const managing = counts.overdue !== null
  const sections: NavSection[] = [
    {
      items: [
        { href: '/', label: 'Home', icon: 'house', tab: true },
        { href: '/catalogue', label: 'Catalogue', icon: 'layout-grid', tab: true },
        { href: '/approvals', label: 'Approvals', icon: 'inbox', tab: true, count: counts.waiting },
      ],
    },
  ]
  if (managing)
    sections.push({
      label: 'Access management',
      items: [
        { href: `${MANAGEMENT}/grants`, label: 'Access grants', icon: 'key' },
        {
          href: `${MANAGEMENT}/overdue`,
          label: 'Overdue',
          icon: 'timer-off',
          count: counts.overdue ?? 0,
          hot: true,
        },
        { href: `${MANAGEMENT}/policies`, label: 'Policies', icon: 'scroll-text' },
        { href: `${MANAGEMENT}/applications`, label: 'Applications', icon: 'boxes' },
        ...(can(ctx.actor, 'separation.list', { ownsAny: managing })
          ? [{ href: `${MANAGEMENT}/separation`, label: 'Separation of duties', icon: 'split' } as const]
          : []),
        ...(can(ctx.actor, 'access_review.list', { ownsAny: managing })
          ? [{ href: `${MANAGEMENT}/access-reviews`, label: 'Access reviews', icon: 'list-checks' } as const]
          : []),
      ],
    })
  const settings: NavSection['items'] = [
    ...(counts.quarantined && can(ctx.actor, 'quarantine.see', {})
      ? [{ href: '/settings/quarantine', label: 'Quarantine', icon: 'octagon-alert' } as const]
      : []),
    ...(can(ctx.actor, 'people.list', { ownsAny: managing })
      ? ([
          { href: '/settings/people', label: 'People', icon: 'users' },
          { href: '/settings/people/groups', label: 'Groups', icon: 'network' },
        ] as const)
      : []),
    ...(can(ctx.actor, 'scim.see', {})
      ? [{ href: '/settings/directory', label: 'Directory', icon: 'refresh' } as const]
      : []),
    ...(can(ctx.actor, 'organisation.see', {})
      ? [{ href: '/settings/organisation', label: 'Organisation', icon: 'building' } as const]
      : []),
    ...(can(ctx.actor, 'audit.see', {})
      ? [{ href: '/settings/audit', label: 'Audit log', icon: 'history' } as const]
      : []),
  ]
  if (settings.length > 0) sections.push({ label: 'Settings', items: settings })
  return sections
}

/** How many accesses in the actor's scope should be gone and are not; null for whoever has no scope. */
async function overdueOf(ctx: Ctx, now: Date): Promise<number | null> {
  const scope = await grantScope(ctx)
  if (!scope) return null
  return countOverdue(ctx.db, scope, { now, limits: await overdueLimits(ctx.db) })
}

async function myAccess(ctx: Ctx, { now, zone }: { now: Date; zone: string }): Promise<PaletteItem[]> {
  if (ctx.actor.kind !== 'person') return []
  const live = inArray(grant.state, ['scheduled', 'provisioning', 'active'])
  const held = await unsafeLeases(ctx.db, and(eq(grant.personId, ctx.actor.id), live), now, { limit: 12 })
  return held.map((lease) => {
    const { endsAt, startsAt, state } = lease.times
    const extendable = state === 'active' && (lease.extend?.allowed ?? false)
    const times =
      state === 'active' && endsAt
        ? `ends ${formatRelative(endsAt, now)} · ${formatClock(endsAt, zone, now)}`
        : state === 'scheduled' && startsAt
          ? `starts ${formatRelative(startsAt, now)} · ${formatClock(startsAt, zone, now)}`
          : state === 'active'
            ? 'permanent'
            : 'being given'
    return {
      id: `grant:${lease.id}`,
      label: `${lease.entitlement.name} on ${lease.application.name}`,
      sub: times,
      href: extendable ? `/grants/${lease.id}/extend` : '/',
      app: lease.application.name,
      keywords: [lease.entitlement.description ?? '', lease.application.description ?? ''],
      ...(extendable && { hint: 'Extend' }),
    }
  })
}

export const paletteQuery = z.string().overwrite(withoutNul).trim().min(2).max(100)

/** What else is called like what was typed: what one can ask for, what waits, and what one may manage. */
export async function searchShell(ctx: Ctx, text: string): Promise<PaletteGroup[]> {
  const now = await readNow(ctx.db)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const hit = (...parts: (string | null)[]) => {
    const whole = parts.join(' ').toLowerCase()
    return words.every((word) => whole.includes(word))
  }
  const [offered, queue, managed] = await Promise.all([
    catalogue(ctx, now),
    approvalQueue(ctx, now),
    searchManaged(ctx, text),
  ])
  const called = offered.flatMap(({ application: app, rows }) =>
    rows
      .filter((row) => hit(row.entitlement.name, row.entitlement.description, app.name, app.description))
      .map((row) => ({ row, app: app.name, label: `${row.entitlement.name} on ${app.name}` })),
  )
  const ask = called
    .filter(({ row }) => row.standing.kind === 'free')
    .map(({ row, app, label }) => ({
      id: `ask:${row.entitlement.id}`,
      label,
      sub: row.mode === 'permanent' ? 'permanent' : row.lengths.map(formatDurationShort).join(', '),
      hint: 'Request',
      href: `/catalogue/${row.entitlement.id}/request`,
      app,
    }))
  const asked = called.flatMap(({ row: { standing }, app, label }) =>
    standing.kind === 'pending'
      ? [
          {
            id: `asked:${standing.requestId}`,
            label,
            sub: 'not decided yet',
            href: `/requests/${standing.requestId}`,
            app,
          },
        ]
      : [],
  )
  const decide = queue.items
    .filter((item) => hit(item.person.name, item.entitlement.name, item.application.name, item.reason))
    .map((item) => ({
      id: `decide:${item.id}`,
      label: `${item.person.name} asks for ${item.entitlement.name}`,
      sub: `lapses ${formatRelative(item.decideBy, now)}`,
      hint: 'Review',
      href: `/requests/${item.id}`,
      person: item.person.name,
    }))
  return [
    { label: 'Request access', items: ask.slice(0, FOUND) },
    { label: 'My requests', items: asked.slice(0, FOUND) },
    { label: 'Decide', items: decide.slice(0, FOUND) },
    ...managed,
  ].filter((group) => group.items.length > 0)
}

/** People, applications, policies and rules of separation of duties, for those who may list them. */
async function searchManaged(ctx: Ctx, text: string): Promise<PaletteGroup[]> {
  const scope = await grantScope(ctx)
  if (!scope) return []
  const like = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`
  const owned = scope.applicationIds
  const [people, groups, applications, policies, rules] = await Promise.all([
    ctx.db
      .select({ id: person.id, name: person.name, team: person.team, deactivatedAt: person.deactivatedAt })
      .from(person)
      .where(or(ilike(person.name, like), ilike(person.email, like)))
      .orderBy(asc(person.name))
      .limit(FOUND),
    ctx.db
      .select({ id: group.id, name: group.name, deactivatedAt: group.deactivatedAt })
      .from(group)
      .where(ilike(group.name, like))
      .orderBy(asc(group.name))
      .limit(FOUND),
    ctx.db
      .select({ id: application.id, name: application.name })
      .from(application)
      .where(and(ilike(application.name, like), owned ? inArray(application.id, [...owned]) : undefined))
      .orderBy(asc(application.name))
      .limit(FOUND),
    ctx.db
      .select({ id: policy.id, name: policy.name })
      .from(policy)
      .where(
        and(
          ilike(policy.name, like),
          isNull(policy.archivedAt),
          owned ? isNotNull(policy.currentVersionId) : undefined,
        ),
      )
      .orderBy(asc(policy.name))
      .limit(FOUND),
    ctx.db
      .select({ id: separation.id, name: separation.name })
      .from(separation)
      .where(
        and(
          ilike(separation.name, like),
          isNull(separation.archivedAt),
          owned
            ? exists(
                ctx.db
                  .select({ id: entitlement.id })
                  .from(separationEntitlement)
                  .innerJoin(entitlement, eq(entitlement.id, separationEntitlement.entitlementId))
                  .where(
                    and(
                      eq(separationEntitlement.separationId, separation.id),
                      inArray(entitlement.applicationId, [...owned]),
                    ),
                  ),
              )
            : undefined,
        ),
      )
      .orderBy(asc(separation.name))
      .limit(FOUND),
  ])
  return [
    {
      label: 'Applications',
      items: applications.map(({ id, name }) => ({
        id: `application:${id}`,
        label: name,
        href: `${MANAGEMENT}/applications/${id}`,
        app: name,
      })),
    },
    {
      label: 'Policies',
      items: policies.map(({ id, name }) => ({
        id: `policy:${id}`,
        label: name,
        href: `${MANAGEMENT}/policies/${id}`,
        icon: 'scroll-text' as const,
      })),
    },
    {
      label: 'Separation of duties',
      items: rules.map(({ id, name }) => ({
        id: `separation:${id}`,
        label: name,
        href: `${MANAGEMENT}/separation/${id}`,
        icon: 'split' as const,
      })),
    },
    {
      label: 'People',
      items: people.map(({ id, name, team, deactivatedAt }) => ({
        id: `person:${id}`,
        label: name,
        ...((deactivatedAt || team) && { sub: deactivatedAt ? 'deactivated' : (team ?? '') }),
        href: `/settings/people/${id}`,
        person: name,
      })),
    },
    {
      label: 'Groups',
      items: groups.map(({ id, name, deactivatedAt }) => ({
        id: `group:${id}`,
        label: name,
        ...(deactivatedAt && { sub: 'deactivated' }),
        href: `/settings/people/groups/${id}`,
        icon: 'network' as const,
      })),
    },
  ]
}
