import { afterAll, beforeAll, describe } from 'vitest'
import { canaries } from './canaries'
import { type Crawl, crawl } from './crawl'
import { headers } from './headers'

let looked: Crawl

beforeAll(async () => {
  looked = await crawl()
}, 180_000)
afterAll(() => looked?.close())

describe('canaries', () => canaries(() => looked))
describe('headers', () => headers(() => looked))
