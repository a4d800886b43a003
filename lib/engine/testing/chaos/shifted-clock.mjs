// Loaded into a process by `--import`: the clock of its host is wrong by HOST_CLOCK_SHIFT_MS milliseconds.
const shift = Number(process.env.HOST_CLOCK_SHIFT_MS)
const Right = Date

globalThis.Date = class Shifted extends Right {
  constructor(...given) {
    if (given.length === 0) super(Right.now() + shift)
    else super(...given)
  }

  static now() {
    return Right.now() + shift
  }
}
