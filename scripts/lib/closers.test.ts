import { expect, test, vi } from 'vitest'
import { Closers } from './closers.mjs'

test('closes the latest first, once, and goes on when one fails', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  const closed: string[] = []
  const closers = new Closers()
  closers.add(() => closed.push('database'))
  closers.add(() => {
    throw new Error('broken')
  })
  const forget = closers.add(() => closed.push('build'))
  closers.add(async () => closed.push('server'))
  forget()
  await Promise.all([closers.close(), closers.close()])
  expect(closed).toEqual(['server', 'database'])
  expect(told).toHaveBeenCalledOnce()
  told.mockRestore()
})

test('what is added while closing is closed as well', async () => {
  const closed: string[] = []
  const closers = new Closers()
  closers.add(() => closed.push('first'))
  const closing = closers.close()
  closers.add(() => closed.push('late'))
  await closing
  await closers.close()
  expect(closed).toEqual(['first', 'late'])
})

test('a failure closes everything and is passed on', async () => {
  const closed: string[] = []
  const closers = new Closers()
  closers.add(() => closed.push('database'))
  await expect(closers.failed(new Error('why'))).rejects.toThrow('why')
  expect(closed).toEqual(['database'])
})
