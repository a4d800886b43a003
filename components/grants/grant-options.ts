import type { OptionSource } from '@/components/ui/option-filter'
import type { OptionKind } from '@/lib/grant-views'
import { askOptions } from './ask'

const note = 'Counts are active grants'

/** What the table of grants can be filtered by, as its server lists it. */
export const grantOptions: Record<OptionKind, OptionSource> = {
  application: {
    label: 'Application',
    one: 'an application',
    many: 'applications',
    mark: 'application',
    note,
    ask: (q) => askOptions('application', q),
  },
  user: {
    label: 'User',
    one: 'a person',
    many: 'people',
    mark: 'person',
    note,
    ask: (q) => askOptions('user', q),
  },
  entitlement: {
    label: 'Entitlement',
    one: 'an entitlement',
    many: 'entitlements',
    note,
    ask: (q) => askOptions('entitlement', q),
  },
}

/** The filters of this kind, and which list of a view each fills. */
export const filterKinds = [
  ['application', 'applications'],
  ['user', 'people'],
  ['entitlement', 'entitlements'],
] as const
