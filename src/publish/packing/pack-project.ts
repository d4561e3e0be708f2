import {createHash} from 'node:crypto'

import {type ByteProgress, printable, type ApkgError} from '@apkg/command-kit'
import {defaultLimits, formatIntegrity, manifestFile, originalClientMaxUnpacked} from '@apkg/package-format'
import type {ArchiveProblem, FileToPack} from '@apkg/package-format/archive'

import {failure} from '../failures.js'
import type {Project} from '../../project/read-project.js'
import type {GitUser} from '../git/find-repository.js'
import {mebibytes, sizeLimitError} from './size-limits.js'
import {collectFiles, type SkippedFile} from './collect-files.js'
import {readFiles} from './read-files.js'
import {findSecrets} from './find-secrets.js'
import {assertWithoutErrors, packageFindings, templateTextsIn, warningsIn} from './package-findings.js'

/** A file in the tarball. */
export interface PackedFile {
  /** Path within the package, with forward slashes. */
  path: string
  /** Size in bytes. */
  size: number
}

/** A package, ready to be sent. */
export interface PackedProject {
  tarball: Uint8Array
  integrity: string
  /** As read back from the tarball, in its order. */
  files: PackedFile[]
  /** Files and directories of the project that are not in it. */
  skipped: SkippedFile[]
  /** Bytes of all files together. */
  unpackedSize: number
  /** One sentence each. */
  warnings: string[]
  /** What `apkg init` wrote and the author has not replaced, with file and line. Among the warnings, too. */
  templateTexts: string[]
  /** Warnings that only matter to users of the original client. */
  compatibilityWarnings: string[]
  /** The bytes of a file in it. */
  contentOf: (path: string) => Uint8Array | undefined
}

/**
 * Packs a project. The same files always produce the same tarball, byte for byte. The tarball is read back and scanned for
 * secrets, so that exactly what is sent has been checked.
 *
 * @param user undefined leaves out the user's own settings of git.
 * @param progress shows how many bytes were read. It ends with the packing.
 * @throws {ApkgError} `PACKAGE_NOT_PACKABLE`, `DEFINITION_MISSING`, `DEFINITION_INVALID`, `PACKAGE_INVALID`, `SECRET_IN_PACKAGE`,
 *   `FILE_UNREADABLE`.
 */
export async function packProject(project: Project, user?: GitUser, progress?: ByteProgress): Promise<PackedProject> {
  try {
    return await pack(project, user, progress)
  } finally {
    await progress?.end()
  }
}

async function pack(
  {folder, text, manifest}: Project,
  user: GitUser | undefined,
  progress: ByteProgress | undefined,
): Promise<PackedProject> {
  const {files: collected, skipped, unusedNames} = await collectFiles(folder, {...manifest, user})
  const found = await readFiles(folder, collected, progress)
  // The manifest that was validated, in case the file has changed since.
  const files = found.files.map((file) => (file.path === manifestFile ? {...file, content: Buffer.from(text)} : file))
  const {tarball, ...checked} = await packAndCheck(files)
  const findings = await packageFindings(manifest, files)
  assertWithoutErrors(findings)
  return {
    tarball,
    integrity: formatIntegrity(createHash('sha256').update(tarball).digest()),
    ...checked,
    skipped,
    warnings: [
      ...withheldWarnings(skipped),
      ...unusedNames.map((name) => `\`${printable(name)}\` in \`files\` does not match any file.`),
      ...found.notExecutableInGit.map(notExecutableWarning),
      ...warningsIn(findings),
    ],
    templateTexts: templateTextsIn(findings),
    compatibilityWarnings: truncationWarnings(checked.files),
    contentOf: (path) => files.find((file) => file.path === path)?.content,
  }
}

async function packAndCheck(files: FileToPack[]): Promise<Pick<PackedProject, 'tarball' | 'files' | 'unpackedSize'>> {
  const {ArchiveProblem, inPieces, readArchive, writeArchive} = await import('@apkg/package-format/archive')
  const packed: PackedFile[] = []
  const secrets: string[] = []
  try {
    const tarball = await writeArchive(files)
    const {unpacked} = await readArchive(inPieces(tarball), defaultLimits, async ({path, size, content}) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of content) chunks.push(chunk)
      const [inName, inContent] = [await findSecrets('', path), await findSecrets(path, Buffer.concat(chunks))]
      secrets.push(...inName.map(({kind}) => `a file name contains ${kind}`))
      secrets.push(...inContent.map(({line, kind}) => `${printable(path)}, line ${line}: ${kind}`))
      packed.push({path, size})
    })
    if (secrets.length > 0) throw failure('SECRET_IN_PACKAGE', {secrets})
    return {tarball, files: packed, unpackedSize: unpacked}
  } catch (error) {
    if (error instanceof ArchiveProblem) throw archiveError(error, files)
    throw error
  }
}

function withheldWarnings(skipped: readonly SkippedFile[]): string[] {
  const withheld = skipped.filter(({reason}) => reason === 'secret').map(({path}) => printable(path))
  return withheld.length === 0 ? [] : [`Skipped files that may contain secrets: ${withheld.join(', ')}.`]
}

function notExecutableWarning(path: string): string {
  return `${printable(path)} is executable, but not tracked by git, so it is packed without its executable bit. To keep it, run \`git add --chmod=+x\` on the file.`
}

function truncationWarnings(files: readonly PackedFile[]): string[] {
  const size = tarSizeOf(files)
  if (size <= originalClientMaxUnpacked) return []
  const [unpacked, limit] = [size, originalClientMaxUnpacked].map(mebibytes)
  return [`The package unpacks to ${unpacked}. The original apkg client installs only the first ${limit}.`]
}

/** Each file has a header, and a second one for a long name. Two blocks of zeros end the archive. */
function tarSizeOf(files: readonly PackedFile[]): number {
  const inBlocks = (size: number) => Math.ceil(size / 512) * 512
  const sizes = files.map(({path, size}) => {
    const name = Buffer.byteLength(path)
    return 512 + inBlocks(size) + (name > 100 ? 512 + inBlocks(name + 1) : 0)
  })
  return sizes.reduce((sum, size) => sum + size, 2 * 512)
}

function archiveError(problem: ArchiveProblem, files: readonly FileToPack[]): ApkgError {
  const {path, message, limit} = problem
  const sizes = files.map((file) => ({path: file.path, size: file.content.length}))
  if (limit === 'packed') return sizeLimitError(`the tarball exceeds ${mebibytes(defaultLimits.packed)}`, sizes)
  if (limit === 'ratio') {
    const times = `${defaultLimits.ratio} times the size of its tarball`
    return sizeLimitError(`the package unpacks to more than ${times}, like a decompression bomb`, sizes)
  }
  const shown = path === undefined ? message : `${printable(path)}: ${message}`
  return failure('PACKAGE_NOT_PACKABLE', {problems: [printable(shown)]}, {cause: problem})
}
