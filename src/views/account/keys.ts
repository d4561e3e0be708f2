import {printable, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {StoredKey} from '../../account/keys/key-store.js'
import type {RegisteredKey} from '../../account/keys/registered-key.js'
import type {KeyRevocation} from '../../account/keys/revoke-key.js'
import type {KeyRotation} from '../../account/keys/rotate-key.js'

/** A registered key, and whether this machine has its private key. */
export interface ListedKey extends RegisteredKey {
  /** Whether the private key is on this machine. */
  isLocal: boolean
}

/** The user's keys at a registry. */
export function registeredKeyList(keys: readonly ListedKey[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = keys.map(({keyId, name, status, isLocal, createdAt}) => {
    return [keyId, name, status, isLocal ? 'local' : '-', time(createdAt)].map(printable)
  })
  return table(['ID', 'NAME', 'STATUS', 'PRIVATE KEY', 'CREATED'], rows, screen, ['CREATED', 'PRIVATE KEY'])
}

/** The keys on this machine. */
export function localKeyList(keys: readonly StoredKey[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = keys.map(({keyId, name, isEncrypted, createdAt}) => {
    return [keyId, name, isEncrypted ? 'passphrase' : 'none', time(createdAt)].map(printable)
  })
  return table(['ID', 'NAME', 'PROTECTION', 'CREATED'], rows, screen, ['CREATED', 'PROTECTION'])
}

/** Everything about a new key except its id, which goes to stdout. */
export function generatedKeyNotes({keyId, name, publicKey, isEncrypted, file}: StoredKey): string {
  return [
    `Generated Ed25519 signing key: ${printable(name)}`,
    `  public key   ${publicKey}`,
    `  private key  ${printable(file)} (${protection({isEncrypted})})`,
    `Register it with \`apkg key register --key ${keyId}\`.`,
  ].join('\n')
}

function protection({isEncrypted}: {isEncrypted: boolean}): string {
  return isEncrypted ? 'encrypted with your passphrase' : 'not encrypted, readable only by you'
}

/** For a key that is encrypted, if its passphrase was missing. */
export const unprovenKeyWarning =
  'The key was registered without proof that you hold it, because its passphrase was not given. To register an encrypted key without a terminal, set APKG_KEY_PASSPHRASE'

/** Asks whether to revoke a key, and says what that does. */
export function revocationQuestion({
  keyId,
  name,
  registry,
  keepLocal,
}: {
  keyId: string
  name: string
  registry: string
  keepLocal: boolean
}): string {
  const local = keepLocal ? '' : ', and delete its private key from this machine'
  return `Revoke ${printable(name)} (${printable(keyId)}) on ${registry}${local}? This cannot be undone`
}

export function revokedKeyNotes({keyId, name, localKey}: KeyRevocation): string {
  const local = {
    removed: ['Its private key was removed from this machine.'],
    kept: ['Its private key is still on this machine.'],
    none: [],
  }[localKey]
  return [`Revoked signing key: ${printable(name)} (${printable(keyId)})`, ...local].join('\n')
}

export function rotatedKeyNotes({oldKeyId, name, file, oldFile}: KeyRotation): string {
  return [
    `Rotated signing key: ${printable(name)}`,
    `  old key  ${oldKeyId} (retired, kept in ${printable(oldFile)})`,
    `  new key  ${printable(file)}`,
  ].join('\n')
}
