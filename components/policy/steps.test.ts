import { expect, it } from 'vitest'
import { blankPolicy } from '@/lib/domain/policy'
import { problemLabel, stepOfPath } from './steps'

it.each([
  ['name', 'details', 'name'],
  ['entitlementIds', 'entitlements', 'entitlements'],
  ['requesters', 'requesters', 'who may request'],
  ['steps', 'approval', 'approval steps'],
  ['steps.1.approvers', 'approval', 'step 2'],
  ['steps.1.escalateSeconds', 'approval', 'step 2, fallback'],
  ['automatic', 'approval', 'agreed at once'],
  ['automatic.maxSeconds', 'approval', 'agreed at once, length'],
  ['automatic.heldWithinDays', 'approval', 'agreed at once, held before'],
  ['reminders', 'approval', 'reminders'],
  ['emergency.seconds', 'approval', 'emergency access'],
  ['decideWithinSeconds', 'approval', 'undecided after'],
  ['presets.0.noticeSeconds', 'duration', '6 hours, notice'],
  ['extension.maxCount', 'duration', 'extensions per grant'],
  ['extensionApproval.automaticSeconds', 'duration', 'more time at once'],
  ['graceSeconds', 'duration', 'kept while nobody has answered'],
])('finds the step of %s and calls its field by name', (path, step, label) => {
  expect([stepOfPath(path), problemLabel(path, blankPolicy)]).toEqual([step, label])
})
