import {hasCode, isApkgError, type ApkgError, type RegistryClient} from '@apkg/command-kit'
import {trustedPublisherStatement} from '@apkg/package-format/signing'
import type {VersionMetadata} from '@apkg/wire/protocol'

import {type JobSource, jobSourceFromWire} from '../../account/trusted-publishing/job-source.js'
import {failure} from '../failures.js'
import {pinnedKeys, trustedKeys, type TrustedKeys} from './registry-keys.js'
import {verifyRegistryStatement} from './verify-signatures.js'

/** The CI job that published a version. */
export interface VersionSource extends JobSource {
  /**
   * `verified`: the registry attests it with a trusted key. `invalid`: it doesn't, so don't rely on it. `unchecked`: the
   * registry's keys couldn't be fetched.
   */
  status: 'verified' | 'invalid' | 'unchecked'
}

/** The source of a version, and why it isn't verified. */
export interface CheckedSource {
  source: VersionSource
  problem: ApkgError | undefined
}

/** What identifies a version. */
interface SourcedVersion {
  name: string
  /** `sha256-` and base64. */
  integrity: string
  metadata: VersionMetadata
}

/**
 * Verifies that the registry attests which CI job published a version. It read that from the claims of an ID token, which
 * no publisher can change.
 *
 * @returns undefined if no trusted publisher published it
 */
export function verifySource(
  {name, integrity, metadata}: SourcedVersion,
  registry: string,
  keys: TrustedKeys,
): CheckedSource | undefined {
  const {version, dist, trustedPublisher: origin} = metadata
  if (!origin) return undefined
  const source = jobSourceFromWire(origin)
  const attestation = dist?.attestations?.find(({kind}) => kind === 'trusted-publisher')
  try {
    if (!attestation) throw failure('SOURCE_UNATTESTED', {version: `${name}@${version}`, registry})
    const {keyId, publishedAt} = attestation
    const attested = {name: attestation.name, version: attestation.version, integrity: attestation.integrity}
    const statement = trustedPublisherStatement({keyId, ...attested, publishedAt: publishedAt ?? '', origin})
    verifyRegistryStatement({name, version, integrity}, attestation, statement, {registry, keys})
    return {source: {...source, status: 'verified'}, problem: undefined}
  } catch (error) {
    if (!isApkgError(error)) throw error
    return {source: {...source, status: 'invalid'}, problem: error}
  }
}

/**
 * Fetches the registry's keys and verifies the source of a version.
 *
 * @returns null if no trusted publisher published it
 * @throws {ApkgError} the errors of `trustedKeys`, except `OFFLINE`
 */
export async function sourceOf(
  name: string,
  metadata: VersionMetadata | undefined,
  client: RegistryClient,
  home: string,
): Promise<VersionSource | null> {
  if (!metadata?.trustedPublisher) return null
  const {keys, isCurrent} = await currentOrPinnedKeys(client, home)
  const version = {name, integrity: metadata.dist?.integrity ?? '', metadata}
  const checked = verifySource(version, client.registry, keys)
  if (!checked) return null
  const {source, problem} = checked
  const canBeNew = !isCurrent && hasCode(problem, 'REGISTRY_KEY_UNKNOWN')
  return canBeNew ? {...source, status: 'unchecked'} : source
}

/** The registry's keys, or offline those that are pinned. */
export async function currentOrPinnedKeys(
  client: RegistryClient,
  home: string,
): Promise<{keys: TrustedKeys; isCurrent: boolean}> {
  try {
    return {keys: await trustedKeys(client, home), isCurrent: true}
  } catch (error) {
    if (!hasCode(error, 'OFFLINE')) throw error
    return {keys: await pinnedKeys(client.registry, home), isCurrent: false}
  }
}
