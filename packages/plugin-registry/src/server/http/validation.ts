import type {ProblemCode, ProblemDetail} from '@apkg/wire'
import {type Rules, withoutControls} from '@apkg/wire/protocol'
import type {FastifySchemaCompiler, FastifySchemaValidationError} from 'fastify'
import * as Type from 'typebox'
import {Compile, type Validator} from 'typebox/compile'

import {Refusal} from './refusal.js'

/** An error of the validator, with the rules of the schema that the value violates. */
type Fault = FastifySchemaValidationError & {rules?: Rules}

/**
 * Path parameters identify something to look up, and looking up an invalid name finds nothing. So only characters that
 * could confuse the lookup are refused here.
 */
const pathParams = Type.Record(Type.String(), Type.String(withoutControls))

/** By schema, since routes share schemas. */
const validators = new WeakMap<Type.TSchema, Validator>()

/** Compiles a schema into a validation function for fastify. Only numbers and booleans in the query are converted from text. */
export const compileValidator: FastifySchemaCompiler<Type.TSchema> = ({schema, httpPart}) => {
  const checked = httpPart === 'params' ? pathParams : schema
  const validator = validatorOf(checked)
  return (received: unknown) => {
    const value = httpPart === 'querystring' ? readQuery(checked, received) : received
    if (validator.Check(value)) return {value}
    const faults = validator.Errors(value).map((error) => ({...error, rules: schemaAt(checked, error.schemaPath)}))
    return {error: faults as never}
  }
}

function validatorOf(schema: Type.TSchema): Validator {
  let validator = validators.get(schema)
  if (!validator) validators.set(schema, (validator = Compile(schema)))
  return validator
}

function readQuery(schema: Type.TSchema, query: unknown): unknown {
  const {properties = {}} = schema as {properties?: Record<string, {type?: string}>}
  return Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === 'string' ? readParameter(properties[name]?.type, value) : value,
    ]),
  )
}

function readParameter(type: string | undefined, text: string): string | number | boolean {
  if (type === 'integer' && /^\d{1,9}$/.test(text)) return Number(text)
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text
}

/** @param pointer such as `#/properties/name`. */
function schemaAt(schema: Type.TSchema, pointer: string): Rules {
  const steps = pointer.split('/').slice(1).map(unescaped)
  return steps.reduce<object>((at, step) => (at as Record<string, object>)[step] ?? {}, schema)
}

/** Keywords whose errors only summarize other errors. */
const summaryKeywords = new Set(['anyOf', 'propertyNames'])

/** The refusal for a request that violates its schema, with a detail for each field. */
export function describeValidation(all: Fault[], part: string | undefined): Refusal {
  const faults = all.filter(({keyword}) => !summaryKeywords.has(keyword))
  const unknown = faults.filter(({keyword}) => keyword === 'additionalProperties').flatMap(unknownFields)
  if (unknown.length > 0) {
    const message = `The registry does not support ${unknown.map((field) => `\`${field}\``).join(', ')}`
    const details = unknown.map((field) => ({field, message: 'is not supported, so it cannot be enforced'}))
    return new Refusal('UNSUPPORTED_RESTRICTION', {message, details})
  }
  return new Refusal(codeOf(faults), {
    details: oneForEachField(faults.flatMap((fault) => describe(fault, faults, part))),
  })
}

function unknownFields({params}: Fault): string[] {
  return params['additionalProperties'] as string[]
}

/** The code of the violated rules, if they all have the same one. */
function codeOf(faults: Fault[]): ProblemCode {
  const [code = 'VALIDATION', ...others] = new Set(faults.map(({rules}) => rules?.problem ?? 'VALIDATION'))
  return others.length > 0 ? 'VALIDATION' : code
}

function describe(fault: Fault, faults: readonly Fault[], part = 'request'): ProblemDetail[] {
  const {keyword, instancePath, params, message = 'is invalid', rules} = fault
  if (keyword === 'required') {
    const missing = params['requiredProperties'] as string[]
    const parent = fieldOf(instancePath)
    return missing.map((field) => ({field: parent === '' ? field : `${parent}.${field}`, message: 'is required'}))
  }
  if (keyword === 'dependentRequired') {
    const {property, dependencies} = params as {property: string; dependencies: string[]}
    return dependencies.map((field) => ({field, message: `is required with \`${property}\``}))
  }
  if (fault.schemaPath.endsWith('/propertyNames')) return [describeKey(fault)]
  const field = fieldOf(instancePath)
  if (keyword === 'enum' || keyword === 'const') {
    // Name the list, not the item in it.
    return [{field: field.replace(/\.\d+$/, ''), message: `must be ${allowedAt(instancePath, faults)}`}]
  }
  if (field === '') return [{message: `the ${part} ${message}`}]
  return [{field, message: keyword === 'type' ? message : (rules?.fault ?? message)}]
}

/**
 * Describes an invalid key. A key of the body is identified by its own name, and a key of a nested object by the field
 * that contains the object.
 */
function describeKey({instancePath, rules, message = 'is invalid'}: Fault): ProblemDetail {
  const end = instancePath.lastIndexOf('/')
  const key = unescaped(instancePath.slice(end + 1))
  const why = rules?.fault ?? message
  return end === 0
    ? {field: key, message: why}
    : {field: fieldOf(instancePath.slice(0, end)), message: `\`${key}\` ${why}`}
}

/** `scopes.0` for `/scopes/0`. */
function fieldOf(instancePath: string): string {
  return instancePath.split('/').slice(1).map(unescaped).join('.')
}

/** Unescapes a step of a JSON pointer (RFC 6901). */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The values that a field can have. */
function allowedAt(path: string, faults: readonly Fault[]): string {
  const values = faults
    .filter(({instancePath}) => instancePath === path)
    .flatMap(({keyword, params}) => {
      if (keyword === 'enum') return params['allowedValues'] as string[]
      return keyword === 'const' ? [String(params['allowedValue'])] : []
    })
  return values.length === 1 ? values.join() : `one of ${values.join(', ')}`
}

/** If a value matches none of several alternatives, each of them reports an error for the same field. */
function oneForEachField(details: ProblemDetail[]): ProblemDetail[] {
  return details.filter(({field}, position) => details.findIndex((each) => each.field === field) === position)
}
