import clsx from 'clsx'
import { isTechnicalName } from '@/lib/technical-name'

/** An entitlement's name, named as its target names it: a role's name in the target's own letters. */
export function EntitlementName({ name, heading }: { name: string; heading?: boolean }) {
  if (!isTechnicalName(name)) return <>{name}</>
  return <span className={clsx(heading ? 'h-mono' : 'mono')}>{name}</span>
}

/** A sentence that says an entitlement's name, with the name set like everywhere. */
export function TextWithName({ text, name }: { text: string; name: string }) {
  const at = text.indexOf(name)
  if (at < 0) return <>{text}</>
  return (
    <>
      {text.slice(0, at)}
      <EntitlementName name={name} />
      {text.slice(at + name.length)}
    </>
  )
}
