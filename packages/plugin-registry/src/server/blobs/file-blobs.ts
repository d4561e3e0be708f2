import {createHash, randomBytes} from 'node:crypto'
import {renameSync, statSync, unlinkSync, utimesSync} from 'node:fs'
import {open, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'

import {makeFolder, syncFolder} from './folders.js'
import type {BlobStore, ChainHead} from './blob-store.js'

/** The path of a blob in a directory of blobs. */
export function blobFile(folder: string, sha256: string): string {
  return path.join(folder, 'sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

/**
 * Stores blobs as files `sha256/ab/cd/<hex>`, and drafts in `tmp/`. The modification time of a blob's file is the time of
 * its last commit.
 *
 * Only one process at a time may commit and remove.
 */
export function openFileBlobs(folder: string): BlobStore {
  const drafts = path.join(folder, 'tmp')
  const blobs = path.join(folder, 'sha256')
  const headFile = path.join(folder, 'audit-head.json')
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
      // Synchronous, so that a blob found here cannot be removed before it is touched.
      if (hasSize(file, draft.size) && touch(file, now)) await rm(draft.path, {force: true})
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
      return (await stat(fileOf(sha256)).catch(undefinedIfMissing))?.size
    },

    async open(sha256, range) {
      const handle = await open(fileOf(sha256)).catch(undefinedIfMissing)
      return handle?.createReadStream(range && {start: range.first, end: range.last})
    },

    async *list() {
      for (const outer of await foldersIn(blobs)) {
        for (const inner of await foldersIn(path.join(blobs, outer))) {
          for (const sha256 of await hashesIn(path.join(blobs, outer, inner))) {
            const found = await stat(fileOf(sha256)).catch(undefinedIfMissing)
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

    async writeHead(head) {
      const draft = path.join(drafts, randomBytes(16).toString('hex'))
      await writeFile(draft, JSON.stringify(head), {mode: 0o600, flush: true})
      renameSync(draft, headFile)
      syncFolder(folder)
    },

    async readHead() {
      const text = await readFile(headFile, 'utf8').catch(undefinedIfMissing)
      return text === undefined ? undefined : (JSON.parse(text) as ChainHead)
    },

    async sweepDrafts(untouchedSince) {
      let swept = 0
      for (const name of await readdir(drafts)) {
        const file = path.join(drafts, name)
        const found = await stat(file).catch(undefinedIfMissing)
        if (!found || found.mtimeMs >= untouchedSince) continue
        await rm(file, {force: true})
        swept++
      }
      return swept
    },
  }
}

/** Ignores other entries, such as files that file managers create. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isDirectory() && /^[0-9a-f]{2}$/.test(each.name)).map(({name}) => name)
}

async function hashesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isFile() && /^[0-9a-f]{64}$/.test(each.name)).map(({name}) => name)
}

/** A full or failing disk can truncate a file. */
function hasSize(file: string, size: number): boolean {
  return statSync(file, {throwIfNoEntry: false})?.size === size
}

/** Sets the modification time. @returns false if the file does not exist. */
function touch(file: string, now: number): boolean {
  try {
    utimesSync(file, now / 1000, now / 1000)
    return true
  } catch (error) {
    undefinedIfMissing(error)
    return false
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
