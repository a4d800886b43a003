import { LetterMail } from './frame'
import { type Letter, sentences } from './letter'
import { on, page, reader } from './preview'
import type { ApprovalGapsProps } from './props'
import { becauseWords, counted, list, named, times } from './words'

/** To admins, after the nightly check: requests that could be made and that nobody could agree to. */
export function approvalGapsLetter(props: ApprovalGapsProps): Letter {
  const t = times(props)
  const { gaps } = props
  const heading =
    gaps.length === 1
      ? `Nobody could say yes under ${named(gaps[0]?.policy ?? '')}`
      : `Nobody could say yes under ${gaps.length} policies`
  return {
    subject: heading,
    preview: gaps.map((gap) => named(gap.policy)).join(', '),
    chip: { tone: 'warn', text: `Found ${t.at(props.now)}` },
    heading,
    lead: 'Whoever asks there is refused, and told so. Nothing that is running is touched.',
    action: { label: 'See the policies', url: props.url },
    facts: gaps.slice(0, 10).map((gap) => ({
      label: named(gap.policy),
      lines: [
        gap.everybody
          ? `For nobody of ${counted(gap.eligible, 'person', 'people')} who may ask.`
          : `Not for ${counted(gap.people.length, 'person', 'people')} of ${gap.eligible}: ${list(gap.people)}.`,
      ],
    })),
    steps: {
      title: 'What usually helps',
      items: [
        'Put somebody into the group that is asked, or name an owner.',
        'Let the application’s owners be asked on that step as well.',
      ],
    },
    foot: sentences(`You get this because ${becauseWords('admin', '', '')}. It is checked every night.`),
  }
}

export default function ApprovalGaps(props: ApprovalGapsProps) {
  return <LetterMail letter={approvalGapsLetter(props)} org={props.org} />
}

ApprovalGaps.PreviewProps = {
  ...reader,
  now: on('13T02:00'),
  gaps: [
    { policy: 'Production read', eligible: 14, everybody: false, people: ['Jun Sato', 'Mira Lindqvist'] },
    { policy: 'Stripe webhooks', eligible: 19, everybody: true, people: [] },
  ],
  url: page('settings/access-management/policies'),
} satisfies ApprovalGapsProps
