import { LetterMail } from './frame'
import { type Letter, rich } from './letter'
import { on, page, reader } from './preview'
import type { CheckpointProps } from './props'
import { named, times } from './words'

/** To the addresses the operator keeps checkpoints of the audit log at. The checkpoint itself is attached. */
export function checkpointLetter(props: CheckpointProps): Letter {
  const t = times(props)
  const org = named(props.org)
  return {
    subject: `Audit checkpoint ${props.seq} of Leasehold at ${org}`,
    preview: 'Keep this mail: it proves later that the audit log was not rewritten.',
    chip: { tone: 'ok', text: `Signed ${t.at(props.signedAt)}` },
    heading: `Audit checkpoint ${props.seq}`,
    lead: rich`The attached file states, signed, where the audit log of ${org} stood. Keep it where nobody who runs Leasehold can change it.`,
    action: { label: 'See the organisation page', url: props.url, quiet: true },
    facts: [
      { label: 'Last entry', lines: [`Number ${props.seq} of the chain`] },
      { label: 'Signed', lines: [`${t.full(props.signedAt)}, ${t.zone(props.signedAt)}`] },
    ],
    steps: {
      title: 'To check the log against it',
      items: ['Save the attached file.', 'Run: npm run audit:verify -- --checkpoint checkpoint.jws'],
    },
    foot: 'You get this once a day at most because whoever runs Leasehold set this address as a place for checkpoints.',
  }
}

export default function Checkpoint(props: CheckpointProps) {
  return <LetterMail letter={checkpointLetter(props)} org={props.org} />
}

Checkpoint.PreviewProps = {
  ...reader,
  now: on('13T02:00'),
  seq: 48213,
  signedAt: on('13T02:00'),
  url: page('settings/organisation'),
} satisfies CheckpointProps
