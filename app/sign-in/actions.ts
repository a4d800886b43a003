'use server'

import { openAction, post } from '@/lib/action'
import { limits } from '@/lib/rate'
import { endCurrentSession } from '@/lib/session'
import {
  askForLink,
  confirmInput,
  confirmLink,
  demoInput,
  leave,
  leaveInput,
  linkInput,
  providerInput,
  signInAsDemo,
  signInWithProvider,
} from '@/lib/sign-in'

const byCaller = { limit: limits.signInByCaller }

export const sendLink = openAction(linkInput, askForLink, { ...byCaller, redirect: () => '/sign-in/sent' })
export const confirm = openAction(confirmInput, confirmLink, { ...byCaller, redirect: ({ to }) => to })
export const withProvider = openAction(providerInput, signInWithProvider, {
  limit: limits.signInAtProvider,
  redirect: ({ to }) => to,
})
export const asDemoPerson = openAction(demoInput, signInAsDemo, { redirect: ({ to }) => to })
export const signInAgain = openAction(leaveInput, leave, { redirect: ({ to }) => to })
export const signOut = post(endCurrentSession, '/sign-in')
