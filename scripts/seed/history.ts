import { and, eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { returnGrant, revokeGrant } from '@/lib/services/grants'
import { askForAccess } from '@/lib/services/requests'
import { completeTask } from '@/lib/services/tasks'
import { must } from './must'
import type { Halden } from './organisation'
import type { Plot } from './plots'
import type { Stage } from './stage'

/** Something a person does at a moment; what is due in between is done by the engine. */
export interface Scene {
  readonly at: Date
  readonly play: () => Promise<void>
}

/** Plays all plots, and what happened beside them, in the order of time, up to the present. */
export async function playHistory(
  stage: Stage,
  halden: Halden,
  { plots, beside }: { plots: readonly Plot[]; beside: readonly Scene[] },
): Promise<void> {
  const scenes = [...beside, ...plots.flatMap((plot) => new Telling(stage, halden, plot).scenes())]
  for (const scene of scenes.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    await stage.until(scene.at)
    await scene.play()
    await stage.settle()
  }
  await stage.until(new Date())
}

/** One plot as scenes, and what they have to remember of each other. */
class Telling {
  private requestId = ''
  private grantId = ''

  constructor(
    private readonly stage: Stage,
    private readonly halden: Halden,
    private readonly plot: Plot,
  ) {}

  scenes(): Scene[] {
    const { plot } = this
    const scenes: Scene[] = [{ at: plot.asked, play: () => this.ask() }]
    let at = plot.asked
    const then = (minutes: number, play: () => Promise<void>) => {
      at = new Date(at.getTime() + minutes * 60_000)
      scenes.push({ at, play })
    }
    if (plot.withdrawn) then(plot.withdrawn.after, () => this.withdraw())
    if (plot.denied) {
      const { by, note, after } = plot.denied
      then(after, () => this.decide(by, 'deny', note))
    }
    for (const { by, after } of plot.agreed ?? []) then(after, () => this.decide(by, 'approve', ''))
    if (plot.byHand)
      then(plot.byHand.given, () => this.completeTask('Added, the role shows on the team page'))
    if (plot.byHand?.taken !== undefined) {
      const length = (plot.hours ?? 0) * 60
      then(length + plot.byHand.taken, () => this.completeTask('Removed, the team page no longer lists them'))
    }
    if (plot.more) {
      const { after, hours, why, agreed } = plot.more
      then(after, () => this.askMore(hours, why))
      if (agreed) then(agreed.after, () => this.decide(agreed.by, 'approve', ''))
    }
    if (plot.cut) {
      const { after } = plot.cut
      then(after, () => this.cut())
    }
    return scenes
  }

  private as(key: string) {
    return this.stage.as(this.halden.people.get(key) ?? key)
  }

  private async ask(): Promise<void> {
    const { who, what, hours, why, asked, startsIn } = this.plot
    const entitlementId = this.halden.entitlements.get(what) ?? what
    const startAt = startsIn === undefined ? null : new Date(asked.getTime() + startsIn * 60_000)
    const input = { entitlementId, seconds: hours === null ? null : hours * 3600, reason: why, startAt }
    this.requestId = must(await askForAccess(await this.as(who), input)).requestId
  }

  private async askMore(hours: number, reason: string): Promise<void> {
    const input = { grantId: this.grantId, seconds: hours * 3600, reason }
    this.requestId = must(await askForExtension(await this.as(this.plot.who), input)).requestId
  }

  private async decide(by: string, verdict: 'approve' | 'deny', note: string): Promise<void> {
    const { request } = schema
    const row = await this.stage.db.query.request.findFirst({ where: eq(request.id, this.requestId) })
    const input = { requestId: this.requestId, verdict, note: note || null, version: row?.version ?? 0 }
    const { grantId } = must(await decideOnRequest(await this.as(by), input))
    if (grantId) this.grantId = grantId
  }

  private async withdraw(): Promise<void> {
    must(await withdrawRequest(await this.as(this.plot.who), this.requestId))
  }

  private async completeTask(evidence: string): Promise<void> {
    const { task } = schema
    const open = await this.stage.db.query.task.findFirst({
      where: and(eq(task.grantId, this.grantId), eq(task.state, 'open')),
    })
    if (!open) throw new Error(`${this.plot.who} has no open task for ${this.plot.what}`)
    const input = { taskId: open.id, evidence, version: open.version }
    must(await completeTask(await this.as('ruth'), input))
  }

  private async cut(): Promise<void> {
    const { cut } = this.plot
    if (!cut) return
    const end = cut.kind === 'return' ? returnGrant : revokeGrant
    must(await end(await this.as(cut.by), { grantId: this.grantId, reason: cut.why }))
  }
}
