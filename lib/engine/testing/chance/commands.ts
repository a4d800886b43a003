import fc from 'fast-check'
import type { WorkKind } from '@/lib/domain/work'
import type { Fate } from '../worker'

/** Two people who want the same entitlement. */
export const holders = ['ana', 'eva'] as const
export type HolderName = (typeof holders)[number]

/** The two who have to agree, both of them, and one who asks. */
export const voters = ['ben', 'omar', 'ana'] as const
export type VoterName = (typeof voters)[number]

/** What becomes of a handler on its way: it ends, dies where it stands, or stands there until it is let go on. */
export type Until = 'end' | 'crash' | 'stall'

/** Work that the handlers of a lease do; mails and hints are sent by a sweep. */
export const handled = ['give', 'take', 'look', 'notice', 'alarm', 'lapse'] as const satisfies WorkKind[]

/** What somebody does, and is answered. */
export type Act =
  | { readonly do: 'ask' | 'ask for more' | 'withdraw' | 'revoke' | 'give back'; readonly who: HolderName }
  | {
      readonly do: 'vote'
      readonly who: HolderName
      readonly by: VoterName
      readonly verdict: 'approve' | 'deny'
    }

/** One thing that happens. Plain data, so that what failed can be kept as it was printed. */
export type Command =
  | { readonly do: 'nothing' }
  | Act
  /** Everything until it is agreed to: asking, and both who have to agree. */
  | { readonly do: 'get' | 'get more'; readonly who: HolderName }
  /** The clock moves by so many times ten minutes, and nobody works meanwhile. */
  | { readonly do: 'pass'; readonly tens: number }
  /** One due item is claimed, the `pick`th in order, and its handler goes so many steps. */
  | {
      readonly do: 'work'
      readonly pick: number
      readonly fate: Fate
      readonly until: Until
      readonly steps: number
    }
  /** A handler that stands somewhere goes on to its end. */
  | { readonly do: 'go on' }
  /** A claim that was handed out once is performed again. */
  | { readonly do: 'perform again' }
  /** An event about somebody's access comes twice at the same time. */
  | { readonly do: 'ring twice'; readonly who: HolderName }
  /** The engine starts anew: what dead processes held runs out, and so does what stands still. */
  | { readonly do: 'restart' }
  /** What the target put off, it does now. */
  | { readonly do: 'land' }
  /** Everything that is due is done, and nothing goes wrong. */
  | { readonly do: 'sweep' }

const who = fc.constantFrom(...holders)
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>('well') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Fate>(
      'answer lost',
      'late',
      'answered, late',
      'not reached',
      'refused',
      'no look',
    ),
  },
)
const until = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Until>('end') },
  { weight: 3, arbitrary: fc.constantFrom<Until>('crash', 'stall') },
)
const only = <const Do extends Command['do']>(what: Do) => fc.record({ do: fc.constant(what) })

/** What a command is made of, in order. */
export function partsOf(command: Command): Command[] {
  if (command.do !== 'get' && command.do !== 'get more') return [command]
  const { who } = command
  return [
    { do: command.do === 'get' ? 'ask' : 'ask for more', who },
    { do: 'vote', who, by: 'ben', verdict: 'approve' },
    { do: 'vote', who, by: 'omar', verdict: 'approve' },
  ]
}

/** So often each happens; `nothing` is what a shrunk command becomes. */
const command = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: only('nothing') },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('get' as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('get more' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), who }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('vote' as const),
      who,
      by: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom<VoterName>('ben', 'omar') },
        { weight: 1, arbitrary: fc.constant<VoterName>('ana') },
      ),
      verdict: fc.oneof(
        { weight: 9, arbitrary: fc.constant('approve' as const) },
        { weight: 1, arbitrary: fc.constant('deny' as const) },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask for more' as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('revoke' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('give back' as const), who }) },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('pass' as const), tens: fc.constantFrom(1, 3, 6) }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      pick: fc.nat(3),
      fate,
      until,
      steps: fc.nat(9),
    }),
  },
  { weight: 6, arbitrary: only('go on') },
  { weight: 3, arbitrary: only('perform again') },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ring twice' as const), who }) },
  { weight: 6, arbitrary: only('restart') },
  { weight: 5, arbitrary: only('land') },
  { weight: 6, arbitrary: only('sweep') },
)

/** So many commands in a row. */
export const lives = (length: number) =>
  fc.array(command, { minLength: length, maxLength: length }) as fc.Arbitrary<Command[]>

/** Commands as they are kept: without those that nothing happens in, one a line. */
export function wordsOf(commands: readonly Command[]): string {
  const lines = commands.filter((one) => one.do !== 'nothing').map((one) => `  ${JSON.stringify(one)},`)
  return ['[', ...lines, ']'].join('\n')
}
