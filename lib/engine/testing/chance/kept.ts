import type { Command } from './commands'
import type { Broken } from './world'

/** A life that is always lived again, as it was printed. */
export interface Kept {
  readonly what: string
  readonly commands: readonly Command[]
}

/** Lives in which something was wrong once, be it only what was expected of them: add what a failing seed prints. */
export const kept: readonly Kept[] = [
  {
    what: 'a give is refused, and its start-by comes before it has settled',
    commands: [
      { do: 'get', who: 'ana' },
      { do: 'work', pick: 0, fate: 'refused', until: 'end', steps: 0 },
      { do: 'pass', tens: 3 },
      { do: 'sweep' },
    ],
  },
  {
    what: 'a give dies in its call, and is revoked while that call may still be under way',
    commands: [
      { do: 'get', who: 'ana' },
      { do: 'work', pick: 0, fate: 'well', until: 'crash', steps: 4 },
      { do: 'revoke', who: 'ana' },
      { do: 'sweep' },
    ],
  },
]

/** Lives in which nothing is wrong, unless a rule of the engine is broken; and what is said then. */
export const telling: readonly (Kept & { readonly broken: Broken; readonly words: RegExp })[] = [
  {
    what: 'a notice stalls before it is ticked off, and the end moves meanwhile',
    broken: 'no fence',
    words: /a grant is active and nobody will be told of its end/,
    commands: [
      { do: 'get', who: 'ana' },
      { do: 'sweep' },
      { do: 'pass', tens: 3 },
      { do: 'pass', tens: 1 },
      { do: 'pass', tens: 1 },
      { do: 'work', pick: 0, fate: 'well', until: 'stall', steps: 1 },
      { do: 'get more', who: 'ana' },
      { do: 'go on' },
    ],
  },
  {
    what: 'a give takes effect after everything is over',
    broken: 'no look after the end',
    words: /ana holds it without a grant/,
    commands: [
      { do: 'get', who: 'ana' },
      { do: 'work', pick: 0, fate: 'late', until: 'end', steps: 0 },
      { do: 'revoke', who: 'ana' },
      { do: 'sweep' },
      { do: 'land' },
    ],
  },
]
