import { LetterMail } from './frame'
import { code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { RequestWithdrawnProps } from './props'
import { askedWords, named, reference, times } from './words'

/** To the other of the two people of a request: it was taken back. */
export function requestWithdrawnLetter(props: RequestWithdrawnProps): Letter {
  const t = times(props)
  const heading = rich`Withdrawn: ${code(props.entitlement)} on ${named(props.application)}`
  const stays = props.extends
    ? `The access still ends ${t.at(props.extends.endsAt)}.`
    : 'Nothing was given, and nobody is asked any more.'
  return {
    subject: plain(heading),
    preview: `${named(props.by)} took the request back. ${stays}`,
    chip: { tone: 'off', text: `Withdrawn · ${t.at(props.withdrawnAt)}` },
    heading,
    lead: sentences(
      `${named(props.by)} took the request back ${t.at(props.withdrawnAt)} ${t.zone(props.withdrawnAt)}.`,
      stays,
    ),
    action: { label: 'View request', url: props.url, quiet: true },
    foot: sentences(askedWords(props), `Times are ${t.zone(props.withdrawnAt)}.`, reference(props)),
  }
}

export default function RequestWithdrawn(props: RequestWithdrawnProps) {
  return <LetterMail letter={requestWithdrawnLetter(props)} org={props.org} />
}

RequestWithdrawn.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('12T13:20'),
  by: 'Ben Okafor',
  askedBy: 'Ben Okafor',
  withdrawnAt: on('12T13:20'),
  url: page('requests/R-2041'),
  reference: 'Request R-2041',
} satisfies RequestWithdrawnProps
