import assert from 'node:assert/strict'
import {type AddressInfo, connect} from 'node:net'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {createWorld, password} from '../../support/world.js'

describe('a stopping registry', () => {
  it('stopping: new requests on open connections are refused, and the registry is not ready', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    let resume = () => {}
    const held = new Promise<void>((resolve) => (resume = resolve))
    const find = world.store.users.find.bind(world.store.users)
    let isAsked = false
    world.store.users.find = async (name) => {
      isAsked = true
      await held
      return find(name)
    }
    await world.app.listen({host: '127.0.0.1', port: 0})
    const {port} = world.app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    const body = JSON.stringify({username: 'ada', password})
    const head = `host: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
    socket.write(`POST /auth/login HTTP/1.1\r\n${head}\r\n\r\n${body}`)
    while (!isAsked) await sleep(5)
    const closed = world.app.close()
    socket.write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await sleep(50)
    resume()
    const answers = Buffer.concat(await socket.toArray()).toString()
    await closed
    assert.match(answers, /^HTTP\/1\.1 200 /)
    const last = answers.slice(answers.lastIndexOf('HTTP/1.1 '))
    assert.match(last, /^HTTP\/1\.1 503 /)
    assert.match(last, /retry-after: 1\r\n/i)
    assert.match(last, /connection: close\r\n/i)
    assert.match(last, /"code":"BUSY","message":"The registry is shutting down"/)
  })
})
