import { Badge } from '@/components/ui/labels'
import type { ConnectionHealth } from '@/lib/application-views'

const looks = {
  'by-hand': { tone: 'info', icon: 'hand', words: 'By hand' },
  untested: { tone: 'wait', icon: 'circle-dashed', words: 'Not tested yet' },
  healthy: { tone: 'ok', icon: 'circle-check', words: 'Healthy' },
  attention: { tone: 'bad', icon: 'triangle-alert', words: 'Needs attention' },
  paused: { tone: 'warn', icon: 'pause', words: 'Paused' },
} as const

/** How a connection stands, as far as the last look knows. */
export function HealthBadge({ health }: { health: ConnectionHealth }) {
  const { tone, icon, words } = looks[health]
  return (
    <Badge tone={tone} icon={icon}>
      {words}
    </Badge>
  )
}
