import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newId } from '@/lib/ids'
import * as events from './events'

/** A run sleeps for months, over many releases: what it was told may not be more than whom to look up. */
describe('what the job engine is told', () => {
  it.each(Object.values(events).map(({ name, schema }) => ({ name, schema })))(
    '$name: ids and nothing else',
    ({ schema }) => {
      expect(schema).toBeInstanceOf(z.ZodObject)
      const { shape } = schema as z.ZodObject
      expect(Object.keys(shape).length).toBeGreaterThan(0)
      for (const [field, type] of Object.entries(shape)) {
        expect(field).toMatch(/Id$/)
        expect(z.safeParse(type, newId()).success).toBe(true)
        for (const other of ['Ana Oliveira', '2026-01-05T09:00:00Z', 7, true, {}, [], null])
          expect(z.safeParse(type, other).success).toBe(false)
      }
    },
  )
})
