import clsx from 'clsx'
import { isTechnicalName } from '@/lib/technical-name'

/** An entitlement's name, named as its target names it: a role's name in the target's own letters. */
export function EntitlementName({ name, heading }: { name: string; heading?: boolean }) {
  if (!isTechnicalName(name)) return <>{name}</>
  return <span className={clsx(heading ? 'h-mono' : 'mono')}>{name}</span>
}
