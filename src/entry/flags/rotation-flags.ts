import {defaultGrace, graceForms, parseGrace} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import {parseLifetimeFlag} from './token-flags.js'

/** The flags that say how long the values of a rotated token work. */
export const rotationFlags = {
  grace: Flags.string({
    summary: 'How long the old value works after the first use of the new one.',
    description: 'At most 7d. With 0, it ends immediately: use that if the token was compromised.',
    helpValue: '<duration>',
    helpGroup: 'LIFETIME',
    default: defaultGrace,
    parse: (text) => Promise.resolve(parseGraceFlag(text)),
  }),
  expires: Flags.string({
    summary: 'When the token expires.',
    description:
      'In the same forms as for `apkg token create`. By default, the token gets the same lifetime again, from now.',
    helpValue: '<when>',
    helpGroup: 'LIFETIME',
    parse: (text) => Promise.resolve(parseLifetimeFlag(text)),
  }),
}

function parseGraceFlag(text: string): string {
  if (parseGrace(text) !== undefined) return text
  throw failure('USAGE', {message: `\`${text}\` is not a valid grace period`, suggestions: [`use ${graceForms}`]})
}

/**
 * Checks that exactly one token is selected, and that a token that rotates itself keeps a value that works.
 *
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`.
 */
export function assertRotation({token, current, grace}: {token?: string | undefined; current: boolean; grace: string}) {
  if (current && token !== undefined) throw failure('USAGE', {message: '--current cannot be combined with another token'})
  if (!current && token === undefined) {
    throw failure('INPUT_MISSING', {
      missing: 'No token to rotate was given',
      because: 'apkg does not choose one',
      supply: 'pass an ID or a label, or --current',
    })
  }
  if (current && parseGrace(grace) === 0) {
    const suggestions = ['log in with `apkg login`, then rotate the token by ID or label']
    throw failure('USAGE', {message: '--grace 0 cannot be combined with --current', suggestions})
  }
}
