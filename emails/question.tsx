import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { QuestionAnsweredProps, QuestionAskedProps } from './props'
import { askedWords, first, named, reference, times } from './words'

/** To whoever asked, and whom it is for: somebody who may decide wants to know something first. */
export function questionAskedLetter(props: QuestionAskedProps): Letter {
  const t = times(props)
  const who = named(props.by)
  const heading = rich`${who} has a question about ${code(props.entitlement)} on ${named(props.application)}`
  return {
    subject: plain(heading),
    preview: `“${named(props.question, 120)}”`,
    chip: { tone: 'wait', text: `Not decided yet · lapses ${t.at(props.decideBy)}` },
    heading,
    quote: { text: props.question, by: `${first(props.by)}, ${t.at(props.askedAt)}` },
    action: { label: 'Answer', url: props.url },
    sections: [
      {
        title: 'What your answer does',
        body: `${first(props.by)} is told, and can decide. The request stays as it is, and its time runs on: it lapses ${t.at(props.decideBy)}.`,
      },
    ],
    foot: sentences(askedWords(props), `Times are ${t.zone(props.decideBy)}.`, reference(props)),
  }
}

/** To whoever wanted to know: the answer. */
export function questionAnsweredLetter(props: QuestionAnsweredProps): Letter {
  const t = times(props)
  const heading = rich`${named(props.by)} answered: ${code(props.entitlement)} on ${named(props.application)}`
  return {
    subject: plain(heading),
    preview: `“${named(props.answer, 120)}”`,
    chip: { tone: 'wait', text: `Not decided yet · lapses ${t.at(props.decideBy)}` },
    heading,
    quote: { text: props.answer, by: `${first(props.by)}, ${t.at(props.answeredAt)}` },
    action: {
      label: 'Review request',
      url: props.url,
      note: 'This only opens the request. Nothing is decided until you choose, signed in as yourself.',
    },
    status: `Not decided yet. It lapses ${t.at(props.decideBy)} ${t.zone(props.decideBy)}.`,
    facts: [{ label: 'You asked', lines: [named(props.question, 300)] }],
    foot: sentences(
      'You get this because you asked before deciding.',
      `Times are ${t.zone(props.decideBy)}.`,
      reference(props),
    ),
  }
}

export function QuestionAsked(props: QuestionAskedProps) {
  return <LetterMail letter={questionAskedLetter(props)} org={props.org} />
}

QuestionAsked.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:10'),
  by: 'Ben Okafor',
  question: 'Would the read replica do? It has the same tables until midnight.',
  askedAt: on('12T13:10'),
  decideBy: on('12T16:52'),
  url: page('requests/R-2041#questions'),
  reference: 'Request R-2041',
} satisfies QuestionAskedProps

export default function QuestionAnswered(props: QuestionAnsweredProps) {
  return <LetterMail letter={questionAnsweredLetter(props)} org={props.org} />
}

QuestionAnswered.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:18'),
  by: 'Ana Oliveira',
  question: 'Would the read replica do? It has the same tables until midnight.',
  answer: 'No, the rows in question were written this morning.',
  answeredAt: on('12T13:18'),
  decideBy: on('12T16:52'),
  url: page('decide/k7Qf2mVx'),
  reference: 'Request R-2041',
} satisfies QuestionAnsweredProps
