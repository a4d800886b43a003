/** One lease of Halden's last weeks, from the question on. Minutes count from the scene before. */
export interface Plot {
  readonly who: string
  readonly what: string
  readonly hours: number | null
  readonly why: string
  readonly asked: Date
  /** Who agrees, in order; nobody while it is open. */
  readonly agreed?: readonly { by: string; after: number }[]
  readonly denied?: { by: string; after: number; note: string }
  readonly withdrawn?: { after: number }
  /** Minutes from the last yes to the wanted start, for one that lies ahead. */
  readonly startsIn?: number
  /** Where people give and take by hand: minutes until they did; `taken` counts from the end. */
  readonly byHand?: { given: number; taken?: number }
  readonly more?: { after: number; hours: number; why: string; agreed?: { by: string; after: number } }
  readonly cut?: { kind: 'return' | 'revoke'; by: string; after: number; why: string }
}

const HOUR_MS = 3_600_000

/** @param now the moment at which the story meets the present */
export function plots(now: Date): Plot[] {
  const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)
  /** A time of day (UTC), some days back. */
  const on = (days: number, time: string) => {
    const day = new Date(now.getTime() - days * 24 * HOUR_MS).toISOString().slice(0, 10)
    return new Date(`${day}T${time}:00Z`)
  }
  return [...past(on), ...present(ago)]
}

function past(on: (days: number, time: string) => Date): Plot[] {
  const yes = (by: string, after = 6) => [{ by, after }]
  return [
    {
      who: 'priya',
      what: 'prod_write',
      hours: 6,
      why: 'Backfill of order totals',
      asked: on(19, '09:05'),
      withdrawn: { after: 22 },
    },
    {
      who: 'tomas',
      what: 'finance_read',
      hours: 24,
      why: 'Month end: accruals',
      asked: on(18, '08:10'),
      agreed: yes('ines', 14),
    },
    {
      who: 'lena',
      what: 'prod_read',
      hours: 24,
      why: 'Churn by first order, for the board',
      asked: on(17, '15:40'),
    },
    {
      who: 'owen',
      what: 'Refunds',
      hours: 24,
      why: 'Chargeback batch of the month',
      asked: on(16, '09:20'),
      agreed: yes('tomas', 9),
      byHand: { given: 18, taken: 25 },
    },
    {
      who: 'owen',
      what: 'reporting_read',
      hours: null,
      why: '',
      asked: on(16, '07:50'),
      agreed: yes('tomas', 31),
    },
    {
      who: 'priya',
      what: 'prod_read',
      hours: 24,
      why: 'Nightly load skips orders without a customer',
      asked: on(15, '07:30'),
      agreed: yes('mira', 3),
    },
    {
      who: 'samuel',
      what: 'prod_read',
      hours: 24,
      why: 'INC-409: slow checkout, looking for the rows',
      asked: on(14, '11:15'),
      agreed: yes('mei', 2),
    },
    {
      who: 'ana',
      what: 'prod_read',
      hours: 6,
      why: 'Duplicate refunds in PAY-5102',
      asked: on(13, '08:45'),
      agreed: yes('ben', 5),
      cut: { kind: 'return', by: 'ana', after: 130, why: '' },
    },
    {
      who: 'nadia',
      what: 'prod_write',
      hours: 6,
      why: 'Fix 212 orders with a wrong currency',
      asked: on(12, '09:00'),
      agreed: [
        { by: 'mira', after: 8 },
        { by: 'jonas', after: 11 },
      ],
    },
    {
      who: 'jonas',
      what: 'prod_write',
      hours: 6,
      why: 'Migration of the refunds table',
      asked: on(11, '08:00'),
      agreed: [
        { by: 'mira', after: 4 },
        { by: 'mei', after: 7 },
      ],
      cut: { kind: 'revoke', by: 'mira', after: 95, why: 'The migration went out, nothing is left to do' },
    },
    {
      who: 'chidi',
      what: 'prod_read',
      hours: 24,
      why: 'Revenue per day for the planning',
      asked: on(10, '13:10'),
      denied: { by: 'ben', after: 16, note: 'analytics_read has the same numbers, without customers' },
    },
    {
      who: 'sofia',
      what: 'analytics_read',
      hours: 6,
      why: 'Sample for the half-year audit',
      asked: on(10, '08:20'),
      agreed: yes('ines', 12),
    },
    {
      who: 'lena',
      what: 'analytics_read',
      hours: 72,
      why: 'Forecast for next quarter',
      asked: on(9, '07:40'),
      agreed: yes('mira', 2),
    },
    {
      who: 'chidi',
      what: 'Refunds',
      hours: 6,
      why: 'Refunds for the failed payout run',
      asked: on(9, '10:05'),
      agreed: yes('ben', 3),
      byHand: { given: 12, taken: 20 },
    },
    {
      who: 'priya',
      what: 'prod_read',
      hours: 24,
      why: 'Load check after the upgrade',
      asked: on(8, '06:50'),
      agreed: yes('mira', 9),
    },
    {
      who: 'chidi',
      what: 'prod_read',
      hours: 6,
      why: 'PAY-5127: payout without an order',
      asked: on(7, '12:30'),
      agreed: yes('ben', 4),
    },
    {
      who: 'ana',
      what: 'prod_read',
      hours: 24,
      why: 'PAY-5140: customers charged twice',
      asked: on(6, '09:10'),
      agreed: yes('ben', 8),
      more: {
        after: 1_240,
        hours: 6,
        why: 'Two customers are still open',
        agreed: { by: 'mira', after: 14 },
      },
    },
    {
      who: 'owen',
      what: 'finance_read',
      hours: 6,
      why: 'Reconciling the fees account',
      asked: on(5, '08:00'),
      agreed: yes('tomas', 21),
    },
    {
      who: 'jonas',
      what: 'prod_write',
      hours: 6,
      why: 'Re-index orders after the upgrade',
      asked: on(4, '06:30'),
      agreed: [
        { by: 'mira', after: 5 },
        { by: 'samuel', after: 6 },
      ],
    },
    {
      who: 'tomas',
      what: 'finance_read',
      hours: 24,
      why: 'Question of the auditors',
      asked: on(3, '10:00'),
      agreed: yes('ines', 35),
      cut: { kind: 'return', by: 'tomas', after: 210, why: '' },
    },
    {
      who: 'mei',
      what: 'prod_read',
      hours: 6,
      why: 'INC-431: checkout errors in one region',
      asked: on(2, '05:20'),
      agreed: yes('jonas', 3),
    },
  ]
}

