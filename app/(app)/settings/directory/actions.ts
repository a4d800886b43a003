'use server'

import { action } from '@/lib/action'
import {
  addScimToken,
  connectScimClient,
  connectScimInput,
  disconnectScimClient,
  revokeScimToken,
  scimClientInput,
  scimTokenInput,
} from '@/lib/services/scim-clients'

export const connect = action(connectScimInput, connectScimClient)
export const addToken = action(scimClientInput, addScimToken)
export const revokeToken = action(scimTokenInput, revokeScimToken)
export const disconnect = action(scimClientInput, disconnectScimClient)
