import {closeSync, fstatSync, mkdirSync, openSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {defaultLimits, manifestFile} from '@apkg/package-format'
import {
  visitArchive,
  type ArchiveFile,
  type ByteSource,
  type EntryContent,
  type Reading,
} from '@apkg/package-format/archive'

import type {InstalledFile} from './ledger.js'
import {isExecutable} from '../../files/is-executable.js'
import {Sha256} from '../../files/sha256.js'

export interface Unpacked {
  files: InstalledFile[]
  /** The text of `apkg.json`; undefined if the archive has none. */
  manifest: string | undefined
}

/**
 * Unpacks an archive to a new directory. Only paths that the archive reader accepts are written, only to new files in
 * new directories: no link is followed and nothing is replaced.
 *
 * Most files are small, so synchronous writes are faster than handing them to another thread.
 *
 * @param folder must not exist; its parent must.
 * @throws {ArchiveProblem}; the errors of `source`; system errors.
 */
export async function unpack(source: ByteSource, folder: string): Promise<Unpacked> {
  const files: InstalledFile[] = []
  let manifest: string | undefined
  const folders = new Set([''])
  mkdirSync(folder)
  await visitArchive(source, defaultLimits, function* (file) {
    const parent = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')))
    if (!folders.has(parent)) {
      mkdirSync(placeOf(folder, parent), {recursive: true})
      folders.add(parent)
    }
    const {content, ...installed} = yield* writeFile(placeOf(folder, file.path), file, file.path === manifestFile)
    files.push(installed)
    if (content) manifest = content.toString('utf8')
  })
  return {files, manifest}
}

/** Concatenates because `path.join` takes as long as a system call. @param relative with forward slashes. */
function placeOf(folder: string, relative: string): string {
  return folder + path.sep + (path.sep === '/' ? relative : relative.replaceAll('/', path.sep))
}

function* writeFile(
  target: string,
  {path: relative, isExecutable: isPackedExecutable, content}: ArchiveFile<EntryContent>,
  keep: boolean,
): Reading<InstalledFile & {content: Buffer | undefined}> {
  const sha256 = new Sha256()
  const kept: Uint8Array[] = []
  const descriptor = openSync(target, 'wx', isPackedExecutable ? 0o755 : 0o644)
  try {
    for (let chunk; (chunk = yield* content.next()) !== undefined;) {
      sha256.update(chunk)
      if (keep) kept.push(chunk)
      // With a descriptor, each write continues where the last one ended.
      writeFileSync(descriptor, chunk)
    }
    const stat = fstatSync(descriptor)
    return {
      path: relative,
      size: stat.size,
      sha256: sha256.hex(),
      isExecutable: isExecutable(stat),
      mtimeMs: stat.mtimeMs,
      ctimeMs: stat.ctimeMs,
      ino: stat.ino,
      content: keep ? Buffer.concat(kept) : undefined,
    }
  } finally {
    closeSync(descriptor)
  }
}
