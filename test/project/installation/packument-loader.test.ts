import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {it} from 'node:test'

import {loaderOf} from '../../../src/project/installation/packument-loader.js'
import {clientOf} from '../../support/client.js'
import {tempFolder} from '../../support/temp-folder.js'

it('a registry that cannot be reached for one package is not asked for the next', async (t) => {
  const asked = new Set<string | undefined>()
  const server = createServer((request, response) => {
    asked.add(request.url)
    response.destroy()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const load = await loaderOf({client, home: await tempFolder(t), cacheFolder: await tempFolder(t), downloads: 2})
  const names = Array.from({length: 10}, (_, index) => `@acme/tool-${index}`)
  const outcomes = await Promise.allSettled(names.map((name) => load.packument(name)))
  for (const outcome of outcomes) {
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'UNREACHABLE')
  }
  assert.equal(asked.size, 2)
})
