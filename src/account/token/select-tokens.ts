import {printable} from '@apkg/command-kit'
import {isShownPrefix, looksLikeTokenValue, minIdPrefixLength} from '@apkg/wire'

import {failure} from '../failures.js'
import {isOver} from './token-filters.js'
import type {Token} from './token.js'

/** The tokens that arguments name, each once and in the order of the arguments. */
export interface Selection {
  tokens: Token[]
  /** The arguments that match no token. */
  unmatched: string[]
  /** Whether the token in use is excluded. */
  withoutCurrent?: true
}

/**
 * Finds tokens by exact ID, by exact label, by the part of the value that lists show, or by a unique prefix of an ID of
 * at least four characters, in this order. Expired and revoked tokens are found only if no active one matches.
 *
 * @param options.idsByOldValue the IDs of tokens that arguments name by the start of an old value; see
 *   `find-by-old-value.ts`.
 * @param options.isRead whether the command changes nothing, which the failure then doesn't have to say.
 * @throws {ApkgError} `TOKEN_AMBIGUOUS` with the candidates if an argument matches several tokens; `TOKEN_NOT_FOUND` if
 *   no argument matches any.
 */
export function selectTokens(
  selectors: readonly string[],
  tokens: readonly Token[],
  {registry, organization}: {registry: string; organization?: string | undefined},
  {idsByOldValue, isRead = false}: {idsByOldValue?: ReadonlyMap<string, string>; isRead?: boolean} = {},
): Selection {
  const matches = selectors.map((selector) => {
    return {selector, found: candidates(idsByOldValue?.get(selector) ?? selector, tokens)}
  })
  for (const {selector, found} of matches) {
    if (found.length > 1) {
      const lines = found.map(({id, label, createdAt}) => printable(`${id}  ${label}  ${createdAt}`))
      throw failure('TOKEN_AMBIGUOUS', {selector: printable(selector), candidates: lines, isRead})
    }
  }
  const unmatched = matches.filter(({found}) => found.length === 0).map(({selector}) => selector)
  if (unmatched.length === selectors.length)
    throw failure('TOKEN_NOT_FOUND', {
      selectors: unmatched.map(printable),
      known: tokens.filter((token) => !isOver(token)).map(({label}) => label),
      registry,
      organization,
    })
  return {tokens: [...new Set(matches.flatMap(({found}) => found))], unmatched: [...new Set(unmatched)]}
}

/**
 * Refuses arguments that look like token values, before they are sent or printed. The part that lists show isn't
 * secret.
 *
 * @throws {ApkgError} `TOKEN_VALUE_GIVEN`.
 */
export function assertNoValues(selectors: readonly string[]): void {
  const isValue = (text: string) => looksLikeTokenValue(text) && !isShownPrefix(text)
  if (selectors.some((selector) => isValue(selector.trim()))) throw failure('TOKEN_VALUE_GIVEN')
}

/** The arguments that match no token. */
export function unmatchedBy(tokens: readonly Token[], selectors: readonly string[]): string[] {
  return selectors.filter((selector) => candidates(selector, tokens).length === 0)
}

function candidates(selector: string, tokens: readonly Token[]): Token[] {
  const byId = tokens.filter(({id}) => id === selector)
  if (byId.length > 0) return byId
  const live = candidatesAmong(
    tokens.filter((token) => !isOver(token)),
    selector,
  )
  return live.length > 0 ? live : newestOfLabel(candidatesAmong(tokens.filter(isOver), selector), selector)
}

function candidatesAmong(tokens: readonly Token[], selector: string): Token[] {
  const byLabel = tokens.filter(({label}) => label === selector)
  if (byLabel.length > 0 || selector.length < minIdPrefixLength) return byLabel
  const byValue = isShownPrefix(selector) ? tokens.filter(({prefix}) => prefix === selector) : []
  return byValue.length > 0 ? byValue : tokens.filter(({id}) => id.startsWith(selector))
}

/** Tokens that no longer work can share a label. */
function newestOfLabel(ended: Token[], selector: string): Token[] {
  if (!ended.every(({label}) => label === selector)) return ended
  return ended.sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt)).slice(0, 1)
}
