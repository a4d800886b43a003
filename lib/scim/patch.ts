import { ENTERPRISE, isObject, type Json, plainName, read } from './attributes'
import { bad } from './errors'
import { type Filter, fits, parseFilter } from './filter'

/** How the attributes of one kind of resource behave under a change. Names are as `plainName` gives them. */
export interface PatchShape {
  /** By plain name, the name as it is written in the resource: `username` → `userName`. */
  readonly names: Readonly<Record<string, string>>
  /** Have parts. */
  readonly complex: ReadonlySet<string>
  /** Are lists of objects. */
  readonly lists: ReadonlySet<string>
  /** Only we write them. */
  readonly readOnly: ReadonlySet<string>
  /** Belong to the standard's schema and are not kept here: accepted, and left out. */
  readonly notKept: ReadonlySet<string>
}

type Op = 'add' | 'replace' | 'remove'
interface Operation {
  readonly op: Op
  readonly path: string | null
  readonly value: unknown
}
interface Path {
  readonly attribute: string
  readonly filter: Filter | null
  readonly sub: string | null
}

const MAX_OPERATIONS = 1_000

/**
 * A resource after a PATCH, in every dialect that is spoken: operations in any case, a change without a path whose
 * value is a map of attributes or of paths (Okta, Entra), members removed by a filter in the path (the standard) or by
 * a list in the value (Entra before 2021), a filtered path that nobody fits yet and that is added to (Entra).
 * Source: RFC 7644, section 3.5.2. All of it or, where one operation is refused, nothing.
 * @throws {ScimError} `invalidSyntax`, `invalidPath`, `noTarget`, `mutability` or `invalidValue`
 */
export function patched(resource: Json, body: unknown, shape: PatchShape): Json {
  const after: Json = structuredClone(resource)
  for (const operation of operationsOf(body)) {
    const { op, path, value } = operation
    if (path !== null) change(after, op, pathOf(path), value, shape, 'strict')
    else if (op === 'remove') throw bad('noTarget', 'A removal needs a path that says what to remove.')
    else mapped(after, op, value, shape)
  }
  return after
}

function operationsOf(body: unknown): Operation[] {
  const list = isObject(body) ? read(body, 'Operations') : undefined
  if (!Array.isArray(list) || list.length === 0)
    throw bad('invalidSyntax', 'A PATCH has a list of “Operations”.')
  if (list.length > MAX_OPERATIONS) throw bad('tooMany', `At most ${MAX_OPERATIONS} operations at once.`)
  return list.map((item): Operation => {
    const op = isObject(item) ? String(read(item, 'op')).toLowerCase() : ''
    if (!isObject(item) || (op !== 'add' && op !== 'replace' && op !== 'remove'))
      throw bad('invalidSyntax', 'An operation is “add”, “replace” or “remove”.')
    const path = read(item, 'path')
    if (path !== undefined && path !== null && typeof path !== 'string')
      throw bad('invalidPath', 'A path is text.')
    return { op, path: path || null, value: read(item, 'value') }
  })
}

/** `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`, each with its URN or without. */
function pathOf(text: string): Path {
  const bracket = text.indexOf('[')
  if (bracket < 0) {
    const name = plainName(text.trim())
    const [attribute = '', sub = null, more] = name.split('.')
    if (
      more !== undefined ||
      !/^(enterprise:)?([a-z]\w*)?$/.test(attribute) ||
      !/^([a-z$]\w*)?$/.test(sub ?? '')
    )
      throw bad('invalidPath', `“${text}” is no path.`)
    return { attribute, filter: null, sub }
  }
  const close = text.lastIndexOf(']')
  const attribute = plainName(text.slice(0, bracket).trim())
  const rest = text.slice(close + 1)
  if (close < bracket || !/^(\.[a-z]\w*)?$/i.test(rest)) throw bad('invalidPath', `“${text}” is no path.`)
  // Read with the name before it, so that its paths are those of a filter over the whole resource.
  const filter = parseFilter(`${attribute}[${text.slice(bracket + 1, close)}]`)
  return { attribute, filter, sub: rest ? rest.slice(1).toLowerCase() : null }
}

/** A change without a path. What is not known here is left out, as it is when a resource is made. */
function mapped(resource: Json, op: Op, value: unknown, shape: PatchShape): void {
  if (!isObject(value))
    throw bad('invalidValue', 'A change without a path has an object of attributes as its value.')
  for (const [name, part] of Object.entries(value)) {
    const path = pathOf(name)
    if (path.attribute === 'enterprise:' && isObject(part))
      for (const [inner, each] of Object.entries(part))
        change(resource, op, pathOf(`${ENTERPRISE}:${inner}`), each, shape, 'lenient')
    else change(resource, op, path, part, shape, 'lenient')
  }
}

