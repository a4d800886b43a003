import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { type Bar, code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { ExtendedProps } from './props'
import { decidedBy, first, named, reference, times } from './words'

function barOf(props: ExtendedProps): Bar {
  const t = times(props)
  const { givenAt, previousEndsAt, endsAt } = props
  const total = Math.max(1, endsAt.getTime() - givenAt.getTime())
  const before = Math.min(1, Math.max(0, (previousEndsAt.getTime() - givenAt.getTime()) / total))
  const added = formatDuration((endsAt.getTime() - previousEndsAt.getTime()) / 1000)
  return {
    label: `${added} added after the end before`,
    stretches: [
      { tone: 'rest', share: before },
      { tone: 'ok', share: 1 - before },
    ],
    tick: `was ${t.full(previousEndsAt)}`,
    left: `Given ${t.full(givenAt)}`,
    right: `Ends ${t.full(endsAt)}`,
  }
}

/** To the holder: the end moved. */
export function extendedLetter(props: ExtendedProps): Letter {
  const t = times(props)
  const { decision, previousEndsAt, endsAt, noticeAt } = props
  const added = formatDuration((endsAt.getTime() - previousEndsAt.getTime()) / 1000)
  const whose = props.holder ? `${named(props.holder)}’s ` : ''
  const heading = rich`Extended: ${whose}${code(props.entitlement)} on ${named(props.application)} now ends ${t.until(endsAt)}`
  const agreed = decision
    ? `${decidedBy(decision)} agreed ${t.at(decision.at)} to ${added} more.`
    : `The access policy agreed to ${added} more, and nobody had to be asked.`
  const asker = props.askedBy ? named(props.askedBy) : 'You'
  const shortened =
    props.shortenedBy &&
    `${asker} asked for ${formatDuration(props.askedSeconds)}; ${first(props.shortenedBy)} made it shorter.`
  return {
    subject: plain(heading),
    preview: `${added} more. Nothing is interrupted; there is nothing to do.`,
    chip: { tone: 'ok', text: `Extended · until ${t.until(endsAt)}` },
    heading,
    lead: sentences(
      props.askedBy && `${named(props.askedBy)} asked for you.`,
      agreed,
      shortened,
      props.holder
        ? 'Their work is not interrupted.'
        : 'Your work is not interrupted, and there is nothing for you to do.',
    ),
    quote: decision?.note
      ? { text: decision.note, by: `${first(decision.by)}, ${t.at(decision.at)}` }
      : undefined,
    bar: barOf(props),
    action: { label: 'View access', url: props.url, quiet: true },
    facts: [
      { label: 'New end', lines: [`${t.full(endsAt)}, ${t.zone(endsAt)}`] },
      { label: 'End before', lines: [t.full(previousEndsAt)] },
      ...(noticeAt ? [{ label: 'Next notice', lines: [t.full(noticeAt)] }] : []),
    ],
    foot: sentences(
      props.holder
        ? 'You get this because you asked for it.'
        : rich`You get this because you hold ${code(props.entitlement)}. The attached entry moves the end in your calendar.`,
      `Times are ${t.zone(endsAt)}.`,
      reference(props),
    ),
  }
}

export default function Extended(props: ExtendedProps) {
  return <LetterMail letter={extendedLetter(props)} org={props.org} />
}

Extended.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T10:12'),
  grantId: 'G-1187',
  sequence: 1,
  givenAt: on('12T13:03'),
  previousEndsAt: on('13T13:03'),
  endsAt: on('13T19:03'),
  decision: { by: 'Mira Lindqvist', at: on('13T10:12'), note: null },
  askedSeconds: 21_600,
  noticeAt: on('13T18:03'),
  url: page('grants/G-1187'),
  reference: 'Grant G-1187',
} satisfies ExtendedProps
