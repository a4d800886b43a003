import { formatDuration, formatLateness } from '@/lib/format'
import { LetterMail } from './frame'
import { type Bar, code, type Letter, type Rich, rich, sentences } from './letter'
import { lets, on, page, reader, warehouse } from './preview'
import type { CouldNotRemoveProps } from './props'
import { about, becauseWords, counted, first, list, named, reference, sentence, times } from './words'

type Why = CouldNotRemoveProps['why']

function whyOf(props: CouldNotRemoveProps): string {
  const where = named(props.application)
  const words: Record<Why, string> = {
    unreachable: `${where} does not answer`,
    refused: `${where} refuses it`,
    credentials: `${where} does not accept our credentials`,
    'rate-limited': `${where} asks us to slow down`,
    unclear: `${where} gave no clear answer`,
    'still-there': `${where} said yes, and it is still there`,
    'task-not-done': 'nobody has taken it out by hand',
  }
  return words[props.why]
}

function steps(props: CouldNotRemoveProps): Rich[] {
  const where = named(props.application)
  const byHand = rich`In a hurry? Take ${first(props.holder)} out of ${code(props.entitlement)} by hand. We see it at the next try and close this.`
  const gone = `Is ${where} gone for good? Two people can state, with a reason, that the access is gone.`
  const check = `Check that ${where} is up and lets Leasehold in. The removal follows within a minute.`
  const answer = `Read the answer above: ${where} says there what it does not accept. We keep trying meanwhile.`
  const firstStep: Record<Why, string> = {
    unreachable: check,
    refused: answer,
    credentials: `Save new credentials for ${where}. The removal is tried again at once.`,
    'rate-limited': `Wait: we try again as soon as ${where} allows it.`,
    unclear: check,
    'still-there': `See whether something else on ${where} gives the access back, a sync or a rule.`,
    'task-not-done': `Do the task, or ask those who have it.`,
  }
  return props.why === 'task-not-done'
    ? [
        rich`Take ${first(props.holder)} out of ${code(props.entitlement)} on ${where}, then say so on the task.`,
        gone,
      ]
    : [firstStep[props.why], byHand, gone]
}

function barOf(props: CouldNotRemoveProps): Bar {
  const t = times(props)
  const { givenAt, dueAt, now } = props
  const late = about(now.getTime() - dueAt.getTime())
  const total = Math.max(1, now.getTime() - givenAt.getTime())
  // The late part keeps a visible width: minutes on a day would be a hair.
  const over = Math.min(0.85, Math.max(0.15, (now.getTime() - dueAt.getTime()) / total))
  return {
    label: `The access is ${late} past its end and not removed`,
    stretches: [
      { tone: 'badsoft', share: 1 - over },
      { tone: 'bad', share: over },
    ],
    tick: `due ${t.full(dueAt)}`,
    left: `Given ${t.full(givenAt)}`,
    right: `${formatLateness(now.getTime() - dueAt.getTime())} late when sent`,
  }
}

function factsOf(props: CouldNotRemoveProps): NonNullable<Letter['facts']> {
  const t = times(props)
  const { answer, target, attempts, lastTriedAt, nextTryAt, dueAt } = props
  const last: Rich[] = [...(answer ? [[code(answer, 300)]] : []), ...(target ? [named(target, 120)] : [])]
  const exact = (when: Date) => (t.isToday(when) ? t.exact(when) : `${t.day(when)} at ${t.exact(when)}`)
  const gap = formatDuration(props.maxGapSeconds)
  return [
    ...(props.lets ? [{ label: `It lets ${first(props.holder)}`, lines: [sentence(props.lets)] }] : []),
    ...(last.length ? [{ label: 'Last answer', lines: last }] : []),
    ...(lastTriedAt
      ? [
          {
            label: 'Tried',
            lines: [`${counted(attempts, 'time')} since ${t.by(dueAt)}, last at ${exact(lastTriedAt)}`],
          },
        ]
      : []),
    ...(nextTryAt
      ? [
          {
            label: 'Next try',
            lines: [`${t.by(nextTryAt)}, then at least every ${gap.replace(/^1 (\w+)$/, '$1')}`],
          },
        ]
      : []),
  ]
}

