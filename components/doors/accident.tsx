'use client'

import { Button, LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'

export type AccidentProps = { error: unknown; retry: () => void }

/** Something of ours broke: says so, names the log line, and offers the two ways on. */
export function Accident({ error, retry }: AccidentProps) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <EmptyState
      icon="octagon-alert"
      title="This page could not be shown"
      heading="h1"
      actions={
        <>
          <Button variant="primary" icon="refresh" onClick={retry}>
            Try again
          </Button>
          <LinkButton href="/">Go home</LinkButton>
        </>
      }
    >
      Something went wrong on our side; nothing you did was half done.
      {digest ? ` If it stays so, tell an admin this number: ${digest}.` : ''}
    </EmptyState>
  )
}
