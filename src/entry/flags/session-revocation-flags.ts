import {failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {assertNoValues} from '../../account/token/select-tokens.js'
import type {SessionQuery} from '../../account/session/choose-sessions.js'

export const sessionRevocationFlags = {
  all: Flags.boolean({summary: 'Revoke all your sessions, including the one in use.'}),
  'except-current': Flags.boolean({summary: 'With --all, keep the session in use.', dependsOn: ['all']}),
  'dry-run': Flags.boolean({summary: 'Show which sessions would be revoked, and revoke none.'}),
  yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation of --all. Required without a terminal.'}),
}

interface SessionRevocationInput {
  all: boolean
  'except-current': boolean
  'dry-run': boolean
  yes: boolean
  offline: boolean
}

/**
 * @param selectors IDs, or prefixes of them.
 * @throws {ApkgError} `USAGE`, `TOKEN_VALUE_GIVEN`, `OFFLINE`.
 */
export function sessionQueryOf(selectors: readonly string[], flags: SessionRevocationInput): SessionQuery {
  assertNoValues(selectors)
  if (flags.all && selectors.length > 0) {
    throw failure('USAGE', {
      message: '--all cannot be combined with IDs',
      suggestions: ['remove the IDs, or remove --all'],
    })
  }
  if (flags.offline) throw failure('OFFLINE', {purpose: 'revoke sessions'})
  return {selectors, all: flags.all, exceptCurrent: flags['except-current'], isAgreed: flags.yes || flags['dry-run']}
}
