import type { ApplicationPage } from '@/lib/application-views'

/** The sections of an application, in their order; each has its file in ./sections. */
export const sectionIds = ['overview', 'entitlements', 'accounts', 'findings', 'connection'] as const
export type SectionId = (typeof sectionIds)[number]

export interface Section {
  readonly id: SectionId
  readonly label: string
  readonly count?: number
  /** Somebody should look at what is counted. */
  readonly hot?: boolean
}

/** The sections this application has: what is given by hand has no connection to speak of. */
export function sectionsOf(page: ApplicationPage): Section[] {
  const all: Record<SectionId, Omit<Section, 'id'> | null> = {
    overview: { label: 'Overview' },
    entitlements: { label: 'Entitlements', count: page.entitlements.length },
    accounts: page.connection
      ? { label: 'Accounts', ...(page.questions > 0 ? { count: page.questions, hot: true } : {}) }
      : null,
    findings: page.connection ? { label: 'Findings', count: page.findings, hot: page.findings > 0 } : null,
    connection: page.connection ? { label: 'Connection' } : null,
  }
  return sectionIds.flatMap((id) => (all[id] ? { id, ...all[id] } : []))
}

/** The section an address names; the overview where it names none of this application's. */
export function sectionNamed(page: ApplicationPage, name: unknown): SectionId {
  return sectionsOf(page).find((section) => section.id === name)?.id ?? 'overview'
}
