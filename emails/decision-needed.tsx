import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { code, type Letter, pieces, plain, type Rich, rich, sentences } from './letter'
import { lets, on, page, reader, warehouse } from './preview'
import type { DecisionNeededProps } from './props'
import { becauseWords, counted, first, heldLines, list, named, reference, sentence, times } from './words'

const holderOf = (props: DecisionNeededProps) => props.beneficiary ?? props.requester

function asks(props: DecisionNeededProps): Rich {
  const who = named(props.requester)
  const what = code(props.entitlement)
  const where = named(props.application)
  const forWhom = props.beneficiary ? `, for ${named(props.beneficiary)}` : ''
  if (props.seconds === null) return rich`${who} asks for permanent ${what} on ${where}${forWhom}`
  const length = formatDuration(props.seconds)
  if (props.extends) return rich`${who} asks to keep ${what} on ${where} for ${length} longer${forWhom}`
  return rich`${who} asks for ${what} on ${where} for ${length}${forWhom}`
}

/** One request by what is asked; several asked in one go by how many, and by their names. */
function headingOf(props: DecisionNeededProps): Rich {
  const count = (props.alsoAsked?.length ?? 0) + 1
  if (count === 1) return asks(props)
  const forWhom = props.beneficiary ? `, for ${named(props.beneficiary)}` : ''
  const names = [props.entitlement, ...(props.alsoAsked ?? []).map((other) => other.entitlement)]
  return `${named(props.requester)} asks for ${count} things at once${forWhom}: ${list(names)}`
}

function ifApproved(props: DecisionNeededProps): Rich {
  const t = times(props)
  const holder = first(holderOf(props))
  const shared = props.quorum > 1 || props.laterSteps
  const once = shared && 'Your yes counts; others have to agree too.'
  const notice = props.noticeSeconds
  const told = notice === null ? '' : `, and we tell ${holder} ${formatDuration(notice)} before`
  if (props.extends && props.seconds !== null) {
    const end = new Date(props.extends.endsAt.getTime() + props.seconds * 1000)
    const moves = `The end moves from ${t.until(props.extends.endsAt)} to ${t.until(end)}${told}.`
    return sentences(once, moves, 'Nothing is interrupted. You can make it shorter.')
  }
  const soon = props.byHand ? 'once somebody has given it by hand' : 'within seconds'
  const later = props.startsAt && props.startsAt > props.now ? props.startsAt : undefined
  const when = later ? t.at(later) : shared ? 'once all have agreed' : soon
  const gets = rich`${holder} gets ${code(props.entitlement)} ${when}.`
  if (props.seconds === null) return sentences(once, gets, 'It stays until somebody revokes it.')
  const ends = `It ends by itself ${formatDuration(props.seconds)} later${told}.`
  return sentences(once, gets, ends, 'You can make it shorter.')
}

function past(history: NonNullable<DecisionNeededProps['history']>): string {
  const { days, returned, ...ends } = history
  const total = ends.approved + ends.denied + ends.withdrawn + ends.lapsed
  if (total === 0) return `Not in the last ${days} days.`
  const each = (['approved', 'denied', 'withdrawn', 'lapsed'] as const)
    .filter((end) => ends[end] > 0)
    .map((end) => `${ends[end]} ${end}`)
  const back = returned > 0 ? ` Given back early ${counted(returned, 'time')}.` : ''
  return `${counted(total, 'time')} in ${days} days: ${each.join(', ')}.${back}`
}

const lengthOf = (seconds: number | null) =>
  seconds === null ? 'permanent' : `for ${formatDuration(seconds)}`

/** What else waits in the same ask, each with its page. */
function alsoOf({ alsoAsked }: DecisionNeededProps): Letter['also'] {
  if (!alsoAsked?.length) return undefined
  return {
    title: 'Asked in the same go',
    items: alsoAsked.map(({ entitlement, application, seconds, risk, url }) => ({
      text: rich`${code(entitlement)} on ${named(application)}, ${lengthOf(seconds)}${risk === 'high' ? ', high risk' : ''}`,
      label: `Review ${named(entitlement)}`,
      url,
    })),
  }
}

/** How the other half of a separated pair stands with the holder. */
const hows = { held: 'holds', agreed: 'is to get', asked: 'is asking for' }

const risks = { low: 'Low', medium: 'Medium', high: 'High: decided one by one' }

/** Why it is this reader who is asked, where that takes more than the line at the foot. */
function whyYou(props: DecisionNeededProps): NonNullable<Letter['sections']>[number][] {
  const { inPlaceOf, reassigned, because, escalated } = props
  const t = times(props)
  const found: NonNullable<Letter['sections']>[number][] = []
  if (inPlaceOf)
    found.push({
      title: `In place of ${named(inPlaceOf.name)}`,
      body: `You decide in place of ${first(inPlaceOf.name)}, who is away until ${t.until(inPlaceOf.until)} and named you. Your answer counts as theirs.`,
    })
  if (reassigned && because === 'reassigned')
    found.push({
      title: `${named(reassigned.by)} asked you to decide instead`,
      body: sentence(reassigned.reason),
    })
  if (because === 'fallback')
    found.push({
      title: 'Why you',
      body:
        escalated === 'lost'
          ? 'Too few of those who were asked first are left, so you are asked to decide.'
          : 'Nobody of those who were asked first has decided so far, so you are asked as well.',
    })
  return found
}

