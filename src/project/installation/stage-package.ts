import {printable} from '@apkg/command-kit'
import {ManifestProblem, parseManifest, type Manifest} from '@apkg/package-format'
import {ArchiveProblem} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import type {InstalledPackage} from './ledger.js'
import type {Staging} from './staging.js'
import type {Tarballs} from './tarballs.js'
import {unpack, type Unpacked} from './unpack.js'
import {writeFailure} from './write-failure.js'

/** A package that is whole and verified, and not in its place yet. */
export interface StagedPackage extends InstalledPackage {
  /** Absolute. */
  folder: string
}

/**
 * Fetches a package, unpacks it into staging and makes sure that it is the one that was asked for.
 *
 * @throws {ApkgError} `ARCHIVE_REFUSED`, `PACKAGE_MISMATCH`, `FILE_UNWRITABLE`; what `Tarballs.use` throws.
 */
export async function stagePackage(
  wanted: LockedPackage,
  registry: string,
  tarballs: Tarballs,
  staging: Staging,
): Promise<StagedPackage> {
  const {name, version, integrity} = wanted
  const {folder, files, manifest} = await tarballs.use({registry, name, version, integrity}, async (bytes) => {
    const folder = staging.place()
    return {folder, ...(await unpackInto(folder, bytes, {wanted, registry}))}
  })
  assertIsWanted(manifest, wanted, registry)
  return {name, version, integrity, files, folder}
}

async function unpackInto(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  {wanted: {name, version}, registry}: {wanted: LockedPackage; registry: string},
): Promise<Unpacked> {
  try {
    return await unpack(bytes, folder)
  } catch (error) {
    if (error instanceof ArchiveProblem) {
      throw failure('ARCHIVE_REFUSED', {name, version, registry, reason: printable(error.message)}, {cause: error})
    }
    throw writeFailure(folder, error)
  }
}

/**
 * A registry's word about a package and the package's own have to agree: else what was resolved and locked is not what
 * is installed.
 */
function assertIsWanted(text: string | undefined, wanted: LockedPackage, registry: string): void {
  const {name, version} = wanted
  const mismatch = (reason: string) => failure('PACKAGE_MISMATCH', {name, version, registry, reason})
  if (text === undefined) throw mismatch('it has no apkg.json')
  let manifest: Manifest
  try {
    manifest = parseManifest(text).manifest
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw mismatch(`its apkg.json is not usable: ${printable(error.message)}`)
  }
  if (manifest.name !== name) throw mismatch(`its apkg.json has the name ${printable(manifest.name)}`)
  if (manifest.version !== version) throw mismatch(`its apkg.json has the version ${printable(manifest.version)}`)
  // A registry that does not tell types has them locked as `unknown`.
  if (wanted.type !== 'unknown' && manifest.type !== wanted.type) {
    throw mismatch(`its apkg.json has the type ${printable(manifest.type)} instead of ${printable(wanted.type)}`)
  }
  const difference = firstDifference(manifest.dependencies, wanted.dependencies)
  if (difference !== undefined) throw mismatch(`its apkg.json differs in the dependency ${printable(difference)}`)
}

/** The first name for which two maps of dependencies do not have the same range. */
function firstDifference(
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): string | undefined {
  const names = [...new Set([...Object.keys(some), ...Object.keys(others)])].sort()
  return names.find((name) => some[name] !== others[name])
}