/** It had been seen gone and was found again: somebody or something gave it back. */
function cameBackLetter(
  props: CouldNotRemoveProps,
  back: NonNullable<CouldNotRemoveProps['cameBack']>,
): Letter {
  const t = times(props)
  const { holder, alsoTold } = props
  const where = named(props.application)
  const now = back.goneAt
    ? `It was taken back once more and seen gone ${t.at(back.goneAt)}.`
    : 'It is being taken back once more, and we keep trying until it is gone.'
  return {
    subject: `Found again: ${named(holder)}’s ${named(props.entitlement)} on ${where}`,
    preview: `It had been seen gone. ${now}`,
    chip: { tone: 'bad', text: `Came back · found ${t.until(back.at)}` },
    heading: rich`${named(holder)} had ${code(props.entitlement)} on ${where} again, after it had been seen gone`,
    lead: sentences(`We looked once more ${t.at(back.at)} and found it.`, now),
    action: { label: 'See what happened', url: props.url },
    facts: factsOf(props),
    steps: {
      title: 'What you can do',
      items: [`See whether something else on ${where} gave the access back, a sync, a rule or a person.`],
    },
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, holder)}.`,
      alsoTold.length ? `${list(alsoTold)} got it too.` : undefined,
      `Times are ${t.zone(back.at)}.`,
      reference(props),
    ),
  }
}

/** To owners and admins: still there after its end, and what would help. */
export function couldNotRemoveLetter(props: CouldNotRemoveProps): Letter {
  if (props.cameBack) return cameBackLetter(props, props.cameBack)
  const t = times(props)
  const { holder, dueAt, alsoTold, adminsAt, toldAt } = props
  const where = named(props.application)
  const told = alsoTold.length ? `${list(alsoTold)} got it too.` : undefined
  const keeps =
    props.why === 'task-not-done'
      ? 'The task stays open until it is gone.'
      : 'We keep trying until it is gone.'
  const next = adminsAt
    ? `If it is still there ${t.at(adminsAt)}, the admins are told as well. You get no other mail about it.`
    : 'You get no other mail about it: the page shows every try, and when it is gone.'
  return {
    subject: `Not removed yet: ${named(holder)}’s ${named(props.entitlement)} on ${where}, due ${t.by(dueAt)}`,
    preview: `${sentence(whyOf(props))} ${keeps}`,
    chip: { tone: 'bad', text: `Overdue · should have ended ${t.until(dueAt)}` },
    heading: rich`${named(holder)} still has ${code(props.entitlement)} on ${where}. It should have ended ${t.at(dueAt)}.`,
    lead: sentences(
      toldAt ? `Those who look after ${where} were told ${t.at(toldAt)}, and it is still there.` : undefined,
      `We could not take it back, because ${whyOf(props)}.`,
      keeps,
      `${first(holder)} has done nothing wrong.`,
    ),
    bar: barOf(props),
    action: { label: 'See what is happening', url: props.url },
    facts: factsOf(props),
    steps: { title: 'What you can do', items: steps(props) },
    after: next,
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, holder)}.`,
      told,
      `Times are ${t.zone(dueAt)}.`,
      reference(props),
    ),
  }
}

export default function CouldNotRemove(props: CouldNotRemoveProps) {
  return <LetterMail letter={couldNotRemoveLetter(props)} org={props.org} />
}

CouldNotRemove.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T13:10'),
  holder: 'Ana Oliveira',
  lets,
  givenAt: on('12T13:03'),
  dueAt: on('13T13:03'),
  cameBack: null,
  why: 'unreachable',
  answer: 'connect timeout after 10 s',
  target: 'warehouse-db.halden.example, port 5432',
  attempts: 6,
  lastTriedAt: new Date('2026-11-13T13:09:41Z'),
  nextTryAt: on('13T13:12'),
  maxGapSeconds: 900,
  toldAt: null,
  adminsAt: on('13T14:04'),
  alsoTold: ['Jun Sato'],
  because: 'owner',
  url: page('grants/G-1187'),
  reference: 'Grant G-1187',
} satisfies CouldNotRemoveProps
