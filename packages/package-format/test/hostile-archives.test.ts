import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {ArchiveProblem, readArchive} from '../src/archive/index.js'
import {defaultLimits} from '../src/index.js'
import {hostileArchives} from './hostile-archives.js'
import {chunked} from './support/read-whole.js'

/** Reads an archive without keeping what is in it. */
async function refusalOf(archive: Uint8Array, chunk?: number): Promise<unknown> {
  try {
    await readArchive(chunked(archive, chunk), defaultLimits, async ({content}) => {
      for await (const each of content) assert.ok(each.length > 0)
    })
    return undefined
  } catch (error) {
    return error
  }
}

describe('an archive is refused that has', () => {
  for (const {name, says, limit, build} of hostileArchives) {
    it(name, async () => {
      const archive = build()
      for (const chunk of [undefined, 65_536]) {
        const refusal = await refusalOf(archive, chunk)
        assert.ok(refusal instanceof ArchiveProblem, `not refused but ${String(refusal)}`)
        assert.match(refusal.message, says)
        assert.equal(refusal.limit, limit)
      }
    })
  }

  it('a name of its own here', () => {
    assert.equal(new Set(hostileArchives.map(({name}) => name)).size, hostileArchives.length)
    assert.ok(hostileArchives.length >= 60)
  })
})

it('hostile archives, one after the other in one process, never take it beyond 256 MiB', async () => {
  const script = fileURLToPath(new URL('support/read-hostile-archives.js', import.meta.url))
  const {stdout} = await promisify(execFile)(process.execPath, [script])
  const lines = stdout.trimEnd().split('\n')
  assert.equal(lines.length, hostileArchives.length)
  for (const line of lines) assert.ok(Number.parseInt(line) < 256 * 1024, `kB at ${line}`)
})
