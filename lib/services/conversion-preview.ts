import 'server-only'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { type ConversionPlan, conversionNotice } from '@/lib/conversion'
import { conversionPlan } from '@/lib/conversion-words'
import { ok, type Result } from '@/lib/domain/errors'
import { isEligible } from '@/lib/domain/policy'
import { type ConvertInput, checkConversion, datesProblem } from './conversions'
import { floorOf, loadPerson } from './facts'
import { freezeOf } from './freeze'

/** What a conversion would do, in words, from what the target says now. Nothing is changed. Owners and admins. */
export async function previewConversion(
  ctx: Ctx,
  input: ConvertInput & { zone: string },
): Promise<Result<ConversionPlan>> {
  const checked = await checkConversion(ctx, input)
  if (!checked.ok) return checked
  const { place, items, definition } = checked.value
  const now = await readNow(ctx.db)
  const refused = datesProblem({ input, items }, { now, actor: ctx.actor }, await floorOf(ctx.db))
  if (refused) return refused
  const locked: string[] = []
  for (const { holder } of items) {
    const person = await loadPerson(ctx.db, holder.person.id)
    if (person && !isEligible(definition.requesters, person)) locked.push(person.name)
  }
  return ok(
    conversionPlan({
      entitlement: place.entitlement.name,
      application: place.application.name,
      startAt: input.startAt,
      people: items.map(({ holder, endsAt }) => ({
        name: holder.person.name,
        account: holder.account.name,
        endsAt,
      })),
      noticeSeconds: items.map((one) => conversionNotice(one.seconds)),
      lengths: definition.presets.map((preset) => preset.seconds),
      locked,
      paused: place.connection?.paused === true || (await freezeOf(ctx.db, place.application.id)) !== null,
      now,
      zone: input.zone,
    }),
  )
}
