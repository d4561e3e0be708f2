import assert from 'node:assert/strict'
import {once} from 'node:events'
import {type IncomingMessage, request} from 'node:http'
import type {AddressInfo} from 'node:net'
import {it} from 'node:test'

import {createWorld} from '../../support/world.js'

it('request body: times out if it does not arrive', async (t) => {
  const {app} = await createWorld(t, {bodyTimeout: 100})
  await app.listen({host: '127.0.0.1', port: 0})
  const {port} = app.server.address() as AddressInfo
  const slow = request({port, method: 'POST', path: '/auth/login', headers: {'content-length': 100}})
  slow.on('error', () => {})
  slow.setHeader('content-type', 'application/json')
  slow.write('{')
  const [response] = (await once(slow, 'response')) as [IncomingMessage]
  const body = JSON.parse(Buffer.concat(await response.toArray()).toString()) as {error: {code: string}}
  assert.deepEqual([response.statusCode, body.error.code], [408, 'REQUEST_TIMEOUT'])
})
