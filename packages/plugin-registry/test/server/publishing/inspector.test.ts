import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'node:test'

import {hostileArchives} from '../../../../package-format/test/hostile-archives.js'
import {packageOf, publish, uploadWith} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

function draftsOf({folder}: World): string[] {
  return readdirSync(path.join(folder, 'blobs', 'tmp'))
}

describe('hostile archives', () => {
  it(`hostile archives: all ${hostileArchives.length} are refused with a reason, without blocking other requests`, async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {accessToken: token} = await world.logIn('ada')
    for (const {name, message, limit, build} of hostileArchives) {
      const {status, body} = await publish(world, token, uploadWith({name: '@ada/tool'}, build()))
      assert.deepEqual([name, status, body.error.code], [name, 400, 'ARCHIVE_INVALID'])
      assert.match(body.error.details[0].message, message, name)
      if (limit !== undefined) assert.equal(body.error.details[0].code, limit, name)
      assert.equal((await world.call('GET', '/healthz')).status, 200)
    }
    assert.deepEqual(draftsOf(world), [])
    assert.equal((await publish(world, token, await packageOf({name: '@ada/tool'}))).status, 201)
  })
})
