'use server'

import { action } from '@/lib/action'
import {
  addReceiver,
  addReceiverInput,
  editReceiver,
  editReceiverInput,
  pauseReceiver,
  pauseReceiverInput,
  removeReceiver,
  removeReceiverInput,
  replayReceiver,
  replayReceiverInput,
} from '@/lib/services/audit-receivers'

const writeOnly = ['secret']

export const add = action(addReceiverInput, addReceiver, { writeOnly })
export const edit = action(editReceiverInput, editReceiver, { writeOnly })
export const pause = action(pauseReceiverInput, pauseReceiver)
export const replay = action(replayReceiverInput, replayReceiver)
export const remove = action(removeReceiverInput, removeReceiver)
