/** Says what it would mean if somebody, or a group, were gone. Pure; for the dialogs that ask once more. */
import type { AbsenceEffect } from './people-views'

/** One line of a dialog: what happens. */
export interface AbsenceLine {
  readonly icon: 'circle-check' | 'hourglass' | 'key-round' | 'ban' | 'triangle-alert' | 'hand'
  readonly tone?: 'ok' | 'warn' | 'bad'
  readonly text: string
}

/** Who goes: a person altogether, a whole group, or somebody out of a group. */
export type Leaving = 'person' | 'group' | 'member'

const they = { person: 'them', group: 'this group', member: 'them' } as const

/** What follows, most lasting first; says so where nothing is lost. */
export function absenceLines(effect: AbsenceEffect, leaving: Leaving): AbsenceLine[] {
  const lines: AbsenceLine[] = []
  if (leaving === 'person') lines.push({ icon: 'key-round', text: endingWords(effect) })
  if (effect.own > 0)
    lines.push({
      icon: 'ban',
      text: `${requests(effect.own)} for them ${effect.own === 1 ? 'lapses' : 'lapse'}.`,
    })
  const left = effect.waiting - effect.stuck.length
  if (left > 0)
    lines.push({
      icon: 'hourglass',
      text: `${requests(left)} that ${left === 1 ? 'waits' : 'wait'} for ${they[leaving]} ${left === 1 ? 'goes' : 'go'} on without ${leaving === 'group' ? 'it' : 'them'}.`,
    })
  const lapsing = effect.stuck.filter((r) => r.lapses).length
  const handed = effect.stuck.length - lapsing
  if (handed > 0)
    lines.push({
      icon: 'hourglass',
      tone: 'warn',
      text: `${requests(handed)} ${handed === 1 ? 'is' : 'are'} left with too few who could agree: the application’s owners, or the admins, are asked at once.`,
    })
  if (lapsing > 0)
    lines.push({
      icon: 'ban',
      tone: 'bad',
      text: `${requests(lapsing)} ${lapsing === 1 ? 'lapses' : 'lapse'} at once, because nobody is left who could agree. Whoever asked is told.`,
    })
  for (const { name, blocked, eligible } of effect.policies)
    lines.push({
      icon: 'triangle-alert',
      tone: 'warn',
      text:
        blocked >= eligible
          ? `Under ${name} nobody could then agree to anyone who may ask.`
          : `Under ${name} nobody could then agree to ${blocked} of ${eligible} people who may ask.`,
    })
  for (const { name } of effect.unowned)
    lines.push({
      icon: 'triangle-alert',
      tone: 'warn',
      text: `${name} is left without an owner: the admins own it then, and are told.`,
    })
  if (effect.delegations > 0)
    lines.push({
      icon: 'hourglass',
      text: `${effect.delegations === 1 ? '1 arrangement' : `${effect.delegations} arrangements`} of who decides in whose place ${effect.delegations === 1 ? 'ends' : 'end'}.`,
    })
  if (effect.asks.length > 0)
    lines.push({
      icon: 'ban',
      text: `Being in it no longer lets ${leaving === 'group' ? 'anybody' : 'them'} ask under ${listed(effect.asks.map((p) => p.name))}.`,
    })
  if (effect.fulfils.length > 0)
    lines.push({
      icon: 'hand',
      tone: 'warn',
      text: `Giving and taking by hand on ${listed(effect.fulfils.map((p) => p.name))} is left to owners and admins.`,
    })
  if (effect.waiting + effect.stuck.length + effect.policies.length === 0)
    lines.push({
      icon: 'circle-check',
      tone: 'ok',
      text: `No request waits for ${they[leaving]}, and no access policy loses whoever could agree.`,
    })
  return lines
}

function endingWords({ ending, staying }: AbsenceEffect): string {
  if (ending === 0) return 'They hold nothing that would have to be taken.'
  const taken = ending - staying
  const parts = [
    taken > 0 && `${accesses(taken)} ${taken === 1 ? 'is' : 'are'} taken now.`,
    staying > 0 &&
      `${accesses(staying)} held before our first give ${staying === 1 ? 'stays' : 'stay'} where ${staying === 1 ? 'it is' : 'they are'}.`,
  ]
  return parts.filter(Boolean).join(' ')
}

const accesses = (n: number) => (n === 1 ? '1 access' : `${n} accesses`)
const requests = (n: number) => (n === 1 ? '1 request' : `${n} requests`)
const listed = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
