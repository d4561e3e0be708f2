import {ApkgError} from './apkg-error.js'
import type {Failure, FailureRows} from './failure-row.js'
import {sharedFailures} from './shared-failures.js'

type Facts<Describe> = Describe extends (facts: infer Given) => Failure ? Given : never

type Given<Describe> = Describe extends () => Failure
  ? [facts?: undefined, options?: ErrorOptions]
  : [facts: Facts<Describe>, options?: ErrorOptions]

type Known<Rows> = typeof sharedFailures & Rows

/** Makes the error of one row, shared or one's own: `throw failure('AUTH_REQUIRED', {registry})`. */
export interface Raise<Rows extends FailureRows> {
  <Code extends keyof Known<Rows> & string>(code: Code, ...given: Given<Known<Rows>[Code]>): ApkgError
}

/**
 * Turns a table of failures into the function that raises them, beside those that every command shares:
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
 * @throws Error when a code is one of the shared ones: a code means one thing.
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

/** Raises the failures that every command and every plugin shares. */
export const failure: Raise<typeof sharedFailures> = defineFailures({})
