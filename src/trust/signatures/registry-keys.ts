import {isDeepStrictEqual} from 'node:util'

import {hasCode, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {isSignedBy, keyIdOf, keyRotationStatement, parsePublicKey, toBase64} from '@apkg/package-format/signing'
import type {SigningKeyList} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {pinRegistryKeys, readTrust, type PinnedKey} from '../trust.js'

/** A key whose attestations are trusted. */
export interface TrustedKey {
  keyId: string
  /** 32 raw bytes. */
  publicKey: Uint8Array
  isRevoked: boolean
  /** Milliseconds since 1970. Attestations of later publications are invalid. */
  expiresAt: number
}

/** By id. */
export type TrustedKeys = ReadonlyMap<string, TrustedKey>

type ListedKey = SigningKeyList['keys'][0] & {raw: Uint8Array}

/**
 * The trusted keys of a registry: those that are pinned, and successors signed by a pinned one. The keys of a new
 * registry are trusted and pinned. Once a key is reported as expired, retired or revoked, it stays so.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `REGISTRY_KEY_CHANGED` if the registry shows no trusted key; the errors of the client, or of reading
 *   and writing `~/.apkg`.
 */
export async function trustedKeys(client: RegistryClient, home: string): Promise<TrustedKeys> {
  const {registry} = client
  const listed = await listKeys(client)
  const pinned = (await readTrust(home)).registryKeys[registry] ?? []
  const known = knownKeys(listed, pinned, registry)
  if (!isDeepStrictEqual(known, pinned)) {
    try {
      await pinRegistryKeys(home, registry, (present) => knownKeys(listed, present, registry))
    } catch (error) {
      // In a home directory that isn't writable, the keys are trusted by this process only.
      if (!hasCode(error, 'FILE_UNWRITABLE')) throw error
    }
  }
  return byId(known)
}

/** The pinned keys of a registry, for use offline. Their present status is unknown. */
export async function pinnedKeys(registry: string, home: string): Promise<TrustedKeys> {
  return byId((await readTrust(home)).registryKeys[registry] ?? [])
}

/** Empty for a registry without this endpoint. Keys of other algorithms than Ed25519 are ignored. */
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

/** The pinned keys, updated from the list, and their successors. */
function knownKeys(listed: readonly ListedKey[], pinned: readonly PinnedKey[], registry: string): PinnedKey[] {
  if (pinned.length === 0) return listed.map((key) => pinOf(key))
  const changed = (reason: string) => failure('REGISTRY_KEY_CHANGED', {registry, reason})
  const known = new Map(pinned.map((pin) => [pin.keyId, pin]))
  const shown = new Set<string>()
  for (const key of listed) {
    const pin = known.get(key.keyId)
    if (!pin) continue
    if (pin.publicKey !== toBase64(key.raw))
      throw changed(`the id ${printable(key.keyId)} now belongs to a different key`)
    known.set(key.keyId, worst(pin, pinOf(key)))
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
    throw changed(`none of its active keys is pinned (${ids}) or signed by a pinned key`)
  }
  return [...known.values()]
}

/** A thief can sign a successor too, so a revoked key has none. */
function isSuccessor({keyId, raw, rotatedFrom}: ListedKey, known: ReadonlyMap<string, PinnedKey>): boolean {
  const old = rotatedFrom && known.get(rotatedFrom.keyId)
  const oldKey = old && parsePublicKey(old.publicKey)
  if (!oldKey || old.status === 'revoked' || keyId !== keyIdOf(raw)) return false
  const {rotatedAt, signature} = rotatedFrom
  const rotation = {oldKeyId: old.keyId, newKeyId: keyId, newPublicKey: toBase64(raw), rotatedAt}
  return isSignedBy(oldKey, keyRotationStatement(rotation), signature)
}

/** An unknown status is treated as revoked. */
function pinOf({keyId, raw, status, expiresAt}: ListedKey): PinnedKey {
  const expiry = Date.parse(expiresAt)
  return {
    keyId,
    publicKey: toBase64(raw),
    status: status === 'active' || status === 'retired' ? status : 'revoked',
    expiresAt: new Date(Number.isNaN(expiry) ? 0 : expiry).toISOString(),
  }
}

/** The worse status and the earlier expiry of both. */
function worst(pin: PinnedKey, listed: PinnedKey): PinnedKey {
  const statuses = ['revoked', 'retired', 'active'] as const
  const status = statuses.find((each) => pin.status === each || listed.status === each) ?? 'revoked'
  const expiries = [pin.expiresAt, listed.expiresAt].filter((each) => each !== undefined)
  const [expiresAt] = expiries.sort((a, b) => Date.parse(a) - Date.parse(b))
  return {...pin, status, ...(expiresAt !== undefined && {expiresAt})}
}

function byId(pins: readonly PinnedKey[]): TrustedKeys {
  return new Map(
    pins.flatMap(({keyId, publicKey, status, expiresAt}) => {
      const raw = parsePublicKey(publicKey)
      const expiry = expiresAt === undefined ? Infinity : Date.parse(expiresAt)
      return raw ? [[keyId, {keyId, publicKey: raw, isRevoked: status === 'revoked', expiresAt: expiry}] as const] : []
    }),
  )
}
