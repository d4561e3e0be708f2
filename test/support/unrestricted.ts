import type {Restrictions} from '../../src/account/restrictions.js'

/** The restrictions of a token that has none. */
export const unrestricted: Restrictions = {addresses: null, uses: null, usesLeft: null, release: null}
