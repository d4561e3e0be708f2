import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import {folderSource} from '../../../src/server/backup/backup-source.js'
import {makeBackup} from '../../../src/server/backup/make-backup.js'
import {restoreBackup} from '../../../src/server/backup/restore-backup.js'
import {DamagedBackup, verifyBackup} from '../../../src/server/backup/verify-backup.js'
import {openToServe} from '../../../src/server/operations/open-registry.js'
import {hashPassword} from '../../../src/server/auth/passwords.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {storeBytes} from '../../support/blobs.js'
import {versionDraft} from '../../support/package-drafts.js'
import {createWorld, password, temporaryFolder} from '../../support/world.js'

function start(t: TestContext, script: string, argv: string[]): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [file, ...argv], {stdio: ['ignore', 'pipe', 'inherit']})
  t.after(() => child.kill('SIGKILL'))
  return child
}

async function post(url: string, body: object, token?: string) {
  const headers = {'content-type': 'application/json', ...(token !== undefined && {authorization: `Bearer ${token}`})}
  const answer = await fetch(url, {method: 'POST', headers, body: JSON.stringify(body)})
  assert.ok(answer.ok, `${url}: ${answer.status}`)
  return (await answer.json()) as Record<string, string>
}

describe('backup processes', () => {
  it('backup: contains every write acknowledged before it started, while the server accepts more', async (t) => {
    const home = temporaryFolder(t)
    const folder = path.join(home, 'data')
    const {store} = await openToServe(folder, () => undefined)
    const passwordHash = await hashPassword(password)
    await store.users.add({id: 'u1', name: 'ada', email: 'ada@example.com', passwordHash}, operator, Date.now())
    await store.close()
    const server = start(t, '../../support/serve-process.js', ['--data', folder, '--port', '0', '--json'])
    const [line] = (await once(server.stdout ?? assert.fail(), 'data')) as [Buffer]
    const {url} = JSON.parse(line.toString()) as {url: string}
    const {accessToken: session} = await post(`${url}/auth/login`, {username: 'ada', password})

    const acknowledged: string[] = []
    let writing = true
    const writer = (async () => {
      for (let count = 0; writing; count++) {
        const {name = ''} = await post(`${url}/auth/tokens`, {name: `t${count}`}, session)
        acknowledged.push(name)
      }
    })()
    while (acknowledged.length < 20) await sleep(5)
    const before = [...acknowledged]
    const backup = path.join(home, 'backup')
    const [code] = (await once(start(t, 'backup-process.js', [backup, '--data', folder]), 'exit')) as [number]
    const during = acknowledged.length - before.length
    writing = false
    await writer
    assert.equal(code, 0)
    assert.ok(during > 0, 'the server accepted writes during the backup')

    const restored = path.join(home, 'restored')
    const {tokens} = await restoreBackup({backup, folder: restored, now: () => new Date()})
    const registry = await openToServe(restored, () => undefined)
    t.after(() => registry.store.close())
    const held = (await registry.store.tokens.list({kind: 'user', id: 'u1'}, {}, Date.now())).map(({label}) => label)
    assert.equal(tokens, held.length)
    assert.deepEqual(
      before.filter((label) => !held.includes(label)),
      [],
    )
  })

  it('backup: a killed process leaves an invalid backup and does not block the next one', async (t) => {
    const world = await createWorld(t)
    await world.addUser('ada')
    const {token} = await world.createToken((await world.logIn('ada')).accessToken, {name: 'ci'})
    const credential = await world.store.credentials.find('token', hashSecret(token))
    assert.ok(credential)
    for (let patch = 0; patch < 200; patch++) {
      const {sha256, size, key} = await storeBytes(world.blobs, `bytes of ${patch}`)
      const blob = {key, isNew: true}
      const version = versionDraft({name: '@ada/tool', version: `1.0.${patch}`, sha256, size, blob})
      await world.store.packages.publish(version, credential, operator, world.now())
    }
    const killed = await killedBackup(t, world.folder)
    await assert.rejects(verifyBackup(killed), DamagedBackup)
    const next = path.join(temporaryFolder(t), 'next')
    const now = () => new Date(world.now())
    const source = await folderSource({folder: world.folder, into: next, now})
    assert.equal((await makeBackup({source, into: next, version: '0.1.0', now})).counts.blobs, 200)
    assert.equal((await verifyBackup(next)).blobs.length, 200)
  })
})

/** Kills backups until one is interrupted. @returns its directory */
async function killedBackup(t: TestContext, data: string): Promise<string> {
  for (;;) {
    const backup = path.join(temporaryFolder(t), 'backup')
    const child = start(t, 'backup-process.js', [backup, '--data', data])
    const copied = path.join(backup, 'blobs', 'sha256')
    while (!existsSync(copied) || readdirSync(copied).length < 10) await sleep(1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    if (!existsSync(path.join(backup, 'backup.json'))) return backup
  }
}
