import type { LeaseState } from './lease-state'

/** The instants a bar is drawn from. Whatever is missing is not drawn. */
export type LeaseTimes = {
  start?: Date
  notice?: Date
  end?: Date
  now: Date
  /** When it really ended, for `cut`. */
  endedAt?: Date
  /** The end that was asked for and is not granted yet. */
  ghostEnd?: Date
  /** The end before the last extension. */
  wasEnd?: Date
}

/** Positions in per cent of the bar's width. */
export type LeaseGeometry = {
  elapsed: number
  end: number
  notice?: number
  was?: number
  ghost: boolean
  late: boolean
}

/** Both the lease and the lateness must be seen, however far apart they are. */
const LATE_END = { least: 35, most: 96 }

/** True to scale from the start to whatever comes last: the end, the end asked for, or now when it is late. */
export function leaseGeometry(state: LeaseState, times: LeaseTimes): LeaseGeometry {
  const { start, end, now } = times
  const bare: LeaseGeometry = { elapsed: 0, end: 100, ghost: false, late: false }
  if (state === 'permanent' || state === 'void' || !start || !end || end <= start) return bare

  const late = state === 'over' && now > end
  const ghost = !late && Boolean(times.ghostEnd && times.ghostEnd > end)
  const last = late ? now : ghost && times.ghostEnd ? times.ghostEnd : end
  const endAt = share(start, last, end)
  const drawnEnd = late ? clamp(endAt, LATE_END.least, LATE_END.most) : endAt
  // Everything up to the end shares one scale, also where lateness had to be squeezed.
  const at = (moment: Date) => round(clamp((share(start, end, moment) * drawnEnd) / 100, 0, drawnEnd))
  const inside = (moment?: Date) => (moment && moment > start && moment < end ? at(moment) : undefined)
  return {
    elapsed: at(elapsedUntil(state, times, end)),
    end: round(drawnEnd),
    notice: inside(times.notice),
    was: inside(times.wasEnd),
    ghost,
    late,
  }
}

function elapsedUntil(state: LeaseState, times: LeaseTimes, end: Date): Date {
  if (state === 'scheduled' || state === 'provisioning') return times.start ?? times.now
  if (state === 'ended') return end
  if (state === 'cut') return times.endedAt ?? times.now
  return times.now
}

const share = (from: Date, to: Date, at: Date) =>
  ((at.getTime() - from.getTime()) / (to.getTime() - from.getTime())) * 100
const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))
const round = (value: number) => Math.round(value * 100) / 100
