import {ApkgError} from './apkg-error.js'
import type {Failure, FailureRows} from './failure-row.js'
import {sharedFailures} from './shared-failures.js'

type Facts<Describe> = Describe extends (facts: infer Given) => Failure ? Given : never

type Given<Describe> = Describe extends () => Failure
  ? [facts?: undefined, options?: ErrorOptions]
  : [facts: Facts<Describe>, options?: ErrorOptions]

type Known<Rows> = typeof sharedFailures & Rows

/** Creates an error from one of the given rows or a shared one: `throw failure('AUTH_REQUIRED', {registry})`. */
export interface Raise<Rows extends FailureRows> {
  <Code extends keyof Known<Rows> & string>(code: Code, ...given: Given<Known<Rows>[Code]>): ApkgError
}

/**
 * Defines failures, and returns a function that creates them and the shared ones:
 *
 *     const failure = defineFailures({
 *       BUNDLE_NOT_FOUND: ({name}: {name: string}) => ({
 *         exit: exitCodes.failed,
 *         message: `Bundle not found: ${name}`,
 *         suggestions: ['run `apkg bundle list`'],
 *       }),
 *     })
 *     throw failure('BUNDLE_NOT_FOUND', {name})
 *
 * @throws {Error} if a code is already defined by the kit
 */
export function defineFailures<const Rows extends FailureRows>(rows: Rows): Raise<Rows> {
  for (const code of Object.keys(rows)) {
    if (Object.hasOwn(sharedFailures, code)) throw new Error(`The failure code ${code} is already defined by the kit`)
  }
  const all: FailureRows = {...sharedFailures, ...rows}
  return (code, ...[facts, options]) => {
    const describe = all[code] as (facts: unknown) => Failure
    return new ApkgError(code, describe(facts), options)
  }
}

/** Creates the failures that all commands and plugins share. */
export const failure: Raise<typeof sharedFailures> = defineFailures({})
