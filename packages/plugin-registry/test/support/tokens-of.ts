import type {RegistryStore, TokenHolder, TokenRecord} from '../../src/server/store/store.js'

/** The tokens of a user or an organization, including expired and revoked ones. */
export async function tokensOf(store: Pick<RegistryStore, 'tokens'>, holder: TokenHolder): Promise<TokenRecord[]> {
  const tokens = []
  for await (const token of store.tokens.each(holder)) tokens.push(token)
  return tokens
}
