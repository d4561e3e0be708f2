import type {Migration} from 'kysely'

import * as accounts from './0001-accounts.js'
import * as packages from './0002-packages.js'
import * as keys from './0003-keys.js'
import * as signedFor from './0004-signed-for.js'
import * as organizations from './0005-organizations.js'
import * as keyPossession from './0006-key-possession.js'
import * as credentialUses from './0007-credential-uses.js'
import * as auditChain from './0008-audit-chain.js'
import * as tokenValues from './0009-token-values.js'
import * as tokenRestrictions from './0010-token-restrictions.js'
import * as policy from './0011-policy.js'
import * as confirmations from './0012-confirmations.js'
import * as operators from './0013-operators.js'
import * as tokenDetails from './0014-token-details.js'
import * as expiringTokens from './0015-expiring-tokens.js'

/** Migrations by name, in order. Never change one that was released. */
export const migrations: Record<string, Migration> = {
  '0001-accounts': accounts,
  '0002-packages': packages,
  '0003-keys': keys,
  '0004-signed-for': signedFor,
  '0005-organizations': organizations,
  '0006-key-possession': keyPossession,
  '0007-credential-uses': credentialUses,
  '0008-audit-chain': auditChain,
  '0009-token-values': tokenValues,
  '0010-token-restrictions': tokenRestrictions,
  '0011-policy': policy,
  '0012-confirmations': confirmations,
  '0013-operators': operators,
  '0014-token-details': tokenDetails,
  '0015-expiring-tokens': expiringTokens,
}
