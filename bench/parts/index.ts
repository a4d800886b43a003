import type { Part } from '../lib/part'
import { herdPart } from './herd'
import { latenessPart } from './lateness'
import { seedPart } from './seed'
import { sleepingPart } from './sleeping'
import { throughputPart } from './throughput'

/** In the order in which all of them are run. */
export const parts: readonly Part[] = [latenessPart, herdPart, sleepingPart, throughputPart, seedPart]
