import type {Ports, RegistryClient} from '@apkg/command-kit'

import {listTokens} from './list-tokens.js'
import {selectTokens, type Selection} from './select-tokens.js'
import type {Token} from './token.js'

/**
 * Finds the tokens that the arguments name. Without arguments, the user picks from the list.
 *
 * @param toChoices renders the list for the prompt.
 */
export async function chooseTokens(
  client: RegistryClient,
  selectors: readonly string[],
  {prompts, now}: Pick<Ports, 'prompts' | 'now'>,
  toChoices: (tokens: readonly Token[]) => {name: string; value: Token}[],
): Promise<Selection> {
  const tokens = await listTokens(client, {now: now()})
  if (selectors.length > 0) return selectTokens(selectors, tokens, client.registry)
  const choices = toChoices(tokens)
  const chosen = tokens.length === 0 ? [] : await prompts.choose({message: 'Select tokens to revoke', choices})
  return {tokens: chosen, unmatched: []}
}
