import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from './duration'
import { isOver } from './grant'
import { at, byHand, clock, grants, target } from './grant.fixtures'
import { end, expire, extend, given, giveUp, gone, intend, seen, start, story } from './grant.story'
import { overdueAt } from './grant-end'

describe('the end', () => {
  it('is over at the very moment of ends_at', () => {
    expect(isOver({ endsAt: at(HOUR) }, at(HOUR - 0.001))).toBe(false)
    expect(isOver({ endsAt: at(HOUR) }, at(HOUR))).toBe(true)
    expect(isOver({ endsAt: null }, at(366 * DAY))).toBe(false)
  })

  it('is proven by being seen absent, with the lateness counted from ends_at', () => {
    const s = given(0)
    s.tell(6 * HOUR + 1, expire)
    const step = s.tell(6 * HOUR + 4, gone(6 * HOUR + 4))
    expect(step.next).toMatchObject({ state: 'ended', lateMs: 4000, verified: true })
    expect(s.work).toEqual({ look: 'T+6:00:44' })
  })

  it('revoked after its end but before anybody took it, it is as late as it is', () => {
    const s = given(0)
    s.tell(9 * HOUR, end('revoked'))
    expect(s.tell(9 * HOUR + 1, gone(9 * HOUR + 1)).next.lateMs).toBe((3 * HOUR + 1) * 1000)
  })

  it('after an outage of ours is said to have been overdue, though no alarm went off', () => {
    const onTime = given(0)
    onTime.tell(6 * HOUR, expire)
    expect(onTime.tell(6 * HOUR + 70, gone(6 * HOUR + 70)).data.wasOverdue).toBe(false)
    const late = given(0)
    late.tell(8 * HOUR, expire)
    expect(late.tell(8 * HOUR + 1, gone(8 * HOUR + 1)).data).toMatchObject({
      wasOverdue: true,
      lateMs: 7_201_000,
    })
  })

  it('revoked before its end, its lateness counts from the revocation', () => {
    const s = given(0)
    s.tell(HOUR, end('left'))
    expect(s.grant.endReason).toBe('left')
    expect(s.tell(HOUR + 2, gone(HOUR + 2)).next.lateMs).toBe(2000)
  })

  it('on the word of a target that cannot be asked is marked "not verified"', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    expect(s.tell(6 * HOUR + 1, gone(6 * HOUR + 1, false))).toMatchObject({
      verb: 'answered_absent',
      next: { verified: false },
    })
  })

  it('has no terminal failure: revoking only ends seen absent or attested', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    s.tell(7 * HOUR, { type: 'answer', operation: 'take', code: 'auth', message: 'HTTP 401' })
    for (const event of [giveUp(true), giveUp(false), expire, end('revoked'), start])
      expect(s.refused(300 * DAY, event)).toBe('conflict: This access is being taken back already')
    expect(s.work).toMatchObject({ take: 'T+6:00:00' })
  })

  it('attested, it is looked at hourly until it is seen absent', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    const step = s.tell(8 * HOUR, { type: 'attest' })
    expect(step.next).toMatchObject({ state: 'ended', endReason: 'attested', verified: false })
    expect(s.work).toEqual({ look: 'T+9:00:00' })
  })

  it('attested, it is verified only by a look, and its lateness counts until then', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    s.tell(8 * HOUR, { type: 'begin_attest', note: 'The server was scrapped' })
    expect(s.grant).toMatchObject({ state: 'revoking' })
    expect(s.work).toMatchObject({ take: 'T+6:00:00' })
    s.tell(9 * HOUR, { type: 'attest', note: 'I saw it go' })
    const seen = s.tell(10 * HOUR, { type: 'settled', seenAt: at(10 * HOUR) })
    expect(seen.next).toEqual({ seenAbsentAt: at(10 * HOUR), lateMs: 4 * HOUR * 1000, verified: true })
    expect(s.grant).toMatchObject({ endReason: 'attested' })
  })

  it('reopens when our access is found again, as an alarm of its own', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    s.tell(6 * HOUR + 120, { type: 'overdue' })
    s.tell(6 * HOUR + 130, gone(6 * HOUR + 130))
    s.tell(6 * HOUR + 170, { type: 'reopen' })
    expect(s.grant).toMatchObject({ state: 'revoking', overdueSince: null, rightOverAt: at(6 * HOUR + 170) })
    expect(s.work).toEqual({ take: 'T+6:02:50', alarm: 'T+6:04:00' })
  })

  it('is settled by the second look, and then nothing is left to do', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    s.tell(6 * HOUR + 1, gone(6 * HOUR + 1))
    s.tell(6 * HOUR + 41, { type: 'settled' })
    expect(s.work).toEqual({})
  })
})

describe('overdue', () => {
  it('begins 60 s plus the effect delay after the right was over', () => {
    expect(clock(overdueAt(at(0), target))).toBe('T+0:01:10')
  })

  it('begins for a task at its due time', () => {
    expect(clock(overdueAt(at(0), byHand))).toBe('T+4:00:00')
  })

  it('is said once', () => {
    const s = given(0)
    s.tell(6 * HOUR, expire)
    s.tell(6 * HOUR + 70, { type: 'overdue' })
    expect(s.refused(6 * HOUR + 99, { type: 'overdue' })).toBe('conflict: The alarm is raised already')
  })
})

