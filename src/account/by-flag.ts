import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {ProblemDetail} from '@apkg/wire'
import type {EndpointName} from '@apkg/wire/protocol'

import {failure} from './failures.js'

/** The flag or argument by field of the protocol. A field such as `claims.sub` is found by `claims`, too. */
export type FlagOfField = Readonly<Record<string, string>>

/**
 * Runs a request whose body comes from flags. If the registry refuses fields of it, the error names the flags instead.
 *
 * @throws {ApkgError} see `namingFlags`
 */
export async function byFlag<Result>(
  client: RegistryClient,
  endpoint: EndpointName,
  flagOf: FlagOfField,
  request: () => Promise<Result>,
): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    throw await namingFlags(client, endpoint, flagOf, error)
  }
}

/**
 * The error to report instead of one of a request whose body comes from flags: `USAGE` if the values can't be right, and
 * otherwise the same error with the names of the flags.
 */
export async function namingFlags(
  client: RegistryClient,
  endpoint: EndpointName,
  flagOf: FlagOfField,
  error: unknown,
): Promise<unknown> {
  const refusal = refusalBehind(error)
  if (!refusal) return error
  const details = refusal.details.map((detail) => withFlag(detail, flagOf))
  const isNamed = details.map(({field}, index) => field !== refusal.details[index]?.field)
  if (!isNamed.includes(true)) return error
  if (invalidInput.includes(refusal.code ?? '') && !isNamed.includes(false)) {
    const problems = details.map(({field, message}) => `${field} ${message}`)
    const suggestions = ['change it, and run the command again']
    return failure('USAGE', {message: printable([...new Set(problems)].join('. ')), suggestions}, {cause: refusal})
  }
  const {status, code, message, retryAfter, requestId} = refusal
  return client.refusal(endpoint, {status, code, message, details, retryAfter, requestId})
}

function withFlag(detail: ProblemDetail, flagOf: FlagOfField): ProblemDetail {
  const {field} = detail
  const flag = field === undefined ? undefined : (flagOf[field] ?? flagOf[field.split(/[.[]/, 1)[0] ?? ''])
  return flag === undefined ? detail : {...detail, field: flag}
}

/** The registry's codes for a request that can't succeed with these values. */
const invalidInput: readonly string[] = ['VALIDATION', 'TRUSTED_PUBLISHER_INVALID']
