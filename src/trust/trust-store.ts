import {canonicalRegistry, StateFolder, withLock} from '@apkg/command-kit'
import {isPackageScope} from '@apkg/package-format'
import {isJsonObject} from '@apkg/wire'

import {failure} from './failures.js'
import type {RegistryByScope} from './routes.js'

/** How packages without an author's signature are handled: `off` verifies nothing, `warn` reports them, `require` refuses them. */
export const signaturePolicies = ['off', 'warn', 'require'] as const

/** How packages without an author's signature are handled: `off` verifies nothing, `warn` reports them, `require` refuses them. */
export type SignaturePolicy = (typeof signaturePolicies)[number]

/** What an installation does about a version that its registry doesn't attest, if the registry's keys are pinned. */
export const attestationPolicies = ['off', 'require'] as const

/** Whether a version without an attestation is refused, if its registry's keys are pinned. */
export type AttestationPolicy = (typeof attestationPolicies)[number]

/** What an installation does if the registry can't be asked which versions were taken down. */
export const takedownPolicies = ['check', 'require'] as const

/** Whether an installation is refused if the registry can't be asked which versions were taken down. */
export type TakedownPolicy = (typeof takedownPolicies)[number]

/** The policies that a user can set. */
export type Policies = Pick<Trust, 'signatures' | 'attestations' | 'takedowns' | 'setupTransitive'>

/** A registry's key, pinned when it was first seen. */
export interface PinnedKey {
  keyId: string
  /** The 32 raw bytes, base64-encoded. */
  publicKey: string
  /** `retired` or `revoked` only if the registry reported it and the key had signed its successor. */
  status: 'active' | 'retired' | 'revoked'
  /**
   * When the key expires. It is invalid for versions published at this time or later. Absent if it doesn't expire.
   *
   * @format date-time
   */
  expiresAt?: string
}

/** The registries and keys that you trust, and your policies: the content of `~/.apkg/trust.json`. */
export interface Trust {
  /** The registry that the packages of each routed scope come from, by scope: `{"@acme": "https://registry.example.com"}`. */
  scopes: RegistryByScope
  /** The registries that you accepted for projects, by the real path of the project's directory. */
  projects: Readonly<Record<string, RegistryByScope>>
  signatures: SignaturePolicy
  attestations: AttestationPolicy
  takedowns: TakedownPolicy
  /** Whether tools are also set up for transitive dependencies. */
  setupTransitive: boolean
  /** The pinned keys of each registry, by its URL. */
  registryKeys: Readonly<Record<string, readonly PinnedKey[]>>
}

type StoredTrust = Pick<Trust, 'scopes'> & Partial<Trust>

const defaults = {
  scopes: {},
  projects: {},
  signatures: 'warn',
  attestations: 'require',
  takedowns: 'check',
  setupTransitive: true,
  registryKeys: {},
} as const satisfies Trust

/**
 * Reads the user's trust settings, with defaults for those that aren't set.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
 */
export async function readTrust(home: string): Promise<Trust> {
  return {...defaults, ...(await new StateFolder(home).read('trust', isTrust))}
}

/**
 * Whether the user set how unsigned packages are handled.
 *
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
 */
export async function choseSignaturePolicy(home: string): Promise<boolean> {
  return (await new StateFolder(home).read('trust', isTrust))?.signatures !== undefined
}

/**
 * Routes a scope to a registry. An existing route is replaced.
 *
 * @param registry canonical URL.
 * @returns the registry that it was routed to before, if any.
 * @throws {ApkgError} `SCOPE_INVALID`; the errors of reading and writing `~/.apkg`.
 */
export async function routeScope(home: string, scope: string, registry: string): Promise<string | undefined> {
  assertScope(scope)
  let before: string | undefined
  await changeRoutes(home, (scopes) => {
    before = scopes[scope]
    return {...scopes, [scope]: registry}
  })
  return before
}

