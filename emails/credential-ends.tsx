import { LetterMail } from './frame'
import { type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { CredentialEndsProps } from './props'
import { becauseWords, counted, list, named, reference, times } from './words'

/** To the owners of an application, or to admins: our credential there ends soon. 30, 7 and 1 days ahead. */
export function credentialEndsLetter(props: CredentialEndsProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const heading = rich`Our credential for ${where} ends ${t.at(props.endsAt)}`
  const days = Math.max(1, Math.ceil((props.endsAt.getTime() - props.now.getTime()) / 86_400_000))
  return {
    subject: plain(heading),
    preview: 'Without a new one nothing can be given there, and nothing taken back.',
    chip: { tone: 'warn', text: `${counted(days, 'day')} left` },
    heading,
    lead: 'Without a new one nothing can be given there after that, and nothing taken back.',
    action: { label: 'Replace the credential', url: props.url },
    facts: [
      { label: 'Ends', lines: [`${t.full(props.endsAt)}, ${t.zone(props.endsAt)}`] },
      { label: 'Connection', lines: [named(props.target, 120)] },
    ],
    steps: {
      title: 'What you can do',
      items: [
        `Make a new credential in ${where} with the same rights, and leave the present one until the last step.`,
        'Have an admin save it on the application’s page. It is never shown again, and a test says whether it works.',
        'Then withdraw the old one.',
      ],
    },
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, '')}.`,
      props.alsoTold.length > 0 && `${list(props.alsoTold)} got it too.`,
      'It comes 30, 7 and 1 days before the end.',
      reference(props),
    ),
  }
}

export default function CredentialEnds(props: CredentialEndsProps) {
  return <LetterMail letter={credentialEndsLetter(props)} org={props.org} />
}

CredentialEnds.PreviewProps = {
  ...reader,
  application: warehouse.application,
  target: 'warehouse-db.halden.example:5432/warehouse',
  now: on('13T13:02'),
  endsAt: on('20T12:30'),
  alsoTold: ['Jun Sato'],
  because: 'owner',
  url: page('settings/access-management/applications/warehouse?section=connection'),
} satisfies CredentialEndsProps
