import {createHash, randomBytes} from 'node:crypto'
import {renameSync, statSync, unlinkSync, utimesSync} from 'node:fs'
import {open, readdir, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import {makeFolder, syncFolder} from './folders.js'
import type {BlobStore} from './blob-store.js'

/** Where a folder of blobs has one. */
export function blobFile(folder: string, sha256: string): string {
  return path.join(folder, 'sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

/**
 * Blobs as files: `sha256/ab/cd/<hex>`, and drafts in `tmp/` beside them, on the same file system. When a blob was
 * committed is the time of its file.
 *
 * One process at a time commits and removes.
 */
export function openFileBlobs(folder: string): BlobStore {
  const drafts = path.join(folder, 'tmp')
  const blobs = path.join(folder, 'sha256')
  for (const each of [drafts, blobs]) makeFolder(each)
  for (const each of [folder, path.dirname(folder)]) syncFolder(each)

  const fileOf = (sha256: string) => blobFile(folder, sha256)

  return {
    async put(source) {
      const file = path.join(drafts, randomBytes(16).toString('hex'))
      const handle = await open(file, 'wx', 0o600)
      try {
        const hash = createHash('sha256')
        let size = 0
        for await (const chunk of source) {
          hash.update(chunk)
          size += chunk.length
          await handle.appendFile(chunk)
        }
        await handle.sync()
        return {sha256: hash.digest('hex'), size, path: file}
      } catch (error) {
        await rm(file, {force: true})
        throw error
      } finally {
        await handle.close()
      }
    },

    async commit(draft, now) {
      const file = fileOf(draft.sha256)
      const parent = path.dirname(file)
      makeFolder(parent)
      // Without a pause in between, so that a blob which is found here is not one that is about to be removed.
      if (isWhole(file, draft.size) && touch(file, now)) await rm(draft.path, {force: true})
      else {
        touch(draft.path, now)
        renameSync(draft.path, file)
      }
      for (const each of [parent, path.dirname(parent), blobs]) syncFolder(each)
    },

    async discard(draft) {
      await rm(draft.path, {force: true})
    },

    async sizeOf(sha256) {
      return (await stat(fileOf(sha256)).catch(undefinedWhereAbsent))?.size
    },

    async open(sha256, range) {
      const handle = await open(fileOf(sha256)).catch(undefinedWhereAbsent)
      return handle?.createReadStream(range && {start: range.first, end: range.last})
    },

    async *list() {
      for (const outer of await foldersIn(blobs)) {
        for (const inner of await foldersIn(path.join(blobs, outer))) {
          for (const sha256 of await hashesIn(path.join(blobs, outer, inner))) {
            const found = await stat(fileOf(sha256)).catch(undefinedWhereAbsent)
            if (found) yield {sha256, size: found.size, committedAt: found.mtimeMs}
          }
        }
      }
    },

    async removeUnlessCommittedSince(sha256, time) {
      const file = fileOf(sha256)
      if ((statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? Infinity) >= time) return false
      unlinkSync(file)
      return true
    },

    async sweepDrafts(untouchedSince) {
      let swept = 0
      for (const name of await readdir(drafts)) {
        const file = path.join(drafts, name)
        const found = await stat(file).catch(undefinedWhereAbsent)
        if (!found || found.mtimeMs >= untouchedSince) continue
        await rm(file, {force: true})
        swept++
      }
      return swept
    },
  }
}

/** What else lies in the folders of blobs, such as what file managers leave behind, is none of them. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isDirectory() && /^[0-9a-f]{2}$/.test(each.name)).map(({name}) => name)
}

async function hashesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isFile() && /^[0-9a-f]{64}$/.test(each.name)).map(({name}) => name)
}

/** Whether a file is as long as it should be: a disk that was full or failed may have cut it. */
function isWhole(file: string, size: number): boolean {
  return statSync(file, {throwIfNoEntry: false})?.size === size
}

/** Dates a file. @returns whether there is one. */
function touch(file: string, now: number): boolean {
  try {
    utimesSync(file, now / 1000, now / 1000)
    return true
  } catch (error) {
    undefinedWhereAbsent(error)
    return false
  }
}

function undefinedWhereAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
