import type {RegistryClient} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'
import type {Signer, VersionMetadata} from '@apkg/wire/protocol'

import type {PackumentCache} from '../cache/packument-cache.js'
import {failure} from '../failures.js'
import {orSimilar} from '../search/similar-package.js'
import type {Spec} from '../spec.js'
import {packageInfo, type PackageInfo} from './package-info.js'
import {takedownOf} from './takedown-of.js'

/** A package and one of its versions. */
export interface LoadedPackageInfo {
  info: PackageInfo
  /** What the registry says about the version. */
  metadata: VersionMetadata | undefined
  /** The keys that versions are signed with. */
  signers: readonly Signer[]
  /** Of the version tagged `latest`; empty if there is none. */
  readme: string
}

/**
 * Describes a package and one of its versions, with current data of the registry.
 *
 * @throws {ApkgError} the errors of `PackumentCache.load` and `packageInfo`.
 */
export async function loadPackageInfo(
  {name, wanted}: Spec,
  packuments: PackumentCache,
  client: RegistryClient,
): Promise<LoadedPackageInfo> {
  const packument = await orSimilar(client, name, () => packuments.load(client, name))
  if (wanted !== undefined && isVersion(wanted) && !Object.hasOwn(packument.versions ?? {}, wanted)) {
    const reason = await takedownOf(client, {name, version: wanted})
    if (reason !== undefined) throw failure('VERSION_NOT_FOUND', {name, reason: `${wanted} was taken down: ${reason}`})
  }
  const info = packageInfo(packument, wanted)
  const metadata = Object.values(packument.versions ?? {}).find(({version}) => version === info.version?.version)
  return {info, metadata, signers: packument.signers ?? [], readme: packument.readme ?? ''}
}
