import {isInteractive, printable, type Ports} from '@apkg/command-kit'

import {failure} from '../failures.js'
import type {KeyStore, StoredKey} from './key-store.js'
import {selectKey} from './select-key.js'

/** The texts for selecting one of several keys. */
export interface KeyQuestion {
  /** The prompt: `Select the key to register`. */
  message: string
  /** The error without a terminal: `No key to register was given`. */
  missing: string
  /** How to pass it: `pass --key`. */
  supply: string
}

/**
 * Finds a key on this machine by ID, prefix or name.
 *
 * @param active IDs of active keys, which are preferred: a rotated key's file stays, and its successor has the same name.
 * @throws {ApkgError} `KEY_NOT_FOUND`; the errors of `store.find`.
 */
export async function localKey(store: KeyStore, given: string, active?: ReadonlySet<string>): Promise<StoredKey> {
  const live = active ? (await store.list()).filter(({keyId}) => active.has(keyId)) : []
  const key = selectKey(given, live) ?? (await store.find(given))
  if (key) return key
  throw failure('KEY_NOT_FOUND', {given, place: 'on this machine', list: 'apkg key list --local'})
}

/**
 * Returns the only key, or prompts for one of several.
 *
 * @returns undefined without keys.
 * @throws {ApkgError} `INPUT_MISSING` if there are several and no terminal.
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
