import { describe, expect, it } from 'vitest'
import { leaseGeometry } from './lease-geometry'
import { type LeaseFacts, type LeaseState, leaseStateOf, leaseWords } from './lease-state'

const zone = 'Europe/Berlin'
const at = (clock: string, day = 12) => new Date(`2026-11-${day}T${clock}:00+01:00`)
const now = at('14:27')

const sixHours: LeaseFacts = {
  state: 'active',
  startsAt: at('11:40'),
  noticeAt: at('16:40'),
  endsAt: at('17:40'),
}

describe('how a grant is drawn', () => {
  const stories: [string, LeaseFacts, Date, LeaseState][] = [
    ['running', sixHours, now, 'active'],
    ['one moment before the notice', sixHours, at('16:39'), 'active'],
    ['at the notice', sixHours, at('16:40'), 'soon'],
    ['at its end, not yet seen gone', sixHours, at('17:40'), 'soon'],
    ['late enough to alarm', { ...sixHours, state: 'revoking', overdueAt: at('17:41') }, at('17:41'), 'over'],
    ['active but overdue all the same', { ...sixHours, overdueAt: at('17:41') }, at('18:00'), 'over'],
    ['being taken back early', { ...sixHours, state: 'revoking', overdueAt: at('17:41') }, now, 'soon'],
    ['without an end', { state: 'active', startsAt: at('09:00', 3), endsAt: null }, now, 'permanent'],
    ['without a notice', { ...sixHours, noticeAt: null }, at('17:00'), 'active'],
    ['to come', { ...sixHours, state: 'scheduled' }, at('09:00'), 'scheduled'],
    ['being given', { state: 'provisioning' }, now, 'provisioning'],
    ['ended on time', { ...sixHours, state: 'ended', endedAt: at('17:40') }, at('18:00'), 'ended'],
    ['ended late', { ...sixHours, state: 'ended', endedAt: at('18:18') }, at('19:00'), 'ended'],
    ['given back early', { ...sixHours, state: 'ended', endedAt: at('13:00') }, now, 'cut'],
    ['called off before it was given', { state: 'ended', startsAt: null, endedAt: at('13:00') }, now, 'void'],
    [
      'permanent, then revoked',
      { state: 'ended', startsAt: at('09:00', 3), endedAt: at('13:00') },
      now,
      'ended',
    ],
    ['never given', { state: 'failed' }, now, 'void'],
  ]
  it.each(stories)('%s', (_story, facts, moment, state) => {
    expect(leaseStateOf(facts, moment)).toBe(state)
  })
})

describe('the words beside it', () => {
  const say = (facts: LeaseFacts, moment = now) => {
    const words = leaseWords(leaseStateOf(facts, moment), facts, moment, zone)
    return [words.lead, words.rest].filter(Boolean).join(' · ')
  }
  it.each<[string, LeaseFacts, Date]>([
    ['ends in 3 h 13 min · today 17:40', sixHours, now],
    ['due 6 min ago · today 17:40', sixHours, at('17:46')],
    [
      '38 min late · due today 17:40',
      { ...sixHours, state: 'revoking', overdueAt: at('17:41') },
      at('18:18'),
    ],
    ['ended 20 min ago · today 17:40', { ...sixHours, state: 'ended', endedAt: at('17:40') }, at('18:00')],
    [
      'ended Thu 12 Nov 2026',
      { ...sixHours, state: 'ended', endedAt: at('17:40') },
      new Date('2027-01-12T12:00:00+01:00'),
    ],
    ['starts in 2 h 40 min · today 11:40', { ...sixHours, state: 'scheduled' }, at('09:00')],
    ['no end · permanent', { state: 'active', startsAt: at('09:00', 3) }, now],
    ['for 6 hours · once it is seen there', { ...sixHours, state: 'provisioning' }, now],
    ['being given · once it is seen there', { state: 'provisioning' }, now],
    ['never given', { state: 'failed' }, now],
  ])('%s', (text, facts, moment) => {
    expect(say(facts, moment)).toBe(text)
  })
})

describe('the scale', () => {
  const times = { start: at('11:00'), notice: at('16:00'), end: at('17:00'), now: at('14:00') }

  it('puts now, notice and end where they are', () => {
    expect(leaseGeometry('active', times)).toEqual({
      elapsed: 50,
      end: 100,
      notice: 83.33,
      was: undefined,
      ghost: false,
      late: false,
    })
  })
  it('makes room for the time asked for', () => {
    const drawn = leaseGeometry('soon', { ...times, ghostEnd: at('23:00') })
    expect(drawn).toMatchObject({ ghost: true, end: 50, elapsed: 25, notice: 41.67 })
  })
  it('draws lateness to scale', () => {
    const drawn = leaseGeometry('over', { ...times, now: at('19:00') })
    expect(drawn).toMatchObject({ late: true, end: 75, elapsed: 75, notice: 62.5 })
  })
  it('keeps the lease to be seen when the lateness is far longer than it', () => {
    expect(leaseGeometry('over', { ...times, now: at('17:00', 30) })).toMatchObject({
      end: 35,
      notice: 29.17,
    })
  })
  it('keeps a moment of lateness to be seen', () => {
    expect(leaseGeometry('over', { ...times, now: at('17:01') }).end).toBe(96)
  })
  it('stops where a lease was cut', () => {
    expect(leaseGeometry('cut', { ...times, endedAt: at('12:30') })).toMatchObject({ elapsed: 25, end: 100 })
  })
  it('never leaves the bar, whatever the clock says', () => {
    expect(leaseGeometry('active', { ...times, now: at('09:00') }).elapsed).toBe(0)
    expect(leaseGeometry('soon', { ...times, now: at('22:00') }).elapsed).toBe(100)
  })
  it('leaves out what is not known or outside', () => {
    expect(leaseGeometry('active', { ...times, notice: at('17:30') }).notice).toBeUndefined()
    expect(leaseGeometry('provisioning', { now: at('14:00') })).toMatchObject({ elapsed: 0, end: 100 })
  })
  it('marks the end before an extension', () => {
    expect(leaseGeometry('active', { ...times, wasEnd: at('14:00') }).was).toBe(50)
  })
})
