import {hasCode, refusalBehind, type Ports, type RegistryClient} from '@apkg/command-kit'

import {chooseKey, localKey} from '../../account/keys/choose-key.js'
import {KeyStore, type StoredKey} from '../../account/keys/key-store.js'
import {activeKeyIds, registeredKeys} from '../../account/keys/registered-key.js'
import {failure} from '../failures.js'

/** Flags about signing. */
export interface SigningOptions {
  /** Undefined signs if there is a key to sign with. */
  sign: boolean | undefined
  /** A key's ID, a prefix of it, or its name. */
  key: string | undefined
  /** Whether the publisher has no signing keys, as an organization, so that a missing signature causes no warning. */
  canBeUnsigned?: boolean
}

export interface ChosenSigner {
  /** Undefined if nothing is signed. */
  key: StoredKey | undefined
  /** One sentence each. */
  warnings: string[]
}

const question = {message: 'Select the key to sign with', missing: 'No signing key was given', supply: 'pass --key'}

/**
 * Chooses the key to sign with: one on this machine that is registered and active. If there are several, the user picks.
 *
 * @throws {ApkgError} `USAGE` for `--key` with `--no-sign`; `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`; `KEY_UNREGISTERED` if a
 *   signature is required and no key is suitable; `INPUT_MISSING` without a terminal to pick on; the errors of the
 *   client.
 */
export async function chooseSigner(
  client: RegistryClient,
  {sign, key: given, canBeUnsigned = false}: SigningOptions,
  ports: Ports,
): Promise<ChosenSigner> {
  if (sign === false) {
    if (given !== undefined) {
      const suggestions = ['use either --key or --no-sign']
      throw failure('USAGE', {message: '--key cannot be used with --no-sign', suggestions})
    }
    return {key: undefined, warnings: []}
  }
  const store = new KeyStore(ports.home)
  const isRequired = sign === true || given !== undefined
  const {keys, unusable} = await listKeys(store, isRequired)
  const active = await activeKeys(client, isRequired)
  const wanted = given === undefined ? keys : [await localKey(store, given, active)]
  const usable = wanted.filter(({keyId}) => active?.has(keyId))
  const key = await chooseKey(usable, question, ports)
  const {registry} = client
  if (!key && isRequired) {
    if (given !== undefined) throw failure('KEY_UNREGISTERED', {registry, keyId: wanted[0]?.keyId})
    const facts = {registry, keyId: undefined, hasLocalKeys: keys.length > 0}
    throw unusable[0] ?? failure('KEY_UNREGISTERED', facts)
  }
  const damage = unusable.map(({message}) => message)
  const hasAny = keys.length > 0 || unusable.length > 0 || active?.size
  if (key || !active || !hasAny || canBeUnsigned) return {key, warnings: damage}
  const remedy =
    keys.length > 0
      ? `Run \`apkg key register --registry ${registry}\``
      : 'Run `apkg key generate`, then `apkg key register`, or publish where your key is'
  const unsigned = `Not signed: no active key on this machine is registered with ${registry}. ${remedy}.`
  return {key, warnings: [...damage, unsigned]}
}

/** Keys in a directory that can't be read are unusable, like those in a file that can't be read. */
async function listKeys(store: KeyStore, isRequired: boolean): ReturnType<KeyStore['listAll']> {
  try {
    return await store.listAll()
  } catch (error) {
    if (isRequired || !hasCode(error, 'FILE_UNREADABLE')) throw error
    return {keys: [], unusable: [error]}
  }
}

/** IDs; undefined if the registry can't say or isn't asked for lack of a credential, and no signature is required. */
async function activeKeys(client: RegistryClient, isRequired: boolean): Promise<Set<string> | undefined> {
  if (!client.credential && !isRequired) return undefined
  try {
    return activeKeyIds(await registeredKeys(client))
  } catch (error) {
    const isUnavailable = hasCode(error, 'OFFLINE') || [403, 404, 405].includes(refusalBehind(error)?.status ?? 0)
    if (isUnavailable && !isRequired) return undefined
    throw error
  }
}
