import type {RegistryClient} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'

import {verifyIntegrity} from '../../catalog/cache/verify-integrity.js'
import {failure} from '../../catalog/failures.js'
import {downloadTarball} from '../../project/installation/download-tarball.js'

/**
 * Whether a published version has the same files as a tarball. Other releases of apkg, and other programs, compress the same
 * files to other bytes.
 *
 * @param integrity that the registry reports for the version.
 * @throws {ApkgError} `INTEGRITY_MISMATCH`; the errors of `downloadTarball`.
 */
export async function hasSameContent(
  client: RegistryClient,
  {name, version, integrity}: {name: string; version: string; integrity: string},
  tarball: Uint8Array,
): Promise<boolean> {
  const {ArchiveProblem, contentDigest, inPieces} = await import('@apkg/package-format/archive')
  const {registry} = client
  const published = verifyIntegrity(downloadTarball(client, {name, version}), integrity, (actual) =>
    failure('INTEGRITY_MISMATCH', {name, version, registry, expected: integrity, actual}),
  )
  try {
    const found = await contentDigest(published, defaultLimits)
    return found === (await contentDigest(inPieces(tarball), defaultLimits))
  } catch (error) {
    if (error instanceof ArchiveProblem) return false
    throw error
  }
}
