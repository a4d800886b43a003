import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { lets, on, page, reader, warehouse } from './preview'
import type { EmergencyTakenProps } from './props'
import { becauseWords, first, heldLines, list, named, reference, sentence, times } from './words'

/** To owners and admins, at once: somebody took emergency access without anybody's yes. */
export function emergencyTakenLetter(props: EmergencyTakenProps): Letter {
  const t = times(props)
  const who = named(props.holder)
  const holder = first(props.holder)
  const length = formatDuration(props.seconds)
  const heading = rich`Emergency: ${who} took ${code(props.entitlement)} on ${named(props.application)} for ${length}`
  const holds = heldLines(props.holds, t)
  return {
    subject: plain(heading),
    preview: `Nobody was asked. “${named(props.reason, 100)}”`,
    chip: { tone: 'bad', text: `Emergency access · taken ${t.at(props.takenAt)}` },
    heading,
    lead: `Nobody was asked before: the access policy allows it. ${holder} said why:`,
    quote: { text: props.reason, by: `${holder}, ${t.at(props.takenAt)}` },
    action: { label: 'Look at it now', url: props.url },
    sections: [
      {
        title: 'What happens by itself',
        body: `It is taken back after ${length} and cannot be extended. Then one of you reviews it; until that is done, ${holder} gets no other emergency access.`,
      },
      {
        title: 'If it should not be',
        body: `Revoke it on its page: it is taken back at once, and ${holder} is told why.`,
      },
    ],
    facts: [
      ...(props.lets ? [{ label: `This lets ${holder}`, lines: [sentence(props.lets)] }] : []),
      { label: `${holder} also holds`, lines: holds.length ? holds : ['Nothing else'] },
    ],
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, props.holder)}.`,
      props.alsoTold.length > 0 && `${list(props.alsoTold)} got it too.`,
      `Times are ${t.zone(props.takenAt)}.`,
      reference(props),
    ),
  }
}

export default function EmergencyTaken(props: EmergencyTakenProps) {
  return <LetterMail letter={emergencyTakenLetter(props)} org={props.org} />
}

EmergencyTaken.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T02:14'),
  holder: 'Samuel Osei',
  seconds: 21_600,
  reason: 'INC-2431: checkout is down in all regions, the orders of the last hour have to be replayed.',
  takenAt: on('12T02:14'),
  lets,
  holds: [{ entitlement: 'Deploy', application: 'GitHub', endsAt: null }],
  alsoTold: ['Jun Sato', 'Ines Albrecht'],
  because: 'owner',
  url: page('settings/access-management/grants/G-1201'),
  reference: 'Request R-2055',
} satisfies EmergencyTakenProps
