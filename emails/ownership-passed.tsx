import { LetterMail } from './frame'
import { type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { OwnershipPassedProps } from './props'
import { becauseWords, list, named, times } from './words'

/** To admins: the last owner of an application left, so that the admins own it now. */
export function ownershipPassedLetter(props: OwnershipPassedProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const heading = rich`${where} lost its last owner, and the admins own it now`
  return {
    subject: plain(heading),
    preview: 'Name somebody who knows it as its owner.',
    chip: { tone: 'warn', text: `Since ${t.at(props.passedAt)}` },
    heading,
    lead: `${list(props.left)} left. What owners are asked to decide, do or look at there comes to the admins until somebody is named.`,
    action: { label: 'Name an owner', url: props.url },
    foot: sentences(`You get this because ${becauseWords('admin', '', '')}.`),
  }
}

export default function OwnershipPassed(props: OwnershipPassedProps) {
  return <LetterMail letter={ownershipPassedLetter(props)} org={props.org} />
}

OwnershipPassed.PreviewProps = {
  ...reader,
  application: warehouse.application,
  left: ['Ben Okafor'],
  passedAt: on('13T08:55'),
  url: page('settings/access-management/applications/warehouse'),
} satisfies OwnershipPassedProps