/**
 * Removes the route of a scope.
 *
 * @returns the registry that it was routed to.
 * @throws {ApkgError} `SCOPE_INVALID`, `SCOPE_UNPINNED`; the errors of reading and writing `~/.apkg`.
 */
export async function unrouteScope(home: string, scope: string): Promise<string> {
  assertScope(scope)
  let before = ''
  await changeRoutes(home, (scopes) => {
    const routed = scopes[scope]
    if (routed === undefined) throw failure('SCOPE_UNPINNED', {scope})
    before = routed
    return Object.fromEntries(Object.entries(scopes).filter(([each]) => each !== scope))
  })
  return before
}

/**
 * Accepts the registries that a project proposes, instead of those that were accepted for it before.
 *
 * @param project the real path of its directory.
 * @param proposed an empty list accepts none.
 * @returns those that were accepted before.
 * @throws {ApkgError} the errors of reading and writing `~/.apkg`.
 */
export async function acceptRoutes(home: string, project: string, proposed: RegistryByScope): Promise<RegistryByScope> {
  let before: RegistryByScope = {}
  await changeTrust(home, (trust) => {
    const {[project]: accepted = {}, ...others} = trust.projects ?? {}
    before = accepted
    return {...trust, projects: sorted(Object.keys(proposed).length > 0 ? {...others, [project]: proposed} : others)}
  })
  return before
}

/** @throws {ApkgError} the errors of reading and writing `~/.apkg`. */
export async function changePolicy(home: string, policy: Partial<Policies>): Promise<void> {
  await changeTrust(home, (trust) => ({...trust, ...policy}))
}

/**
 * Changes the pinned keys of a registry.
 *
 * @param change gets the current keys and returns the new ones; an empty list forgets the registry.
 * @throws {ApkgError} the errors of reading and writing `~/.apkg`, and of `change`.
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

async function changeRoutes(home: string, change: (scopes: Trust['scopes']) => Trust['scopes']): Promise<void> {
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
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function assertScope(text: string): void {
  if (!isPackageScope(text)) throw failure('SCOPE_INVALID', {scope: text})
}

/** Strict, because a route or policy that isn't understood must not be ignored. */
function isTrust(value: unknown): value is StoredTrust {
  if (!isJsonObject(value) || !isJsonObject(value['scopes'])) return false
  const {scopes, projects = {}, signatures = 'warn', setupTransitive = true, registryKeys = {}} = value
  const {attestations = 'require', takedowns = 'check'} = value
  return (
    isRegistryByScope(scopes) &&
    isJsonObject(projects) &&
    Object.values(projects).every(isRegistryByScope) &&
    (signaturePolicies as readonly unknown[]).includes(signatures) &&
    (attestationPolicies as readonly unknown[]).includes(attestations) &&
    (takedownPolicies as readonly unknown[]).includes(takedowns) &&
    typeof setupTransitive === 'boolean' &&
    isJsonObject(registryKeys) &&
    Object.entries(registryKeys).every(([registry, keys]) => isCanonical(registry) && isListOfKeys(keys))
  )
}

function isRegistryByScope(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([scope, registry]) => isPackageScope(scope) && isCanonical(registry))
  )
}

function isListOfKeys(keys: unknown): boolean {
  return Array.isArray(keys) && keys.every(isPinnedKey)
}

function isPinnedKey(key: unknown): boolean {
  if (!isJsonObject(key)) return false
  const {keyId, publicKey, status, expiresAt} = key
  return (
    typeof keyId === 'string' &&
    typeof publicKey === 'string' &&
    ['active', 'retired', 'revoked'].some((each) => each === status) &&
    (expiresAt === undefined || (typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt))))
  )
}

function isCanonical(registry: unknown): boolean {
  try {
    return typeof registry === 'string' && canonicalRegistry(registry, 'trust.json') === registry
  } catch {
    return false
  }
}
