import {printable, refusalBehind} from '@apkg/command-kit'

import {failure} from './failures.js'

/**
 * Runs a request whose body comes from flags. If the registry refuses fields of it, the error names the flags instead.
 *
 * @param flagOf the flag or argument by field of the protocol. A field such as `claims.sub` is found by `claims`, too.
 * @throws {ApkgError} `USAGE`; every other error of `request` is passed on
 */
export async function byFlag<Result>(
  flagOf: Readonly<Record<string, string>>,
  request: () => Promise<Result>,
): Promise<Result> {
  try {
    return await request()
  } catch (error) {
    const refusal = refusalBehind(error)
    const details = refusal?.details ?? []
    const problems = details.flatMap(({field, message}) => {
      const flag = field === undefined ? undefined : (flagOf[field] ?? flagOf[field.split(/[.[]/, 1)[0] ?? ''])
      return flag === undefined ? [] : [`${flag} ${message}`]
    })
    const isInput = refusal !== undefined && invalidInput.includes(refusal.code ?? '')
    if (!isInput || problems.length === 0 || problems.length < details.length) throw error
    const suggestions = ['change it, and run the command again']
    throw failure('USAGE', {message: printable([...new Set(problems)].join('. ')), suggestions}, {cause: refusal})
  }
}

/** The registry's codes for a request that can't succeed with these values. */
const invalidInput: readonly string[] = ['VALIDATION', 'TRUSTED_PUBLISHER_INVALID']
