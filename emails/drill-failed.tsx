import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { DrillFailedProps } from './props'
import { becauseWords, list, named, reference, sentence, times } from './words'

/** To the owners of an application, or to admins: what we do every day to prove the removal did not work. */
export function drillFailedLetter(props: DrillFailedProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const heading = rich`The removal drill on ${where} failed`
  const proven = props.provenAt
    ? `The last proof is from ${t.full(props.provenAt)}.`
    : 'No drill went well there yet.'
  return {
    subject: plain(heading),
    preview: `${sentence(props.what)} ${proven}`,
    chip: { tone: 'bad', text: `Needs attention · since ${t.until(props.failedAt)}` },
    heading,
    lead: sentences(`Until it works again, do not count on access being taken back there in time.`, proven),
    action: { label: 'See the steps', url: props.url },
    sections: [
      { title: 'What happened', body: sentence(props.what) },
      {
        title: 'What goes on',
        body: 'What was left behind is cleaned up first, and the drill is run again. Leases go on being taken back as always.',
      },
    ],
    facts: [
      {
        label: 'Drill',
        lines: [rich`${code(props.account)} and ${code(props.entitlement)}, set aside for it`],
      },
      { label: 'Failed', lines: [`${t.full(props.failedAt)}, ${t.zone(props.failedAt)}`] },
    ],
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, '')}.`,
      props.alsoTold.length > 0 && `${list(props.alsoTold)} got it too.`,
      'You are told once, until it works again.',
      reference(props),
    ),
  }
}

export default function DrillFailed(props: DrillFailedProps) {
  return <LetterMail letter={drillFailedLetter(props)} org={props.org} />
}

DrillFailed.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T09:03'),
  account: 'leasehold_drill',
  entitlement: 'drill_only',
  what: 'Taken, and still seen there',
  failedAt: on('13T09:02'),
  provenAt: on('12T09:02'),
  alsoTold: ['Jun Sato'],
  because: 'owner',
  url: page('settings/access-management/applications/warehouse'),
} satisfies DrillFailedProps
