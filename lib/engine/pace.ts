import 'server-only'

/** With so many takes in hand, mails wait, each for so long at most: writing them takes this process's time. */
const MANY_TAKES = 8
const MAILS_WAIT_MS = 2000
/** With so many, what was taken is looked at once the others are taken too. */
const CROWDED = 64
/** And so many places are let become free before the next look for work, for so long at most. */
const FREED = 32
const FREED_WITHIN_MS = 120

/** With so many found at once, there may be many more: all mails that go out at the same time are so many. */
const MUCH = 8

/** What one loop has in hand, and what follows from it. Times are those of this process, in milliseconds. */
export class Pace {
  #takes = 0
  #freed = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #mailAt = Number.NEGATIVE_INFINITY
  #found = 0

  begun(kind: string, now: number): void {
    if (kind === 'take') this.#takes += 1
    if (kind === 'send') this.#mailAt = now
  }

  over(kind: string): void {
    if (kind === 'take') this.#takes -= 1
    this.#freed += 1
  }

  looked(now: number): void {
    this.#lookedAt = now
    this.#freed = 0
  }

  /** What the look found. */
  found(claims: number): void {
    this.#found = claims
  }

  /** Whether much may be due: so much was found last time, or so many takes are under way. */
  get much(): boolean {
    return this.crowded || this.#found >= MUCH
  }

  /** Whether so many takes are under way that others wait for their places. */
  get crowded(): boolean {
    return this.#takes >= CROWDED
  }

  /** How long to wait before the next look for work: in a crowd a look for one place costs as much as one for many. */
  untilLook(now: number): number {
    if (!this.crowded || this.#freed >= FREED) return 0
    return Math.max(0, this.#lookedAt + FREED_WITHIN_MS - now)
  }

  /** How many mails at once; undefined for as many as usual. */
  mailsAtOnce(now: number): number | undefined {
    if (this.#takes < MANY_TAKES) return undefined
    return now - this.#mailAt > MAILS_WAIT_MS ? 1 : 0
  }
}
