import type { Page, Response } from '@playwright/test'

/** What a page must not do while nobody expects it: complain, break, or be refused something. */
export class Watch {
  readonly #problems: string[] = []
  readonly #allowed: RegExp[] = []

  /** Expects these from now on: what a story does on purpose. Matched against the whole problem. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns)
  }

  follow(page: Page): void {
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      // Said below with its address.
      if (/^Failed to load resource: the server responded with/.test(message.text())) return
      this.#note(`console ${message.type()} on ${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => this.#note(`page error on ${page.url()}: ${error.message}`))
    page.on('response', (response: Response) => {
      if (response.status() >= 400) this.#note(`${response.status()} from ${response.url()}`)
    })
  }

  get problems(): readonly string[] {
    return this.#problems
  }

  #note(problem: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(problem))) this.#problems.push(problem)
  }
}
