/** The user or the organization that a token belongs to. */
export interface TokenHolder {
  kind: 'user' | 'organization'
  id: string
}

/**
 * The tokens that a request can select. `own`: a user's own. `managed`: also those of the organizations that the user is an
 * admin of. `itself`: one token.
 */
export type TokenReach = {kind: 'own' | 'managed'; userId: string} | {kind: 'itself'; tokenId: string}
