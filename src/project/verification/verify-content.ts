import {lstatSync} from 'node:fs'

import {hasCode, isApkgError, printable} from '@apkg/command-kit'
import {ArchiveProblem} from '@apkg/package-format/archive'

import type {TarballCache} from '../../catalog/cache/tarball-cache.js'
import type {TarballKey} from '../../catalog/cache/tarball-key.js'
import {failure as catalogFailure} from '../../catalog/failures.js'
import {failure} from '../failures.js'
import type {TarballSource} from '../installation/tarball-source.js'
import {compareFiles} from './compare-files.js'
import {tarballContent, type ContentFile} from './tarball-content.js'
import {verificationProblem, type PackageVerification, type VerificationProblem} from './verification.js'

export interface PackageLocation {
  /** Absolute. */
  folder: string
  isLinked: boolean
}

export type ContentVerification = Pick<PackageVerification, 'integrity' | 'installed' | 'files' | 'problems'>

/**
 * Hashes the tarball of a locked package, from the cache or else from the registry, and compares the installed files with
 * its content. A corrupt cached tarball is reported and downloaded again, so that the files can still be compared.
 *
 * @throws {ApkgError} the errors of the client, except `OFFLINE`; `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export async function verifyContent(
  key: TarballKey,
  {folder, isLinked}: PackageLocation,
  {cache, tarballs}: {cache: TarballCache; tarballs: TarballSource},
): Promise<ContentVerification> {
  const isCacheIntact = await cache.verify(key)
  const corruption = isCacheIntact ? [] : [verificationProblem(catalogFailure('CACHE_CORRUPT', key))]
  const place = isLinked ? 'linked' : isFolder(folder) ? 'installed' : 'missing'
  const read = await readContent(key, tarballs)
  if ('content' in read) {
    const files = (place === 'installed' && (await compareFiles(folder, read.content))) || []
    const installed = place !== 'installed' ? place : files.length > 0 ? 'modified' : 'ok'
    return {integrity: isCacheIntact ? 'ok' : 'mismatch', installed, files, problems: corruption}
  }
  const {problem} = read
  const isMismatch = !isCacheIntact || problem.code === 'INTEGRITY_MISMATCH'
  return {
    integrity: isMismatch ? 'mismatch' : problem.code === 'ARCHIVE_REFUSED' ? 'ok' : 'unchecked',
    installed: place === 'installed' ? 'unchecked' : place,
    files: [],
    problems: [...corruption, problem],
  }
}

/** Errors about one package are findings; any other error, such as an unreachable registry, is thrown. */
async function readContent(
  key: TarballKey,
  tarballs: TarballSource,
): Promise<{content: ReadonlyMap<string, ContentFile>} | {problem: VerificationProblem}> {
  try {
    return {content: await tarballs.use(key, tarballContent)}
  } catch (error) {
    if (error instanceof ArchiveProblem) {
      const {name, version, registry} = key
      return {
        problem: verificationProblem(
          failure('ARCHIVE_REFUSED', {name, version, registry, reason: printable(error.message)}),
        ),
      }
    }
    const findings = ['OFFLINE', 'INTEGRITY_MISMATCH', 'PACKAGE_NOT_FOUND', 'VERSION_TAKEN_DOWN'] as const
    if (isApkgError(error) && findings.some((code) => hasCode(error, code)))
      return {problem: verificationProblem(error)}
    throw error
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isDirectory() === true
}
