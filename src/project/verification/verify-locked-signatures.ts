import {hasCode, isApkgError, printable, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import type {Packument, Signer} from '@apkg/wire/protocol'

import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {downloadTarball} from '../installation/download-tarball.js'
import type {VersionStatus} from '../installation/version-status.js'
import type {InstallContext} from '../installation/install-context.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import {failure as catalogFailure} from '../../catalog/failures.js'
import {failure as projectFailure} from '../failures.js'
import {failure} from '../../trust/failures.js'
import {mustBeAttested, pinnedKeys, trustedKeys, type TrustedKeys} from '../../trust/signatures/registry-keys.js'
import {verifySignatures} from '../../trust/signatures/verify-signatures.js'
import {type CheckedSource, verifySource, type VersionSource} from '../../trust/signatures/version-source.js'
import {readTrust, type Trust} from '../../trust/trust-store.js'
import {verificationProblem, type VerificationProblem, type SignatureState} from './verification.js'

/** The result of verifying a package's signatures. */
export interface SignatureVerification {
  signature: SignatureState
  /** The ID of the key that signed it; null if no signature was verified. */
  signer: string | null
  /** That key, base64. */
  publicKey: string | undefined
  /** The CI job that published it; null if no trusted publisher did, or the signatures weren't verified. */
  source: VersionSource | null
  problems: VerificationProblem[]
}

type SignatureContext = Pick<InstallContext, 'registries' | 'cacheFolder' | 'home'>

/**
 * Returns a function that verifies the signatures of a locked package against current registry data; offline, against
 * cached data if available.
 *
 * @param status what the registry says about the locked packages.
 * @throws {ApkgError} the returned function: the errors of `trustedKeys` and the client, except `OFFLINE`.
 */
export function signatureVerifier(
  context: SignatureContext,
  status: VersionStatus,
): (locked: LockedPackage) => Promise<SignatureVerification> {
  const verify = currentSignatureVerifier(context)
  return async (locked) => {
    const withdrawn = status.problemOf(locked)
    if (!withdrawn) return verify(locked)
    if (hasCode(withdrawn, 'VERSION_TAKEN_DOWN')) return unverified('unchecked', withdrawn)
    const verified = await verify(locked)
    return verified.signature === 'invalid' ? verified : unverified('invalid', withdrawn)
  }
}

/** As `signatureVerifier`, without regard to what the registry says about the versions. */
function currentSignatureVerifier(
  context: SignatureContext,
): (locked: LockedPackage) => Promise<SignatureVerification> {
  const packuments = new PackumentCache(context.cacheFolder, context.home)
  const keys = new Map<string, Promise<KnownKeys>>()
  let trust: Promise<Trust> | undefined
  return async (locked) => {
    const {name, version, integrity} = locked
    const client = await context.registries.client(name)
    const {registry} = client
    const found = await packumentOf(packuments, client, name)
    if ('problem' in found) return unverified('unchecked', found.problem)
    const {versions = {}, signers = []} = found.packument
    const metadata = Object.hasOwn(versions, version) ? versions[version] : undefined
    if (!metadata) return unverified('unchecked', await whyVersionIsMissing(locked, client))
    const attestations = metadata.dist?.attestations ?? []
    const listed = metadata.dist?.integrity ?? integrity
    const mismatch = {version: idOf(locked), registry, locked: integrity, listed: printable(listed)}
    const mustAttest = mustBeAttested(await (trust ??= readTrust(context.home)), registry)
    const missing = mustAttest ? failure('ATTESTATION_MISSING', {version: idOf(locked), registry}) : undefined
    // Fetching keys pins them, so they are only fetched if there is something to verify.
    if (attestations.length === 0) {
      return unsigned(locked, listed === integrity ? missing : projectFailure('LOCKED_INTEGRITY_MISMATCH', mismatch))
    }
    const known = keys.get(registry) ?? keysOf(client, context.home)
    keys.set(registry, known)
    const {trusted, isCurrent} = await known
    const verdict = verifySignatures({name, version, integrity, attestations, signers}, registry, trusted)
    const source = verifySource({name, integrity, metadata}, registry, trusted)
    if (verdict.status === 'unsigned') {
      return withSource(unsigned(locked, verdict.attestedBy === undefined ? missing : undefined), source)
    }
    if (verdict.status === 'signed') return withSource(signedBy(verdict.signer, locked, signers), source)
    // A key that is unknown offline may come from a rotation that was not fetched yet.
    const canBeNew = !isCurrent && hasCode(verdict.error, 'REGISTRY_KEY_UNKNOWN')
    if (canBeNew)
      return unverified('unchecked', failure('OFFLINE', {purpose: 'fetch the signing keys of the registry'}))
    return unverified('invalid', verdict.error)
  }
}

/** A source that isn't attested is a problem, because someone could rely on it. */
function withSource(verified: SignatureVerification, checked: CheckedSource | undefined): SignatureVerification {
  if (!checked) return verified
  const {source, problem} = checked
  return {...verified, source, problems: [...verified.problems, ...(problem ? [verificationProblem(problem)] : [])]}
}

function signedBy(keyId: string, locked: LockedPackage, signers: readonly Signer[]): SignatureVerification {
  const before = locked.signer ?? keyId
  if (before !== keyId)
    return unverified('invalid', failure('SIGNER_CHANGED', {version: idOf(locked), keyId, before, expected: 'locked'}))
  const publicKey = signers.find((each) => each.keyId === keyId)?.publicKey
  return {signature: 'verified', signer: keyId, publicKey, source: null, problems: []}
}

/**
 * A package that was locked with a signer cannot have become unsigned.
 *
 * @param problem why an unsigned package is not acceptable; undefined if it is.
 */
function unsigned(locked: LockedPackage, problem: ApkgError | undefined): SignatureVerification {
  const {signer} = locked
  if (signer === undefined) return problem ? unverified('invalid', problem) : unverified('unsigned')
  const downgraded = failure('SIGNATURE_DOWNGRADED', {version: idOf(locked), keyId: signer, expected: 'locked'})
  return unverified('invalid', downgraded)
}

function unverified(signature: SignatureState, problem?: ApkgError): SignatureVerification {
  return {
    signature,
    signer: null,
    publicKey: undefined,
    source: null,
    problems: problem ? [verificationProblem(problem)] : [],
  }
}

function idOf({name, version}: LockedPackage): string {
  return `${name}@${version}`
}

interface KnownKeys {
  trusted: TrustedKeys
  /** Whether they were fetched from the registry just now. */
  isCurrent: boolean
}

async function keysOf(client: RegistryClient, home: string): Promise<KnownKeys> {
  try {
    return {trusted: await trustedKeys(client, home), isCurrent: true}
  } catch (error) {
    if (!hasCode(error, 'OFFLINE')) throw error
    return {trusted: await pinnedKeys(client.registry, home), isCurrent: false}
  }
}

async function packumentOf(
  packuments: PackumentCache,
  client: RegistryClient,
  name: string,
): Promise<{packument: Packument} | {problem: ApkgError}> {
  try {
    return {packument: await packuments.load(client, name)}
  } catch (error) {
    const isFinding = hasCode(error, 'OFFLINE') || hasCode(error, 'PACKAGE_NOT_FOUND')
    if (isFinding && isApkgError(error)) return {problem: error}
    throw error
  }
}

/**
 * Why a version is not in its packument. If the registry can't be asked for its status, only a request for its tarball
 * reveals that it was taken down.
 */
async function whyVersionIsMissing(locked: LockedPackage, client: RegistryClient): Promise<ApkgError> {
  const tarball = downloadTarball(client, locked)
  try {
    await tarball.next()
  } catch (error) {
    if (isApkgError(error) && hasCode(error, 'VERSION_TAKEN_DOWN')) return error
    if (!hasCode(error, 'OFFLINE') && !hasCode(error, 'PACKAGE_NOT_FOUND')) throw error
  } finally {
    await tarball.return(undefined)
  }
  const {registry} = client
  return catalogFailure('PACKAGE_NOT_FOUND', {name: idOf(locked), registry, reason: 'no such version'})
}
