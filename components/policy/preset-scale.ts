import type { Preset } from '@/lib/domain/duration'
import { formatDurationShort } from '@/lib/format'

/** A longest length more than this many times the shortest would leave the short ones no room. */
const BREAK_AT = 12
const HOUR = 3_600
const DAY = 86_400

/** How the lengths are drawn: all on one scale, or, where that would hide the short ones, each on its own. */
export interface PresetScale {
  readonly broken: boolean
  /** Per cent of the cell for each length, in their order. */
  readonly widths: readonly number[]
  /** Marks of the common scale; none on a broken one. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

export function presetScale(presets: readonly Preset[]): PresetScale {
  const lengths = presets.map((p) => p.seconds).filter((s) => s > 0)
  if (lengths.length === 0) return { broken: false, widths: presets.map(() => 0), ticks: [] }
  const longest = Math.max(...lengths)
  const broken = longest > BREAK_AT * Math.min(...lengths)
  return {
    broken,
    widths: presets.map((p) => (p.seconds <= 0 ? 0 : broken ? 100 : (p.seconds / longest) * 100)),
    ticks: broken ? [] : ticksOf(longest),
  }
}

/** Where on its own bar the notice tick stands, in per cent; null when it is not inside. */
export function noticePlace(preset: Preset): number | null {
  const { seconds, noticeSeconds } = preset
  if (seconds <= 0 || noticeSeconds <= 0 || noticeSeconds >= seconds) return null
  return ((seconds - noticeSeconds) / seconds) * 100
}

/** Three even parts where whole days or hours allow it, else two, else only the end. */
function ticksOf(longest: number): { at: number; label: string }[] {
  const unit = longest >= 2 * DAY ? DAY : longest >= 2 * HOUR ? HOUR : 60
  const parts = [3, 4, 2].find((n) => (longest / unit) % n === 0) ?? 1
  return Array.from({ length: parts }, (_, i) => {
    const part = i + 1
    return { at: (part / parts) * 100, label: formatDurationShort((longest / parts) * part) }
  })
}
