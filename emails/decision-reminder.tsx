import DecisionNeeded, { decisionNeededLetter } from './decision-needed'
import { LetterMail } from './frame'
import { type Letter, pieces, plain, type Rich } from './letter'
import { on } from './preview'
import type { DecisionNeededProps } from './props'
import { about, named, sentence, times } from './words'

/** To everybody who may still decide: it waits. The same mail as the first one, told by how long it has waited. */
export function decisionReminderLetter(props: DecisionNeededProps): Letter {
  const t = times(props)
  const letter = decisionNeededLetter(props)
  const heading: Rich = ['Still waiting: ', ...pieces(letter.heading)]
  const left = about(props.decideBy.getTime() - props.now.getTime())
  return {
    ...letter,
    subject: plain(heading),
    preview: `${left} left to decide. ${props.reason ? `“${named(sentence(props.reason), 80)}”` : ''}`.trim(),
    chip: { tone: 'warn', text: `Waits since ${t.until(props.askedAt)} · lapses ${t.at(props.decideBy)}` },
    heading,
    status: `It waits since ${t.until(props.askedAt)}, and lapses in ${left}: ${t.at(props.decideBy)} ${t.zone(props.decideBy)}.`,
  }
}

export default function DecisionReminder(props: DecisionNeededProps) {
  return <LetterMail letter={decisionReminderLetter(props)} org={props.org} />
}

DecisionReminder.PreviewProps = {
  ...DecisionNeeded.PreviewProps,
  now: on('12T14:52'),
} satisfies DecisionNeededProps
