import type { Crumb } from './page-frame'

/** The way to the pages of the settings, from the top. */
export const settingsCrumbs: readonly Crumb[] = [{ label: 'Settings', href: '/settings' }]
export const peopleCrumbs: readonly Crumb[] = [
  ...settingsCrumbs,
  { label: 'People', href: '/settings/people' },
]
export const accessCrumbs: readonly Crumb[] = [
  ...settingsCrumbs,
  { label: 'Access management', href: '/settings' },
]
export const auditCrumbs: readonly Crumb[] = [
  ...settingsCrumbs,
  { label: 'Audit log', href: '/settings/audit' },
]
