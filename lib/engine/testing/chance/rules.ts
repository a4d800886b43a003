import type { RefusalCode } from '@/lib/domain/errors'
import { type GrantState, liveGrantStates } from '@/lib/domain/grant'
import type { RequestState } from '@/lib/domain/request'
import type { Command } from './commands'
import type { Seen, SeenGrant, SeenRequest, Side } from './seen'

/** Lengths of the policy and of the target, in seconds; `pass` counts in multiples of ten minutes. */
export const lengths = {
  access: 3600,
  more: 3600,
  notice: 900,
  decideWithin: 1800,
  startWithin: 1800,
  /** The target's delay, which is its slack and, beside the longest call, its settle time. */
  effectDelay: 3600,
  /** Of the webhook. */
  longestCall: 15,
  mostExtensions: 2,
  quorum: 2,
} as const

type Answer = 'ok' | RefusalCode

const isOver = ({ endsAt }: SeenGrant, now: number) => endsAt !== null && now >= endsAt
const isLive = ({ state }: SeenGrant) => (liveGrantStates as readonly GrantState[]).includes(state)

/**
 * What somebody is to be answered, by the rules of `domain.md` alone: nothing here asks the code that is tested. Null
 * where they have nothing to ask about.
 */
export function answerOf(command: Command, { sides, now }: Seen, voterId?: string): Answer | null {
  if (!('who' in command)) return null
  const { requests, grants } = sides[command.who]
  const [request] = requests
  const [grant] = grants
  switch (command.do) {
    case 'ask':
      return askAnswer(requests, grants, now)
    case 'vote':
      return request ? voteAnswer(command, request, voterId ?? '', now) : null
    case 'withdraw':
      if (!request) return null
      return request.state === 'pending' ? 'ok' : 'conflict'
    case 'ask for more':
      return grant ? moreAnswer(requests, grant, now) : null
    case 'revoke':
    case 'give back':
      if (!grant) return null
      return ['scheduled', 'provisioning', 'active'].includes(grant.state) ? 'ok' : 'conflict'
    default:
      return null
  }
}

function askAnswer(requests: readonly SeenRequest[], grants: readonly SeenGrant[], now: number): Answer {
  if (requests.some((one) => one.state === 'pending')) return 'conflict'
  if (grants.some((one) => one.state === 'scheduled')) return 'conflict'
  const holds = grants.some(
    (one) => (one.state === 'active' || one.state === 'provisioning') && !isOver(one, now),
  )
  return holds ? 'conflict' : 'ok'
}

function voteAnswer(
  { by }: Extract<Command, { do: 'vote' }>,
  request: SeenRequest,
  voterId: string,
  now: number,
): Answer {
  // Nobody decides on their own, nor on what they are not asked about.
  if (by === 'ana') return 'forbidden'
  if (request.state !== 'pending') return 'conflict'
  if (now >= request.decideBy) return 'too_late'
  return request.votedBy.includes(voterId) ? 'conflict' : 'ok'
}

function moreAnswer(requests: readonly SeenRequest[], grant: SeenGrant, now: number): Answer {
  if (requests.some((one) => one.state === 'pending' && one.grantId === grant.id)) return 'conflict'
  if (grant.state !== 'active' || isOver(grant, now)) return 'too_late'
  return grant.extensions >= lengths.mostExtensions ? 'limit' : 'ok'
}

const engines: ReadonlySet<Command['do']> = new Set(['work', 'go on', 'perform again', 'ring twice', 'sweep'])

/** What may not have become of the record by one command; empty means that all is as it should be. */
export function problems(command: Command, answer: Answer | null, before: Seen, after: Seen): string[] {
  const found: string[] = []
  for (const who of ['ana', 'eva'] as const) {
    const [was, is] = [before.sides[who], after.sides[who]]
    const concerned = 'who' in command && command.who === who && answer === 'ok'
    const acts = concerned || engines.has(command.do)
    if (!acts && JSON.stringify(was) !== JSON.stringify(is)) found.push(`${who}: nothing may change`)
    found.push(...requestProblems(command, was, is, after).map((words) => `${who}: ${words}`))
    found.push(...grantProblems(command, was, is, after).map((words) => `${who}: ${words}`))
  }
  return found
}

function requestProblems(command: Command, was: Side, is: Side, { now }: Seen): string[] {
  const found: string[] = []
  const added = is.requests.length - was.requests.length
  const asks = command.do === 'ask' || command.do === 'ask for more'
  if (added > (asks ? 1 : 0)) found.push('a request that nobody made')
  for (const request of is.requests) {
    const earlier = was.requests.find((one) => one.id === request.id)
    if (!earlier || earlier.state === request.state) continue
    if (earlier.state !== 'pending') found.push(`a request went from ${earlier.state} to ${request.state}`)
    const why = whyDecided(command, request, is, now)
    if (!why.includes(request.state))
      found.push(`a request is ${request.state} after "${command.do}", which leads to ${why.join(' or ')}`)
  }
  return found
}

function whyDecided(command: Command, request: SeenRequest, { grants }: Side, now: number): RequestState[] {
  if (command.do === 'vote' && command.verdict === 'deny') return ['denied']
  if (command.do === 'vote') return request.votedBy.length >= lengths.quorum ? ['approved'] : []
  if (command.do === 'withdraw') return ['withdrawn']
  const extended = request.kind === 'extension' && grants.find((one) => one.id === request.grantId)
  if (extended && extended.state !== 'active') return ['lapsed']
  return engines.has(command.do) && now >= request.decideBy ? ['lapsed'] : []
}

