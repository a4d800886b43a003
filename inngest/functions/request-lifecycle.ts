import 'server-only'
import { performFor } from '@/lib/engine/steps'
import { inngest } from '../client'
import { requestAsked, requestChanged } from '../events'
import { MOST_TURNS } from './turns'

/** One request, from asking until it is decided, withdrawn or lapsed. At most one run per request. */
export const requestLifecycle = inngest.createFunction(
  {
    id: 'request-lifecycle-v1',
    triggers: [requestAsked],
    singleton: { key: 'event.data.requestId', mode: 'skip' },
    checkpointing: false,
  },
  async ({ event, step }) => {
    const { requestId } = event.data
    for (let turn = 1; turn <= MOST_TURNS; turn++) {
      const { next } = await step.run(`do-what-is-due-${turn}`, () => performFor('request', requestId))
      if (next === null) return
      await step.waitForEvent(`wait-until-due-or-changed-${turn}`, {
        event: requestChanged,
        match: 'data.requestId',
        timeout: new Date(next),
      })
    }
  },
)
