import type {TokenRestrictions} from '../../src/server/store/store.js'

/** What the store gets for a token without further restrictions. */
export const unrestricted: TokenRestrictions = {addresses: null, uses: null, release: null, organization: null}
