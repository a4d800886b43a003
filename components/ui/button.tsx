'use client'

import clsx from 'clsx'
import type { Route } from 'next'
import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { useFormStatus } from 'react-dom'
import { Link } from '@/components/ui/link'
import { Icon, type IconName } from './icon'
import { Tooltip } from './tooltip'

export type ButtonLook = {
  variant?: 'default' | 'primary' | 'danger' | 'danger-solid' | 'ghost'
  size?: 'sm' | 'md' | 'lg'
  block?: boolean
  icon?: IconName
  iconEnd?: IconName
}

function lookClass({ variant = 'default', size = 'md', block }: ButtonLook, className?: string) {
  return clsx(
    'btn',
    variant !== 'default' && `btn-${variant}`,
    size !== 'md' && `btn-${size}`,
    block && 'btn-block',
    className,
  )
}

const iconSize = (size: ButtonLook['size']) => (size === 'sm' ? 14 : 16)

type Content = Pick<ButtonLook, 'icon' | 'iconEnd' | 'size'> & { pending?: boolean; children?: ReactNode }

function ButtonContent({ icon, iconEnd, size, pending, children }: Content) {
  return (
    <>
      {pending ? <Icon name="loader" size={iconSize(size)} className="spin" /> : null}
      {icon && !pending ? <Icon name={icon} size={iconSize(size)} /> : null}
      {children}
      {iconEnd ? <Icon name={iconEnd} size={iconEnd === 'chevron-down' ? 14 : iconSize(size)} /> : null}
    </>
  )
}

export type ButtonProps = ButtonLook &
  Omit<ComponentProps<'button'>, 'disabled'> & {
    /** The act is running: it keeps the focus, says so, and takes no second press. */
    pending?: boolean
    /** Why it cannot be pressed now; shown on hover and focus and read aloud. */
    reason?: string
    disabled?: boolean
  }

/** A button names its act and object ("Revoke now", not "OK"). Disabled only with a reason. */
export function Button(props: ButtonProps) {
  const { variant, size, block, icon, iconEnd, pending, reason, disabled, className, children, ...rest } =
    props
  const blocked = Boolean(pending || reason || disabled)
  function press(event: MouseEvent<HTMLButtonElement>) {
    if (blocked) {
      event.preventDefault()
      return
    }
    rest.onClick?.(event)
  }
  const button = (
    <button
      type="button"
      {...rest}
      className={lookClass({ variant, size, block }, className)}
      aria-disabled={blocked || undefined}
      aria-busy={pending || undefined}
      aria-description={reason ?? rest['aria-description']}
      onClick={press}
    >
      <ButtonContent icon={icon} iconEnd={iconEnd} size={size} pending={pending}>
        {children}
      </ButtonContent>
    </button>
  )
  return reason ? <Tooltip content={reason}>{button}</Tooltip> : button
}

/** The button of a form: pending by itself while the form's action runs. */
export function SubmitButton({ pending, ...props }: ButtonProps) {
  const status = useFormStatus()
  return <Button type="submit" {...props} pending={pending || status.pending} />
}

export type LinkButtonProps = ButtonLook & {
  href: string
  className?: string
  children?: ReactNode
  'aria-label'?: string
  /** A file or another site: leaves the app's own navigation. */
  external?: boolean
  /** Leaves this page where it is, with what was typed on it. */
  newTab?: boolean
  download?: boolean | string
  /** False keeps the page where it is scrolled to. */
  scroll?: boolean
}

/** Goes somewhere, looks like a button. */
export function LinkButton(props: LinkButtonProps) {
  const {
    variant,
    size,
    block,
    icon,
    iconEnd,
    className,
    children,
    href,
    external,
    newTab,
    scroll,
    ...rest
  } = props
  const content = (
    <ButtonContent icon={icon} iconEnd={iconEnd} size={size}>
      {children}
    </ButtonContent>
  )
  const look = lookClass({ variant, size, block }, className)
  if (newTab)
    return (
      <a href={href} className={look} target="_blank" rel="noopener" {...rest}>
        {content}
        <span className="sr"> (in a new tab)</span>
      </a>
    )
  if (external || rest.download !== undefined)
    return (
      <a href={href} className={look} {...rest}>
        {content}
      </a>
    )
  return (
    <Link href={href as Route} className={look} scroll={scroll} {...rest}>
      {content}
    </Link>
  )
}

export type IconButtonProps = Omit<
  ButtonProps,
  'children' | 'icon' | 'iconEnd' | 'variant' | 'size' | 'block'
> & {
  icon: IconName
  /** Names the act and its object, for the tooltip and for readers. */
  label: string
  iconSize?: 14 | 16 | 20
}

/** An act so small that only its icon is shown; the name is in the tooltip. */
export function IconButton({
  icon,
  label,
  iconSize: size,
  pending,
  reason,
  disabled,
  className,
  ...rest
}: IconButtonProps) {
  const blocked = Boolean(pending || reason || disabled)
  return (
    <Tooltip content={reason ? `${label}: ${reason}` : label}>
      <button
        type="button"
        {...rest}
        className={clsx('icon-btn', className)}
        aria-label={label}
        aria-disabled={blocked || undefined}
        aria-description={reason}
        onClick={(event) => (blocked ? event.preventDefault() : rest.onClick?.(event))}
      >
        <Icon name={pending ? 'loader' : icon} size={size} className={pending ? 'spin' : undefined} />
      </button>
    </Tooltip>
  )
}
