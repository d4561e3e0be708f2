import {createHash, randomBytes} from 'node:crypto'
import {open, readdir, rm, stat} from 'node:fs/promises'
import path from 'node:path'

import type {BlobStore} from './blob-store.js'
import {makeFolder} from './folders.js'

export type Drafts = Pick<BlobStore, 'put' | 'discard' | 'sweepDrafts'>

/** Writes drafts to a directory, which is created. */
export function openDrafts(folder: string): Drafts {
  makeFolder(folder)
  return {
    async put(source) {
      const file = path.join(folder, randomBytes(16).toString('hex'))
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

    async discard(draft) {
      await rm(draft.path, {force: true})
    },

    async sweepDrafts(untouchedSince) {
      let swept = 0
      for (const name of await readdir(folder)) {
        const file = path.join(folder, name)
        const found = await stat(file).catch(() => undefined)
        if (!found || found.mtimeMs >= untouchedSince) continue
        await rm(file, {force: true})
        swept++
      }
      return swept
    },
  }
}
