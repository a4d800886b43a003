import { redirect } from 'next/navigation'
import { expect, it } from 'vitest'
import { idle } from '@/lib/form'
import { sent } from './state'

it('a form that got no answer says so instead of taking the page away', async () => {
  const state = await sent(async () => {
    throw new TypeError('Failed to fetch')
  }, new FormData())
  expect(state).toMatchObject({ status: 'failed', message: expect.stringContaining('still here') })
})

it('a form that was answered gives its answer, and a redirect goes on', async () => {
  expect(await sent(async () => idle, new FormData())).toBe(idle)
  await expect(sent(async () => redirect('/'), new FormData())).rejects.toMatchObject({
    digest: expect.stringContaining('NEXT_REDIRECT'),
  })
})
