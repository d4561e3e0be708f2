import type {OwnedTokenSummary} from './owned-token.js'

/** A suspended token, as `apkg registry token list --suspended` lists it. */
export interface ListedSuspendedToken extends OwnedTokenSummary {
  /** @format date-time */
  suspendedAt: string
}

/** @returns the token, if it is suspended. */
export function listedSuspended(token: OwnedTokenSummary): ListedSuspendedToken[] {
  const [first] = token.suspensions
  return first && token.status === 'suspended' ? [{...token, suspendedAt: first.at}] : []
}
