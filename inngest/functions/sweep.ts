import 'server-only'
import { sweepAndFind } from '@/lib/engine/steps'
import { inngest } from '../client'
import { grantApproved, requestAsked } from '../events'

/**
 * Every minute: does all that is due, whether a run was to do it or not, so that a lost run costs a minute at
 * most. What was left alone has no run any more and is given a new one for what is still to come.
 */
export const sweepEveryMinute = inngest.createFunction(
  {
    id: 'sweep-v1',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 0,
    checkpointing: false,
  },
  async ({ step }) => {
    const { forgotten } = await step.run('do-what-is-due', sweepAndFind)
    if (forgotten.length === 0) return
    await step.sendEvent(
      'arm-again',
      forgotten.map(({ subject, id }) =>
        subject === 'grant' ? grantApproved.create({ grantId: id }) : requestAsked.create({ requestId: id }),
      ),
    )
  },
)
