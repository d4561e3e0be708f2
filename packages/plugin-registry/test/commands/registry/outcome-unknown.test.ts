import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {statSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'
import {fileURLToPath} from 'node:url'

import {openForCommand} from '../../../src/server/operations/open-registry.js'
import {operator} from '../../../src/server/store/store.js'
import {temporaryFolder} from '../../support/world.js'

const script = fileURLToPath(new URL('../../support/org-create-process.js', import.meta.url))

/** In KiB. The database's shared memory needs 32. */
const limit = 40

describe('a change that fails to commit', () => {
  it('registry: if a commit fails, the error says that the change may have been made', async (t) => {
    const folder = temporaryFolder(t)
    const store = await openForCommand(folder, {create: true})
    t.after(() => store.close())
    // While a process has the database open, its log keeps growing, until no other process can append to it.
    for (let count = 0; statSync(path.join(folder, 'registry.db-wal')).size < limit * 1024; count++) {
      await store.organizations.add({id: `o${count}`, name: `org-${count}`}, operator, count)
    }
    const argv = ['-c', `ulimit -f ${limit} && exec "$0" "$@"`, process.execPath, script, 'acme', '--data', folder]
    const {status, stderr} = spawnSync('bash', argv, {encoding: 'utf8'})
    assert.match(
      stderr,
      /^Error: The disk that holds .* failed while saving the change, which may or may not have been made\n {2}hint: /,
    )
    assert.equal(status, 1)
  })
})
