import {canonicalRegistry, StateFolder, withLock} from '@apkg/command-kit'
import {isScope, scopeOf} from '@apkg/package-format'

import {failure} from './failures.js'

/** What an installation does about unsigned packages: nothing, warn, or refuse them. */
export const signaturePolicies = ['off', 'warn', 'require'] as const

/** What an installation does about unsigned packages: nothing, warn, or refuse them. */
export type SignaturePolicy = (typeof signaturePolicies)[number]

/** A registry's key, pinned when it was first seen. */
export interface PinnedKey {
  keyId: string
  /** Base64 of the 32 raw bytes. */
  publicKey: string
  /** The worst status that the registry has ever reported. */
  status: 'active' | 'retired' | 'revoked'
  /**
   * The key is not valid for versions that were published at this time or later. Absent if it does not expire.
   *
   * @format date-time
   */
  expiresAt?: string
}

/** Which registries and keys this user's installations trust: the content of `~/.apkg/trust.json`. */
export interface Trust {
  /** The registry that each scope is pinned to, by scope: `{"@acme": "https://registry.example.com"}`. */
  scopes: Readonly<Record<string, string>>
  signatures: SignaturePolicy
  /** Whether tools are set up for packages that are only dependencies of others. */
  setupTransitive: boolean
  /** The pinned keys of each registry, by its URL. */
  registryKeys: Readonly<Record<string, readonly PinnedKey[]>>
}

type StoredTrust = Pick<Trust, 'scopes'> & Partial<Trust>

const defaults = {scopes: {}, signatures: 'warn', setupTransitive: true, registryKeys: {}} as const satisfies Trust

/**
 * The user's trust; the defaults where the file does not exist or does not say.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
 */
export async function readTrust(home: string): Promise<Trust> {
  return {...defaults, ...(await new StateFolder(home).read('trust', isTrust))}
}

/**
 * Refuses a registry for packages of a scope that is pinned to another one.
 *
 * @param scope `@acme`.
 * @param registry canonical URL.
 * @throws {ApkgError} `SCOPE_PINNED`.
 */
export function assertTrusted({scopes}: Pick<Trust, 'scopes'>, scope: string, registry: string): void {
  const pinned = pinOf(scopes, scope)
  if (pinned !== undefined && pinned !== registry) throw failure('SCOPE_PINNED', {scope, pinned, registry})
}

/**
 * As `assertTrusted`, for packages.
 *
 * @throws {ApkgError} `SCOPE_PINNED`; what `readTrust` throws.
 */
export async function assertAllTrusted(names: Iterable<string>, home: string, registry: string): Promise<void> {
  const trust = await readTrust(home)
  for (const name of names) assertTrusted(trust, scopeOf(name), registry)
}

/**
 * Refuses a registry for a package whose scope the user pinned to another one.
 *
 * @throws {ApkgError} `SCOPE_PINNED`, `FILE_UNREADABLE`, `FILE_DAMAGED`.
 */
export async function assertPackageTrusted(home: string, name: string, registry: string): Promise<void> {
  assertTrusted(await readTrust(home), scopeOf(name), registry)
}

/**
 * Pins a scope to a registry, in place of the one that it was pinned to.
 *
 * @param registry canonical URL.
 * @returns the registry before; undefined where the scope was not pinned.
 * @throws {ApkgError} `SCOPE_INVALID`; what reading and writing `~/.apkg` throws.
 */
export async function pinScope(home: string, scope: string, registry: string): Promise<string | undefined> {
  assertScope(scope)
  let before: string | undefined
  await changePins(home, (scopes) => {
    before = pinOf(scopes, scope)
    return {...scopes, [scope]: registry}
  })
  return before
}

/**
 * Lets a scope come from any registry again.
 *
 * @returns the registry that it was pinned to.
 * @throws {ApkgError} `SCOPE_INVALID`, `SCOPE_UNPINNED`; what reading and writing `~/.apkg` throws.
 */
export async function unpinScope(home: string, scope: string): Promise<string> {
  assertScope(scope)
  let before = ''
  await changePins(home, (scopes) => {
    const pinned = pinOf(scopes, scope)
    if (pinned === undefined) throw failure('SCOPE_UNPINNED', {scope})
    before = pinned
    return Object.fromEntries(Object.entries(scopes).filter(([each]) => each !== scope))
  })
  return before
}

/**
 * Sets what an installation does about signatures, or about tools of packages that came along.
 *
 * @throws {ApkgError} what reading and writing `~/.apkg` throws.
 */
export async function changePolicy(
  home: string,
  policy: Partial<Pick<Trust, 'signatures' | 'setupTransitive'>>,
): Promise<void> {
  await changeTrust(home, (trust) => ({...trust, ...policy}))
}

/**
 * Changes the keys that a registry is known by.
 *
 * @param change of the keys that are pinned now; an empty list forgets the registry.
 * @throws {ApkgError} what reading and writing `~/.apkg` throws, and `change`.
 */
export async function pinRegistryKeys(
  home: string,
  registry: string,
  change: (pinned: readonly PinnedKey[]) => readonly PinnedKey[],
): Promise<void> {
  await changeTrust(home, (trust) => {
    const {[registry]: pinned = [], ...others} = trust.registryKeys ?? {}
    const keys = change(pinned)
    return {...trust, registryKeys: sorted(keys.length > 0 ? {...others, [registry]: keys} : others)}
  })
}

async function changePins(home: string, change: (scopes: Trust['scopes']) => Trust['scopes']): Promise<void> {
  await changeTrust(home, (trust) => ({...trust, scopes: sorted(change(trust.scopes))}))
}

async function changeTrust(home: string, change: (trust: StoredTrust) => StoredTrust): Promise<void> {
  const folder = new StateFolder(home)
  await withLock(folder, async (lock) => {
    const changed = change((await folder.read('trust', isTrust)) ?? {scopes: {}})
    lock.assertHeld()
    await folder.replace('trust', changed)
  })
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))
}

function pinOf(scopes: Trust['scopes'], scope: string): string | undefined {
  return Object.hasOwn(scopes, scope) ? scopes[scope] : undefined
}

function assertScope(text: string): void {
  if (!isScope(text)) throw failure('SCOPE_INVALID', {scope: text})
}

/** What cannot be understood must not be taken for nothing: a pin, or a policy. */
function isTrust(value: unknown): value is StoredTrust {
  if (!isRecord(value) || !isRecord(value['scopes'])) return false
  const {scopes, signatures = 'warn', setupTransitive = true, registryKeys = {}} = value
  return (
    Object.entries(scopes as object).every(([scope, registry]) => isScope(scope) && isCanonical(registry)) &&
    (signaturePolicies as readonly unknown[]).includes(signatures) &&
    typeof setupTransitive === 'boolean' &&
    isRecord(registryKeys) &&
    Object.entries(registryKeys).every(([registry, keys]) => isCanonical(registry) && isListOfKeys(keys))
  )
}

function isListOfKeys(keys: unknown): boolean {
  return Array.isArray(keys) && keys.every(isPinnedKey)
}

function isPinnedKey(key: unknown): boolean {
  if (!isRecord(key)) return false
  const {keyId, publicKey, status, expiresAt} = key
  return (
    typeof keyId === 'string' &&
    typeof publicKey === 'string' &&
    ['active', 'retired', 'revoked'].some((each) => each === status) &&
    (expiresAt === undefined || (typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt))))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCanonical(registry: unknown): boolean {
  try {
    return typeof registry === 'string' && canonicalRegistry(registry, 'trust.json') === registry
  } catch {
    return false
  }
}