describe('extension', () => {
  it('moves the end of the same grant and arms a new notice; nothing is revoked', () => {
    const s = given(0)
    s.tell(5 * HOUR, extend(6 * HOUR, 2 * HOUR))
    expect(s.grant).toMatchObject({
      state: 'active',
      endsAt: at(12 * HOUR),
      extensions: 1,
      noticeSeconds: 2 * HOUR,
    })
    expect(s.work).toEqual({ take: 'T+12:00:00', alarm: 'T+12:01:10', notice: 'T+10:00:00' })
    expect(s.refused(6 * HOUR, expire)).toBe('conflict: The end has not come yet')
  })

  it('adds to the end, however early it is agreed', () => {
    const s = given(0)
    s.tell(1, extend(6 * HOUR))
    expect(clock(s.grant.endsAt!)).toBe('T+12:00:00')
  })

  it('agreed at the end or after it is refused, with the offer to ask anew', () => {
    expect(given(0).refused(6 * HOUR, extend(HOUR))).toBe(
      'too_late: This access ended before the extension was agreed. Ask for it anew',
    )
  })

  it('has nothing to move on a permanent access', () => {
    expect(story(target, grants['active, permanent']).refused(0, extend(HOUR))).toBe(
      'invalid: A permanent access has no end to move',
    )
  })
})

describe('notice', () => {
  it('says for which end it was, and how late', () => {
    const s = given(0)
    const step = s.tell(5 * HOUR + 3, { type: 'notice_sent', to: 'ana@halden.example', endsAt: at(6 * HOUR) })
    expect(step.data).toEqual({
      to: 'ana@halden.example',
      endsAt: at(6 * HOUR),
      dueAt: at(5 * HOUR),
      lateMs: 3000,
    })
  })

  it('whose moment passed before the access was seen goes out at once', () => {
    const s = story(target, { ...grants['provisioning, give sent'], noticeSeconds: 6 * HOUR - 60 })
    s.tell(10 * MINUTE, seen(10 * MINUTE))
    expect(s.work.notice).toBe('T+0:11:00')
    const late = story(target, { ...grants['provisioning, give sent'], noticeSeconds: 6 * HOUR - 60 })
    late.tell(2 * HOUR, seen(2 * HOUR))
    expect(late.work.notice).toBe('T+0:16:00')
  })

  it('is not armed for an end that is over', () => {
    const s = story(target, grants['provisioning, give sent'])
    s.tell(8 * HOUR, seen(8 * HOUR))
    expect(s.work).toEqual({ take: 'T+6:15:00', alarm: 'T+6:16:10' })
  })

  it('that could not be sent is kept, with the reason', () => {
    const s = given(0)
    const step = s.tell(5 * HOUR, {
      type: 'notice_failed',
      to: 'a@b',
      endsAt: at(6 * HOUR),
      error: 'bounced',
    })
    expect(step).toMatchObject({ verb: 'notice_failed', data: { error: 'bounced' } })
  })
})

describe('permanent', () => {
  it('has no end, no take and no notice; it is taken away only by people', () => {
    const s = story(target, {
      ...grants.scheduled,
      mode: 'permanent',
      durationSeconds: null,
      noticeSeconds: null,
    })
    s.tell(0, start)
    s.tell(0, intend('absent'))
    s.tell(5, seen(5))
    expect(s.grant.endsAt).toBeNull()
    expect(s.work).toEqual({})
    expect(s.refused(9000 * DAY, expire)).toBe('conflict: The end has not come yet')
    s.tell(40 * DAY, end('revoked'))
    expect(s.grant.state).toBe('revoking')
  })

  it('found standing, it stays without an end as well', () => {
    const s = story(target, {
      ...grants.scheduled,
      mode: 'permanent',
      durationSeconds: null,
      noticeSeconds: null,
    })
    s.tell(0, start)
    s.tell(0, intend('direct'))
    expect(s.grant).toMatchObject({ state: 'active', endsAt: null })
    expect(s.work).toEqual({})
  })
})

describe('a task by hand', () => {
  it('counts from its completion, however long people took', () => {
    const s = story(byHand)
    s.tell(0, start)
    s.tell(0, intend('unknown', true))
    expect(s.work).toEqual({ take: 'T+30:00:00', alarm: 'T+34:00:00' })
    s.tell(5 * HOUR, seen(5 * HOUR))
    expect(clock(s.grant.endsAt!)).toBe('T+11:00:00')
  })

  it('raises the alarm when the task to take it back is overdue', () => {
    const s = story(byHand)
    s.tell(0, start)
    s.tell(0, intend('unknown', true))
    s.tell(HOUR, seen(HOUR))
    s.tell(7 * HOUR, expire)
    expect(s.work).toEqual({ take: 'T+7:00:00', alarm: 'T+11:00:00' })
  })
})
