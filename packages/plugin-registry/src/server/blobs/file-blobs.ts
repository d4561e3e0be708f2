import {randomBytes} from 'node:crypto'
import {renameSync} from 'node:fs'
import {access, constants, open, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {BlobStore, ChainHead} from './blob-store.js'
import {openDrafts} from './drafts.js'
import {makeFolder, syncFolder} from './folders.js'

/** The key of a blob in a backup, and in data directories of earlier releases. */
export function contentKey(sha256: string): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`
}

/** A new key for bytes. */
function uniqueKey(sha256: string): string {
  return `${contentKey(sha256)}.${randomBytes(16).toString('hex')}`
}

/** The path of a blob in a directory of blobs that are named by their hash alone, such as those of a backup. */
export function blobFile(folder: string, sha256: string): string {
  return path.join(folder, ...contentKey(sha256).split('/'))
}

/** Four times the default of Node.js: each read costs a turn of the thread pool. A slow reader holds two of them in memory. */
const bytesPerRead = 256 * 1024

const fileName = /^[0-9a-f]{64}(?:\.[0-9a-f]{32})?$/

const fileKey = /^sha256\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}(?:\.[0-9a-f]{32})?$/

function isFileKey(key: string): boolean {
  return fileKey.test(key)
}

/**
 * Stores blobs as files `sha256/ab/cd/<hex>.<random>`, and drafts in `tmp/`.
 *
 * @param keyFor makes the key of new bytes.
 */
export function openFileBlobs(folder: string, keyFor: (sha256: string) => string = uniqueKey): BlobStore {
  const tmp = path.join(folder, 'tmp')
  const blobs = path.join(folder, 'sha256')
  const headFile = path.join(folder, 'audit-head.json')
  const drafts = openDrafts(tmp)
  makeFolder(blobs)
  for (const each of [folder, path.dirname(folder)]) syncFolder(each)

  const fileOf = (key: string) => {
    if (!isFileKey(key)) throw new Error(`not the key of a file: ${key}`)
    return path.join(folder, ...key.split('/'))
  }

  return {
    ...drafts,
    ownsKey: isFileKey,

    async store(draft) {
      const key = keyFor(draft.sha256)
      const file = fileOf(key)
      const parent = path.dirname(file)
      makeFolder(parent)
      renameSync(draft.path, file)
      for (const each of [parent, path.dirname(parent), blobs]) syncFolder(each)
      return key
    },

    async sizeOf(key) {
      return (await stat(fileOf(key)).catch(undefinedIfMissing))?.size
    },

    async open(key, range) {
      const handle = await open(fileOf(key)).catch(undefinedIfMissing)
      if (!handle) return undefined
      const {size} = await handle.stat()
      const bounds = range && {start: range.first, end: range.last}
      return {bytes: handle.createReadStream({highWaterMark: bytesPerRead, ...bounds}), size}
    },

    async remove(key) {
      await rm(fileOf(key), {force: true})
    },

    async *list() {
      for (const outer of await foldersIn(blobs)) {
        for (const inner of await foldersIn(path.join(blobs, outer))) {
          for (const name of await blobsIn(path.join(blobs, outer, inner))) {
            const key = `sha256/${outer}/${inner}/${name}`
            const found = await stat(fileOf(key)).catch(undefinedIfMissing)
            if (found) yield {key, size: found.size, age: Date.now() - found.mtimeMs}
          }
        }
      }
    },

    async check() {
      for (const each of [tmp, blobs]) {
        await access(each, constants.R_OK | constants.W_OK)
        if (!(await stat(each)).isDirectory()) throw new Error(`${each} is not a directory`)
      }
    },

    async writeHead(head) {
      const draft = path.join(tmp, randomBytes(16).toString('hex'))
      await writeFile(draft, JSON.stringify(head), {mode: 0o600, flush: true})
      renameSync(draft, headFile)
      syncFolder(folder)
    },

    async readHead() {
      const text = await readFile(headFile, 'utf8').catch(undefinedIfMissing)
      return text === undefined ? undefined : (JSON.parse(text) as ChainHead)
    },
  }
}

/** Ignores other entries, such as files that file managers create. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isDirectory() && /^[0-9a-f]{2}$/.test(each.name)).map(({name}) => name)
}

async function blobsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  return entries.filter((each) => each.isFile() && fileName.test(each.name)).map(({name}) => name)
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
