import {printable} from '@apkg/command-kit'
import {ManifestProblem, parseManifest, type Manifest} from '@apkg/package-format'
import {ArchiveProblem, type ByteSource} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import type {LockedPackage} from '../../catalog/lockfile/lockfile.js'
import type {LedgerPackage} from './ledger.js'
import type {Staging} from './staging.js'
import type {TarballSource} from './tarball-source.js'
import {unpack, type Unpacked} from './unpack-tarball.js'
import {writeFailure} from './write-failure.js'

/** A package that is verified and unpacked, but not in place yet. */
export interface StagedPackage extends LedgerPackage {
  /** Absolute. */
  folder: string
}

/**
 * Downloads a package, unpacks it to staging and checks that its manifest matches the lockfile.
 *
 * @throws {ApkgError} `ARCHIVE_REFUSED`, `PACKAGE_MISMATCH`, `FILE_UNWRITABLE`; the errors of `TarballSource.use`.
 */
export async function stagePackage(
  wanted: LockedPackage,
  registry: string,
  tarballs: TarballSource,
  staging: Staging,
): Promise<StagedPackage> {
  const {name, version, integrity} = wanted
  const {folder, files, manifest} = await tarballs.use({registry, name, version, integrity}, async (bytes) => {
    const folder = staging.nextPath()
    return {folder, ...(await unpackInto(folder, bytes, {wanted, registry}))}
  })
  assertMatches(manifest, wanted, registry)
  return {name, version, integrity, files, folder}
}

async function unpackInto(
  folder: string,
  bytes: ByteSource,
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

/** Metadata and manifest must agree: otherwise the installed package is not the one that was resolved and locked. */
function assertMatches(text: string | undefined, wanted: LockedPackage, registry: string): void {
  const {name, version} = wanted
  const mismatch = (reason: string) => failure('PACKAGE_MISMATCH', {name, version, registry, reason})
  if (text === undefined) throw mismatch('it contains no apkg.json')
  let manifest: Manifest
  try {
    manifest = parseManifest(text).manifest
  } catch (error) {
    if (!(error instanceof ManifestProblem)) throw error
    throw mismatch(`its apkg.json is invalid: ${printable(error.message)}`)
  }
  if (manifest.name !== name) throw mismatch(`its apkg.json has the name ${printable(manifest.name)}`)
  if (manifest.version !== version) throw mismatch(`its apkg.json has the version ${printable(manifest.version)}`)
  // Packages of a registry that does not report types are locked as `unknown`.
  if (wanted.type !== 'unknown' && manifest.type !== wanted.type) {
    throw mismatch(`its apkg.json has the type ${printable(manifest.type)} instead of ${printable(wanted.type)}`)
  }
  const difference = firstDifference(manifest.dependencies, wanted.dependencies)
  if (difference !== undefined) {
    throw mismatch(`its apkg.json has a different range for the dependency ${printable(difference)}`)
  }
}

/** The first name with different ranges in two maps of dependencies. */
function firstDifference(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string | undefined {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return names.find((name) => a[name] !== b[name])
}
