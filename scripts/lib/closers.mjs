/**
 * Things to close when a command ends, however it ends. They are closed once, the latest first; one that fails
 * does not keep the others open.
 */
export class Closers {
  #list = []
  #closing

  /**
   * What is added while everything is being closed is closed at once.
   * @param {() => unknown} close
   * @returns {() => void} takes it off the list again
   */
  add(close) {
    if (this.#closing) this.#closing = this.#closing.then(close).catch(console.error)
    else this.#list.push(close)
    return () => {
      this.#list = this.#list.filter((other) => other !== close)
    }
  }

  close() {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  /**
   * Closes everything after a failure and passes it on; unless a signal is ending the process, which makes
   * whatever is under way fail.
   * @returns {Promise<never>}
   */
  async failed(error) {
    if (this.#closing) await new Promise(() => {})
    await this.close()
    throw error
  }

  async #closeAll() {
    for (const close of this.#list.reverse()) {
      try {
        await close()
      } catch (error) {
        console.error(error)
      }
    }
  }

  /**
   * Ctrl-C, a supervisor's stop and a closed terminal close everything, then end the process. So does the end of
   * the npm that started us, which passes a stop that was meant for it on to nobody.
   */
  onSignals(then = () => {}) {
    const end = () => {
      void this.close().then(() => {
        then()
        process.exit(0)
      })
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) {
      setInterval(() => process.ppid !== parent && end(), 1_000).unref()
    }
    return this
  }
}
