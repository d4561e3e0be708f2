import {printable} from '@apkg/command-kit'
import {looksLikeTokenValue, minIdPrefixLength} from '@apkg/wire'

import {failure} from '../failures.js'
import type {Token} from './token.js'

/**
 * Finds tokens by exact id, by exact label, or by a unique prefix of an id of at least four characters, in this order.
 *
 * @returns each token once, in the order of the arguments.
 * @throws {ApkgError} `TOKEN_NOT_FOUND` with all arguments that match nothing; `TOKEN_AMBIGUOUS` with the candidates.
 */
export function selectTokens(selectors: readonly string[], tokens: readonly Token[], registry: string): Token[] {
  const matches = selectors.map((selector) => ({selector, found: candidates(selector, tokens)}))
  for (const {selector, found} of matches) {
    if (found.length > 1) {
      const lines = found.map(({id, label, createdAt}) => printable(`${id}  ${label}  ${createdAt}`))
      throw failure('TOKEN_AMBIGUOUS', {selector: printable(selector), candidates: lines})
    }
  }
  const unknown = matches.filter(({found}) => found.length === 0).map(({selector}) => printable(selector))
  if (unknown.length > 0) throw failure('TOKEN_NOT_FOUND', {selectors: unknown, registry})
  return [...new Set(matches.flatMap(({found}) => found))]
}

/**
 * Refuses arguments that look like token values, before they are sent or printed.
 *
 * @throws {ApkgError} `TOKEN_VALUE_GIVEN`.
 */
export function assertNoValues(selectors: readonly string[]): void {
  if (selectors.some((selector) => looksLikeTokenValue(selector.trim()))) throw failure('TOKEN_VALUE_GIVEN')
}

function candidates(selector: string, tokens: readonly Token[]): Token[] {
  const byId = tokens.filter(({id}) => id === selector)
  if (byId.length > 0) return byId
  const byLabel = tokens.filter(({label}) => label === selector)
  if (byLabel.length > 0 || selector.length < minIdPrefixLength) return byLabel
  return tokens.filter(({id}) => id.startsWith(selector))
}
