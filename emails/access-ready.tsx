import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { type Bar, code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { AccessReadyProps } from './props'
import { about, cleanLines, named, reference, times } from './words'

function barOf(props: AccessReadyProps): Bar | undefined {
  const t = times(props)
  const { givenAt, endsAt, noticeAt } = props
  if (!endsAt) return undefined
  const total = endsAt.getTime() - givenAt.getTime()
  const quiet = noticeAt ? Math.min(1, Math.max(0, (noticeAt.getTime() - givenAt.getTime()) / total)) : 1
  const told = noticeAt
    ? `; the expiry notice comes ${about(endsAt.getTime() - noticeAt.getTime())} before the end`
    : ''
  return {
    label: `All of ${formatDuration(total / 1000)} is left${told}`,
    stretches: [
      { tone: 'rest', share: quiet },
      { tone: 'restw', share: 1 - quiet },
    ],
    tick: noticeAt ? 'we tell you' : undefined,
    left: `Given ${t.full(givenAt)}`,
    right: `Ends ${t.full(endsAt)}`,
  }
}

function theEnd(props: AccessReadyProps): string {
  const t = times(props)
  const { endsAt, noticeAt, extendable, preexisting } = props
  if (!endsAt) return 'It has no end. Give it back when you no longer need it.'
  const ends = preexisting
    ? `The lease ends ${t.at(endsAt)}. You held this access before, so the access itself stays.`
    : `It ends by itself ${t.at(endsAt)}.`
  const told = noticeAt ? `We tell you ${t.at(noticeAt)}.` : ''
  const more = extendable ? 'You can ask for more time then.' : 'It cannot be extended; you can ask again.'
  return [ends, told, more, 'Done earlier? Give it back on its page.'].filter(Boolean).join(' ')
}

/** To the holder: it works now. */
export function accessReadyLetter(props: AccessReadyProps): Letter {
  const t = times(props)
  const { endsAt } = props
  const end = endsAt ? `until ${t.until(endsAt)}` : 'without an end'
  const heading = rich`You have ${code(props.entitlement)} on ${named(props.application)} ${end}`
  const zone = t.zone(endsAt ?? props.givenAt)
  return {
    subject: plain(heading),
    preview: props.howTo ? `How to use it: ${named(props.howTo, 100)}` : 'It works now.',
    chip: { tone: 'ok', text: endsAt ? `Active · until ${t.until(endsAt)}` : 'Active · permanent' },
    heading,
    lead: sentences(
      `Given ${t.at(props.givenAt)} ${zone}. It works now.`,
      props.preexisting && 'You held it already when we looked, so nothing had to be changed.',
    ),
    bar: barOf(props),
    action: { label: 'View access', url: props.url },
    sections: [
      ...(props.howTo ? [{ title: 'How to use it', body: cleanLines(props.howTo).join(' ') }] : []),
      { title: endsAt ? 'How it ends' : 'No end', body: theEnd(props) },
    ],
    foot: sentences(
      rich`You get this because you hold ${code(props.entitlement)}.`,
      props.approvedBy && `${named(props.approvedBy)} agreed.`,
      `Times are ${zone}.`,
      reference(props),
    ),
  }
}

export default function AccessReady(props: AccessReadyProps) {
  return <LetterMail letter={accessReadyLetter(props)} org={props.org} />
}

AccessReady.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:03'),
  givenAt: on('12T13:03'),
  endsAt: on('13T13:03'),
  noticeAt: on('13T09:03'),
  extendable: true,
  preexisting: false,
  howTo:
    'psql -h warehouse-db.halden.example warehouse, then SET ROLE prod_read. The tables are in the schema raw.',
  approvedBy: 'Ben Okafor',
  url: page('grants/G-1187'),
  reference: 'Grant G-1187',
} satisfies AccessReadyProps
