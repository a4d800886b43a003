import { setDelegation } from '@/lib/services/delegations'
import { removeMember } from '@/lib/services/groups'
import { deactivatePerson } from '@/lib/services/people'
import { askForSeveral } from '@/lib/services/requests'
import { createSeparation } from '@/lib/services/separations'
import type { Scene } from './history'
import { must } from './must'
import type { Halden } from './organisation'
import type { Stage } from './stage'

const HOUR_MS = 3_600_000

/**
 * What happened at Halden beside its leases: somebody left, somebody is away, a group lost its people.
 * @param now the moment at which the story meets the present
 */
export function happenings(stage: Stage, halden: Halden, now: Date): Scene[] {
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)
  const id = (key: string) => halden.people.get(key) ?? key
  const what = (name: string) => halden.entitlements.get(name) ?? name
  const ines = () => stage.as(id('ines'))
  const releaseManagers = halden.groups.get('Release managers') ?? ''
  return [
    {
      at: ago(20 * 24),
      play: async () => {
        const rules = [
          {
            name: 'Refund or pay out',
            reason: 'Whoever does both could send money to themselves',
            effect: 'refuse' as const,
            approvers: [],
            entitlementIds: [what('Refunds'), what('Payouts')],
          },
          {
            name: 'Customers and the ledger',
            reason: 'Whoever changes customers should not book what they owe without a second look',
            effect: 'extra_step' as const,
            approvers: [{ kind: 'person' as const, id: id('ines') }],
            entitlementIds: [what('prod_write'), what('ledger_write')],
          },
        ]
        for (const rule of rules) must(await createSeparation(await ines(), rule))
      },
    },
    {
      at: ago(6 * 24),
      play: async () => {
        must(await deactivatePerson(await ines(), { personId: id('oskar'), reason: 'Left the company.' }))
      },
    },
    {
      at: ago(20),
      play: async () => {
        const endsAt = new Date(now.getTime() + 5 * 24 * HOUR_MS)
        const input = { personId: id('greta'), substituteId: id('samuel'), startsAt: null, endsAt }
        must(await setDelegation(await stage.as(id('greta')), input))
      },
    },
    {
      at: ago(1.1),
      play: async () => {
        const input = {
          items: [{ entitlementId: what('Webhooks'), seconds: 6 * 3600 }],
          reason: 'New endpoint for the payout events',
          personId: id('yara'),
        }
        must(await askForSeveral(await stage.as(id('ben')), input))
      },
    },
    {
      at: ago(1),
      // Nobody is left in it: what waits goes to the owners, and where the owner asked, to the admins.
      play: async () => {
        must(await removeMember(await ines(), { groupId: releaseManagers, personId: id('theo') }))
      },
    },
  ]
}
