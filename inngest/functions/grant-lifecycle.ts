import 'server-only'
import { performFor } from '@/lib/engine/steps'
import { inngest } from '../client'
import { grantApproved, grantChanged } from '../events'
import { MOST_TURNS } from './turns'

/**
 * One grant, from its approval to the settle look after its end: does what is due, waits until something is due
 * again or something changed, and so on. At most one run per grant; a lost one is replaced by the sweep.
 */
export const grantLifecycle = inngest.createFunction(
  {
    id: 'grant-lifecycle-v1',
    triggers: [grantApproved],
    singleton: { key: 'event.data.grantId', mode: 'skip' },
    checkpointing: false,
  },
  async ({ event, step }) => {
    const { grantId } = event.data
    for (let turn = 1; turn <= MOST_TURNS; turn++) {
      const { next } = await step.run(`do-what-is-due-${turn}`, () => performFor('grant', grantId))
      if (next === null) return
      await step.waitForEvent(`wait-until-due-or-changed-${turn}`, {
        event: grantChanged,
        match: 'data.grantId',
        timeout: new Date(next),
      })
    }
  },
)