function present(ago: (hours: number) => Date): Plot[] {
  const yes = (by: string, after = 6) => [{ by, after }]
  return [
    {
      who: 'mei',
      what: 'analytics_read',
      hours: 72,
      why: 'Capacity plan for the sale',
      asked: ago(30),
      agreed: yes('ines', 25),
    },
    {
      who: 'chidi',
      what: 'Refunds',
      hours: 24,
      why: 'Refunds for the outage of last night',
      asked: ago(24.9),
      agreed: yes('ben', 10),
      byHand: { given: 15 },
    },
    {
      who: 'nadia',
      what: 'prod_read',
      hours: 24,
      why: 'Orders that never reached the warehouse',
      asked: ago(20.2),
      agreed: yes('jonas'),
      more: { after: 1_178, hours: 6, why: 'One loader is left to check' },
    },
    {
      who: 'owen',
      what: 'Support view',
      hours: 6,
      why: 'Disputed payment of a supplier',
      asked: ago(9),
      agreed: yes('tomas', 5),
      byHand: { given: 10 },
    },
    {
      who: 'ana',
      what: 'Support view',
      hours: 24,
      why: 'Payments that customers ask about this week',
      asked: ago(7.2),
      agreed: yes('ben', 4),
      byHand: { given: 21 },
    },
    {
      who: 'jonas',
      what: 'prod_read',
      hours: 6,
      why: 'Rows behind the late report',
      asked: ago(5.4),
      agreed: yes('mira', 4),
    },
    {
      who: 'lena',
      what: 'prod_read',
      hours: 24,
      why: 'Refund reasons, by hand for one week',
      asked: ago(5),
      agreed: yes('mira', 2),
    },
    {
      who: 'samuel',
      what: 'prod_read',
      hours: 24,
      why: 'Failover exercise tomorrow',
      asked: ago(3),
      agreed: yes('mei', 12),
      startsIn: 1_060,
    },
    {
      who: 'ana',
      what: 'analytics_read',
      hours: 6,
      why: 'Payout numbers for the weekly review',
      asked: ago(5.3),
      agreed: yes('ben', 7),
    },
    { who: 'tomas', what: 'finance_read', hours: 24, why: 'Month end: provisions', asked: ago(2) },
    {
      who: 'priya',
      what: 'prod_write',
      hours: 6,
      why: 'Repair 38 orders of the broken import',
      asked: ago(1.3),
      agreed: [
        { by: 'mira', after: 9 },
        { by: 'jonas', after: 4 },
      ],
    },
    {
      who: 'samuel',
      what: 'Support view',
      hours: 6,
      why: 'Checking alerts against real payments',
      asked: ago(0.85),
      agreed: yes('mei', 5),
    },
    {
      who: 'priya',
      what: 'ledger_write',
      hours: 6,
      why: 'Two bookings of the import have the wrong sign',
      asked: ago(0.95),
      agreed: [{ by: 'mira', after: 5 }],
    },
    { who: 'chidi', what: 'prod_read', hours: 6, why: 'PAY-5163: refunds that hang', asked: ago(0.8) },
    { who: 'ana', what: 'Refunds', hours: 6, why: 'Refund the three customers of PAY-5140', asked: ago(0.6) },
  ]
}
