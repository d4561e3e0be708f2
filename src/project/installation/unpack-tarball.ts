import {createHash} from 'node:crypto'
import {closeSync, fstatSync, mkdirSync, openSync, writeFileSync} from 'node:fs'
import path from 'node:path'

import {defaultLimits, manifestFile} from '@apkg/package-format'
import {readArchive, type ArchiveFile} from '@apkg/package-format/archive'

import type {InstalledFile} from './ledger.js'
import {isExecutable} from '../../files/is-executable.js'

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
export async function unpack(source: AsyncIterable<Uint8Array>, folder: string): Promise<Unpacked> {
  const files: InstalledFile[] = []
  let manifest: string | undefined
  const folders = new Set([folder])
  mkdirSync(folder)
  await readArchive(source, defaultLimits, async (file) => {
    const target = path.join(folder, ...file.path.split('/'))
    const parent = path.dirname(target)
    if (!folders.has(parent)) {
      mkdirSync(parent, {recursive: true})
      folders.add(parent)
    }
    const {content, ...installed} = await writeFile(target, file, file.path === manifestFile)
    files.push(installed)
    if (content) manifest = content.toString('utf8')
  })
  return {files, manifest}
}

async function writeFile(
  target: string,
  {path: relative, isExecutable: isPackedExecutable, content}: ArchiveFile,
  keep: boolean,
): Promise<InstalledFile & {content: Buffer | undefined}> {
  const hash = createHash('sha256')
  const kept: Uint8Array[] = []
  const descriptor = openSync(target, 'wx', isPackedExecutable ? 0o755 : 0o644)
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      if (keep) kept.push(chunk)
      // With a descriptor, each write continues where the last one ended.
      writeFileSync(descriptor, chunk)
    }
    const stat = fstatSync(descriptor)
    return {
      path: relative,
      size: stat.size,
      sha256: hash.digest('hex'),
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
