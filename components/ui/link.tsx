'use client'

import NextLink from 'next/link'
import { type ComponentProps, useState } from 'react'

/**
 * Next's link, which fetches the page behind it when somebody points at it or comes to it by keyboard. Next itself
 * would fetch what is behind every link in sight, and each such page is made for whoever looks, from the database.
 */
export function Link({ prefetch, onPointerEnter, onFocus, ...rest }: ComponentProps<typeof NextLink>) {
  const [meant, setMeant] = useState(false)
  return (
    <NextLink
      {...rest}
      prefetch={prefetch === false || !meant ? false : 'auto'}
      onPointerEnter={(event) => {
        setMeant(true)
        onPointerEnter?.(event)
      }}
      onFocus={(event) => {
        setMeant(true)
        onFocus?.(event)
      }}
    />
  )
}
