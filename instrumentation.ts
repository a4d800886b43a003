import type { Instrumentation } from 'next'

/** Once per server process, before its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { start } = await import('./lib/start')
  await start()
}

/** Logs what a page, a route or an action threw, under the number that the person is shown. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('./lib/log')
  const digest = typeof error === 'object' && error && 'digest' in error ? error.digest : undefined
  // The route and not the address, which may hold a link's token.
  const { routePath, routeType } = context
  // A reader who leaves before the page is all there is no accident.
  const level = error instanceof Error && /destination stream/.test(error.message) ? 'debug' : 'error'
  log[level]({ err: error, digest, method: request.method, routePath, routeType }, 'a request failed')
}
