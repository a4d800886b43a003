import type { TaskView } from '@/lib/views'

/** "take Chidi Eze out of Ops on Stripe", "give Chidi Eze Ops on Stripe". */
export function taskWords({ kind, person, lease }: TaskView): string {
  const { entitlement, application } = lease
  return kind === 'give'
    ? `give ${person.name} ${entitlement.name} on ${application.name}`
    : `take ${person.name} out of ${entitlement.name} on ${application.name}`
}
