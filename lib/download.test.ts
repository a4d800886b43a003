import { expect, it, vi } from 'vitest'
import { download } from './download'
import * as log from './log'

const file = { name: 'list.csv', type: 'text/csv' }

async function* texts(...all: string[]): AsyncGenerator<string> {
  yield* all
}

it('sends every text in its order, as a file that nothing keeps', async () => {
  const answer = download(texts('a,b\r\n', '', '1,ü\r\n'), file)
  expect(await answer.text()).toBe('a,b\r\n1,ü\r\n')
  expect(Object.fromEntries(answer.headers)).toEqual({
    'content-type': 'text/csv',
    'content-disposition': 'attachment; filename="list.csv"',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
})

it('is a whole file where the first texts, or all, are empty', async () => {
  expect(await download(texts('', '', 'x'), file).text()).toBe('x')
  expect(await download(texts(''), file).text()).toBe('')
})

it('breaks off where making it fails, and does not end as if it were whole', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield 'half'
    throw new Error('the database is gone')
  }
  await expect(download(failing(), file).text()).rejects.toThrow()
})

it('stops making what nobody reads any more', async () => {
  let ended = false
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield 'x'
    } finally {
      ended = true
    }
  }
  const reader = download(endless(), file).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(ended).toBe(true)
})

it('takes it for no failure when somebody hangs up while the next text is being made', async () => {
  const failure = vi.spyOn(log, 'logUnknown').mockReturnValue('')
  let make = () => {}
  const made = new Promise<void>((resolve) => {
    make = resolve
  })
  async function* slow(): AsyncGenerator<string> {
    yield 'x'
    await made
    yield 'y'
  }
  const reader = download(slow(), file).body?.getReader()
  await reader?.read()
  const next = reader?.read()
  const hungUp = reader?.cancel()
  make()
  await Promise.all([next, hungUp])
  expect(failure).not.toHaveBeenCalled()
  failure.mockRestore()
})
