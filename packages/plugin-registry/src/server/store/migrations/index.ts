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
import * as sessionLogins from './0016-session-logins.js'
import * as idempotencyKeys from './0017-idempotency-keys.js'
import * as tokenAddresses from './0018-token-addresses.js'
import * as webhooks from './0019-webhooks.js'
import * as tokenSuspensions from './0020-token-suspensions.js'
import * as tokenUses from './0021-token-uses.js'
import * as trustedPublishing from './0022-trusted-publishing.js'
import * as tokenLog from './0023-token-log.js'
import * as tokenReleases from './0024-token-releases.js'
import * as exchangedTokenAge from './0025-exchanged-token-age.js'
import * as organizationTokens from './0026-organization-tokens.js'
import * as yankedVersions from './0027-yanked-versions.js'
import * as blobs from './0028-blobs.js'
import * as newestPackages from './0029-newest-packages.js'
import * as searchWords from './0030-search-words.js'
import * as packumentEpoch from './0031-packument-epoch.js'
import * as browserLogins from './0032-browser-logins.js'
import * as tokenHistory from './0033-token-history.js'
import * as downloads from './0034-downloads.js'
import * as invitations from './0035-invitations.js'

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
  '0016-session-logins': sessionLogins,
  '0017-idempotency-keys': idempotencyKeys,
  '0018-token-addresses': tokenAddresses,
  '0019-webhooks': webhooks,
  '0020-token-suspensions': tokenSuspensions,
  '0021-token-uses': tokenUses,
  '0022-trusted-publishing': trustedPublishing,
  '0023-token-log': tokenLog,
  '0024-token-releases': tokenReleases,
  '0025-exchanged-token-age': exchangedTokenAge,
  '0026-organization-tokens': organizationTokens,
  '0027-yanked-versions': yankedVersions,
  '0028-blobs': blobs,
  '0029-newest-packages': newestPackages,
  '0030-search-words': searchWords,
  '0031-packument-epoch': packumentEpoch,
  '0032-browser-logins': browserLogins,
  '0033-token-history': tokenHistory,
  '0034-downloads': downloads,
  '0035-invitations': invitations,
}
