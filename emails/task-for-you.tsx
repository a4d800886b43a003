import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { code, type Letter, type Piece, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader } from './preview'
import type { TaskForYouProps } from './props'
import { becauseWords, cleanLines, first, list, named, reference, times } from './words'

function doing(props: TaskForYouProps): readonly Piece[] {
  const person = named(props.person)
  const where = named(props.application)
  const what = code(props.entitlement)
  if (props.act === 'review') {
    const review = rich`review the emergency access of ${person} to ${what} on ${where}`
    return typeof review === 'string' ? [review] : review
  }
  const words =
    props.act === 'give'
      ? rich`give ${person} ${what} on ${where}`
      : rich`take ${person} out of ${what} on ${where}`
  return typeof words === 'string' ? [words] : words
}

function afterwards(props: TaskForYouProps): string {
  const who = first(props.person)
  if (props.act === 'review')
    return `What you found stays on record, and ${who} may take emergency access again if need be.`
  if (props.act === 'take') return `We tell ${who} that it has ended, and the record says that you took it.`
  if (props.seconds === null) return `We tell ${who} that it works. It stays until somebody revokes it.`
  return `We tell ${who} that it works. Its ${formatDuration(props.seconds)} count from then, and you are asked to take it back at the end.`
}

/** To those who give or take by hand. */
export function taskForYouLetter(props: TaskForYouProps): Letter {
  const t = times(props)
  const { act, reason, instructions, others } = props
  const by = t.by(props.dueAt)
  const words = doing(props)
  const late =
    act === 'review'
      ? `${first(props.person)} gets no other emergency access until it is done.`
      : act === 'take'
        ? `${first(props.person)} keeps access that has ended until you have done it.`
        : `${first(props.person)} waits until you have done it.`
  const heading: Rich = [`For you to do by ${by}: `, ...words]
  const held = props.account ? [code(props.account, 120)] : undefined
  return {
    subject: plain(heading),
    preview: late,
    chip: { tone: act === 'take' ? 'warn' : 'wait', text: `To do · by ${t.until(props.dueAt)}` },
    heading,
    lead:
      act === 'review'
        ? sentences('It was taken without anybody’s yes, and it is over now.', late)
        : sentences(`${named(props.application)} has no connection, so people do it by hand.`, late),
    quote: reason && act !== 'take' ? { text: reason, by: `${first(props.person)}’s request` } : undefined,
    action: {
      label: 'Open task',
      url: props.url,
      note:
        act === 'review'
          ? 'Opening changes nothing.'
          : 'Do it first, then say so there. Opening changes nothing.',
    },
    sections: [
      ...(instructions && act !== 'review'
        ? [{ title: 'How it is done', body: cleanLines(instructions).join(' ') }]
        : []),
      { title: 'When you have said so', body: afterwards(props) },
    ],
    facts: [
      { label: 'Due', lines: [`${t.full(props.dueAt)}, ${t.zone(props.dueAt)}`] },
      ...(reason && act === 'take' ? [{ label: 'Why', lines: [named(reason, 300)] }] : []),
      ...(held ? [{ label: 'Account', lines: [held] }] : []),
      ...(act === 'give' && props.seconds !== null
        ? [{ label: 'For', lines: [formatDuration(props.seconds)] }]
        : []),
      {
        label: 'Who has this',
        lines: [others.length ? `${list(['You', ...others])}. One is enough.` : 'Only you.'],
      },
    ],
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, props.person)}.`,
      `Times are ${t.zone(props.dueAt)}.`,
      reference(props),
    ),
  }
}

export default function TaskForYou(props: TaskForYouProps) {
  return <LetterMail letter={taskForYouLetter(props)} org={props.org} />
}

TaskForYou.PreviewProps = {
  ...reader,
  now: on('12T13:30'),
  act: 'take',
  person: 'Chidi Eze',
  application: 'Stripe',
  entitlement: 'Refunds',
  account: 'chidi@halden.example',
  dueAt: on('12T14:00'),
  seconds: 21_600,
  reason: 'The time was up',
  instructions: 'Stripe, Settings, Team: open the person and take the role Support specialist away.',
  others: ['Jun Sato'],
  because: 'assignee',
  url: page('tasks/T-311'),
  reference: 'Grant G-1169',
} satisfies TaskForYouProps
