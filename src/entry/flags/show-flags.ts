import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import {assertNoValues} from '../../account/token/select-tokens.js'
import {assertNotCurrent, orgFlag} from './org-flag.js'

export const showFlags = {
  ...orgFlag('Show a token of this organization instead of your own.'),
  current: Flags.boolean({summary: 'Show the token that authenticates this command.', default: false}),
}

/** @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`. */
export function assertOneTokenToShow({
  token,
  ...flags
}: {
  token?: string | undefined
  current: boolean
  org?: string | undefined
}): void {
  const {current} = flags
  assertNotCurrent(flags)
  if (token !== undefined) assertNoValues([token])
  if (current && token !== undefined) {
    throw failure('USAGE', {message: '--current cannot be combined with another token'})
  }
  if (!current && token === undefined) {
    throw failure('INPUT_MISSING', {
      missing: 'No token to show was given',
      because: false,
      supply: 'pass an ID or a label, or --current',
    })
  }
}
