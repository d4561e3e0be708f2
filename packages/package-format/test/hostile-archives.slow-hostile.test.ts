import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {it} from 'node:test'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

import {hostileArchives} from './hostile-archives.js'

it('readArchive: needs less than 256 MiB for all hostile archives in one process', async () => {
  const script = fileURLToPath(new URL('support/read-hostile-archives.js', import.meta.url))
  const {stdout} = await promisify(execFile)(process.execPath, [script])
  const lines = stdout.trimEnd().split('\n')
  assert.equal(lines.length, hostileArchives.length)
  for (const line of lines) assert.ok(Number.parseInt(line) < 256 * 1024, `kB at ${line}`)
})
