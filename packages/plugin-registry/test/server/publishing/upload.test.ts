import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {type ClientRequest, type IncomingMessage, request} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import type {ServerConfig} from '../../../src/server/config.js'
import {operator} from '../../../src/server/store/store.js'
import {boundary, largePackage, packageOf, uploadOf} from '../../support/uploads.js'
import {createWorld, type World} from '../../support/world.js'

const second = 1000

async function listening(
  t: TestContext,
  changes: Partial<ServerConfig> = {},
): Promise<{world: World; port: number; token: string}> {
  const world = await createWorld(t, changes)
  await world.app.listen({host: '127.0.0.1', port: 0})
  t.after(() => {
    world.app.server.closeAllConnections()
  })
  await world.addUser('ada')
  const {accessToken: token} = await world.logIn('ada')
  return {world, port: (world.app.server.address() as AddressInfo).port, token}
}

/** Starts a publish request without writing its body. */
function begin(port: number, token: string, length?: number, name = '@ada%2Ftool'): ClientRequest {
  const upload = request({
    ...{port, method: 'PUT', path: `/packages/${name}`},
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      authorization: `Bearer ${token}`,
      ...(length !== undefined && {'content-length': length}),
    },
  })
  upload.on('error', () => {})
  return upload
}

async function answerOf(upload: ClientRequest): Promise<{status: number | undefined; code: string | undefined}> {
  const [response] = (await once(upload, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return {status: response.statusCode, code: (JSON.parse(text) as {error?: {code: string}}).error?.code}
}

function draftsOf({folder}: World): string[] {
  return readdirSync(path.join(folder, 'blobs', 'tmp'))
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

describe('a running upload', () => {
  it('upload: nothing is left if the client disconnects', async (t) => {
    const {world, port, token} = await listening(t)
    const body = uploadOf(largePackage('@ada/tool', 500_000))
    const upload = begin(port, token, body.length)
    upload.write(body.subarray(0, 400_000))
    await until(() => draftsOf(world).length === 1)
    upload.destroy()
    await until(() => draftsOf(world).length === 0)
    assert.equal(await world.store.packages.find('@ada/tool'), undefined)
    assert.ok(!world.log.join('').includes('"level":50'), world.log.join(''))
    assert.equal(world.log.filter((line) => line.includes('"aborted":true')).length, 1)
  })

  it('upload: a stalled upload times out with a response', async (t) => {
    const {world, port, token} = await listening(t, {uploadTimeouts: {idle: 100, total: 60 * second}})
    const body = uploadOf(largePackage('@ada/tool', 500_000))
    for (const sent of [0, 30, 2000, 400_000]) {
      const upload = begin(port, token, body.length)
      upload.flushHeaders()
      upload.write(body.subarray(0, sent))
      assert.deepEqual(await answerOf(upload), {status: 408, code: 'REQUEST_TIMEOUT'})
      await until(() => upload.socket?.destroyed !== false)
    }
    assert.deepEqual(draftsOf(world), [])
  })

  it('upload: can take longer than the idle timeout if bytes keep arriving', async (t) => {
    const {port, token} = await listening(t, {
      uploadTimeouts: {idle: 2 * second, total: 60 * second},
      bodyTimeout: 100,
    })
    const body = uploadOf(await packageOf({name: '@ada/tool'}))
    const upload = begin(port, token)
    const step = Math.ceil(body.length / 12)
    for (let at = 0; at < body.length; at += step) {
      upload.write(body.subarray(at, at + step))
      await sleep(200)
    }
    upload.end()
    assert.equal((await answerOf(upload)).status, 201)
  })

  it('upload: is read completely before a refusal, so that the client gets the response', async (t) => {
    const {world, port} = await listening(t)
    await world.addUser('bob')
    const {accessToken} = await world.logIn('bob')
    const body = uploadOf(largePackage('@ada/tool', 3_000_000))
    const upload = begin(port, accessToken, body.length)
    upload.end(body)
    assert.deepEqual(await answerOf(upload), {status: 403, code: 'PACKAGE_FORBIDDEN'})
  })

  it('upload: publishes nothing if the credential is revoked meanwhile', async (t) => {
    const {world, port, token} = await listening(t)
    const body = uploadOf(largePackage('@ada/tool', 500_000))
    const upload = begin(port, token, body.length)
    upload.write(body.subarray(0, 400_000))
    await until(() => draftsOf(world).length === 1)
    await world.store.users.revokeAll('id-of-ada', operator, world.now())
    upload.end(body.subarray(400_000))
    assert.deepEqual(await answerOf(upload), {status: 401, code: 'CREDENTIAL_REVOKED'})
    assert.equal(await world.store.packages.find('@ada/tool'), undefined)
  })

  it('upload: too many at once, per user or in total, are refused before the body is read', async (t) => {
    const {world, port, token} = await listening(t, {uploadSlots: {perUser: 1, total: 2}})
    await world.addUser('bob')
    await world.addUser('eve')
    const [bobs, eves] = [await world.logIn('bob'), await world.logIn('eve')]
    const body = uploadOf(largePackage('@ada/tool', 500_000))
    const held = begin(port, token, body.length)
    held.write(body.subarray(0, 400_000))
    await until(() => draftsOf(world).length === 1)
    const second = begin(port, token, body.length)
    second.end(body)
    assert.deepEqual(await answerOf(second), {status: 429, code: 'TOO_MANY_ATTEMPTS'})
    const other = begin(port, bobs.accessToken, undefined, '@bob%2Ftool')
    const bobsBody = uploadOf(largePackage('@bob/tool', 500_000))
    other.write(bobsBody.subarray(0, 400_000))
    await until(() => draftsOf(world).length === 2)
    const third = begin(port, eves.accessToken, body.length, '@eve%2Ftool')
    third.end(body)
    assert.deepEqual(await answerOf(third), {status: 503, code: 'BUSY'})
    other.destroy()
    held.end(body.subarray(400_000))
    assert.equal((await answerOf(held)).status, 201)
    const again = begin(port, token, body.length)
    again.end(body)
    assert.equal((await answerOf(again)).status, 200)
  })

  it('upload: gets a response and is logged if the registry stops', async (t) => {
    const {world, port, token} = await listening(t, {uploadGracePeriod: 50})
    const body = uploadOf(largePackage('@ada/tool', 500_000))
    const upload = begin(port, token, body.length)
    upload.write(body.subarray(0, 400_000))
    await until(() => draftsOf(world).length === 1)
    const closed = world.app.close()
    assert.deepEqual(await answerOf(upload), {status: 503, code: 'BUSY'})
    upload.destroy()
    await closed
    assert.deepEqual(draftsOf(world), [])
    assert.match(world.log.join(''), /"route":"\/packages\/:name","status":503/)
  })

  it('upload: memory use does not depend on the size', async (t) => {
    const {port, token} = await listening(t)
    const sent = largePackage('@ada/tool', 20 * 1024 * 1024)
    const body = uploadOf(sent)
    let peak = 0
    const base = process.memoryUsage()
    const watch = setInterval(() => {
      const {arrayBuffers, heapUsed} = process.memoryUsage()
      peak = Math.max(peak, arrayBuffers + heapUsed - base.arrayBuffers - base.heapUsed)
    }, 10)
    const uploads = Array.from({length: 8}, async () => {
      const upload = begin(port, token, body.length)
      for (let at = 0; at < body.length; at += 262_144) {
        if (!upload.write(body.subarray(at, at + 262_144))) await once(upload, 'drain')
      }
      upload.end()
      return answerOf(upload)
    })
    const statuses = (await Promise.all(uploads)).map(({status}) => status)
    clearInterval(watch)
    assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 200, 200, 200, 201])
    // Client and server share this process. Buffering complete bodies would take 160 MiB.
    assert.ok(peak < 100 * 1024 * 1024, `${Math.round(peak / 1024 / 1024)} MiB`)
  })
})
