import {isDeepStrictEqual} from 'node:util'

import {hasCode, printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {isSignedBy, keyIdOf, keyRotationStatement, parsePublicKey, toBase64} from '@apkg/package-format/signing'
import type {SigningKeyList} from '@apkg/wire/protocol'

import {failure} from '../failures.js'
import {pinRegistryKeys, readTrust, type PinnedKey, type Trust} from '../trust-store.js'

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

/** What follows from the keys that a registry lists. */
interface KnownKeys {
  /** The keys to pin. */
  pins: readonly PinnedKey[]
  /**
   * The keys to trust now. A key that the list reports as retired, revoked or expired may still be pinned as active.
   */
  current: readonly PinnedKey[]
}

/**
 * The trusted keys of a registry: those that are pinned, and successors signed by a pinned one. The keys of a new
 * registry are trusted and pinned.
 *
 * A list can report that a key has expired, was retired or revoked. That applies while it is reported, but is pinned
 * only if the key itself signed its successor. Otherwise, one forged list could invalidate a key permanently.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `REGISTRY_KEY_CHANGED` if the registry shows no trusted key; the errors of the client, or of
 *   reading and writing `~/.apkg`.
 */
export async function trustedKeys(client: RegistryClient, home: string): Promise<TrustedKeys> {
  const {registry} = client
  const listed = await listKeys(client)
  const pinned = (await readTrust(home)).registryKeys[registry] ?? []
  const {pins, current} = knownKeys(listed, pinned, registry)
  if (!isDeepStrictEqual(pins, pinned)) {
    try {
      await pinRegistryKeys(home, registry, (present) => knownKeys(listed, present, registry).pins)
    } catch (error) {
      // In a home directory that isn't writable, the keys are trusted by this process only.
      if (!hasCode(error, 'FILE_UNWRITABLE')) throw error
    }
  }
  return byId(current)
}

/**
 * Whether each version that a registry lists must have its attestation. Otherwise, someone who controls the connection could
 * remove all attestations and replace the packages.
 */
export function mustBeAttested(
  {registryKeys, attestations}: Pick<Trust, 'registryKeys' | 'attestations'>,
  registry: string,
): boolean {
  return attestations === 'require' && (registryKeys[registry] ?? []).length > 0
}

/** The pinned keys of a registry, for use offline. Their current status is unknown. */
export async function pinnedKeys(registry: string, home: string): Promise<TrustedKeys> {
  return byId((await readTrust(home)).registryKeys[registry] ?? [])
}

/** Empty for a registry without this endpoint. Keys that aren't Ed25519 are ignored. */
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

function knownKeys(listed: readonly ListedKey[], pinned: readonly PinnedKey[], registry: string): KnownKeys {
  const changed = (reason: string) => failure('REGISTRY_KEY_CHANGED', {registry, reason})
  const isNew = pinned.length === 0
  const pins = new Map((isNew ? listed.map(newPin) : pinned).map((pin) => [pin.keyId, pin]))
  const current = new Map(pins)
  const shown = new Set<string>()
  for (const key of listed) {
    const pin = pins.get(key.keyId)
    if (!pin) continue
    if (pin.publicKey !== toBase64(key.raw))
      throw changed(`the ID ${printable(key.keyId)} now belongs to a different key`)
    pins.set(key.keyId, withProvenEnd(pin, key, listed))
    current.set(key.keyId, worst(pin, reportedPin(key)))
    shown.add(key.keyId)
  }
  for (let found = true; found;) {
    const next = listed.filter((key) => !pins.has(key.keyId) && isSuccessor(key, current))
    for (const key of next) {
      pins.set(key.keyId, withProvenEnd(newPin(key), key, listed))
      current.set(key.keyId, reportedPin(key))
      shown.add(key.keyId)
    }
    found = next.length > 0
  }
  if (!isNew && ![...shown].some((keyId) => current.get(keyId)?.status === 'active')) {
    const ids = pinned.map(({keyId}) => printable(keyId)).join(', ')
    throw changed(`none of its active keys is pinned (${ids}) or signed by a pinned key`)
  }
  const isRevoked = (pin: PinnedKey) => isNew && current.get(pin.keyId)?.status === 'revoked'
  return {
    // A new registry's revoked key is only pinned, as revoked, if that is proven.
    pins: [...pins.values()].filter((pin) => !isRevoked(pin) || pin.status === 'revoked'),
    current: [...current.values()],
  }
}

/** A thief can sign a successor too, so a revoked key has none. */
function isSuccessor(key: ListedKey, known: ReadonlyMap<string, PinnedKey>): boolean {
  const old = known.get(key.rotatedFrom?.keyId ?? '')
  return old !== undefined && old.status !== 'revoked' && isRotation(old, key)
}

/** Whether a key signed that another one is its successor. */
function isRotation(old: PinnedKey, {keyId, raw, rotatedFrom}: ListedKey): boolean {
  const oldKey = parsePublicKey(old.publicKey)
  if (!oldKey || rotatedFrom?.keyId !== old.keyId || keyId !== keyIdOf(raw)) return false
  const {rotatedAt, signature} = rotatedFrom
  const rotation = {oldKeyId: old.keyId, newKeyId: keyId, newPublicKey: toBase64(raw), rotatedAt}
  return isSignedBy(oldKey, keyRotationStatement(rotation), signature)
}

/**
 * A pinned key, marked as retired or revoked if the list says so and contains a successor that the key signed. Only the
 * time of the rotation is signed, so the key expires at that time. Once pinned, this doesn't change.
 */
function withProvenEnd(pin: PinnedKey, key: ListedKey, listed: readonly ListedKey[]): PinnedKey {
  const {status} = reportedPin(key)
  if (pin.status !== 'active' || status === 'active') return pin
  const times = listed.filter((each) => isRotation(pin, each)).map(({rotatedFrom}) => rotatedFrom?.rotatedAt ?? '')
  const [end] = times.map((time) => Date.parse(time)).sort((a, b) => a - b)
  if (end === undefined || Number.isNaN(end)) return pin
  return worst(pin, {...pin, status, expiresAt: new Date(end).toISOString()})
}

/** A key as it is pinned when it is first seen. */
function newPin({keyId, raw}: ListedKey): PinnedKey {
  return {keyId, publicKey: toBase64(raw), status: 'active'}
}

/** A key as the registry reports it. An unknown status is treated as revoked. */
function reportedPin(key: ListedKey): PinnedKey {
  const {status, expiresAt} = key
  const expiry = Date.parse(expiresAt)
  return {
    ...newPin(key),
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