const order: readonly GrantState[] = ['scheduled', 'provisioning', 'active', 'revoking', 'ended', 'failed']
const atEnd = (state: GrantState) => state === 'ended' || state === 'failed'

function grantProblems(command: Command, was: Side, is: Side, { now }: Seen): string[] {
  const found: string[] = []
  for (const grant of is.grants) {
    const earlier = was.grants.find((one) => one.id === grant.id)
    if (!earlier) {
      const approved = is.requests.find((one) => one.grantId === grant.id && one.state === 'approved')
      if (command.do !== 'vote' || !approved || grant.state !== 'scheduled')
        found.push(`a grant that is ${grant.state} came of "${command.do}"`)
      continue
    }
    if (grant.version < earlier.version) found.push('a grant went back to an earlier version')
    const back = order.indexOf(grant.state) < order.indexOf(earlier.state)
    // What comes to light after the end is taken again; nothing else ever goes back.
    if (back && !(atEnd(earlier.state) && grant.state === 'revoking'))
      found.push(`a grant went from ${earlier.state} to ${grant.state}`)
    found.push(...endProblems(command, earlier, grant, now))
  }
  for (const grant of is.grants) found.push(...armedProblems(grant, now))
  if (is.grants.filter(isLive).length > 1) found.push('two live grants of one entitlement')
  return found
}

/** An end is set once, by what was seen in the target, and moved only by more time that was agreed to. */
function endProblems(command: Command, was: SeenGrant, is: SeenGrant, now: number): string[] {
  const found: string[] = []
  const { firstGiveAt: first, grantedAt: granted, endsAt, extensions } = is
  const extended = extensions - was.extensions
  if (extended > (command.do === 'vote' ? 1 : 0)) found.push('a grant was extended by nobody')
  if (first !== null && granted === null && isLive(is) && endsAt !== null && !atEnd(was.state)) {
    if (Math.abs(endsAt - first - (lengths.effectDelay + lengths.access) * 1000) > 1)
      found.push('a grant under way has another end than the latest')
  }
  if (granted !== null && endsAt !== null) {
    const meant = granted + (lengths.access + extensions * lengths.more) * 1000
    if (Math.abs(endsAt - meant) > 1) found.push('a grant ends at another time than what was agreed')
    if (first !== null && (granted < first - 1 || granted > first + lengths.effectDelay * 1000 + 1))
      found.push('a grant counts from outside of its slack')
  }
  if (was.state === 'active' && !['active', 'provisioning'].includes(is.state)) {
    const by = command.do === 'revoke' ? 'revoked' : command.do === 'give back' ? 'returned' : 'expired'
    if (is.endReason !== by) found.push(`a grant ended as ${is.endReason} by "${command.do}"`)
    if (by === 'expired' && !isOver(was, now)) found.push('a grant ended before its end')
  }
  return found
}

/** Whatever happened, what has to come is armed: the take at the end at the latest, the alarm, and one notice. */
function armedProblems(grant: SeenGrant, now: number): string[] {
  const { state, armed, endsAt, firstGiveAt, noticed } = grant
  if (endsAt === null || firstGiveAt === null || !isLive(grant)) return []
  const found: string[] = []
  if (armed.take === undefined || (state !== 'revoking' && armed.take > endsAt))
    found.push(`a grant is ${state} and no take is armed for its end`)
  if (armed.alarm === undefined && state !== 'revoking')
    found.push(`a grant is ${state} and no alarm is armed`)
  if (state === 'active' && now < endsAt && armed.notice === undefined && !noticed)
    found.push('a grant is active and nobody will be told of its end')
  return found
}

/** When it has failed or is taken back at the latest: at its start-by, but not before a give that was sent has settled. */
function givenUpBy({ startBy, firstGiveAt, calledAt }: SeenGrant): number {
  const sentAt = calledAt ?? firstGiveAt
  if (sentAt === null) return startBy
  return Math.max(startBy, sentAt + (lengths.effectDelay + lengths.longestCall) * 1000)
}

/** What still has to be done after a sweep in which nothing went wrong and nobody else was at work. */
export function undone(
  { now, sides }: Seen,
  held: Readonly<Record<string, boolean>>,
  late: boolean,
): string[] {
  return Object.entries(sides).flatMap(([who, { requests, grants }]) => {
    const found: string[] = []
    if (requests.some((one) => one.state === 'pending' && now >= one.decideBy))
      found.push(`${who}: a request is past its time and not lapsed`)
    for (const grant of grants) {
      if (grant.state === 'revoking') found.push(`${who}: a grant is still being taken back`)
      if (isLive(grant) && isOver(grant, now))
        found.push(`${who}: a grant is past its end and ${grant.state}`)
      if (grant.state === 'provisioning' && grant.grantedAt === null && now >= givenUpBy(grant))
        found.push(`${who}: a grant is past its start-by and still being given`)
    }
    const may = grants.some((one) => isLive(one))
    if (held[who] && !may && !late) found.push(`${who} holds it without a grant`)
    if (!held[who] && grants[0]?.state === 'active' && !late)
      found.push(`${who} is said to hold it and does not`)
    return found
  })
}
