import {isDeepStrictEqual} from 'node:util'

import {hasCode, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {isSignedBy, keyIdOf, keyRotationStatement, parsePublicKey, toBase64} from '@apkg/package-format/signing'
import type {SigningKeyList} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {pinRegistryKeys, readTrust, type PinnedKey} from '../trust.js'

/** A key that a registry is believed to attest with. */
export interface TrustedKey {
  keyId: string
  /** 32 raw bytes. */
  publicKey: Uint8Array
  isRevoked: boolean
  /** Milliseconds since 1970: what it attests as published then or later does not count. */
  expiresAt: number
}

/** By id. */
export type TrustedKeys = ReadonlyMap<string, TrustedKey>

type ListedKey = SigningKeyList['keys'][0] & {raw: Uint8Array}

/**
 * The keys that a registry attests with, as far as they are believed: those that are pinned, and those that a pinned one
 * has signed as its successor. A registry that is met for the first time is believed, and its keys are pinned. That a key
 * has ended is kept: no later answer makes it good again.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `REGISTRY_KEY_CHANGED` where none of the keys is one to be believed; what the client throws, and
 *   reading and writing `~/.apkg`.
 */
export async function trustedKeys(client: RegistryClient, home: string): Promise<TrustedKeys> {
  const {registry} = client
  const listed = await listKeys(client)
  const pinned = (await readTrust(home)).registryKeys[registry] ?? []
  const known = knownKeys(listed, pinned, registry)
  if (!isDeepStrictEqual(known, pinned)) {
    await pinRegistryKeys(home, registry, (present) => knownKeys(listed, present, registry))
  }
  return byId(known)
}

/** The pinned keys of a registry that cannot be asked. What became of them since is not known. */
export async function pinnedKeys(registry: string, home: string): Promise<TrustedKeys> {
  return byId((await readTrust(home)).registryKeys[registry] ?? [])
}

/** A registry of the original protocol may have none. Keys of other algorithms cannot be used. */
async function listKeys(client: RegistryClient): Promise<ListedKey[]> {
  try {
    const {keys} = await client.call('listSigningKeys', {})
    return keys.flatMap((key) => {
      const raw = key.algorithm.toLowerCase() === 'ed25519' ? parsePublicKey(key.publicKey) : undefined
      return raw ? [{...key, raw}] : []
    })
  } catch (error) {
    if (hasCode(error, 'NOT_OFFERED') || [404, 405].includes(refusalBehind(error)?.status ?? 0)) return []
    throw error
  }
}

/** What is pinned, with what the list tells of it, and the successors. */
function knownKeys(listed: readonly ListedKey[], pinned: readonly PinnedKey[], registry: string): PinnedKey[] {
  if (pinned.length === 0) return listed.map((key) => pinOf(key))
  const changed = (reason: string) => failure('REGISTRY_KEY_CHANGED', {registry, reason})
  const known = new Map(pinned.map((pin) => [pin.keyId, pin]))
  const shown = new Set<string>()
  for (const key of listed) {
    const pin = known.get(key.keyId)
    if (!pin) continue
    if (pin.publicKey !== toBase64(key.raw)) throw changed(`another key has the id ${printable(key.keyId)}`)
    known.set(key.keyId, worse(pin, pinOf(key)))
    shown.add(key.keyId)
  }
  for (let found = true; found;) {
    const next = listed.filter((key) => !known.has(key.keyId) && isSuccessor(key, known))
    for (const key of next) {
      known.set(key.keyId, pinOf(key))
      shown.add(key.keyId)
    }
    found = next.length > 0
  }
  if (![...shown].some((keyId) => known.get(keyId)?.status === 'active')) {
    const ids = pinned.map(({keyId}) => printable(keyId)).join(', ')
    throw changed(
      `it was known by ${ids}, and shows no active key that is one of them or was signed by a good one of them`,
    )
  }
  return [...known.values()]
}

/** Whoever stole a key can sign successors with it, so a revoked one has none. */
function isSuccessor({keyId, raw, rotatedFrom}: ListedKey, known: ReadonlyMap<string, PinnedKey>): boolean {
  const old = rotatedFrom && known.get(rotatedFrom.keyId)
  const oldKey = old && parsePublicKey(old.publicKey)
  if (!oldKey || old.status === 'revoked' || keyId !== keyIdOf(raw)) return false
  const {rotatedAt, signature} = rotatedFrom
  const said = {oldKeyId: old.keyId, newKeyId: keyId, newPublicKey: toBase64(raw), rotatedAt}
  return isSignedBy(oldKey, keyRotationStatement(said), signature)
}

/** A status that is not known is taken for the worst. */
function pinOf({keyId, raw, status, expiresAt}: ListedKey): PinnedKey {
  const end = Date.parse(expiresAt)
  return {
    keyId,
    publicKey: toBase64(raw),
    status: status === 'active' || status === 'retired' ? status : 'revoked',
    expiresAt: new Date(Number.isNaN(end) ? 0 : end).toISOString(),
  }
}

function worse(pin: PinnedKey, told: PinnedKey): PinnedKey {
  const statuses = ['revoked', 'retired', 'active'] as const
  const status = statuses.find((each) => pin.status === each || told.status === each) ?? 'revoked'
  const ends = [pin.expiresAt, told.expiresAt].filter((end) => end !== undefined)
  const [expiresAt] = ends.sort((one, other) => Date.parse(one) - Date.parse(other))
  return {...pin, status, ...(expiresAt !== undefined && {expiresAt})}
}

function byId(pins: readonly PinnedKey[]): TrustedKeys {
  return new Map(
    pins.flatMap(({keyId, publicKey, status, expiresAt}) => {
      const raw = parsePublicKey(publicKey)
      const end = expiresAt === undefined ? Infinity : Date.parse(expiresAt)
      return raw ? [[keyId, {keyId, publicKey: raw, isRevoked: status === 'revoked', expiresAt: end}] as const] : []
    }),
  )
}
