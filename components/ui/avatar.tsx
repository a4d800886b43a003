import clsx from 'clsx'
import type { CSSProperties } from 'react'
import { initials } from '@/lib/format'

const HUES = ['#5d4bb3', '#1b7a46', '#8a5300', '#a03a6b', '#1f4fa3', '#b3563a', '#0f766e', '#6b6a62'] as const

/** The same name has the same colour everywhere and always. */
export function hueOf(name: string): string {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  return HUES[hash % HUES.length] ?? HUES[0]
}

type Size = 20 | 24 | 32 | 40

/** A person's letters. Decoration: the name always stands beside it. */
export function Avatar({ name, size = 24 }: { name: string; size?: Size }) {
  return (
    <span
      className={clsx('avatar', size !== 24 && `avatar-${size}`)}
      style={{ '--h': hueOf(name) } as CSSProperties}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  )
}

/** Several people in a row, the rest as a number. */
export function Avatars({
  names,
  size = 24,
  max = 4,
}: {
  names: readonly string[]
  size?: Size
  max?: number
}) {
  const rest = names.length - max
  return (
    <span className="avs" role="img" aria-label={names.join(', ')}>
      {names.slice(0, max).map((name) => (
        <Avatar key={name} name={name} size={size} />
      ))}
      {rest > 0 ? (
        <span className={clsx('avatar', size !== 24 && `avatar-${size}`)} aria-hidden="true">
          +{rest}
        </span>
      ) : null}
    </span>
  )
}

/** Two letters for an application: "Data warehouse" is DW, "GitHub" is GH, "Stripe" is ST. */
export function monogram(name: string): string {
  const words = name
    .replace(/\(.*?\)/g, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  const [first, second] = words
  if (!first) return '?'
  if (second) return `${[...first][0]}${[...second][0]}`.toUpperCase()
  const capitals = first.match(/\p{Lu}/gu) ?? []
  const letters = capitals.length > 1 ? capitals.slice(0, 2) : [...first].slice(0, 2)
  return letters.join('').toUpperCase()
}

/** An application's tile. Decoration, as the avatar. */
export function AppMark({ name, size = 20 }: { name: string; size?: 20 | 32 | 40 }) {
  return (
    <span className={clsx('apptile', size !== 20 && `apptile-${size}`)} aria-hidden="true">
      {monogram(name)}
    </span>
  )
}
