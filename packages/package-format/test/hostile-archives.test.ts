import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {ArchiveProblem, readArchive} from '../src/archive/index.js'
import {defaultLimits} from '../src/index.js'
import {hostileArchives} from './hostile-archives.js'
import {chunked} from './support/read-files.js'

/** Reads an archive, and returns the error or undefined. */
async function readingError(archive: Uint8Array, chunk?: number): Promise<unknown> {
  try {
    await readArchive(chunked(archive, chunk), defaultLimits, async ({content}) => {
      for await (const each of content) assert.ok(each.length > 0)
    })
    return undefined
  } catch (error) {
    return error
  }
}

describe('readArchive rejects', () => {
  for (const {name, message, limit, isLarge, build} of hostileArchives) {
    it(`readArchive: rejects ${name}`, async () => {
      const archive = build()
      for (const chunk of isLarge ? [65_536] : [undefined, 65_536]) {
        const error = await readingError(archive, chunk)
        assert.ok(error instanceof ArchiveProblem, `not rejected: ${String(error)}`)
        assert.match(error.message, message)
        assert.equal(error.limit, limit)
      }
    })
  }
})

it('hostile archives: have unique names', () => {
  assert.equal(new Set(hostileArchives.map(({name}) => name)).size, hostileArchives.length)
  assert.ok(hostileArchives.length >= 60)
})
