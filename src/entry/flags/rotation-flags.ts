import type {Ports} from '@apkg/command-kit'
import {destinationFlags, destinationOf, type TokenDestination} from '@apkg/command-kit/delivery'
import {defaultGrace, graceForms, parseGrace} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {RotationRequest} from '../../account/token/request-rotation.js'
import {assertNoValues} from '../../account/token/select-tokens.js'
import {confirmationFlags} from './confirmation-flags.js'
import {assertNotCurrent, orgFlag} from './org-flag.js'
import {assertTokenFlags, parseLifetimeFlag} from './token-flags.js'

/** The flags that select a token to rotate, and say how long its values work and where the new one goes. */
export const rotationFlags = {
  ...orgFlag('Rotate a token of this organization instead of your own.'),
  current: Flags.boolean({summary: 'Rotate the token that authenticates this command.', default: false}),
  grace: Flags.string({
    summary: 'How long the old value works once apkg has delivered the new one and used it.',
    description: 'At most 7d. With 0, the old value stops working immediately. Use 0 if the token leaked.',
    helpValue: '<duration>',
    helpGroup: 'LIFETIME',
    default: defaultGrace,
    parse: (text) => Promise.resolve(parseGraceFlag(text)),
  }),
  expires: Flags.string({
    summary: 'When the token expires.',
    description: 'Accepts the same values as in `apkg token create`. By default, the same lifetime starts again.',
    helpValue: '<when>',
    helpGroup: 'LIFETIME',
    parse: (text) => Promise.resolve(parseLifetimeFlag(text)),
  }),
  ...destinationFlags,
  ...confirmationFlags,
}

function parseGraceFlag(text: string): string {
  if (parseGrace(text) !== undefined) return text
  throw failure('USAGE', {message: `\`${text}\` is not a valid grace period`, suggestions: [`use ${graceForms}`]})
}

interface RotationInput {
  token?: string | undefined
  current: boolean
  grace: string
  expires?: string | undefined
  out?: string | undefined
  force: boolean
  org?: string | undefined
  offline: boolean
}

/**
 * Checks the arguments and flags of a rotation.
 *
 * @param receiver see `splitAtReceiver`.
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`, `OFFLINE`.
 */
export function rotationOf(
  input: RotationInput,
  receiver: readonly string[] | undefined,
  ports: Pick<Ports, 'cwd' | 'now'>,
): {request: RotationRequest; destination: TokenDestination} {
  const {token, grace, expires, offline} = input
  if (token !== undefined) assertNoValues([token])
  assertNotCurrent(input)
  assertOneToken(input)
  assertTokenFlags({expires}, ports.now())
  const destination = destinationOf(input, receiver, ports)
  if (offline) throw failure('OFFLINE', {purpose: 'rotate an API token'})
  return {request: {grace, expiresIn: expires}, destination}
}

function assertOneToken({token, current, grace}: RotationInput): void {
  if (current && token !== undefined) {
    throw failure('USAGE', {message: '--current cannot be combined with another token'})
  }
  if (!current && token === undefined) {
    throw failure('INPUT_MISSING', {
      missing: 'No token to rotate was given',
      because: false,
      supply: 'pass an ID or a label, or --current',
    })
  }
  if (current && parseGrace(grace) === 0) {
    const suggestions = ['log in with `apkg login`, then rotate the token by ID or label']
    throw failure('USAGE', {message: '--grace 0 cannot be combined with --current', suggestions})
  }
}
