'use client'

import { createContext } from 'react'
import type { GrantListRow } from '@/lib/grant-views'
import type { GrantDrawerProps } from './grant-drawer'

export type ListBehind = Omit<GrantDrawerProps, 'details' | 'order'> & { rows: readonly GrantListRow[] }

/** What the list tells of itself to what is opened over it. */
export const ListBehindContext = createContext<ListBehind | null>(null)
