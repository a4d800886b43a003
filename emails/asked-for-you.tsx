import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { lets, on, page, reader, warehouse } from './preview'
import type { AskedForYouProps } from './props'
import { first, list, named, reference, sentence, times } from './words'

/** To whom an access is asked for by somebody else. */
export function askedForYouLetter(props: AskedForYouProps): Letter {
  const t = times(props)
  const { seconds, reason } = props
  const length = seconds === null ? ', permanent' : ` for ${formatDuration(seconds)}`
  const heading = rich`${named(props.by)} asks for ${code(props.entitlement)} on ${named(props.application)}${length}, for you`
  const asker = first(props.by)
  return {
    subject: plain(heading),
    preview:
      `You need not do anything. ${props.asked.length ? `${list(props.asked, 'or')} can decide.` : ''}`.trim(),
    chip: { tone: 'wait', text: `Not decided yet · lapses ${t.at(props.decideBy)}` },
    heading,
    lead: 'You need not do anything. We write again when it is decided.',
    quote: reason ? { text: reason, by: `${asker}, ${t.at(props.askedAt)}` } : undefined,
    action: { label: 'View request', url: props.url, quiet: true },
    status: `Not decided yet. It lapses ${t.at(props.decideBy)} ${t.zone(props.decideBy)}.`,
    sections: [
      {
        title: 'If you do not want it',
        body: `Withdraw it on its page; ${asker} is told. Neither you nor ${asker} decides on it.`,
      },
    ],
    facts: [
      ...(props.lets ? [{ label: 'This lets you', lines: [sentence(props.lets)] }] : []),
      ...(props.asked.length ? [{ label: 'Who can decide', lines: [list(props.asked)] }] : []),
    ],
    foot: sentences(
      `You get this because ${named(props.by)} asked for you.`,
      `Times are ${t.zone(props.decideBy)}.`,
      reference(props),
    ),
  }
}

export default function AskedForYou(props: AskedForYouProps) {
  return <LetterMail letter={askedForYouLetter(props)} org={props.org} />
}

AskedForYou.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T12:52'),
  by: 'Ben Okafor',
  seconds: 86_400,
  reason: 'Ana starts on the invoices tomorrow and needs to read them.',
  askedAt: on('12T12:52'),
  decideBy: on('12T16:52'),
  lets,
  asked: ['Mira Lindqvist', 'Jun Sato'],
  url: page('requests/R-2041'),
  reference: 'Request R-2041',
} satisfies AskedForYouProps
