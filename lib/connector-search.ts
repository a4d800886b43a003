import type { ConnectorChoice } from './application-views'

/** What one chooses between when an application is added: the systems one can connect, and people. */
export type WayChoice = Pick<ConnectorChoice, 'id' | 'name' | 'description' | 'category' | 'searchWords'>

/** Chosen where people give and take. */
export const BY_HAND = 'by-hand'

/** No connection: it is found among the systems, by what people would look for. */
export const byHand: WayChoice = {
  id: BY_HAND,
  name: 'No connection',
  description: 'People do it by hand: every give and every take becomes a task with a due time.',
  category: 'other',
  searchWords: ['by hand', 'manual', 'people', 'task', 'ticket', 'none'],
}

const titles = {
  directory: 'Directories and identity providers',
  code: 'Code',
  data: 'Data',
  other: 'Anything else',
} as const

/** Every word that was typed is found somewhere in what a choice is called, is, or is looked for by. */
export function fits(choice: WayChoice, typed: string): boolean {
  const text = [choice.name, choice.id, choice.description, ...choice.searchWords].join(' ').toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** The choices that fit, under their headings; headings with nothing under them are left out. */
export function waysFound(choices: readonly WayChoice[], typed: string) {
  return (Object.keys(titles) as (keyof typeof titles)[])
    .map((category) => ({
      title: titles[category],
      ways: choices.filter((choice) => choice.category === category && fits(choice, typed.trim())),
    }))
    .filter(({ ways }) => ways.length > 0)
}
