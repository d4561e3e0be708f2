import {hasCode, refusalBehind, type Ports, type RegistryClient} from '@apkg/command-kit'

import {failure} from '../../account/failures.js'
import {chooseKey, localKey} from '../../account/keys/choose-key.js'
import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {activeKeyIds, registeredKeys} from '../../account/keys/registered-key.js'

/** What was said of signing on a command line. */
export interface SigningWish {
  /** Undefined: where there is a key to sign with. */
  sign: boolean | undefined
  /** A key's id, the beginning of one, or its name. */
  key: string | undefined
}

/** The key that signs a publication, if one does. */
export interface PublicationSigner {
  key: StoredKey | undefined
  /** What the author should know about it, a sentence each. */
  warnings: string[]
}

const question = {message: 'Select the key to sign with', missing: 'No signing key was given', supply: 'pass --key'}

/**
 * The key that a publication is signed with: one of this machine that the registry knows as the author's, and that has
 * not ended. Of several, a person picks one.
 *
 * @throws {ApkgError} `USAGE` for a key that shall not sign; `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`; `KEY_UNREGISTERED` where
 *   no key will do and one has to; `INPUT_MISSING` where there is nobody to pick one; what the client throws.
 */
export async function publicationSigner(
  client: RegistryClient,
  {sign, key: given}: SigningWish,
  ports: Ports,
): Promise<PublicationSigner> {
  if (sign === false) {
    if (given !== undefined) throw failure('USAGE', {message: '--key and --no-sign contradict each other'})
    return {key: undefined, warnings: []}
  }
  const store = new KeyStore(ports.home)
  const {keys, unusable} = await store.listAll()
  const isRequired = sign === true || given !== undefined
  const active = await activeKeys(client, isRequired)
  const wanted = given === undefined ? keys : [await localKey(store, given, active)]
  const usable = wanted.filter(({keyId}) => active?.has(keyId))
  const key = await chooseKey(usable, question, ports)
  const {registry} = client
  if (!key && isRequired) {
    if (given !== undefined) throw failure('KEY_UNREGISTERED', {registry, keyId: wanted[0]?.keyId})
    throw unusable[0] ?? failure('KEY_UNREGISTERED', {registry, keyId: undefined})
  }
  const damage = unusable.map(({message}) => message)
  const hasAny = keys.length > 0 || unusable.length > 0 || active?.size
  if (key || !active || !hasAny) return {key, warnings: damage}
  const why = `no key of this machine is an active one of yours at ${registry}; see \`apkg key list\``
  return {key, warnings: [...damage, `Not signed: ${why}`]}
}

/** Ids; undefined where the registry cannot be asked, or knows no keys, and no key is required. */
async function activeKeys(client: RegistryClient, isRequired: boolean): Promise<Set<string> | undefined> {
  try {
    return activeKeyIds(await registeredKeys(client))
  } catch (error) {
    const isUntold = hasCode(error, 'OFFLINE') || [403, 404, 405].includes(refusalBehind(error)?.status ?? 0)
    if (isUntold && !isRequired) return undefined
    throw error
  }
}
