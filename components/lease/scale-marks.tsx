import clsx from 'clsx'
import type { CSSProperties } from 'react'

/** A moment under a bar: where it stands in per cent of the width, and its two lines. */
export interface Mark {
  readonly key: string
  readonly x: number
  readonly title: string
  readonly text: string
  /** Which side of its words stands at `x`. */
  readonly align: 'left' | 'middle' | 'right'
  readonly tone?: string
}

/** Pixels that a letter takes at the size of these words, and between two words. */
const LETTER = 6.6
const GAP = 10
/** The widths, in pixels, of a scale from which on something may be shown; each has its rule in lease.css. */
const STEPS = [280, 360, 440, 560, 720, 900]

/**
 * From which width of the scale on each mark is shown: 0 for always, infinity for never. Where two would run into each
 * other, what stands between the first and the last gives way, and of others the earlier one: the end is the news.
 */
export function shownFrom(marks: readonly Mark[]): number[] {
  const [first] = marks
  const last = marks.at(-1)
  return marks.map((mark, i) => {
    if (!first || !last || mark === last) return 0
    if (mark === first) return stepOf(roomFor(first, last))
    const later = marks.slice(i + 1).map((other) => roomFor(mark, other))
    return stepOf(Math.max(roomFor(first, mark), ...later))
  })
}

const stepOf = (width: number) =>
  width <= 0 ? 0 : (STEPS.find((step) => step >= width) ?? Number.POSITIVE_INFINITY)

/** The width in pixels at which two marks have room beside each other. */
function roomFor(a: Mark, b: Mark): number {
  const wide = ({ title, text }: Mark) => Math.max(title.length, text.length) * LETTER
  const right = wide(a) * { left: 1, middle: 0.5, right: 0 }[a.align]
  const left = wide(b) * { left: 0, middle: 0.5, right: 1 }[b.align]
  const share = (b.x - a.x) / 100
  return share <= 0 ? Number.POSITIVE_INFINITY : (right + left + GAP) / share
}

/** The words under a large bar, each at its place. */
export function ScaleMarks({ marks }: { marks: readonly Mark[] }) {
  const from = shownFrom(marks)
  return (
    <div className="lease-scale" aria-hidden="true">
      {marks.map(({ key, x, title, text, align, tone }, i) =>
        from[i] === Number.POSITIVE_INFINITY ? null : (
          <span
            key={key}
            className={clsx(`at-${align}`, from[i] && `from-${from[i]}`)}
            style={{ '--x': x } as CSSProperties}
          >
            <b className={clsx(tone)}>{title}</b>
            {text}
          </span>
        ),
      )}
    </div>
  )
}
