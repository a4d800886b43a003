/** A machine as a table: which state an event may lead to from which state. */
export type MachineTable = Readonly<Record<string, Partial<Readonly<Record<string, readonly string[]>>>>>

/** The Mermaid state diagram of a machine, one arrow for each pair of states, in the table's own order. */
export function mermaid(table: MachineTable, start: string): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${start}`]
  for (const [from, events] of Object.entries(table)) {
    const arrows = new Map<string, string[]>()
    for (const [event, targets] of Object.entries(events))
      for (const to of targets ?? []) arrows.set(to, [...(arrows.get(to) ?? []), event])
    for (const [to, names] of arrows) lines.push(`  ${from} --> ${to} : ${names.join(', ')}`)
    if (arrows.size === 0) lines.push(`  ${from} --> [*]`)
  }
  return lines.join('\n')
}
