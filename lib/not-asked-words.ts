import { nameList } from '@/lib/asking-words'
import { becameWords } from '@/lib/deciding-words'
import { formatClock } from '@/lib/format'
import type { NotAsked, NotAskedWhy } from '@/lib/not-asked'

/** To somebody who was mailed to decide and is not asked any more: what it is called, why, and what to do. */
export interface NotAskedWords {
  readonly title: string
  readonly why: string
  readonly todo: string
}

/** Pure: says nothing of the request beyond who decides now. */
export function notAskedWords(answer: NotAsked, now: Date, zone: string): NotAskedWords {
  const at = (moment: Date) => formatClock(moment, zone, now)
  return { title: titleOf(answer.why), why: whyWords(answer.why, at), todo: todoWords(answer) }
}

function titleOf(why: NotAskedWhy): string {
  switch (why.kind) {
    case 'over':
      return why.became.state === 'withdrawn'
        ? 'This was withdrawn'
        : why.became.state === 'lapsed'
          ? 'This has lapsed'
          : 'This is decided already'
    case 'late':
      return 'The time to decide is over'
    case 'moved_on':
      return 'Your step is decided'
    case 'place_taken':
      return 'Your place has answered'
    case 'reassigned':
    case 'delegation_over':
    case 'other_account':
    case 'asked_anew':
    case 'not_among':
      return 'You are not asked any more'
  }
}

function whyWords(why: NotAskedWhy, at: (moment: Date) => string): string {
  switch (why.kind) {
    case 'over':
      return `${becameWords(why.became)}${why.became.at ? ` ${at(why.became.at)}` : ''}.`
    case 'late':
      return 'Nobody decided in time, and it lapses now.'
    case 'reassigned':
      return `${why.byName} had somebody else decide, ${at(why.at)}.`
    case 'moved_on':
      return why.byNames.length > 0
        ? `${nameList(why.byNames)} agreed on step ${why.step + 1} of ${why.steps}, which you were asked on.`
        : `Step ${why.step + 1} of ${why.steps}, which you were asked on, is passed.`
    case 'place_taken':
      return `${why.byName} decided ${at(why.at)}, and one answer counts for the two of you.`
    case 'delegation_over':
      return `You stood in for ${why.forName} until ${at(why.at)}.`
    case 'other_account':
      return 'You have another account here with the same address, and that one is asked.'
    case 'asked_anew':
      return `${why.byName} changed it ${at(why.at)}, so it is asked anew from the first step, and you are not asked on that one.`
    case 'not_among':
      return why.who.length > 0
        ? `${capital(nameList(why.who, 'or'))} may decide on this step, and at present you are not among them.`
        : 'Other people decide on this step now.'
  }
}

function todoWords({ why, now }: NotAsked): string {
  if (why.kind === 'over' || why.kind === 'late') return 'There is nothing for you to do.'
  if (why.kind === 'other_account') return 'Sign in with that account to decide.'
  if (now.length === 0) return 'At present nobody could decide; the owners and the admins are asked instead.'
  const who = nameList(now, 'or')
  if (why.kind === 'not_among')
    return `${who} decides now, so there is nothing for you to do. If you think that you should be asked, ask ${now[0]} or an admin.`
  return `${who} decides now, so there is nothing for you to do.`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