/** What the future holder has already, in one line for the first screen. */
function holdsNow({ holds }: DecisionNeededProps, holder: string): string {
  const [one] = holds
  if (!one) return `${holder} holds nothing else now.`
  const more = holds.length > 1 ? ` and ${holds.length - 1} more` : ''
  return `${holder} already holds ${named(one.entitlement)} on ${named(one.application)}${more}.`
}

function whoDecides({ others, quorum }: DecisionNeededProps): string {
  if (others.length === 0) return 'Only you.'
  const rule = quorum > 1 ? `${quorum} have to agree; one no ends it.` : 'The first decision counts.'
  return `${list(['You', ...others])}. ${rule}`
}

/** To each approver of the open step: please decide. */
export function decisionNeededLetter(props: DecisionNeededProps): Letter {
  const t = times(props)
  const requester = first(props.requester)
  const holder = first(holderOf(props))
  const heading = headingOf(props)
  const several = (props.alsoAsked?.length ?? 0) > 0
  const decideBy = t.at(props.decideBy)
  const nothing = props.extends
    ? `${holder}’s access ends ${t.at(props.extends.endsAt)} as planned, and we say so to ${requester}.`
    : `${holder} gets nothing, and we say so to ${requester}.`
  const holds = heldLines(props.holds, t)
  const reason = props.reason?.trim()
  const lead = sentences(
    several && [...pieces(asks(props)), '.'],
    !reason && `No reason was given. Asked ${t.at(props.askedAt)}.`,
    holdsNow(props, holder),
  )
  return {
    subject: plain(heading),
    preview: `${reason ? `“${named(reason, 80)}” ` : ''}Decide by ${t.until(props.decideBy)}.`,
    chip: { tone: 'wait', text: `Not decided yet · lapses ${decideBy}` },
    heading,
    lead,
    quote: reason ? { text: reason, by: `${requester}, ${t.at(props.askedAt)}` } : undefined,
    action: {
      label: several ? 'Review the first' : 'Review request',
      url: props.url,
      note: 'This only opens the request. Nothing is decided until you choose, signed in as yourself.',
    },
    also: alsoOf(props),
    status: `Not decided yet. It lapses ${decideBy} ${t.zone(props.decideBy)}.`,
    sections: [
      ...whyYou(props),
      ...(props.apart ?? []).map((rule) => ({
        title: `Separation of duties: ${named(rule.rule)}`,
        body: rich`${holder} ${hows[rule.how]} ${code(rule.other.entitlement)} on ${named(rule.other.application)}. ${sentence(rule.reason)}`,
      })),
      {
        title: several ? `If you approve ${named(props.entitlement)}` : 'If you approve',
        body: ifApproved(props),
      },
      { title: `If you deny, or nobody decides by ${t.by(props.decideBy)}`, body: nothing },
    ],
    facts: [
      ...(props.lets ? [{ label: `This lets ${holder}`, lines: [sentence(props.lets)] }] : []),
      { label: `${holder} already holds`, lines: holds.length ? holds : ['Nothing else'] },
      { label: 'Risk', lines: [risks[props.risk]] },
      ...(props.questions?.length
        ? [
            {
              label: 'Questions',
              lines: props.questions.flatMap((q) => [
                `${first(q.by)}: ${named(q.question, 300)}`,
                q.answer ? `${requester}: ${named(q.answer, 300)}` : 'Not answered yet',
              ]),
            },
          ]
        : []),
      ...(props.history ? [{ label: 'Asked before', lines: [past(props.history)] }] : []),
      { label: 'Who can decide', lines: [whoDecides(props)] },
    ],
    foot: sentences(
      props.inPlaceOf
        ? `You get this because ${named(props.inPlaceOf.name)} is asked to decide, is away and named you.`
        : `You get this because ${becauseWords(props.because, props.application, holderOf(props))}.`,
      `Times are ${t.zone(props.decideBy)}.`,
      reference(props),
    ),
  }
}

export default function DecisionNeeded(props: DecisionNeededProps) {
  return <LetterMail letter={decisionNeededLetter(props)} org={props.org} />
}

DecisionNeeded.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T12:52'),
  requester: 'Ana Oliveira',
  seconds: 86_400,
  noticeSeconds: 14_400,
  reason:
    'Finding out why Tuesday’s invoices for Belgium were counted twice (INC-2417). I need to compare the raw invoice rows with what the nightly job wrote.',
  askedAt: on('12T12:52'),
  decideBy: on('12T16:52'),
  url: page('decide/k7Qf2mVx'),
  lets,
  holds: [
    { entitlement: 'Payments on-call', application: 'JumpCloud', endsAt: on('12T14:32') },
    { entitlement: 'Billing read-only', application: 'AWS production', endsAt: on('12T16:40') },
    { entitlement: 'Deploy', application: 'GitHub', endsAt: null },
  ],
  history: { days: 90, approved: 6, denied: 0, withdrawn: 1, lapsed: 0, returned: 4 },
  others: ['Ben Okafor', 'Jun Sato', 'Tomás Rivera'],
  quorum: 1,
  risk: 'medium',
  because: 'owner',
  reference: 'Request R-2041',
} satisfies DecisionNeededProps
