import type { Part } from '../lib/part'
import { herdPart } from './herd'
import { latenessPart } from './lateness'

/** In the order in which all of them are run. */
export const parts: readonly Part[] = [latenessPart, herdPart]
