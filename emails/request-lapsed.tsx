import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { RequestLapsedProps } from './props'
import { askedWords, list, named, reference, times } from './words'

function headingOf(props: RequestLapsedProps): Rich {
  const what = code(props.entitlement)
  const where = `on ${named(props.application)}`
  switch (props.why) {
    case 'undecided':
      return rich`Lapsed: nobody decided on ${props.extends ? 'more time for ' : ''}${what} ${where} in time`
    case 'nobody-left':
      return rich`Lapsed: nobody is left who could agree to ${what} ${where}`
    case 'not-started':
      return rich`Lapsed: ${what} ${where} could not be given in time`
    case 'policy-changed':
      return rich`Lapsed: the access policy for ${what} ${where} changed`
    case 'grant-ended':
      return rich`Lapsed: ${what} ${where} ended before more time was agreed`
    case 'left':
      return rich`Lapsed: whoever ${what} ${where} was for has left`
  }
}

function leadOf(props: RequestLapsedProps): Rich {
  const t = times(props)
  const asked = `asked ${t.at(props.askedAt)}`
  const lapsed = `${t.at(props.lapsedAt)} ${t.zone(props.lapsedAt)}`
  const mine = props.askedBy ? `${named(props.askedBy)} ${asked} for you.` : `You ${asked}.`
  const who = props.beneficiary ? `You ${asked} for ${named(props.beneficiary)}.` : mine
  switch (props.why) {
    case 'undecided':
      return sentences(who, `The time to decide ran out ${lapsed}.`)
    case 'nobody-left':
      return sentences(
        who,
        `Everybody who was asked left or may not decide any more, and there is no owner or administrator who could instead.`,
      )
    case 'not-started':
      return sentences(who, `It was agreed, but the time to give it ran out ${lapsed}.`)
    case 'policy-changed':
      return sentences(who, `The rules you asked under were replaced ${lapsed}.`)
    case 'grant-ended':
      return sentences(who, `The access itself ended ${lapsed}, and with it the request.`)
    case 'left':
      return sentences(who, `They were deactivated ${lapsed}, and with that the request ended.`)
  }
}

/** To the requester: ended without an answer. */
export function requestLapsedLetter(props: RequestLapsedProps): Letter {
  const t = times(props)
  const heading = headingOf(props)
  const stays =
    props.extends && props.why !== 'grant-ended'
      ? `The access still ends ${t.at(props.extends.endsAt)}.`
      : 'Nothing was given.'
  const gone = props.why === 'grant-ended' ? undefined : stays
  const mention =
    props.why === 'undecided' && props.asked.length > 0
      ? `Nobody said no. ${list(props.asked)} had been asked; tell one of them that it is coming.`
      : undefined
  return {
    subject: plain(heading),
    preview: sentencesText(gone, 'You can ask again.'),
    chip: { tone: 'off', text: `Lapsed · ${t.at(props.lapsedAt)}` },
    heading,
    lead: sentences(leadOf(props), gone),
    action: { label: props.beneficiary ? 'View request' : 'Ask again', url: props.url },
    sections: mention ? [{ title: 'If you still need it', body: mention }] : undefined,
    foot: sentences(askedWords(props), `Times are ${t.zone(props.lapsedAt)}.`, reference(props)),
  }
}

const sentencesText = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' ')

export default function RequestLapsed(props: RequestLapsedProps) {
  return <LetterMail letter={requestLapsedLetter(props)} org={props.org} />
}

RequestLapsed.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T16:52'),
  why: 'undecided',
  askedAt: on('12T12:52'),
  lapsedAt: on('12T16:52'),
  asked: ['Ben Okafor', 'Jun Sato', 'Mira Lindqvist', 'Tomás Rivera'],
  url: page('catalogue/prod_read/request'),
  reference: 'Request R-2041',
} satisfies RequestLapsedProps
