import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from './duration'
import { at, byHand, clock, grants, target } from './grant.fixtures'
import { end, expire, given, giveUp, intend, seen, start, story } from './grant.story'

describe('three clocks', () => {
  it('the end counts from when the access was first seen, not from the approval', () => {
    const s = given(10 * MINUTE)
    expect(clock(s.grant.grantedAt!)).toBe('T+0:10:00')
    expect(clock(s.grant.endsAt!)).toBe('T+6:10:00')
  })

  it('waiting to be given never shortens the access', () => {
    const s = story()
    s.tell(0, start)
    s.tell(20 * HOUR, intend('absent'))
    s.tell(20 * HOUR + 5, seen(20 * HOUR + 5))
    expect(clock(s.grant.endsAt!)).toBe('T+26:00:05')
  })

  it('seen late, the end counts from the first give plus slack: the answer was lost, the access was there', () => {
    expect(clock(given(2 * HOUR).grant.endsAt!)).toBe('T+6:15:00')
  })

  it('a slow target has the slack it needs', () => {
    const s = story({ ...target, slackSeconds: HOUR, effectDelaySeconds: HOUR })
    s.tell(0, start)
    s.tell(0, intend('absent'))
    s.tell(50 * MINUTE, seen(50 * MINUTE))
    expect(clock(s.grant.endsAt!)).toBe('T+6:50:00')
  })

  it('from the first intent on there is never a moment without an end', () => {
    const s = story()
    s.tell(0, start)
    expect(s.work).toEqual({})
    s.tell(0, intend('absent'))
    expect(s.work).toEqual({ take: 'T+6:15:00', alarm: 'T+6:16:10' })
    s.tell(5, seen(5))
    expect(s.work).toEqual({ take: 'T+6:00:05', alarm: 'T+6:01:15', notice: 'T+5:00:05' })
  })

  it('a give that never answers is taken back at the end that stands armed', () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('absent'))
    s.tell(7 * HOUR, expire)
    expect(s.grant).toMatchObject({
      state: 'revoking',
      endReason: 'expired',
      rightOverAt: at(6 * HOUR + 900),
    })
  })

  it('a later start is kept: not a second before', () => {
    const s = story(target, { ...grants.scheduled, startAt: at(DAY), startBy: at(2 * DAY) })
    expect(s.refused(DAY - 1, start)).toBe('conflict: This access starts later')
    s.tell(DAY, start)
  })

  it('start-by is the last moment to begin giving', () => {
    const s = story()
    s.tell(0, start)
    expect(s.refused(DAY, intend('absent'))).toBe('too_late: The time to give this access is over')
    s.tell(DAY, giveUp(false))
    expect(s.grant.state).toBe('failed')
  })
})

describe('baseline', () => {
  it('is stored once, and whatever a retry finds is ours', () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('absent'))
    expect(s.refused(60, intend('direct'))).toBe('conflict: The baseline is stored already')
    s.tell(60, seen(60))
    expect(s.grant.preexisting).toBe(false)
  })

  it('only a direct one makes it preexisting; I11: it is left standing at the end', () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('direct'))
    expect(s.grant).toMatchObject({ state: 'active', preexisting: true, firstGiveAt: null })
    expect(s.work).toEqual({ take: 'T+6:00:00', notice: 'T+5:00:00' })
    s.tell(6 * HOUR, expire)
    expect(s.grant.state).toBe('ended')
    expect(s.verbs).toEqual(['started', 'found_standing', 'left_standing'])
    expect(s.work).toEqual({})
  })

  it('an indirect one is not ours to keep: what we give on top is taken back', () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('indirect'))
    s.tell(5, seen(5))
    s.tell(7 * HOUR, expire)
    expect(s.grant).toMatchObject({ state: 'revoking', preexisting: false })
  })

  it('is taken away at the end where the policy converts standing access', () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('direct', true))
    s.tell(5, seen(5))
    s.tell(7 * HOUR, expire)
    expect(s.grant).toMatchObject({ state: 'revoking', baseline: 'direct', preexisting: false })
  })

  it('that a connector cannot say is asked for again; people cannot be asked', () => {
    const s = story()
    s.tell(0, start)
    expect(s.refused(0, intend('unknown'))).toBe('conflict: The target could not say what this account holds')
    const hand = story(byHand)
    hand.tell(0, start)
    hand.tell(0, intend('unknown', true))
    expect(hand.grant.firstGiveAt).toEqual(at(0))
  })
})

describe('giving up', () => {
  const sent = () => {
    const s = story()
    s.tell(0, start)
    s.tell(0, intend('absent'))
    return s
  }

  it('fails only if nothing was ever sent, or it is seen absent after the settle time', () => {
    const nothing = story()
    nothing.tell(0, start)
    nothing.tell(DAY, giveUp(false))
    expect(nothing.grant.state).toBe('failed')
    const absent = sent()
    absent.tell(DAY, giveUp(true))
    expect(absent.grant.state).toBe('failed')
    expect(absent.work).toEqual({})
  })

  it('takes back whatever may still land', () => {
    const s = sent()
    s.tell(3 * HOUR, giveUp(false))
    expect(s.grant).toMatchObject({ state: 'revoking', endReason: 'withdrawn' })
    expect(s.work).toEqual({ take: 'T+3:00:00', alarm: 'T+3:01:10' })
  })

  it('cancelled before anything was sent it fails; after that it is taken back', () => {
    const before = story()
    before.tell(0, start)
    before.tell(1, end('returned'))
    expect(before.grant.state).toBe('failed')
    const after = sent()
    after.tell(1, end('returned'))
    expect(after.grant.state).toBe('revoking')
  })

  it('cancelled before its start it ends at once', () => {
    const s = story()
    s.tell(0, end('revoked'))
    expect(s.grant.state).toBe('ended')
    expect(s.verbs).toEqual(['cancelled'])
  })

  it('one that failed and is found in the target after all is taken back, with an end on its row', () => {
    const s = sent()
    s.tell(DAY, giveUp(true))
    s.tell(DAY + HOUR, { type: 'reopen' })
    expect(s.grant).toMatchObject({ state: 'revoking', endReason: 'withdrawn' })
    expect(s.grant.endsAt).toEqual(at(DAY + HOUR))
  })
})
