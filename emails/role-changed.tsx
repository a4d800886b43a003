import { LetterMail } from './frame'
import { type Letter, plain, rich, sentences } from './letter'
import { on, page, reader } from './preview'
import type { RoleChangedProps } from './props'
import { becauseWords, named, times } from './words'

/** To every admin, and to whoever it is about: somebody was given a role, or lost one. */
export function roleChangedLetter(props: RoleChangedProps): Letter {
  const t = times(props)
  const noun = props.role === 'admin' ? 'an admin' : 'an auditor'
  const who = props.yours ? 'You' : named(props.person)
  const is = props.given ? (props.yours ? 'are' : 'is') : props.yours ? 'are no longer' : 'is no longer'
  const heading = rich`${who} ${is} ${noun}`
  const by = props.by ? named(props.by) : 'Somebody with access to the server, or its settings,'
  return {
    subject: plain(heading),
    preview: props.given ? may(props.role) : 'From their next click on.',
    chip: { tone: 'warn', text: `Changed ${t.at(props.changedAt)}` },
    heading,
    lead: sentences(
      `${by} changed it ${t.at(props.changedAt)} ${t.zone(props.changedAt)}.`,
      props.given ? may(props.role) : 'What they may do changed with their next click.',
    ),
    ...(props.reason ? { quote: { text: props.reason, by } } : {}),
    action: { label: props.yours ? 'Open Leasehold' : 'See the person', url: props.url, quiet: true },
    foot: sentences(
      props.yours
        ? 'You get this because it is about you.'
        : `You get this because ${becauseWords('admin', '', '')}.`,
      !props.yours && 'If you did not expect it, take the role back on that page and ask who did it.',
    ),
  }
}

const may = (role: RoleChangedProps['role']): string =>
  role === 'auditor'
    ? 'An auditor reads everything and changes nothing.'
    : 'An admin may change access policies, applications and people.'

export default function RoleChanged(props: RoleChangedProps) {
  return <LetterMail letter={roleChangedLetter(props)} org={props.org} />
}

RoleChanged.PreviewProps = {
  ...reader,
  person: 'Jun Sato',
  role: 'admin',
  given: true,
  yours: false,
  by: 'Ines Albrecht',
  reason: 'Stands in for me in December.',
  changedAt: on('13T08:55'),
  url: page('settings/people/jun'),
} satisfies RoleChangedProps
