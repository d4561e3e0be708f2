import {isDeepStrictEqual} from 'node:util'

type Json = Record<string, unknown>

/** Keywords that only the registry reads; see `Rules` in `@apkg/wire/protocol`. */
const internal = new Set(['title', 'fault', 'problem'])

/** Turns the schemas of the protocol into schemas of an OpenAPI document. Those with a title become its components. */
export class Components {
  readonly #schemas = new Map<string, Json>()

  /** In alphabetical order. */
  get schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  render(schema: object): Json {
    const {title} = schema as {title?: string}
    if (title === undefined) return this.#inline(schema)
    const rendered = this.#inline(schema)
    const known = this.#schemas.get(title)
    if (known && !isDeepStrictEqual(known, rendered)) throw new Error(`Two schemas have the title ${title}`)
    this.#schemas.set(title, rendered)
    return {$ref: `#/components/schemas/${title}`}
  }

  #inline(schema: object): Json {
    const {anyOf, patternProperties, ...rest} = schema as {anyOf?: object[]; patternProperties?: Record<string, object>}
    const entries = Object.entries(rest).filter(([keyword]) => !internal.has(keyword))
    return {
      ...Object.fromEntries(entries.map(([keyword, value]) => [keyword, this.#keyword(keyword, value)])),
      ...(anyOf && this.#alternatives(anyOf)),
      // A record with arbitrary keys.
      ...(patternProperties && {additionalProperties: this.render(Object.values(patternProperties)[0] ?? {})}),
    }
  }

  #keyword(keyword: string, value: unknown): unknown {
    switch (keyword) {
      case 'properties':
        return mapValues(value as Record<string, object>, (each) => this.render(each))
      case 'items':
      case 'propertyNames':
        return this.render(value as object)
      case 'oneOf':
        return (value as object[]).map((each) => this.render(each))
      default:
        return value
    }
  }

  /** A nullable value becomes a list of types, which generators handle better, unless the value is a component. */
  #alternatives(schemas: object[]): Json {
    const rendered = schemas.map((each) => this.render(each))
    const [value = {}, none] = rendered
    if (rendered.length !== 2 || none?.['type'] !== 'null' || '$ref' in value) return {anyOf: rendered}
    return {...value, type: [value['type'], 'null']}
  }
}

/** An example for a schema, assembled from the examples of its parts. */
export function exampleOf(schema: object): unknown {
  const {example, oneOf, anyOf, items, properties, propertyNames, patternProperties, ...rest} = schema as Partial<{
    example: unknown
    oneOf: object[]
    anyOf: object[]
    items: object
    properties: Record<string, object>
    propertyNames: object
    patternProperties: Record<string, object>
    const: unknown
  }>
  const alternative = oneOf?.[0] ?? anyOf?.[0]
  const [value] = Object.values(patternProperties ?? {})
  if (example !== undefined) return example
  if (alternative) return exampleOf(alternative)
  if (items) return [exampleOf(items)]
  if (propertyNames && value) return {[exampleOf(propertyNames) as string]: exampleOf(value)}
  return properties ? mapValues(properties, exampleOf) : rest.const
}

function mapValues<From, To>(object: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}
