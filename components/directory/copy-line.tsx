'use client'

import { IconButton } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'

type Props = { label: string; text: string; done: string }

/** A line one takes elsewhere, with a button that copies it. */
export function CopyLine({ label, text, done }: Props) {
  const toast = useToast()
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      toast({ title: done })
    } catch {
      toast({ title: 'The browser did not let us copy. Select the text and copy it', tone: 'bad' })
    }
  }
  return (
    <span className="row min-w-0">
      <Input
        readOnly
        value={text}
        aria-label={label}
        className="mono"
        frameClassName="min-w-0 grow"
        onFocus={(event) => event.currentTarget.select()}
      />
      <IconButton icon="copy" label={`Copy the ${label.toLowerCase()}`} onClick={() => void copy()} />
    </span>
  )
}
