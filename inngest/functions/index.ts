import 'server-only'
import { grantLifecycle } from './grant-lifecycle'
import { requestLifecycle } from './request-lifecycle'
import { sweepEveryMinute } from './sweep'

/** Every function that is served to the job engine. */
export const functions = [grantLifecycle, requestLifecycle, sweepEveryMinute]
