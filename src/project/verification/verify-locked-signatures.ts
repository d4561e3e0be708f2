import {hasCode, isApkgError, printable, type ApkgError} from '@apkg/command-kit'
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
import {readTrust} from '../../trust/trust-store.js'
import {verificationProblem, type VerificationProblem, type SignatureState} from './verification.js'

/** The result of verifying a package's signatures. */
export interface SignatureVerification {
  signature: SignatureState
  /** The id of the key that signed it; null if no signature was verified. */
  signer: string | null
  /** That key, base64. */
  publicKey: string | undefined
  problems: VerificationProblem[]
}

type SignatureContext = Pick<InstallContext, 'client' | 'cacheFolder' | 'home'>

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
  let keys: Promise<KnownKeys> | undefined
  let mustAttest: Promise<boolean> | undefined
  return async (locked) => {
    const {name, version, integrity} = locked
    const found = await packumentOf(packuments, context, name)
    if ('problem' in found) return unverified('unchecked', found.problem)
    const {versions = {}, signers = []} = found.packument
    const metadata = Object.hasOwn(versions, version) ? versions[version] : undefined
    if (!metadata) return unverified('unchecked', await whyVersionIsMissing(locked, context))
    const attestations = metadata.dist?.attestations ?? []
    mustAttest ??= readTrust(context.home).then((trust) => mustBeAttested(trust, context.client.registry))
    const {registry} = context.client
    const listed = metadata.dist?.integrity ?? integrity
    const mismatch = {version: idOf(locked), registry, locked: integrity, listed: printable(listed)}
    const missing = (await mustAttest) ? failure('ATTESTATION_MISSING', {version: idOf(locked), registry}) : undefined
    // Fetching keys pins them, so they are only fetched if there is something to verify.
    if (attestations.length === 0) {
      return unsigned(locked, listed === integrity ? missing : projectFailure('LOCKED_INTEGRITY_MISMATCH', mismatch))
    }
    keys ??= keysOf(context)
    const {trusted, isCurrent} = await keys
    const verdict = verifySignatures(
      {name, version, integrity, attestations, signers},
      context.client.registry,
      trusted,
    )
    if (verdict.status === 'unsigned') return unsigned(locked, verdict.attestedBy === undefined ? missing : undefined)
    if (verdict.status === 'signed') return signedBy(verdict.signer, locked, signers)
    // A key that is unknown offline may come from a rotation that was not fetched yet.
    const canBeNew = !isCurrent && hasCode(verdict.error, 'REGISTRY_KEY_UNKNOWN')
    if (canBeNew) return unverified('unchecked', failure('OFFLINE', {purpose: 'fetch registry signing keys'}))
    return unverified('invalid', verdict.error)
  }
}

function signedBy(keyId: string, locked: LockedPackage, signers: readonly Signer[]): SignatureVerification {
  const before = locked.signer ?? keyId
  if (before !== keyId)
    return unverified('invalid', failure('SIGNER_CHANGED', {version: idOf(locked), keyId, before, expected: 'locked'}))
  const publicKey = signers.find((each) => each.keyId === keyId)?.publicKey
  return {signature: 'verified', signer: keyId, publicKey, problems: []}
}

/**
 * A package that was locked with a signer cannot have become unsigned.
 *
 * @param problem why it is not acceptable that it is unsigned, if it isn't.
 */
function unsigned(locked: LockedPackage, problem: ApkgError | undefined): SignatureVerification {
  const {signer} = locked
  if (signer === undefined) return problem ? unverified('invalid', problem) : unverified('unsigned')
  const downgraded = failure('SIGNATURE_DOWNGRADED', {version: idOf(locked), keyId: signer, expected: 'locked'})
  return unverified('invalid', downgraded)
}

function unverified(signature: SignatureState, problem?: ApkgError): SignatureVerification {
  return {signature, signer: null, publicKey: undefined, problems: problem ? [verificationProblem(problem)] : []}
}

function idOf({name, version}: LockedPackage): string {
  return `${name}@${version}`
}

interface KnownKeys {
  trusted: TrustedKeys
  /** Whether they were fetched from the registry just now. */
  isCurrent: boolean
}

async function keysOf({client, home}: SignatureContext): Promise<KnownKeys> {
  try {
    return {trusted: await trustedKeys(client, home), isCurrent: true}
  } catch (error) {
    if (!hasCode(error, 'OFFLINE')) throw error
    return {trusted: await pinnedKeys(client.registry, home), isCurrent: false}
  }
}

async function packumentOf(
  packuments: PackumentCache,
  {client}: SignatureContext,
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
async function whyVersionIsMissing(locked: LockedPackage, {client}: SignatureContext): Promise<ApkgError> {
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
