import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { AccessMissingProps } from './props'
import { named, reference, times } from './words'

/** To the holder: somebody took the access in the target, though the lease runs. */
export function accessMissingLetter(props: AccessMissingProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const what = rich`${code(props.entitlement)} on ${where}`
  const heading: Rich = ['Your ', ...what, ' was taken there by somebody']
  return {
    subject: plain(['Missing: your ', ...what]),
    preview: `It was not taken back by us. ${props.endsAt ? `Your lease runs until ${t.until(props.endsAt)}.` : 'Your access has no end.'}`,
    chip: { tone: 'warn', text: `Seen missing ${t.until(props.seenAt)}` },
    heading,
    lead: sentences(
      `We looked on ${where}, and you are not in it any more. That was not us.`,
      props.endsAt
        ? `Your lease runs until ${t.until(props.endsAt)} all the same.`
        : 'Your access has no end all the same.',
    ),
    action: { label: props.canGiveAgain ? 'Have it given again' : 'See your access', url: props.url },
    sections: [
      {
        title: 'If you still need it',
        body: props.canGiveAgain
          ? 'You or an owner can have it given again for the time that is left. It is never given again by itself: somebody may have had a reason.'
          : 'It was held before our lease and not given by us, so ask for it anew.',
      },
    ],
    facts: [{ label: 'Seen missing', lines: [`${t.full(props.seenAt)}, ${t.zone(props.seenAt)}`] }],
    foot: sentences(
      'You get this because it is your access. The owners were told too.',
      `Times are ${t.zone(props.seenAt)}.`,
      reference(props),
    ),
  }
}

export default function AccessMissing(props: AccessMissingProps) {
  return <LetterMail letter={accessMissingLetter(props)} org={props.org} />
}

AccessMissing.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T09:03'),
  seenAt: on('13T09:03'),
  endsAt: on('13T13:03'),
  canGiveAgain: true,
  url: page(''),
  reference: 'Grant G-1187',
} satisfies AccessMissingProps
