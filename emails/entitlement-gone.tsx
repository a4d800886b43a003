import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { EntitlementGoneProps } from './props'
import { becauseWords, list, named, reference, times } from './words'

/** To whoever holds it, and to the owners: the target does not have it any more, so it is closed. */
export function entitlementGoneLetter(props: EntitlementGoneProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const what = rich`${code(props.entitlement)} on ${where}`
  const heading: Rich = props.yours ? [...what, ', which you hold, is gone'] : [...what, ' is gone']
  const many = props.holders.length > 1
  const rest: Rich = many
    ? 'What they held has nothing to open any more. At its end each access is looked for, and counts as proven gone.'
    : 'It has nothing to open any more. At its end the access is looked for, and counts as proven gone.'
  return {
    subject: plain(['Gone: ', ...what]),
    preview: `${where} did not list it twice in a row, so nobody can ask for it any more.`,
    chip: { tone: 'off', text: `Closed ${t.until(props.since)}` },
    heading,
    lead: `${where} did not list it twice in a row, so it is closed and nobody can ask for it any more. One made again under the same name is a new one.`,
    action: { label: props.yours ? 'See your access' : 'See the application', url: props.url },
    sections: [
      ...(props.yours ? [{ title: 'Your access', body: rest }] : []),
      ...(!props.yours && props.holders.length > 0
        ? [{ title: 'Live access', body: sentences(`${list(props.holders)} held it.`, rest) }]
        : []),
      ...(!props.yours && props.policy
        ? [
            {
              title: 'Access policy',
              body: `${named(props.policy)} still offers it. Take it out there, or offer what took its place.`,
            },
          ]
        : []),
    ],
    facts: [{ label: 'Closed', lines: [`${t.full(props.since)}, ${t.zone(props.since)}`] }],
    foot: sentences(
      props.yours
        ? 'You get this because you hold it.'
        : `You get this because ${becauseWords(props.because, props.application, '')}.`,
      `Times are ${t.zone(props.since)}.`,
      reference(props),
    ),
  }
}

export default function EntitlementGone(props: EntitlementGoneProps) {
  return <LetterMail letter={entitlementGoneLetter(props)} org={props.org} />
}

EntitlementGone.PreviewProps = {
  ...reader,
  ...warehouse,
  now: on('13T13:02'),
  yours: false,
  holders: ['Ana Oliveira', 'Jun Sato'],
  policy: 'Production read',
  since: on('13T13:02'),
  because: 'owner',
  url: page('settings/access-management/applications/warehouse'),
} satisfies EntitlementGoneProps
