import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { lets, on, page, reader, warehouse } from './preview'
import type { ConversionCalledOffProps, ConversionPlannedProps } from './props'
import { list, named, reference, sentence, times } from './words'

const after: Record<'extend' | 'ask' | 'none', string> = {
  extend: 'Ask for more time from the notice before the end, or ask for it anew whenever you need it.',
  ask: 'Ask for it anew whenever you need it.',
  none: 'The access policy does not let you ask for it yourself. Talk to the people below.',
}

/** To whoever holds something for good: from when and until when it is a lease, and what one can do about it. */
export function conversionPlannedLetter(props: ConversionPlannedProps): Letter {
  const t = times(props)
  const what = code(props.entitlement)
  const where = named(props.application)
  const heading = rich`Your ${what} on ${where} will end ${t.at(props.endsAt)}`
  const told = props.noticeAt ? ` We tell you ${t.at(props.noticeAt)}, ahead of the end.` : ''
  return {
    subject: plain(heading),
    preview: `Until now you have it for good. From ${t.full(props.startsAt)} it is a lease. Nothing is interrupted.`,
    chip: { tone: 'warn', text: `Becomes a lease · ${t.until(props.startsAt)}` },
    heading,
    lead: `Until now you have it for good. ${named(props.by)} turns it into a lease.`,
    quote: { text: props.reason, by: named(props.by) },
    action: { label: 'See what you hold', url: props.url },
    sections: [
      {
        title: `${t.day(props.startsAt)} to ${t.day(props.endsAt)}`,
        body: `From ${t.full(props.startsAt)} it is a lease. You keep it and nothing is interrupted.${told} It ends by itself ${t.at(props.endsAt)}.`,
      },
      { title: 'If you need it longer', body: after[props.after ?? 'none'] },
      {
        title: 'If this is wrong',
        body: `Talk to ${list(props.contacts, 'or')} before ${t.full(props.startsAt)}: until then it can be called off, and everything stays as it is.`,
      },
    ],
    ...(props.lets && { facts: [{ label: 'It lets you', lines: [sentence(props.lets)] }] }),
    foot: sentences(
      rich`You get this because you hold ${what}.`,
      `Times are ${t.zone(props.endsAt)}.`,
      reference(props),
    ),
  }
}

/** A planned lease does not begin: the access stays what it was. */
export function conversionCalledOffLetter(props: ConversionCalledOffProps): Letter {
  const what = code(props.entitlement)
  const where = named(props.application)
  const whose = props.holder ? `${named(props.holder)}’s` : 'Your'
  const keeps = props.holder ? `${named(props.holder)} keeps` : 'You keep'
  const heading = rich`${whose} ${what} on ${where} stays as it was`
  const how = props.by
    ? `${named(props.by)} called off that it becomes a lease.`
    : 'It did not become a lease as planned.'
  return {
    subject: plain(heading),
    preview: `${how} Nothing changes.`,
    chip: { tone: 'off', text: 'Not a lease' },
    heading,
    lead: sentences(how, props.by ? `${keeps} it as before, and it does not end.` : undefined),
    ...(props.note && { sections: [{ title: 'Why', body: sentence(props.note) }] }),
    action: { label: props.holder ? 'See the grant' : 'See what you hold', url: props.url, quiet: true },
    foot: sentences(
      props.holder
        ? `You get this because you planned it, or own ${where}.`
        : 'You get this because it was announced to you.',
      reference(props),
    ),
  }
}

export function ConversionPlanned(props: ConversionPlannedProps) {
  return <LetterMail letter={conversionPlannedLetter(props)} org={props.org} />
}

export function ConversionCalledOff(props: ConversionCalledOffProps) {
  return <LetterMail letter={conversionCalledOffLetter(props)} org={props.org} />
}

ConversionPlanned.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T09:03'),
  by: 'Mira Lindqvist',
  reason: 'Nobody keeps production access for good any more.',
  startsAt: on('16T09:00'),
  endsAt: on('30T17:00'),
  noticeAt: on('29T17:00'),
  lets,
  after: 'ask',
  contacts: ['Ben Okafor', 'Jun Sato'],
  url: page(''),
  reference: 'Grant G-77',
} satisfies ConversionPlannedProps

ConversionCalledOff.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('14T09:03'),
  by: 'Mira Lindqvist',
  note: 'Ana is on call until spring.',
  url: page(''),
  reference: 'Grant G-77',
} satisfies ConversionCalledOffProps
