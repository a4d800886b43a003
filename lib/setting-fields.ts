/** Which settings of a connector play a part at present, and how a long form is parted. Pure; asked by forms and services. */

interface Dependent {
  readonly name: string
  readonly when?: { readonly field: string; readonly is: readonly string[] }
  readonly group?: string
}

/**
 * The names of the fields that play a part under these values, given as forms send them (a switch: `true`, `false`).
 * A field that depends on one which plays no part plays none either.
 */
export function playing(
  fields: readonly Dependent[],
  values: Readonly<Record<string, unknown>>,
): ReadonlySet<string> {
  const byName = new Map(fields.map((field) => [field.name, field]))
  const plays = (field: Dependent, asked: readonly string[] = []): boolean => {
    if (!field.when) return true
    const other = byName.get(field.when.field)
    if (!other || asked.includes(other.name)) return false
    return plays(other, [...asked, field.name]) && field.when.is.includes(String(values[other.name] ?? ''))
  }
  return new Set(fields.filter((field) => plays(field)).map((field) => field.name))
}

/** Fields that follow each other under one heading. */
export function settingGroups<Field extends Dependent>(
  fields: readonly Field[],
): { title: string | null; fields: Field[] }[] {
  const groups: { title: string | null; fields: Field[] }[] = []
  for (const field of fields) {
    const title = field.group ?? null
    const last = groups.at(-1)
    if (last && last.title === title) last.fields.push(field)
    else groups.push({ title, fields: [field] })
  }
  return groups
}
