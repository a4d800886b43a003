import type { TaskView } from '@/lib/views'

/** "take Chidi Eze out of Ops on Stripe", "give Chidi Eze Ops on Stripe", "review Chidi Eze's emergency access to …". */
export function taskWords({ kind, person, lease }: TaskView): string {
  const { entitlement, application } = lease
  if (kind === 'review')
    return `review the emergency access of ${person.name} to ${entitlement.name} on ${application.name}`
  return kind === 'give'
    ? `give ${person.name} ${entitlement.name} on ${application.name}`
    : `take ${person.name} out of ${entitlement.name} on ${application.name}`
}
