import type {TokenHolder} from './token-holder.js'
import type {TokenRecord} from './token-store.js'

/** The token that a value belongs to. */
export interface IdentifiedToken extends TokenRecord {
  /** False for an organization. */
  isOwnerDisabled: boolean
  /** The value itself. `isDisplaced`: a later rotation ended it early. */
  value: {isCurrent: boolean; endsAt: number | null; isDisplaced: boolean; expiresAt: number | null}
}

export interface OwnedTokens {
  /**
   * Reads all tokens in pages, ordered by ID, including expired and revoked ones. A registry can have more than fit into
   * memory.
   *
   * @param holder reads only the tokens of this user or organization
   */
  each(holder?: TokenHolder, pageSize?: number): AsyncIterable<TokenRecord>
  /** Finds a token by the SHA-256 of a value, even if the value no longer works. */
  findByHash(hash: Uint8Array): Promise<IdentifiedToken | undefined>
}
