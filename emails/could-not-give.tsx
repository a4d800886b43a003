import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { CouldNotGiveProps } from './props'
import { counted, first, named, reference, sentence, times } from './words'

type Why = CouldNotGiveProps['why']

function whyOf(props: CouldNotGiveProps): string {
  const where = named(props.application)
  const whose = props.holder ? `${first(props.holder)}’s` : 'your'
  const who = props.holder ? first(props.holder) : 'you'
  const words: Record<Why, string> = {
    unreachable: `${where} did not answer in time`,
    refused: `${where} refused it`,
    credentials: `${where} does not accept our credentials`,
    'no-account': `${who} ${props.holder ? 'has' : 'have'} no account on ${where}`,
    'ambiguous-account': `more than one account on ${where} could be ${whose}`,
    'entitlement-gone': `it no longer exists on ${where}`,
    archived: `${where} was archived meanwhile`,
    'not-eligible': `${who} ${props.holder ? 'is' : 'are'} no longer among those who may hold it`,
    'task-not-done': 'nobody gave it by hand in time',
  }
  return words[props.why]
}

function help(props: CouldNotGiveProps): string {
  const where = named(props.application)
  const again = props.canAskAgain ? ' Then ask again.' : ''
  const later = props.canAskAgain ? 'You can ask again any time.' : 'It can be asked for again any time.'
  const words: Record<Why, string> = {
    unreachable: `The owners of ${where} see this too. ${later}`,
    refused: `Show the answer above to the owners of ${where}. ${later}`,
    credentials: `The owners of ${where} have to renew our credentials.${again}`,
    'no-account': `Somebody has to make an account on ${where} first.${again}`,
    'ambiguous-account': `An owner of ${where} has to say which account is the right one.${again}`,
    'entitlement-gone': `An owner of ${where} can say what took its place.`,
    archived: 'An admin can say what takes its place.',
    'not-eligible': 'If that is wrong, an owner can change the access policy.',
    'task-not-done': `Remind the owners of ${where}. ${later}`,
  }
  return words[props.why]
}

/** To the holder, and to owners: agreed, but it could not be given. */
export function couldNotGiveLetter(props: CouldNotGiveProps): Letter {
  const t = times(props)
  const whom = props.holder ? ` to ${named(props.holder)}` : ' to you'
  const what = rich`${code(props.entitlement)} on ${named(props.application)}`
  const heading: Rich = [...what, ` could not be given${whom}`]
  const proofs: Record<CouldNotGiveProps['proof'], string> = {
    'never-sent': 'Nothing was sent, so nothing was given.',
    'seen-absent': `We looked on ${named(props.application)}, and the access is not there.`,
    unclear: `It may be there all the same, so it is being taken back until it is seen gone on ${named(props.application)}.`,
  }
  const proof = proofs[props.proof]
  const tried = props.firstTriedAt
    ? `${counted(props.attempts, 'time')} since ${t.until(props.firstTriedAt)}`
    : 'Not at all'
  return {
    subject: plain(['Not given: ', ...what, props.holder ? ` for ${named(props.holder)}` : '']),
    preview: `${sentence(named(whyOf(props), 120))} ${proof}`,
    chip: { tone: 'bad', text: `Not given · time ran out ${t.until(props.startBy)}` },
    heading,
    lead: sentences(`It was agreed, but ${whyOf(props)}.`, proof),
    action: { label: props.canAskAgain ? 'Ask again' : 'See what happened', url: props.url },
    sections: [{ title: 'What would help', body: help(props) }],
    facts: [
      { label: 'Latest start', lines: [`${t.full(props.startBy)}, ${t.zone(props.startBy)}`] },
      ...(props.answer ? [{ label: 'Last answer', lines: [[code(props.answer, 300)]] }] : []),
      { label: 'Tried', lines: [tried] },
    ],
    foot: sentences(
      props.holder
        ? `You get this because you look after ${named(props.application)}.`
        : 'You get this because it was agreed for you.',
      `Times are ${t.zone(props.startBy)}.`,
      reference(props),
    ),
  }
}

export default function CouldNotGive(props: CouldNotGiveProps) {
  return <LetterMail letter={couldNotGiveLetter(props)} org={props.org} />
}

CouldNotGive.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T13:02'),
  why: 'unreachable',
  answer: 'connect timeout after 10 s',
  attempts: 96,
  firstTriedAt: on('12T13:02'),
  startBy: on('13T13:02'),
  proof: 'seen-absent',
  url: page('catalogue/prod_read/request'),
  canAskAgain: true,
  reference: 'Grant G-1187',
} satisfies CouldNotGiveProps
