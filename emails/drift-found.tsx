import { LetterMail } from './frame'
import { code, type Letter, type Rich, rich, sentences } from './letter'
import { on, page, reader } from './preview'
import type { DriftFoundProps } from './props'
import { becauseWords, counted, list, named, reference, times } from './words'

/** So many stand in a mail by name; the page has them all. */
const NAMED = 8

function line({ kind, who, entitlement }: DriftFoundProps['found'][number]): Rich {
  return kind === 'missing'
    ? rich`${named(who)} does not hold ${code(entitlement)} any more, though the lease runs`
    : rich`${named(who)} holds ${code(entitlement)} without a lease`
}

/** To the owners, or to admins: the application and our record disagree. Once for each reading that found more. */
export function driftFoundLetter(props: DriftFoundProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const count = props.found.length
  const shown = props.found.slice(0, NAMED)
  const tooMany = props.tooMany.map(
    ({ entitlement, unknown, cap }) =>
      rich`${code(entitlement)} is just-in-time only, and ${counted(unknown, 'person', 'people')} hold it without a lease: more than the ${String(cap)} that are removed in one go. Nobody was removed. `,
  )
  return {
    subject: `${counted(count, 'finding')} on ${where}: it does not match our record`,
    preview: 'Who holds access there is not who should by our record.',
    chip: { tone: 'warn', text: `Found ${t.until(props.at)}` },
    heading: rich`${where} and our record disagree`,
    lead: rich`We read who holds what there, and found ${counted(count, 'difference')}. ${
      props.removing > 0
        ? `${counted(props.removing, 'access', 'accesses')} of just-in-time entitlements ${props.removing === 1 ? 'is' : 'are'} being removed.`
        : 'Nothing was changed there.'
    }`,
    action: { label: 'See the findings', url: props.url },
    sections: tooMany.map((body) => ({ title: 'Not removed', body })),
    facts: [
      ...shown.map((item, i) => ({ label: i === 0 ? 'Found' : 'And', lines: [line(item)] })),
      ...(count > NAMED ? [{ label: 'And', lines: [`${count - NAMED} more`] }] : []),
    ],
    steps: {
      title: 'What you can do',
      items: [
        'Adopt what is right, and say why: it counts as standing from then on.',
        'Remove what is not, after a look at what would go.',
        'Give a lease again that somebody took by hand, for the time that is left.',
      ],
    },
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, '')}.`,
      props.alsoTold.length > 0 && `${list(props.alsoTold)} got it too.`,
      `Times are ${t.zone(props.at)}.`,
      reference(props),
    ),
  }
}

export default function DriftFound(props: DriftFoundProps) {
  return <LetterMail letter={driftFoundLetter(props)} org={props.org} />
}

DriftFound.PreviewProps = {
  ...reader,
  application: 'Data warehouse',
  now: on('13T13:02'),
  at: on('13T13:02'),
  found: [
    { kind: 'unknown', who: 'tomas_r', entitlement: 'prod_read' },
    { kind: 'missing', who: 'Ana Oliveira', entitlement: 'prod_read' },
  ],
  tooMany: [],
  removing: 0,
  alsoTold: ['Jun Sato'],
  because: 'owner',
  url: page('settings/access-management/applications/warehouse'),
} satisfies DriftFoundProps
