import { formatDuration, formatLateness } from '@/lib/format'
import { LetterMail } from './frame'
import { type Bar, code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { AccessEndedProps } from './props'
import { about, first, heldLines, list, named, reference, sentence, times } from './words'

/** "You", or the holder's first name, with the verb that goes with it. */
function holderWords(props: AccessEndedProps) {
  const other = props.holder
  return other
    ? { subject: first(other), was: 'was', still: `${first(other)} still holds`, whose: `${named(other)}’s` }
    : { subject: 'you', was: 'were', still: 'You still hold', whose: 'Your' }
}

function headingOf(props: AccessEndedProps): Rich {
  const { whose } = holderWords(props)
  const what = code(props.entitlement)
  const where = named(props.application)
  if (props.proof.kind === 'never-given')
    return rich`${whose} ${what} on ${where} was withdrawn before it began`
  if (props.proof.kind === 'stays')
    return rich`${whose} lease of ${what} on ${where} has ended, the access stays`
  return rich`${whose} ${what} on ${where} has ended`
}

function whyOf(props: AccessEndedProps): string {
  const { why, by, holder, proof } = props
  const someone = by ? ` by ${named(by)}` : ''
  switch (why) {
    case 'expired':
      return 'The time was up'
    case 'revoked':
      return `Revoked${someone}`
    case 'returned':
      return holder ? `Given back by ${named(holder)}` : 'You gave it back'
    case 'withdrawn':
      return `Withdrawn${someone}`
    case 'left':
      return holder ? `${named(holder)} is no longer active` : 'Your account is no longer active'
    case 'attested':
      return proof.kind === 'attested' ? `${list(proof.by)} stated that it is gone` : 'Stated to be gone'
  }
}

function leadOf(props: AccessEndedProps): Rich {
  const t = times(props)
  const { why, endsAt, givenAt, endedAt, proof } = props
  const when = `${t.at(endedAt)} ${t.zone(endedAt)}`
  const nothing = !props.holder && 'There is nothing for you to do.'
  if (proof.kind === 'never-given') return sentences(`${whyOf(props)}, ${when}. Nothing was given.`)
  const ran = givenAt && endsAt && why === 'expired' ? about(endsAt.getTime() - givenAt.getTime()) : undefined
  const full = ran ? `It ran its full ${ran.replace(/^1 (\w+)$/, '$1')}` : whyOf(props)
  if (proof.kind === 'stays') {
    return sentences(`${full}. It was held before our first give, so it was left as it was ${when}.`, nothing)
  }
  const back = ran ? ` and was taken back ${when}.` : `, and taken back ${when}.`
  const early = !ran && endsAt && endsAt > endedAt && `It would have ended ${t.at(endsAt)}.`
  return sentences(`${full}${back}`, early, nothing)
}

function proofFact(props: AccessEndedProps): { label: string; lines: Rich[] } | undefined {
  const t = times(props)
  const { proof } = props
  const { subject, was } = holderWords(props)
  const where = named(props.application)
  switch (proof.kind) {
    case 'seen': {
      const clock = t.isToday(proof.at) ? t.exact(proof.at) : `${t.day(proof.at)} ${t.exact(proof.at)}`
      const late = `${formatLateness(proof.lateMs)} after ${props.why === 'expired' ? 'the end' : 'it was due to go'}`
      const looked = rich`We looked in ${where}, and ${subject} ${was} no longer in ${code(props.entitlement)}.`
      return { label: 'Seen gone', lines: [sentences(`${clock}, ${late}.`, looked)] }
    }
    case 'unverified':
      return {
        label: 'Not verified',
        lines: [
          `${where} said ${t.at(proof.at)} that it was removed. It cannot be asked, so we have not seen it.`,
        ],
      }
    case 'attested':
      return { label: 'Stated, not seen', lines: [`${list(proof.by)}: “${sentence(proof.reason)}”`] }
    case 'stays':
      return { label: 'Left as it was', lines: [`It was held on ${where} before our first give.`] }
    case 'never-given':
      return undefined
  }
}

function barOf(props: AccessEndedProps): Bar | undefined {
  const t = times(props)
  const { givenAt, endsAt, endedAt } = props
  if (!givenAt) return undefined
  const total = (endsAt ?? endedAt).getTime() - givenAt.getTime()
  const used = total > 0 ? Math.min(1, Math.max(0, (endedAt.getTime() - givenAt.getTime()) / total)) : 1
  return {
    label:
      used < 1
        ? `Ended after ${about(used * total)} of ${formatDuration(total / 1000)}`
        : `All of ${formatDuration(total / 1000)} has passed; the access has ended`,
    stretches: [
      { tone: 'off', share: used },
      { tone: 'cut', share: 1 - used },
    ],
    tick: used < 0.97 ? 'ended' : undefined,
    left: `Given ${t.full(givenAt)}`,
    right: used < 0.97 && endsAt ? `Was until ${t.full(endsAt)}` : `Ended ${t.full(endedAt)}`,
  }
}

/** To the holder, or to somebody who has to know: it is over, and how we know. */
export function accessEndedLetter(props: AccessEndedProps): Letter {
  const t = times(props)
  const { note, by, holder } = props
  // Nothing to ask for: somebody else's, or still there.
  const againUrl = holder || props.proof.kind === 'stays' ? undefined : props.againUrl
  const heading = headingOf(props)
  const proof = proofFact(props)
  const holds = heldLines(props.holds, t)
  const sessions = props.sessionsClosed
  const gone = props.proof.kind === 'seen' ? 'and is gone' : ''
  return {
    subject: plain(heading),
    preview: `It ended ${t.at(props.endedAt)} ${gone}`.trim().concat(holder ? '.' : '. Nothing to do.'),
    chip: { tone: 'off', text: `Ended · ${t.until(props.endedAt)}` },
    heading,
    lead: leadOf(props),
    quote: note ? { text: note, by: by ? named(by) : whyOf(props) } : undefined,
    bar: barOf(props),
    action: againUrl
      ? { label: 'Ask again', url: againUrl, quiet: true }
      : { label: 'See the whole record', url: props.url, quiet: true },
    facts: [
      { label: 'Why it ended', lines: [whyOf(props)] },
      ...(proof ? [proof] : []),
      ...(sessions === undefined
        ? []
        : [{ label: 'Open sessions', lines: [sessions ? `${sessions} closed` : 'None'] }]),
      ...(holds.length ? [{ label: holderWords(props).still, lines: holds }] : []),
    ],
    foot: sentences(
      holder
        ? rich`You get this because you look after ${named(props.application)}.`
        : rich`You get this because you held ${code(props.entitlement)}.`,
      `Times are ${t.zone(props.endedAt)}.`,
      reference(props),
    ),
    footLink: againUrl ? { label: 'See the whole record', url: props.url } : undefined,
  }
}

export default function AccessEnded(props: AccessEndedProps) {
  return <LetterMail letter={accessEndedLetter(props)} org={props.org} />
}

AccessEnded.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T13:04'),
  why: 'expired',
  givenAt: on('12T13:03'),
  endsAt: on('13T13:03'),
  endedAt: on('13T13:03'),
  proof: { kind: 'seen', at: new Date('2026-11-13T13:03:01.400Z'), lateMs: 1_400 },
  sessionsClosed: 1,
  holds: [{ entitlement: 'Deploy', application: 'GitHub', endsAt: null }],
  againUrl: page('catalogue/prod_read/request'),
  url: page('grants/G-1187'),
  reference: 'Grant G-1187',
} satisfies AccessEndedProps
