import type {Prompts, RegistryClient} from '@apkg/command-kit'

import {tokenChoices} from '../../views/account/revocations.js'
import {listTokens} from './list-tokens.js'
import {selectTokens} from './select-tokens.js'
import type {Token} from './token.js'

/** The tokens that the arguments stand for; without arguments those that the user picks from the list. */
export async function chooseTokens(
  client: RegistryClient,
  selectors: readonly string[],
  prompts: Prompts,
): Promise<Token[]> {
  const tokens = await listTokens(client)
  if (selectors.length > 0) return selectTokens(selectors, tokens, client.registry)
  if (tokens.length === 0) return []
  return prompts.choose({message: 'Which tokens shall be revoked?', choices: tokenChoices(tokens)})
}
