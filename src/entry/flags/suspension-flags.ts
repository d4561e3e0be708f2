import type {Ports} from '@apkg/command-kit'
import {noteProblem} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {TokenQuery} from '../../account/token/find-tokens.js'
import {confirmationFlags} from './confirmation-flags.js'
import {selectionFlagsFor, tokenQueryOf, type SelectionInput} from './token-selection-flags.js'

export const suspensionFlags = {
  ...selectionFlagsFor('active'),
  reason: Flags.string({
    summary: 'Why the tokens are suspended, in one line of up to 250 characters.',
    helpValue: '<text>',
    parse: (text) => Promise.resolve(parseReason(text)),
  }),
}

export const resumptionFlags = {...selectionFlagsFor('suspended'), ...confirmationFlags}

function parseReason(text: string): string {
  const problem = noteProblem(text)
  if (problem !== undefined) throw failure('USAGE', {message: problem})
  return text
}

/**
 * Which tokens to suspend or resume.
 *
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`, `OFFLINE`.
 */
export function suspensionQueryOf(
  verb: 'suspend' | 'resume',
  selectors: readonly string[],
  input: SelectionInput & {offline: boolean},
  ports: Pick<Ports, 'stdin' | 'stdout' | 'stderr' | 'env' | 'now'>,
): TokenQuery {
  const status = verb === 'suspend' ? 'active' : 'suspended'
  const query = tokenQueryOf({verb, status}, selectors, input, ports)
  if (input.offline) throw failure('OFFLINE', {purpose: `${verb} API tokens`})
  return query
}
