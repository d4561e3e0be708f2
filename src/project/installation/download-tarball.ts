import {refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {defaultLimits} from '@apkg/package-format'

import {failure as catalogFailure} from '../../catalog/failures.js'
import {failure} from '../failures.js'

/**
 * Downloads the tarball of a version. The request starts with the first read, so a consumer that never reads leaves no
 * response open.
 *
 * @throws {ApkgError} `PACKAGE_NOT_FOUND`, `VERSION_TAKEN_DOWN`; the errors of the client.
 */
export async function* downloadTarball(
  client: RegistryClient,
  {name, version}: {name: string; version: string},
): AsyncGenerator<Uint8Array> {
  try {
    yield* await client.download({name, version}, {maxSize: defaultLimits.packed})
  } catch (error) {
    const cause = refusalBehind(error)
    const {registry} = client
    const id = `${name}@${version}`
    if (cause?.status === 410) {
      throw failure('VERSION_TAKEN_DOWN', {version: id, registry, reason: cause.reason}, {cause})
    }
    if (cause?.status !== 404) throw error
    const isAnonymous = client.credential === undefined
    throw catalogFailure('PACKAGE_NOT_FOUND', {name: id, registry, reason: cause.reason, isAnonymous}, {cause})
  }
}
