import type { Part } from '../lib/part'
import { dashboardPart } from './dashboard'
import { exportPart } from './export'
import { grantsPart } from './grants'
import { herdPart } from './herd'
import { latenessPart } from './lateness'
import { processPart } from './process'
import { provisionPart } from './provision'
import { seedPart } from './seed'
import { sleepingPart } from './sleeping'
import { throughputPart } from './throughput'

/** In the order in which all of them are run. */
export const parts: readonly Part[] = [
  latenessPart,
  herdPart,
  sleepingPart,
  throughputPart,
  provisionPart,
  seedPart,
  grantsPart,
  exportPart,
  dashboardPart,
  processPart,
]