function change(
  resource: Json,
  op: Op,
  path: Path,
  value: unknown,
  shape: PatchShape,
  manner: 'strict' | 'lenient',
) {
  const { attribute } = path
  if (attribute === 'enterprise:') {
    if (op === 'remove') delete resource[ENTERPRISE]
    else mapped(resource, op, { [ENTERPRISE]: value }, shape)
    return
  }
  if (shape.readOnly.has(attribute)) {
    if (manner === 'lenient' || attribute === 'schemas') return
    throw bad('mutability', `“${attribute}” is set by Leasehold and cannot be changed.`)
  }
  const name = Object.hasOwn(shape.names, attribute) ? shape.names[attribute] : undefined
  if (name === undefined) {
    if (manner === 'lenient' || shape.notKept.has(attribute)) return
    throw bad('invalidPath', `There is no attribute “${attribute}”.`)
  }
  const extension = attribute.startsWith('enterprise:')
  const holder = extension ? extensionOf(resource) : resource
  if (shape.lists.has(attribute)) changeList(holder, name, op, path, value)
  else if (path.filter) throw bad('invalidPath', `“${name}” is no list that a filter could choose from.`)
  else if (path.sub !== null) changePart(holder, name, op, path.sub, value, shape.complex.has(attribute))
  else if (op === 'remove' || value === null || value === '') delete holder[name]
  else if (isObject(value) && isObject(holder[name])) holder[name] = over(holder[name], value)
  else holder[name] = value
  if (extension && Object.keys(holder).length === 0) delete resource[ENTERPRISE]
}

function extensionOf(resource: Json): Json {
  const found = resource[ENTERPRISE]
  if (isObject(found)) return found
  const made: Json = {}
  resource[ENTERPRISE] = made
  return made
}

function changePart(holder: Json, name: string, op: Op, sub: string, value: unknown, complex: boolean): void {
  if (!complex) throw bad('invalidPath', `“${name}” has no parts.`)
  const whole: Json = isObject(holder[name]) ? (holder[name] as Json) : {}
  const key = keyIn(whole, sub)
  if (op === 'remove' || value === null || value === '') delete whole[key]
  else whole[key] = value
  if (Object.keys(whole).length > 0) holder[name] = whole
  else delete holder[name]
}

/** The key of a part as it is there already; `givenname` where nothing is there stays in the case of the standard. */
function keyIn(whole: Json, sub: string): string {
  const standard: Record<string, string> = { givenname: 'givenName', familyname: 'familyName' }
  return Object.keys(whole).find((k) => k.toLowerCase() === sub) ?? standard[sub] ?? sub
}

function changeList(holder: Json, name: string, op: Op, path: Path, value: unknown): void {
  const list = Array.isArray(holder[name]) ? (holder[name] as unknown[]) : []
  const chosen = (element: unknown) => path.filter === null || fits(path.filter, path.attribute, element)
  if (op === 'remove') holder[name] = removed(list, path, value, chosen)
  else if (path.filter === null && path.sub === null)
    holder[name] = op === 'replace' ? merged([], elements(value)) : merged(list, elements(value))
  else {
    const change: Json = path.sub === null ? asElement(value) : { [path.sub]: value }
    if (list.some(chosen))
      holder[name] = list.map((e) => (chosen(e) ? over(isObject(e) ? e : {}, change) : e))
    else holder[name] = [...list, over(wanted(path), change)]
  }
}

/** One object with the parts of another in it, in whatever case either writes their names. */
function over(whole: Json, more: Json): Json {
  const named = new Set(Object.keys(more).map((key) => key.toLowerCase()))
  const rest = Object.entries(whole).filter(([key]) => !named.has(key.toLowerCase()))
  return Object.fromEntries([...rest, ...Object.entries(more)])
}

function removed(
  list: readonly unknown[],
  path: Path,
  value: unknown,
  chosen: (element: unknown) => boolean,
): unknown[] {
  const { sub } = path
  if (sub !== null)
    return list.map((e) =>
      chosen(e) && isObject(e)
        ? Object.fromEntries(Object.entries(e).filter(([key]) => key.toLowerCase() !== sub))
        : e,
    )
  if (path.filter !== null) return list.filter((e) => !chosen(e))
  const named = new Set(value === undefined || value === null ? [] : elements(value).map(valueIn))
  // Without a list of whom, it is everybody: so says the standard.
  return named.size === 0 ? [] : list.filter((e) => !named.has(valueIn(e)))
}

/** One after the other; who is in already, by value, stays as they are. */
function merged(list: readonly unknown[], more: readonly unknown[]): unknown[] {
  const byValue = new Map(list.map((e) => [valueIn(e), e]))
  for (const e of more) if (!byValue.has(valueIn(e))) byValue.set(valueIn(e), e)
  return [...byValue.values()]
}

const elements = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]).map(asElement)
const asElement = (value: unknown): Json => (isObject(value) ? value : { value })

function valueIn(element: unknown): string {
  const value = isObject(element) ? read(element, 'value') : element
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

/** What a filter that nobody fits asks for, so that it can be made: `type eq "work"` → `{ type: 'work' }`. */
function wanted({ filter, attribute }: Path): Json {
  const all: readonly Filter[] = filter === null ? [] : filter.kind === 'and' ? filter.of : [filter]
  return Object.fromEntries(
    all.flatMap((f) =>
      f.kind === 'compare' && f.op === 'eq' ? [[f.path.slice(attribute.length + 1), f.value]] : [],
    ),
  )
}
