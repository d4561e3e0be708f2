import assert from 'node:assert/strict'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {it} from 'node:test'

import {PackumentLoader} from '../../../src/project/installation/packument-loader.js'
import {PackageRegistries} from '../../../src/trust/package-registries.js'
import {noRoutes} from '../../../src/trust/routes.js'
import {clientOf} from '../../support/client.js'
import {tempFolder} from '../../support/temp-folder.js'

it('PackumentLoader: requests nothing more from an unreachable registry', async (t) => {
  const requested = new Set<string | undefined>()
  const server = createServer((request, response) => {
    requested.add(request.url)
    response.destroy()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [home, cacheFolder] = [await tempFolder(t), await tempFolder(t)]
  const registries = new PackageRegistries({
    selected: client,
    routes: noRoutes,
    connect: () => Promise.reject(new Error()),
  })
  const loader = new PackumentLoader({registries, home, cacheFolder, downloads: 2})
  const names = Array.from({length: 10}, (_, index) => `@acme/tool-${index}`)
  const outcomes = await Promise.allSettled(names.map((name) => loader.packument(name)))
  for (const outcome of outcomes) {
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'UNREACHABLE')
  }
  assert.equal(requested.size, 2)
})
