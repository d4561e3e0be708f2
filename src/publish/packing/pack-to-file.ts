import path from 'node:path'

import type {ByteProgress} from '@apkg/command-kit'
import {archiveFileName, isPackageName, versionProblem} from '@apkg/package-format'

import {failure} from '../failures.js'
import type {Project} from '../../project/read-project.js'
import {replaceFile} from '../../files/replace-file.js'
import type {GitUser} from '../git/find-repository.js'
import type {SkippedFile} from './collect-files.js'
import {manifestProblems} from '../manifest-problems.js'
import {packProject, type PackedFile} from './pack-project.js'

/** The tarball and the files in it. */
export interface PackResult {
  name: string
  version: string
  /** File name of the tarball. */
  file: string
  /** Absolute path of the tarball; null with `--dry-run`. */
  path: string | null
  /** `sha256-` followed by the base64-encoded digest of the tarball. */
  integrity: string
  /** Size of the tarball, in bytes. */
  size: number
  /** Total size of the files, in bytes. */
  unpackedSize: number
  /** Files in the tarball. */
  files: PackedFile[]
  /** Files and directories that are not packed, except those that `.apkgignore` excludes. */
  skipped: SkippedFile[]
}

/**
 * Packs a project into a file in its directory. Problems that would prevent publishing are only warnings.
 *
 * @throws {ApkgError} `MANIFEST_UNPUBLISHABLE` if the name or version can't be part of a file name; the errors of
 *   `packProject` and `replaceFile`.
 */
export async function packToFile(
  project: Project,
  {dryRun, user, progress}: {dryRun: boolean; user: GitUser; progress: ByteProgress},
): Promise<{result: PackResult; warnings: string[]}> {
  const {name, version} = project.manifest
  assertNameable(name, version)
  const {tarball, integrity, files, skipped, unpackedSize, ...packed} = await packProject(project, user, progress)
  const file = archiveFileName(name, version)
  const target = path.join(project.folder, file)
  if (!dryRun) await replaceFile(target, tarball, {link: 'replace'})
  const written = dryRun ? null : target
  return {
    result: {name, version, file, path: written, integrity, size: tarball.length, unpackedSize, files, skipped},
    warnings: [
      ...(await publishWarnings(project)),
      ...packed.warnings,
      ...(dryRun ? packed.compatibilityWarnings : []),
    ],
  }
}

/** An unscoped name is allowed here. It only prevents publishing. */
function assertNameable(name: string, version: string): void {
  const problems: string[] = []
  if (!isPackageName(name.startsWith('@') ? name : `@scope/${name}`))
    problems.push('`name` is not a valid package name')
  const reason = versionProblem(version)
  if (reason !== undefined) problems.push(`\`version\` ${reason}`)
  if (problems.length > 0) throw failure('MANIFEST_UNPUBLISHABLE', {problems})
}

async function publishWarnings({manifest}: Project): Promise<string[]> {
  return (await manifestProblems(manifest)).map((problem) => `Not ready to publish: ${problem}.`)
}
