import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { RequestDeniedProps } from './props'
import { askedWords, decidedBy, first, howLong, named, reference, times } from './words'

/** To the requester: refused. */
export function requestDeniedLetter(props: RequestDeniedProps): Letter {
  const t = times(props)
  const { decision, beneficiary, seconds } = props
  const more = props.extends ? 'more time for ' : ''
  const length = props.extends || seconds === null ? '' : ` ${howLong(seconds)}`
  const forWhom = beneficiary ? `, for ${named(beneficiary)}` : ''
  const what = rich`${more}${code(props.entitlement)} on ${named(props.application)}`
  const stays = props.extends
    ? `The access still ends ${t.at(props.extends.endsAt)}.`
    : 'Nothing was given, and nothing that was held before has changed.'
  const approver = first(decision.by)
  return {
    subject: plain(['Denied: ', ...what]),
    preview: `${named(decision.by)} said no${decision.note ? `: “${named(decision.note, 80)}”` : '.'}`,
    chip: { tone: 'off', text: `Denied · ${t.at(decision.at)}` },
    heading: ['Denied: ', ...what, `${length}${forWhom}`],
    lead: sentences(`${decidedBy(decision)} said no ${t.at(decision.at)} ${t.zone(decision.at)}.`, stays),
    quote: decision.note ? { text: decision.note, by: `${approver}, ${t.at(decision.at)}` } : undefined,
    action: { label: 'View request', url: props.url, quiet: true },
    sections: [
      {
        title: 'If you still need it',
        body: decision.note
          ? `You can ask again any time. Say what has changed since ${approver}’s note.`
          : `You can ask again any time. A word with ${approver} first may help.`,
      },
    ],
    foot: sentences(askedWords(props), `Times are ${t.zone(decision.at)}.`, reference(props)),
  }
}

export default function RequestDenied(props: RequestDeniedProps) {
  return <LetterMail letter={requestDeniedLetter(props)} org={props.org} />
}

RequestDenied.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:02'),
  decision: {
    by: 'Ben Okafor',
    at: on('12T13:02'),
    note: 'analytics_read has the same rows without the addresses. Does that do?',
  },
  seconds: 86_400,
  url: page('requests/R-2041'),
  reference: 'Request R-2041',
} satisfies RequestDeniedProps
