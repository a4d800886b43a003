import { LetterMail } from './frame'
import { type Letter, sentences } from './letter'
import { on, page, reader } from './preview'
import type { AccessReviewClosedProps, AccessReviewProps } from './props'
import { counted, named, sentence, times } from './words'

const whyWords: Record<AccessReviewProps['because'], (application: string) => string> = {
  manager: () => 'you are the manager of people who hold it',
  owners: (application) => `you own ${application}`,
  people: () => 'you were named to review it',
  admins: () => 'you are an admin, and nobody else is left who could',
}

/** To a reviewer: which access is theirs to look at, by when, and what happens to what they miss. One per review. */
export function accessReviewLetter(props: AccessReviewProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const count = counted(props.lines, 'access', 'accesses')
  const again = props.why === 'reminder'
  const heading =
    props.why === 'escalated'
      ? `Nobody decided on ${count} on ${where}: now it is yours`
      : `${again ? 'Still to review' : 'Please review'}: ${count} on ${where}`
  return {
    subject: heading,
    preview: `Keep or remove, with a reason, until ${t.until(props.until)}.`,
    chip: { tone: 'wait', text: `Due ${t.until(props.until)}` },
    heading,
    lead: `Does each of them still need it? Keep or remove, several at once if you like, with a reason, by ${t.by(props.until)}.`,
    ...(props.instructions && { quote: { text: props.instructions, by: named(props.startedBy) } }),
    action: { label: 'Review access', url: props.url },
    sections: [
      {
        title: 'What you remove',
        body: 'Goes at once: leases are revoked, and standing access is taken out of the system.',
      },
      { title: 'What nobody decides', body: props.missed },
    ],
    foot: sentences(
      `You get this because ${whyWords[props.because](where)}.`,
      `${named(props.startedBy)} started the access review “${named(props.name)}”.`,
      `Times are ${t.zone(props.until)}.`,
    ),
  }
}

/** To whoever started it, and the owners: what was kept, removed and missed. */
export function accessReviewClosedLetter(props: AccessReviewClosedProps): Letter {
  const where = named(props.application)
  const { kept, removed, missed, over, revoked } = props
  const heading =
    missed > 0
      ? `Access review of ${where} closed: ${missed} missed`
      : `Access review of ${where} closed: everything was decided`
  return {
    subject: heading,
    preview: `Kept ${kept}, removed ${removed}, missed ${missed}.`,
    chip: missed > 0 ? { tone: 'warn', text: `${missed} missed` } : { tone: 'ok', text: 'Complete' },
    heading,
    lead: sentences(`“${named(props.name)}” is over.`, missed > 0 && sentence(props.missedWords)),
    action: { label: 'See what was decided', url: props.url, quiet: missed === 0 },
    facts: [
      { label: 'Kept', lines: [String(kept)] },
      { label: 'Removed', lines: [String(removed)] },
      { label: 'Missed', lines: [String(missed)] },
      ...(over > 0 ? [{ label: 'Ended meanwhile', lines: [String(over)] }] : []),
      ...(revoked > 0 ? [{ label: 'Revoked because missed', lines: [String(revoked)] }] : []),
    ],
    foot: `You get this because you started it, or because you answer for ${where}.`,
  }
}

export default function AccessReview(props: AccessReviewProps) {
  return <LetterMail letter={accessReviewLetter(props)} org={props.org} />
}

export function AccessReviewClosed(props: AccessReviewClosedProps) {
  return <LetterMail letter={accessReviewClosedLetter(props)} org={props.org} />
}

AccessReview.PreviewProps = {
  ...reader,
  name: 'Autumn review',
  application: 'Data warehouse',
  now: on('13T09:03'),
  why: 'asked',
  lines: 12,
  until: on('27T16:00'),
  because: 'manager',
  startedBy: 'Mira Lindqvist',
  instructions: 'Whoever has not read production since summer does not need it.',
  missed:
    'Leases that nobody decided on are revoked. Standing access that nobody decided on stays, marked as missed.',
  url: page('approvals/access-reviews/R-1'),
} satisfies AccessReviewProps

AccessReviewClosed.PreviewProps = {
  ...reader,
  name: 'Autumn review',
  application: 'Data warehouse',
  now: on('27T16:01'),
  kept: 9,
  removed: 2,
  missed: 1,
  over: 1,
  revoked: 1,
  missedWords:
    'Leases that nobody decided on are revoked. Standing access that nobody decided on stays, marked as missed.',
  url: page('settings/access-management/access-reviews/R-1'),
} satisfies AccessReviewClosedProps
