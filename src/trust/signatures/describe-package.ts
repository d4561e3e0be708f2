import type {RegistryClient} from '@apkg/command-kit'

import {PackumentCache} from '../../catalog/cache/packument-cache.js'
import {loadPackageInfo} from '../../catalog/packument/load-package-info.js'
import type {PackageInfo} from '../../catalog/packument/package-info.js'
import type {Spec} from '../../catalog/spec.js'
import {signatureOf, type VersionSignature} from './version-signature.js'
import {sourceOf, type VersionSource} from './version-source.js'

/** A package and one of its versions. Fields that the registry doesn't report are null. */
export interface PackageDescription extends PackageInfo {
  /** URL of the registry. */
  registry: string
  /** The CI job that published the version, as the registry attests; null if no trusted publisher did. */
  source: VersionSource | null
  /** Who signed the version; null if the package has no versions. */
  signature: VersionSignature | null
}

/**
 * Describes a package and one of its versions, and verifies who published and signed it.
 *
 * @throws {ApkgError} the errors of `loadPackageInfo`, `sourceOf` and `signatureOf`.
 */
export async function describePackage(
  spec: Spec,
  client: RegistryClient,
  {home, cacheFolder}: {home: string; cacheFolder: string},
): Promise<{described: PackageDescription; readme: string}> {
  const {info, metadata, signers, readme} = await loadPackageInfo(spec, new PackumentCache(cacheFolder, home), client)
  const source = await sourceOf(info.name, metadata, client, home)
  const signature = await signatureOf({name: info.name, metadata, signers}, client, home)
  return {described: {registry: client.registry, ...info, source, signature}, readme}
}
