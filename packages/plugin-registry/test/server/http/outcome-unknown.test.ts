import assert from 'node:assert/strict'
import {once} from 'node:events'
import {describe, it} from 'node:test'

import {openForCommand} from '../../../src/server/operations/open-registry.js'
import {addAda, logIn, send, serve, serveWithFileLimit} from '../../support/served.js'
import {temporaryFolder} from '../../support/world.js'

describe('a commit that fails', () => {
  it('failed commit: the response says that the change may have been made, and acknowledged ones are kept', async (t) => {
    const folder = temporaryFolder(t)
    await addAda(folder)
    const served = await serveWithFileLimit(t, folder, 3000)
    const {url} = served
    const session = await logIn(url)
    const create = (name: string) => send(`${url}/auth/tokens`, 'POST', {token: session, body: {name}})
    const whoami = (token: string) => send(`${url}/auth/whoami`, 'GET', {token})
    const created = Array.from({length: 12}, (_, index) => `unused-${index}`)
    const unused: string[] = []
    for (const label of created) unused.push((await create(label))?.body.token)
    let answer = await create('token-0')
    for (let count = 1; answer?.status === 201 && count < 1000; count++) {
      created.push(answer.body.name)
      answer = await create(`token-${count}`)
    }
    assert.deepEqual([answer?.status, answer?.body.error.code], [503, 'OUTCOME_UNKNOWN'])
    assert.match(served.stderr(), /the commit could not be written/)

    // The first use of a token has to be written, too, and a few still fit. Trying again is safe.
    let token = unused.pop()
    let used = await whoami(token!)
    while (used?.status === 200 && unused.length > 0) {
      token = unused.pop()
      used = await whoami(token!)
    }
    assert.deepEqual([used?.status, used?.body.error.code], [503, 'BUSY'])
    assert.equal((await whoami(session))?.status, 200)

    served.process.kill('SIGKILL')
    await once(served.process, 'exit')
    const store = await openForCommand(folder, {create: false})
    const labels = (await store.tokens.list({kind: 'user', id: 'u1'}, {}, Date.now())).map(({label}) => label)
    await store.close()
    const unknown = labels.filter((label) => !created.includes(label))
    assert.deepEqual(labels.slice(0, created.length), created)
    assert.ok(unknown.length <= 1, unknown.join())

    const again = await serve(t, folder)
    assert.equal((await send(`${again.url}/auth/whoami`, 'GET', {token: token!}))?.status, 200)
  })
})
