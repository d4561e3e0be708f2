import type {Ports} from '@apkg/command-kit'
import {hasUnprintable, maxLeakNoteLength, redactTokenValues} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'
import type {TokenQuery} from '../../account/token/find-tokens.js'
import {assertNoValues} from '../../account/token/select-tokens.js'
import {assertNotCurrent} from './org-flag.js'
import {tokenFiltersOf} from './token-filter-flags.js'
import {tokenQueryOf, tokenSelectionFlags, type SelectionInput} from './token-selection-flags.js'

/** The flags that select tokens to revoke other than by name. */
export const revocationFlags = {
  ...tokenSelectionFlags,
  current: Flags.boolean({summary: 'Revoke the token that authenticates this command.', default: false}),
  'values-stdin': Flags.boolean({
    summary: 'Revoke the values that standard input contains.',
    description:
      'For anyone who finds leaked values of tokens or sessions. Requires --registry, but no login. Accepts up to 1,000 lines of any kind, such as those of a log, and sends only the values in them. A warning lists the lines without one.',
    helpGroup: 'LEAK',
    default: false,
  }),
  note: Flags.string({
    summary: "Where you found the values, for the registry's audit log.",
    helpValue: '<text>',
    helpGroup: 'LEAK',
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

interface RevocationInput extends SelectionInput {
  current: boolean
  'values-stdin': boolean
  note?: string | undefined
  registry?: string | undefined
  offline: boolean
}

/**
 * What to revoke: tokens, the token in use, or values.
 *
 * @throws {ApkgError} `USAGE`, `INPUT_MISSING`, `TOKEN_VALUE_GIVEN`, `OFFLINE`.
 */
export function revocationOf(
  selectors: readonly string[],
  input: RevocationInput,
  ports: Pick<Ports, 'stdin' | 'stdout' | 'stderr' | 'env' | 'now'>,
): TokenQuery | {kind: 'current'} | {kind: 'values'} {
  assertNoValues(selectors)
  assertFlagsFit(selectors, input, ports.now())
  const query = otherThanTokens(input) ?? tokenQueryOf({verb: 'revoke'}, selectors, input, ports)
  if (input.offline) throw failure('OFFLINE', {purpose: 'revoke API tokens'})
  return query
}

function otherThanTokens(input: RevocationInput): {kind: 'current'} | {kind: 'values'} | undefined {
  if (input['values-stdin']) return {kind: 'values'}
  return input.current ? {kind: 'current'} : undefined
}

function assertFlagsFit(selectors: readonly string[], input: RevocationInput, now: Date): void {
  const {current, note, registry, 'values-stdin': byValue} = input
  assertNotCurrent(input)
  const selectsOthers =
    selectors.length > 0 || input.all === true || input.org !== undefined || tokenFiltersOf(input, now) !== undefined
  if (byValue && (current || selectsOthers)) {
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
  if (current && selectsOthers) {
    throw failure('USAGE', {
      message: '--current cannot be combined with other tokens',
      suggestions: ['revoke the other tokens with a separate command, before this one'],
    })
  }
  if (input['dry-run'] && (current || byValue)) {
    const flag = current ? '--current' : '--values-stdin'
    throw failure('USAGE', {message: `--dry-run cannot be combined with ${flag}`, suggestions: ['remove --dry-run']})
  }
  if (input['except-current'] && (current || byValue)) {
    throw failure('USAGE', {message: '--except-current requires --all or filters'})
  }
}
