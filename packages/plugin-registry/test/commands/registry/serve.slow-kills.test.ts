import assert from 'node:assert/strict'
import {EventEmitter, once} from 'node:events'
import {readdirSync} from 'node:fs'
import {it} from 'node:test'

import {addAda, logIn, send, serve} from '../../support/served.js'
import {temporaryFolder} from '../../support/world.js'

it('serve: loses no acknowledged write when it is killed under load', async (t) => {
  const folder = temporaryFolder(t)
  await addAda(folder)
  const alive = new Map<string, string>()
  const revoked = new Map<string, string>()
  for (let round = 0; round < 4; round++) {
    const {url, process: server} = await serve(t, folder)
    const session = await logIn(url)
    for (const token of alive.values()) {
      assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.status, 200)
    }
    for (const token of revoked.values()) {
      assert.equal((await send(`${url}/auth/whoami`, 'GET', {token}))?.body.error.code, 'CREDENTIAL_REVOKED')
    }
    let running = true
    const enough = revoked.size + 8
    const busy = new EventEmitter()
    const work = async (worker: number) => {
      for (let each = 0; running && each < 200; each++) {
        const body = {name: `token ${round}-${worker}-${each}`}
        const created = await send(`${url}/auth/tokens`, 'POST', {token: session, body})
        if (created?.status !== 201) continue
        const {id, token} = created.body
        alive.set(id, token)
        if (each % 2 === 0) continue
        // Until the revocation is acknowledged, the token can be either.
        alive.delete(id)
        const gone = await send(`${url}/auth/tokens/${id}`, 'DELETE', {token: session})
        if (gone?.status === 204) revoked.set(id, token)
        if (revoked.size >= enough) busy.emit('enough')
      }
    }
    const isBusy = once(busy, 'enough')
    const workers = Array.from({length: 8}, (_, worker) => work(worker))
    await isBusy
    server.kill('SIGKILL')
    await once(server, 'exit')
    running = false
    await Promise.all(workers)
  }
  assert.ok(alive.size > 20, `${alive.size} tokens`)
  assert.ok(revoked.size > 20, `${revoked.size} revoked tokens`)
  const {url} = await serve(t, folder)
  const session = await logIn(url)
  const listed = new Set<string>(
    (await send(`${url}/auth/tokens`, 'GET', {token: session}))?.body.tokens.map(({id}: {id: string}) => id),
  )
  assert.deepEqual(
    [...alive.keys()].filter((id) => !listed.has(id)),
    [],
  )
  assert.deepEqual(
    [...revoked.keys()].filter((id) => listed.has(id)),
    [],
  )
  assert.deepEqual(readdirSync(folder).sort(), [
    'blobs',
    'registry.db',
    'registry.db-shm',
    'registry.db-wal',
    'secret.key',
    'serve.lock',
  ])
})
