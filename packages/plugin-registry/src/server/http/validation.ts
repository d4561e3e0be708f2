import type {ProblemDetail} from '@apkg/wire'
import type {FastifySchemaCompiler, FastifySchemaValidationError} from 'fastify'
import type {TSchema} from 'typebox'
import {Compile} from 'typebox/compile'

import {Refusal} from './refusal.js'

/**
 * Compiles a schema into what fastify validates with. Bodies are taken as they are; the numbers of a query arrive as
 * text and are read as numbers only where they are plain digits.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({schema, httpPart}) => {
  const validator = Compile(schema)
  return (received: unknown) => {
    const value = httpPart === 'querystring' ? readNumbers(schema, received) : received
    return validator.Check(value) ? {value} : {error: validator.Errors(value) as never}
  }
}

function readNumbers(schema: TSchema, query: unknown): unknown {
  const {properties = {}} = schema as {properties?: Record<string, {type?: string}>}
  return Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => {
      const isNumber = properties[name]?.type === 'integer' && typeof value === 'string' && /^\d{1,9}$/.test(value)
      return [name, isNumber ? Number(value) : value]
    }),
  )
}

/** A failed validation as the refusal that it is: each detail names its field. */
export function describeValidation(errors: FastifySchemaValidationError[], part: string | undefined): Refusal {
  const unknown = errors.filter(({keyword}) => keyword === 'additionalProperties').flatMap(unknownFields)
  if (unknown.length > 0) {
    const message = `The registry does not know ${unknown.map((field) => `\`${field}\``).join(', ')}`
    const details = unknown.map((field) => ({field, message: 'is not known, so it cannot be enforced'}))
    return new Refusal('UNSUPPORTED_RESTRICTION', {message, details})
  }
  return new Refusal('VALIDATION', {details: dropRepetitions(errors.flatMap((error) => describe(error, errors, part)))})
}

function unknownFields({params}: FastifySchemaValidationError): string[] {
  return params['additionalProperties'] as string[]
}

function describe(
  {keyword, instancePath, params, message}: FastifySchemaValidationError,
  errors: readonly FastifySchemaValidationError[],
  part = 'request',
): ProblemDetail[] {
  if (keyword === 'required') {
    const missing = params['requiredProperties'] as string[]
    return missing.map((field) => ({field, message: 'is required'}))
  }
  const field = instancePath.slice(1).replaceAll('/', '.')
  if (keyword === 'const') return [{field, message: `must be ${allowedAt(instancePath, errors)}`}]
  return [field === '' ? {message: `the ${part} ${message}`} : {field, message: message ?? 'is not valid'}]
}

/** The values that may stand there: each that the given one is not is an error of its own. */
function allowedAt(path: string, errors: readonly FastifySchemaValidationError[]): string {
  const values = errors
    .filter(({keyword, instancePath}) => keyword === 'const' && instancePath === path)
    .map(({params}) => String(params['allowedValue']))
  return values.length === 1 ? values.join() : `one of ${values.join(', ')}`
}

/** One detail for each field: where alternatives fail, each of them complains. */
function dropRepetitions(details: ProblemDetail[]): ProblemDetail[] {
  return details.filter(({field}, position) => details.findIndex((each) => each.field === field) === position)
}
