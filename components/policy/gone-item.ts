import type { PolicyNames } from '@/lib/policy-words'

/** A person or a group that cannot be chosen any more, but still stands in a draft and can be taken out. */
export function goneItem(id: string, names: PolicyNames): { label: string; sub?: string } {
  const name = names.groups[id]?.name ?? names.people[id]
  return name ? { label: name, sub: 'deactivated' } : { label: 'somebody who is gone' }
}
