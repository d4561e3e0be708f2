import {isInteractive, printable, type Ports} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {selectKey} from './select-key.js'

/** What is asked where several keys would do. */
export interface KeyQuestion {
  /** For a person: `Which key shall be registered?`. */
  message: string
  /** What is missing where there is no terminal: `No key to register was given`. */
  missing: string
  /** The step that supplies it: `pass --key`. */
  supply: string
}

/**
 * The key of this machine that a text stands for.
 *
 * @param active ids of the keys that have not ended, where only those can be meant: a rotated key leaves its name to its
 *   successor, and its file stays.
 * @throws {ApkgError} `KEY_NOT_FOUND`; what `store.find` throws.
 */
export async function localKey(store: KeyStore, given: string, active?: ReadonlySet<string>): Promise<StoredKey> {
  const live = active ? (await store.list()).filter(({keyId}) => active.has(keyId)) : []
  const key = selectKey(given, live) ?? (await store.find(given))
  if (key) return key
  throw failure('KEY_NOT_FOUND', {given, place: 'on this machine', list: 'apkg key list --local'})
}

/**
 * The only one of some keys, or the one that a person picks; undefined where there is none.
 *
 * @throws {ApkgError} `INPUT_MISSING` where there is nobody to ask.
 */
export async function chooseKey(
  keys: readonly StoredKey[],
  {message, missing, supply}: KeyQuestion,
  ports: Ports,
): Promise<StoredKey | undefined> {
  if (keys.length < 2) return keys[0]
  if (!isInteractive(ports)) throw failure('INPUT_MISSING', {missing, supply})
  const choices = keys.map((key) => ({name: printable(`${key.name}  ${key.keyId}`), value: key}))
  return ports.prompts.select({message, choices})
}
