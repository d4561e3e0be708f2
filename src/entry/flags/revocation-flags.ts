import {isInteractive, type Ports} from '@apkg/command-kit'
import {hasUnprintable, maxLeakNoteLength, redactTokenValues} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import {assertNoValues} from '../../account/token/select-tokens.js'

/** The flags that select tokens to revoke in other ways than by their names. */
export const revocationFlags = {
  current: Flags.boolean({summary: 'Revoke the token that authenticates this command.', default: false}),
  'values-stdin': Flags.boolean({
    summary: 'Revoke the values on standard input, one per line.',
    description:
      'For anyone who found values of tokens or sessions: it requires no login, only --registry. At most 1,000 lines, in which anything that is not such a value is ignored.',
    helpGroup: 'LEAKS',
    default: false,
  }),
  note: Flags.string({
    summary: 'Where you found the values, for the audit log of the registry.',
    helpValue: '<text>',
    helpGroup: 'LEAKS',
    parse: (text) => Promise.resolve(parseNote(text)),
  }),
}

function parseNote(text: string): string {
  if (redactTokenValues(text) !== text) throw failure('TOKEN_VALUE_GIVEN')
  if (text.length <= maxLeakNoteLength && !hasUnprintable(text)) return text
  throw failure('USAGE', {
    message: 'The note is invalid',
    suggestions: [`use one line of at most ${maxLeakNoteLength} characters`],
  })
}

interface RevocationInput {
  current: boolean
  'values-stdin': boolean
  note?: string | undefined
  registry?: string | undefined
  offline: boolean
}

/**
 * Checks the arguments and flags of a revocation.
 *
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`, `OFFLINE`.
 */
export function assertRevocation(
  selectors: readonly string[],
  input: RevocationInput,
  ports: Pick<Ports, 'stdin' | 'stdout' | 'stderr' | 'env'>,
): void {
  assertNoValues(selectors)
  assertFlagsFit(selectors, input)
  if (selectors.length === 0 && !input.current && !input['values-stdin'] && !isInteractive(ports)) {
    throw failure('INPUT_MISSING', {
      missing: 'No tokens to revoke were given',
      because: 'there is no terminal to ask on',
      supply: 'pass IDs or labels, or --current',
    })
  }
  if (input.offline) throw failure('OFFLINE', {purpose: 'revoke API tokens'})
}

function assertFlagsFit(
  selectors: readonly string[],
  {current, note, registry, 'values-stdin': byValue}: RevocationInput,
): void {
  if (byValue && (current || selectors.length > 0)) {
    throw failure('USAGE', {
      message: '--values-stdin cannot be combined with other tokens',
      suggestions: ['revoke the other tokens with a separate command'],
    })
  }
  if (byValue && registry === undefined) {
    throw failure('USAGE', {
      message: '--values-stdin requires --registry. Nothing was sent',
      suggestions: ['pass --registry with the URL of the registry that the values are for'],
    })
  }
  if (note !== undefined && !byValue) {
    throw failure('USAGE', {message: '--note requires --values-stdin', suggestions: ['remove --note']})
  }
  if (current && selectors.length > 0) {
    throw failure('USAGE', {
      message: '--current cannot be combined with other tokens',
      suggestions: ['revoke the other tokens with a separate command, before this one'],
    })
  }
}
