import assert from 'node:assert/strict'
import {mkdir, stat, utimes} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {CredentialStore} from '../../src/credentials/credential-store.js'
import {withLock, withLockAt} from '../../src/files/lock.js'
import {StateFolder} from '../../src/files/state-folder.js'
import {registryA, loginOf, written} from '../support/stored-logins.js'
import {tempHome} from '../support/temp-home.js'

describe('the lock of ~/.apkg', () => {
  it('lock of ~/.apkg: is held by one caller at a time, and by each eventually', async (t) => {
    const folder = new StateFolder((await tempHome(t)).path)
    let working = 0
    let maxWorking = 0
    const work = async () => {
      working++
      maxWorking = Math.max(maxWorking, working)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return working--
    }
    const done = await Promise.all([1, 2, 3, 4].map(() => withLock(folder, work)))
    assert.deepEqual(done, [1, 1, 1, 1])
    assert.equal(maxWorking, 1)
  })

  it('lock of ~/.apkg: is released if the work fails, and the error is passed on', async (t) => {
    const home = await tempHome(t)
    const folder = new StateFolder(home.path)
    const error = new Error('the work failed')
    await assert.rejects(
      withLock(folder, () => Promise.reject(error)),
      (thrown) => thrown === error,
    )
    assert.deepEqual(await home.names(), [])
    assert.equal(await withLock(folder, () => Promise.resolve('worked')), 'worked')
  })

  it('lock of ~/.apkg: is taken over immediately if it is stale', async (t) => {
    const home = await tempHome(t)
    await mkdir(home.file('.lock'), {recursive: true})
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(home.file('.lock'), longAgo, longAgo)
    const begun = Date.now()
    await new CredentialStore(home.path).save(loginOf(registryA, 'ada'))
    assert.ok(Date.now() - begun < 5000, 'it did not wait')
    assert.deepEqual(await home.names(), ['credentials.json'])
  })

  it('lock of ~/.apkg: fails without waiting if it cannot be created', {timeout: 20_000}, async (t) => {
    const home = await tempHome(t)
    await home.write('file', '')
    await assert.rejects(
      withLockAt(path.join(home.file('file'), '.lock'), () => Promise.resolve()),
      {code: 'FILE_UNWRITABLE'},
    )
  })

  it('lock of ~/.apkg: passes assertHeld while it is held', async (t) => {
    const folder = new StateFolder((await tempHome(t)).path)
    await withLock(folder, (lock) => {
      lock.assertHeld()
      return Promise.resolve()
    })
  })
})

describe('an unfinished write of a killed process', () => {
  const leftovers = [
    'credentials.json.tmp-1718000000a1b2c3',
    'sessions.json.tmp-1718000000000000',
    'config.json.tmp-1718000000ffffff',
  ]
  const unrelated = [
    'credentials.json.damaged',
    'credentials.json.tmp-',
    'keys.json.tmp-1718000000a1b2c3',
    'notes.tmp-1',
  ]

  it('unfinished write of a killed process: is removed, unlike other files, when a credential is looked up', async (t) => {
    const home = await tempHome(t)
    await home.write('credentials.json', written(registryA, 'ada'))
    for (const name of [...leftovers, ...unrelated]) await home.write(name, '{"accessToken": "hal')
    assert.equal((await new CredentialStore(home.path).find(registryA))?.username, 'ada')
    assert.deepEqual(await home.names(), ['credentials.json', ...unrelated].sort())
  })

  it('unfinished write of a killed process: is not removed while another process is writing', async (t) => {
    const home = await tempHome(t)
    const folder = new StateFolder(home.path)
    await home.write('credentials.json', written(registryA, 'ada'))
    let looking: Promise<unknown> | undefined
    await withLock(folder, async () => {
      await home.write(leftovers[0]!, 'in progress')
      looking = new CredentialStore(home.path).find(registryA)
      await new Promise((resolve) => setTimeout(resolve, 60))
      assert.ok(await stat(home.file(leftovers[0]!)), 'it is still there')
    })
    await looking
    assert.deepEqual(await home.names(), ['credentials.json'])
  })
})
