import { Badge } from '@/components/ui/labels'

/** Says of an access or a request that it was taken as an emergency. */
export function EmergencyBadge() {
  return (
    <Badge tone="bad" icon="triangle-alert" line>
      Emergency
    </Badge>
  )
}
