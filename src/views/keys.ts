import {printable} from '@apkg/command-kit'
import stringWidth from 'fast-string-width'

import type {StoredKey} from '../keys/key-store.js'
import type {RegisteredKey} from '../keys/registered-key.js'
import type {KeyRevocation} from '../keys/revoke-key.js'
import type {KeyRotation} from '../keys/rotate-key.js'
import {table} from './table.js'

interface Screen {
  isTerminal: boolean
  columns: number
}

/** A registered key, and whether its private half is on this machine. */
export type ListedKey = RegisteredKey & {isLocal: boolean}

/** The keys that a registry has of a user: id, name, status, whether it is on this machine, creation. */
export function registeredKeyList(keys: readonly ListedKey[], screen: Screen): string {
  const rows = keys.map(({keyId, name, status, isLocal, createdAt}) => [
    keyId,
    name,
    status,
    isLocal ? 'here' : '-',
    screen.isTerminal ? createdAt.slice(0, 10) : createdAt,
  ])
  return fitting(['ID', 'NAME', 'STATUS', 'PRIVATE KEY', 'CREATED'], rows, screen)
}

/** The keys of this machine: id, name, whether under a passphrase, creation. */
export function localKeyList(keys: readonly StoredKey[], screen: Screen): string {
  const rows = keys.map(({keyId, name, isEncrypted, createdAt}) => [
    keyId,
    name,
    isEncrypted ? 'passphrase' : 'plain',
    screen.isTerminal ? createdAt.slice(0, 10) : createdAt,
  ])
  return fitting(['ID', 'NAME', 'KEPT', 'CREATED'], rows, screen)
}

/** A table, or a block a key where the table would not fit: an id is never cut. */
function fitting(titles: string[], cells: string[][], screen: Screen): string {
  const rows = cells.map((row) => row.map(printable))
  const text = table(titles, rows, screen)
  const fits = text.split('\n').every((line) => stringWidth(line) <= screen.columns)
  if (!screen.isTerminal || fits) return text
  const widest = Math.max(...titles.map(({length}) => length))
  const block = ([id = '', ...rest]: string[]) =>
    [id, ...rest.map((cell, index) => `  ${(titles[index + 1] ?? '').toLowerCase().padEnd(widest)}  ${cell}`)].join(
      '\n',
    )
  return `${rows.map(block).join('\n')}\n`
}

/** What is said of a new key beside its id. */
export function generatedKeyNotes({keyId, name, publicKey, isEncrypted, file}: StoredKey): string {
  return [
    `Generated signing key: ${printable(name)}`,
    `  public key   ${publicKey}`,
    `  private key  ${printable(file)}, ${keeping({isEncrypted})}`,
    `Register it with \`apkg key register --key-id ${keyId}\`.`,
  ].join('\n')
}

function keeping({isEncrypted}: {isEncrypted: boolean}): string {
  return isEncrypted ? 'under the passphrase' : 'readable by you alone, without a passphrase'
}

export function revokedKeyNotes({keyId, name, localKey}: KeyRevocation): string {
  const local = {
    removed: ['Its private key was removed from this machine: nothing can be signed with it any more.'],
    kept: ['Its private key is still on this machine.'],
    none: [],
  }[localKey]
  return [`Revoked signing key: ${printable(name)} (${printable(keyId)})`, ...local].join('\n')
}

export function rotatedKeyNotes({oldKeyId, name, file, oldFile}: KeyRotation): string {
  return [
    `Rotated signing key: ${printable(name)}`,
    `  old key  ${oldKeyId}, retired; still in ${printable(oldFile)}`,
    `  new key  in ${printable(file)}`,
  ].join('\n')
}
