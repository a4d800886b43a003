/** An expected failure: its message is one sentence for the person at the keyboard, no stack is printed. */
export class Stop extends Error {}

/**
 * Runs a command's main function and turns its outcome into an exit code. A `Stop` prints its sentence,
 * anything else keeps its stack, since that is a defect of ours.
 * @param {() => Promise<number | undefined | void>} main
 */
export async function command(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    console.error(error instanceof Stop ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
