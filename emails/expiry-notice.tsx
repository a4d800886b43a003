import { formatDuration } from '@/lib/format'
import { LetterMail } from './frame'
import { type Bar, code, type Letter, plain, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { ExpiryNoticeProps } from './props'
import { about, counted, first, list, named, reference, times } from './words'

function barOf(props: ExpiryNoticeProps): Bar {
  const t = times(props)
  const { givenAt, endsAt, now } = props
  const total = Math.max(1, endsAt.getTime() - givenAt.getTime())
  const left = Math.min(total, Math.max(0, endsAt.getTime() - now.getTime()))
  return {
    label: `${about(total - left)} of ${about(total)} have passed; ${about(left)} are left`,
    stretches: [
      { tone: 'warn', share: 1 - left / total },
      { tone: 'restw', share: left / total },
    ],
    tick: 'this notice',
    left: `Given ${t.full(givenAt)}`,
    right: `Ends ${t.full(endsAt)}`,
  }
}

function ifNothing(props: ExpiryNoticeProps): string {
  const t = times(props)
  const when = t.isToday(props.endsAt) ? `at ${t.clock(props.endsAt)}` : t.at(props.endsAt)
  if (props.preexisting) return `The lease ends ${when}, and the access stays: you held it before.`
  const sessions = props.closesSessions ? ', and your open sessions there are closed' : ''
  return `It is taken back by itself ${when}${sessions}. Save your work before then. You can ask again any time.`
}

/** What happens where more was asked for and nobody has answered by the end. */
const graceOf = (seconds?: number) =>
  seconds ? ` If nobody has answered by the end, you keep it for ${formatDuration(seconds)} more, once.` : ''

const closed = {
  policy: 'This access cannot be extended.',
  count: 'It has been extended as often as its policy allows.',
  length: 'It has reached the longest time its policy allows.',
  separation:
    'It cannot be extended while you hold something else that separation of duties keeps apart from it.',
}

function ifLonger(props: ExpiryNoticeProps): string {
  const by = times(props).by(props.endsAt)
  const offer = props.extension
  if (offer.allowed) {
    const left = offer.left === null ? '' : `, and you have ${counted(offer.left, 'extension')} left`
    const cap = `Ask for up to ${formatDuration(offer.maxSeconds)} more.`
    const automatic = offer.automaticSeconds
    if (automatic !== undefined && automatic >= offer.maxSeconds)
      return `${cap} Nobody has to be asked. Your work is not interrupted${left}.`
    const who = offer.deciders.length
      ? `${list(offer.deciders.length > 1 ? offer.deciders.map(first) : offer.deciders, 'or')} has to agree before ${by}.`
      : `It has to be agreed before ${by}.`
    const alone = automatic ? ` Up to ${formatDuration(automatic)} needs nobody’s yes. For longer,` : ''
    return `${cap}${alone} ${who} Your work is not interrupted${left}.${graceOf(offer.graceSeconds)}`
  }
  switch (offer.why) {
    case 'pending':
      return offer.graceSeconds
        ? `You have asked for more time already.${graceOf(offer.graceSeconds)}`
        : `You have asked for more time already; that is decided before ${by}, or this ends.`
    case 'emergency':
      return 'Emergency access is not extended. Ask for it in the usual way if you still need it.'
    default:
      return `${closed[offer.why]} You can ask anew once it has ended.`
  }
}

/** To the holder, ahead of the end, with the button to ask for more where more is allowed. */
export function expiryNoticeLetter(props: ExpiryNoticeProps): Letter {
  const t = times(props)
  const { endsAt, approved, extension, preexisting } = props
  const left = about(endsAt.getTime() - props.now.getTime())
  const entitlement = code(props.entitlement)
  const where = named(props.application)
  const heading = preexisting
    ? rich`Your lease of ${entitlement} on ${where} ends ${t.at(endsAt)}`
    : rich`Your ${entitlement} on ${where} ends ${t.at(endsAt)}`
  const back = {
    before: 'Done already?',
    label: 'Give it back now',
    url: props.backUrl,
    text: 'Done already? Give it back',
  }
  return {
    subject: plain(heading),
    preview: extension.allowed
      ? `In ${left}. Need longer? Ask before then. Otherwise there is nothing to do.`
      : `In ${left}. Save your work before then.`,
    chip: { tone: 'warn', text: `Expiry notice · ${left} before the end` },
    heading,
    lead: `${t.day(endsAt)}, ${t.zone(endsAt)}: ${left} after we sent this.`,
    bar: barOf(props),
    action: extension.allowed
      ? { label: 'Request extension', url: extension.url }
      : { label: 'View access', url: props.url },
    link: back,
    sections: [
      { title: 'If you do nothing', body: ifNothing(props) },
      { title: 'If you need longer', body: ifLonger(props) },
    ],
    foot: sentences(
      rich`You get this because you hold ${entitlement}.`,
      approved && `${named(approved.by)} approved it ${t.at(approved.at)}.`,
      `Times are ${t.zone(endsAt)}.`,
      reference(props),
    ),
  }
}

export default function ExpiryNotice(props: ExpiryNoticeProps) {
  return <LetterMail letter={expiryNoticeLetter(props)} org={props.org} />
}

ExpiryNotice.PreviewProps = {
  ...reader,
  ...warehouse,
  grantId: 'G-1187',
  sequence: 0,
  givenAt: on('12T13:03'),
  endsAt: on('13T13:03'),
  extension: {
    allowed: true,
    url: page('extend/p3Zt9Lwa'),
    maxSeconds: 86_400,
    deciders: ['Ben Okafor', 'Jun Sato', 'Mira Lindqvist', 'Tomás Rivera'],
    left: 2,
  },
  closesSessions: true,
  preexisting: false,
  approved: { by: 'Ben Okafor', at: on('12T13:02') },
  url: page('grants/G-1187'),
  backUrl: page('grants/G-1187/give-back'),
  reference: 'Grant G-1187',
} satisfies ExpiryNoticeProps
