/**
 * A vendor's published API description, to hold the requests of a connector and the replies of its fake against.
 * The descriptions are test data beside the checkout and not part of the product: where they are absent, whoever
 * asks is told so and skips visibly.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import type { FakeReply, FakeRequest } from './fake'

const folder = path.resolve(process.cwd(), process.env.VENDOR_CONTRACTS ?? '../shared/contracts')

export interface VendorContract {
  /** What is wrong with a request, or with the reply to it; null when nothing is. */
  validate: (request: FakeRequest, reply: FakeReply | null) => string | null
}

interface Parameter {
  name: string
  in: 'query' | 'path' | 'header' | 'body' | 'formData'
  required?: boolean
  /** OpenAPI 3, and a body's in Swagger 2. */
  schema?: object
  /** Swagger 2 puts the schema of everything but a body beside the name. */
  type?: string
}
interface Described {
  $ref?: string
  schema?: object
  content?: Record<string, { schema?: object }>
}
interface Operation {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: Described & { required?: boolean }
  responses: Record<string, Described>
}
type PathItem = Record<string, Operation> & { parameters?: Operation['parameters'] }

/**
 * Reads a description (OpenAPI 3.0 or Swagger 2.0) by its file's name.
 * @param prefix of the path that the description leaves out, such as "/api/v2"
 * @returns null where the folder or the file is absent
 */
export function vendorContract(file: string, prefix = ''): VendorContract | null {
  const name = path.join(folder, file)
  return existsSync(name) ? contractOf(JSON.parse(readFileSync(name, 'utf8')) as object, prefix) : null
}

/** The same for a description at hand, such as one written here for what the published ones leave out. */
export function contractOf(description: object, prefix = ''): VendorContract {
  const doc = description as { paths: Record<string, PathItem> }
  fillGaps(doc)
  const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, allErrors: true })
  const coercing = new Ajv({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    coerceTypes: 'array',
  })
  for (const one of [ajv, coercing]) one.addSchema({ $id: 'vendor', ...doc })

  const resolve = <T>(value: T | { $ref: string }): T =>
    typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string'
      ? (at(doc, value.$ref) as T)
      : (value as T)
  /** Compiling a schema takes long and is done once for each object. */
  const known = new WeakMap<object, object>()
  const holders = new WeakMap<Parameter, object>()
  /** A schema of the description, its references read as those of the description. */
  const anchored = (schema: object) => {
    const found =
      known.get(schema) ??
      (JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"vendor#/')) as object)
    known.set(schema, found)
    return found
  }
  const check = (judge: Ajv, schema: object | undefined, value: unknown, where: string): string | null => {
    if (!schema || judge.validate(anchored(schema), value)) return null
    return said(judge.errors, where)
  }
  const schemaOf = (described: Described | undefined) =>
    described?.schema ?? Object.values(described?.content ?? {})[0]?.schema

  function find(request: FakeRequest): Operation | string {
    if (!request.path.startsWith(prefix)) return `${request.path} is outside ${prefix}`
    const wanted = request.path.slice(prefix.length).split('/')
    for (const [template, item] of Object.entries(doc.paths)) {
      const parts = template.split('/')
      if (parts.length !== wanted.length) continue
      if (!parts.every((part, n) => (part.startsWith('{') ? wanted[n] !== '' : part === wanted[n]))) continue
      const operation = item[request.method.toLowerCase()]
      if (operation)
        return { ...operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])] }
    }
    return 'the vendor knows no such operation'
  }

  function judgeRequest(request: FakeRequest, operation: Operation): string | null {
    const parameters = (operation.parameters ?? []).map((one) => resolve<Parameter>(one))
    const known = parameters.filter((parameter) => parameter.in === 'query')
    for (const key of request.query.keys())
      if (!known.some((parameter) => parameter.name === key)) return `the vendor knows no query “${key}”`
    for (const parameter of known) {
      const { name: key, required, schema, type } = parameter
      const all = request.query.getAll(key)
      if (all.length === 0 && required) return `the query “${key}” is required`
      if (all.length === 0) continue
      const described = {
        type: 'object',
        properties: { [key]: schema ?? (type === 'array' ? {} : { type }) },
      }
      const holder = holders.get(parameter) ?? described
      holders.set(parameter, holder)
      const wrong = check(coercing, holder, { [key]: all.length > 1 ? all : all[0] }, `query ${key}`)
      if (wrong) return wrong
    }
    const asBody = parameters.find((parameter) => parameter.in === 'body')
    const body = operation.requestBody ? resolve<Described>(operation.requestBody) : asBody
    if (request.body === undefined)
      return (operation.requestBody?.required ?? asBody?.required) ? 'a body is required' : null
    return body ? check(ajv, schemaOf(body), request.body, 'body') : 'the vendor expects no body'
  }

  function judgeReply(reply: FakeReply, operation: Operation): string | null {
    const { status, body } = reply
    const found = operation.responses[status] ?? (status < 400 ? operation.responses.default : undefined)
    // Troubles are documented scarcely; what a connector makes of them is tested by itself.
    if (!found) return status >= 400 ? null : `the vendor answers with no ${status}`
    const schema = schemaOf(resolve(found))
    return schema && status < 300 ? check(ajv, schema, body, 'reply') : null
  }

  return {
    validate(request, reply) {
      const operation = find(request)
      if (typeof operation === 'string') return operation
      return reply ? judgeReply(reply, operation) : judgeRequest(request, operation)
    },
  }
}

function said(errors: ErrorObject[] | null | undefined, where: string): string {
  const all = (errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)
  return `${where}: ${all.slice(0, 5).join('; ')}`
}

function at(doc: object, pointer: string): unknown {
  const keys = pointer
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], doc)
}

/** The descriptions are cut to what is used; what a reference then misses may be anything. */
function fillGaps(doc: object): void {
  for (const [, pointer] of JSON.stringify(doc).matchAll(/"\$ref":"(#\/[^"]+)"/g)) {
    if (!pointer || at(doc, pointer) !== undefined) continue
    const keys = pointer.slice(2).split('/')
    let place = doc as Record<string, Record<string, unknown>>
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {}
      place = place[key] as typeof place
    }
    place[keys.at(-1)!] = {}
  }
}
