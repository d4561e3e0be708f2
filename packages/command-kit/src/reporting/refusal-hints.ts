import type {ProblemCode} from '@apkg/wire'

import type {RegistryRefusal} from '../client/registry-refusal.js'
import type {ShadowedSource} from '../credentials/resolve-credential.js'

/** The next step after a refusal, by the registry's error code. */
const hintByCode: ReadonlyMap<string | undefined, string> = new Map<ProblemCode, string>([
  ['LABEL_TAKEN', 'choose another --label, or revoke the token that has this one'],
  ['TOKEN_AMBIGUOUS', 'use the full ID, which `apkg token list` prints'],
  ['TOKEN_LIMIT', 'run `apkg token list`, and revoke the tokens you no longer need'],
  ['LIFETIME_TOO_LONG', 'choose a shorter --expires, or leave it out to get what the registry allows'],
  ['NO_CURRENT_TOKEN', 'run `apkg logout` to revoke a session'],
  ['TOKEN_CANNOT_CREATE', 'run `apkg login` with a password, then create the token'],
  ['KEY_TAKEN', 'run `apkg key generate` for a new key, then register that one'],
  ['KEY_WEAK', 'run `apkg key generate` for a new key, then register that one'],
  ['PROOF_INVALID', 'use --registry to pass the URL that the registry operator gave you'],
  ['SIGNER_UNKNOWN', 'run `apkg key register`, then publish again'],
  ['VERSION_EXISTS', 'publish it with a new version number'],
  ['VERSION_RETIRED', 'publish it with a new version number'],
  ['VISIBILITY_FIXED', 'set `visibility` in apkg.json to what it was when the package was first published'],
  ['KEY_LIMIT', 'run `apkg key list`, and revoke the keys you no longer need'],
  ['DIST_TAG_LATEST', 'point it at another version: `apkg dist-tag add <package>@<version> latest`'],
])

/**
 * Returns the next steps after a refused request, most likely first. Undefined if the failure's own hints are enough.
 *
 * @param source where the credential came from.
 * @param shadowed the other credential sources for this registry.
 */
export async function refusalHints(
  {status, code}: RegistryRefusal,
  source: string | undefined,
  shadowed: () => Promise<ShadowedSource[]>,
): Promise<string[] | undefined> {
  const isVariable = source === 'APKG_TOKEN'
  if (status === 401)
    return isVariable ? ['set APKG_TOKEN to a valid token', await withoutVariable(shadowed)] : undefined
  if (status === 403 && isVariable) {
    const scopes =
      code === 'SCOPE_INSUFFICIENT'
        ? ['set APKG_TOKEN to a token with the right --scopes and --package-scope (see `apkg help token create`)']
        : []
    return [...scopes, await withoutVariable(shadowed)]
  }
  const hint = hintByCode.get(code)
  return hint === undefined ? undefined : [hint]
}

async function withoutVariable(shadowed: () => Promise<ShadowedSource[]>): Promise<string> {
  const usable = (await shadowed()).find(({problem}) => problem === undefined)
  return usable ? `unset APKG_TOKEN to use ${usable.source}` : 'unset APKG_TOKEN and run `apkg login`'
}
