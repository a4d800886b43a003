import type { TimelineVerb } from '@/lib/domain/timeline'
import { quoted, sentences, type TimelineEntryView, type TimelineWords, text } from './timeline-parts'

type Words = Omit<TimelineWords, 'who'> & { who?: string | null }
type Teller = (entry: TimelineEntryView) => Words

const questions: Record<string, string> = {
  ambiguous: 'More than one account fits.',
  missing: 'No account was found by the address.',
  address_changed: 'The known account does not answer to the person’s address any more.',
  recycled: 'The address belongs to another account by now.',
  taken: 'The account that fits is another person’s.',
}

const whom = (data: TimelineEntryView['data']) => text(data.person) ?? 'this person'
const where = (data: TimelineEntryView['data']) =>
  text(data.application) ? ` on ${text(data.application)}` : ''
const listed = (value: unknown) => (Array.isArray(value) && value.length > 0 ? value.join(', ') : undefined)

/** Whose account it is, and the removal drill. */
export const connectionTellers: Pick<
  Record<TimelineVerb, Teller>,
  'asked_whose' | 'proposed' | 'linked' | 'unlinked' | 'drill_set' | 'drilled'
> = {
  asked_whose: ({ data }) => ({
    icon: 'circle-alert',
    tone: 'wait',
    text: `asks which account${where(data)} is ${whom(data)}’s`,
    detail: sentences(
      questions[text(data.kind) ?? ''],
      listed(data.candidates) && `Found: ${listed(data.candidates)}.`,
    ),
  }),
  proposed: ({ data }) => ({
    icon: 'user-check',
    tone: 'wait',
    text: `named ${text(data.account) ?? 'an account'} as their own${where(data)}`,
    detail: 'An owner or an admin says whether it is so.',
  }),
  linked: ({ data }) => ({
    icon: 'link',
    tone: 'ok',
    text: data.address
      ? `saw that ${text(data.account) ?? 'the account'} of ${whom(data)} answers to ${text(data.address)} now`
      : `said that ${text(data.account) ?? 'an account'}${where(data)} is ${whom(data)}’s`,
    detail: text(data.was) && `Before, it was ${text(data.was)}.`,
  }),
  unlinked: ({ data }) => ({
    icon: 'undo',
    tone: 'off',
    text: `unlinked ${text(data.account) ?? 'an account'}${where(data)} from ${whom(data)}`,
  }),
  drill_set: ({ data }) => ({
    icon: 'shield-check',
    tone: 'info',
    text: data.account
      ? `set ${text(data.account)} and ${text(data.entitlement)} aside for the removal drill${where(data)}`
      : `ended the removal drill${where(data)}`,
  }),
  drilled: ({ data }) => ({
    icon: data.ok === false ? 'octagon-alert' : 'shield-check',
    tone: data.ok === false ? 'bad' : data.ok ? 'ok' : 'info',
    text:
      data.ok === false
        ? `could not prove the removal${where(data)}`
        : data.ok
          ? `proved the removal${where(data)}`
          : `took what a removal drill had left${where(data)}`,
    detail: sentences(text(data.what), quoted(data.note)),
  }),
}
