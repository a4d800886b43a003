import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { RequestApprovedProps } from './props'
import { askedWords, capital, decidedBy, first, howLong, named, reference, times } from './words'

/** Who, or what, agreed: the start of a sentence. */
function agreedBy({ decision, approval }: RequestApprovedProps): string {
  if (approval === 'emergency') return 'Taken as emergency access, which nobody has to agree to before'
  if (approval === 'conversion') return 'Standing access became a lease, which takes nobody’s yes'
  if (approval === 'automatic' || !decision) return 'The access policy agreed, and nobody had to be asked'
  return `${decidedBy(decision)} agreed`
}

/** To the requester: agreed. */
export function requestApprovedLetter(props: RequestApprovedProps): Letter {
  const t = times(props)
  const { decision, beneficiary, seconds, startsAt, approvedAt } = props
  const who = agreedBy(props)
  const holder = beneficiary ? first(beneficiary) : 'you'
  const length = seconds === null ? ', permanent' : ` ${howLong(seconds)}`
  const forWhom = beneficiary ? `, for ${named(beneficiary)}` : ''
  const what = rich`${code(props.entitlement)} on ${named(props.application)}${length}${forWhom}`
  const asker = props.askedBy ? named(props.askedBy) : 'You'
  const by = (name?: string) => (name ? first(name) : decision ? first(decision.by) : 'the policy')
  const narrowed =
    seconds !== null && seconds !== props.askedSeconds
      ? `${asker} asked for ${props.askedSeconds === null ? 'permanent access' : formatDuration(props.askedSeconds)}; ${by(props.shortenedBy)} agreed to ${formatDuration(seconds)}.`
      : undefined
  const postponed =
    props.postponedBy && startsAt && `${first(props.postponedBy)} set a later start: ${t.at(startsAt)}.`
  const later = startsAt && startsAt > props.now
  const giving = later
    ? `It is given ${t.at(startsAt)}, and we write to ${holder} when it works.`
    : `It is being given now, and we write to ${holder} when it works.`
  return {
    subject: plain(['Approved: ', ...what]),
    preview: `${who}. ${later ? `It begins ${t.at(startsAt)}.` : 'It is being given now.'}`,
    chip: { tone: 'ok', text: `Approved · ${t.at(approvedAt)}` },
    heading: ['Approved: ', ...what],
    lead: sentences(
      `${who}${decision ? '' : ':'} ${t.at(approvedAt)} ${t.zone(approvedAt)}.`,
      narrowed,
      postponed,
    ),
    quote: decision?.note
      ? { text: decision.note, by: `${first(decision.by)}, ${t.at(decision.at)}` }
      : undefined,
    action: { label: 'View request', url: props.url, quiet: true },
    sections: [
      {
        title: 'What happens next',
        body: sentences(giving, seconds !== null && 'Its time counts from when it is there, not from now.'),
      },
      {
        title: `If it cannot be given by ${t.by(props.startBy)}`,
        body: `We stop trying, and we say so to ${holder}. ${capital(holder)} can ask again.`,
      },
    ],
    foot: sentences(askedWords(props), `Times are ${t.zone(props.startBy)}.`, reference(props)),
  }
}

export default function RequestApproved(props: RequestApprovedProps) {
  return <LetterMail letter={requestApprovedLetter(props)} org={props.org} />
}

RequestApproved.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:02'),
  decision: { by: 'Ben Okafor', at: on('12T13:02'), note: 'Fine. Please tell Mira what you find.' },
  askedSeconds: 172_800,
  seconds: 86_400,
  approval: 'people',
  approvedAt: on('12T13:02'),
  startBy: on('13T13:02'),
  url: page('requests/R-2041'),
  reference: 'Request R-2041',
} satisfies RequestApprovedProps
