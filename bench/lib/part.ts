import type { Closers } from '@/scripts/lib/closers.mjs'
import type { Server } from './databases'

/** What a part measures with. */
export interface Bench {
  readonly server: Server
  /** 1 for the sizes that the bounds speak of; a smaller one is for trying things out, and is held against no bound. */
  readonly scale: number
  /** Where chance is wanted, it begins here. */
  readonly seed: number
  /** Other options, by name, as they were given: `--connections 4`. */
  readonly options: Readonly<Record<string, string>>
  readonly say: (line: string) => void
  /** Closed when the part ends, however it ends. */
  readonly closers: Closers
}

/** One figure, and the bound it is held against; null where it only explains the others. */
export interface Figure {
  readonly what: string
  readonly measured: number
  readonly unit: string
  readonly bound: { readonly atMost: number } | { readonly atLeast: number } | null
}

/** One question that the bench asks. */
export interface Part {
  readonly name: string
  readonly what: string
  run(bench: Bench): Promise<readonly Figure[]>
}

/** Null where there is no bound. */
export function isMet({ measured, bound }: Figure): boolean | null {
  if (bound === null) return null
  return 'atMost' in bound ? measured <= bound.atMost : measured >= bound.atLeast
}

/** A whole number among the options. */
export function wholeOption({ options }: Pick<Bench, 'options'>, name: string, otherwise: number): number {
  const given = options[name]
  if (given === undefined) return otherwise
  const number = Number(given)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number from 1 on.`)
  return number
}
