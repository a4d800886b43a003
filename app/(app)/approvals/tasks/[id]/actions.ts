'use server'

import { action } from '@/lib/action'
import { completeForm } from '@/lib/forms/people'
import { completeTask } from '@/lib/services/tasks'

export const complete = action(completeForm, completeTask)
