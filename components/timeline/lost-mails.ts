import type { LostMail } from '@/lib/mail-views'
import type { TimelineItem } from './timeline'

/** Mails that did not arrive, as entries among what happened: whoever wonders why nobody answers looks there. */
export function lostMailItems(mails: readonly LostMail[]): TimelineItem[] {
  return mails.map((mail) => ({
    id: `mail-${mail.id}`,
    at: mail.at,
    icon: 'bell-off',
    tone: 'bad',
    who: 'A mail did not arrive',
    text: `to ${mail.to}: “${mail.subject}”`,
    detail: mail.why,
  }))
}
