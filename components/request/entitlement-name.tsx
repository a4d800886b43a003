import clsx from 'clsx'

/** A name as its target writes it: `prod_read`, `payments-debug`. */
const technical = /^[a-z0-9]+([._:/@-][a-z0-9]+)+$|^[a-z0-9]+:[^\s]+$/

/** An entitlement's name, named as its target names it: a role's name in the target's own letters. */
export function EntitlementName({ name, heading }: { name: string; heading?: boolean }) {
  if (!technical.test(name)) return <>{name}</>
  return <span className={clsx(heading ? 'h-mono' : 'mono')}>{name}</span>
}
