import { mkdirSync, writeFileSync } from 'node:fs'
import { inRoot } from '@/scripts/lib/root.mjs'
import type { Machine } from './machine'
import { type Bench, type Figure, isMet, type Part } from './part'

/** Lines for people: what was measured, the bound, and whether it is met. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    `${figure.measured} ${figure.unit}`.trim(),
    boundWords(figure),
    { true: 'met', false: 'MISSED', null: '' }[String(isMet(figure)) as 'true' | 'false' | 'null'],
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}

function boundWords({ bound, unit }: Figure): string {
  if (bound === null) return ''
  return `${'atMost' in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`} ${unit}`.trim()
}

interface Kept extends Pick<Bench, 'scale' | 'seed' | 'options' | 'say'> {
  readonly part: Part
  readonly figures: readonly Figure[]
  readonly machine: Machine
}

/** Writes a result down: one of the whole size where everybody sees it, one of a trial beside the data. */
export function keep({ part, figures, machine, scale, seed, options, say }: Kept): void {
  const usual = scale === 1 && Object.keys(options).every((name) => name === 'long')
  const folder = usual ? 'bench/results' : '.data/bench-results'
  mkdirSync(inRoot(folder), { recursive: true })
  const file = `${folder}/${part.name}.json`
  const result = {
    part: part.name,
    what: part.what,
    date: new Date().toISOString(),
    scale,
    seed,
    options,
    machine,
    figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
  }
  writeFileSync(inRoot(file), `${JSON.stringify(result, null, 2)}\n`)
  say(`Kept in ${file}`)
}
