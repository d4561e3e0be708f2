import assert from 'node:assert/strict'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {chmod, mkdir, readFile, stat} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {CredentialStore} from '../../src/credentials/credential-store.js'
import {errorCode} from '../../src/files/system-error.js'
import {runScript, startScript} from '../support/run-script.js'
import {registryA, registryB, loginOf} from '../support/stored-logins.js'
import {tempHome, type TempHome} from '../support/temp-home.js'

const kills = 15

describe('several processes', {concurrency: true}, () => {
  it('several processes: can save logins concurrently without losing any', async (t) => {
    const home = await tempHome(t)
    const registries = Array.from({length: 8}, (_, index) => `https://${index}.example.com`)
    const runs = await Promise.all(
      registries.map((each, index) => runScript('save-login', home.path, each, `user-${index}`)),
    )
    assert.deepEqual(
      runs,
      registries.map(() => ({stdout: '', stderr: '', code: 0})),
    )
    const store = new CredentialStore(home.path)
    const found = await Promise.all(registries.map((each) => store.find(each)))
    assert.deepEqual(
      found.map((login) => login?.username),
      registries.map((_, index) => `user-${index}`),
    )
    assert.deepEqual(await home.names(), ['credentials.json', 'sessions.json'])
  })

  it('several processes: use a refresh token only once if they renew the same login concurrently', async (t) => {
    const home = await tempHome(t)
    await new CredentialStore(home.path).save(loginOf(registryA, 'ada'))
    const spent: string[] = []
    const server = createServer((request, response) => {
      void text(request).then(async (token) => {
        spent.push(token)
        await sleep(50)
        response.end(JSON.stringify({accessToken: 'access-2', refreshToken: 'refresh-2'}))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const renew = () => runScript('renew-login', home.path, registryA, url, 'access-ada')
    const runs = await Promise.all([renew(), renew()])
    assert.deepEqual(runs, Array(2).fill({stdout: 'access-2', stderr: '', code: 0}))
    assert.deepEqual(spent, ['refresh-ada'])
    assert.equal((await new CredentialStore(home.path).find(registryA))?.refreshToken.expose(), 'refresh-2')
  })

  it(`several processes: leave complete, private files when they are killed, and their leftovers and locks are cleaned up (${kills} times)`, async (t) => {
    const homes = await Promise.all(Array.from({length: kills}, () => tempHome(t)))
    const leftBehind: string[] = []
    // Two at a time, so that each makes some progress before it is killed.
    const rest = [...homes.entries()]
    const worker = async () => {
      for (let next = rest.pop(); next; next = rest.pop()) {
        const [round, home] = next
        leftBehind.push(...(await killWhileSaving(home, round)))
      }
    }
    await Promise.all([worker(), worker()])
    assert.ok(leftBehind.includes('credentials.json'), 'some were killed after saving')
    assert.ok(leftBehind.includes('.lock'), 'some were killed while they held the lock')

    const begun = Date.now()
    await Promise.all(
      homes.map((home) => new CredentialStore(home.path).save(loginOf('https://next.example.com', 'next'))),
    )
    assert.ok(Date.now() - begun < 30_000, `the locks were taken over after ${Date.now() - begun} ms`)
    for (const home of homes) {
      const left = (await home.names()).filter((name) => name !== 'credentials.json' && name !== 'sessions.json')
      assert.deepEqual(left, [])
      assert.equal((await new CredentialStore(home.path).find('https://next.example.com'))?.username, 'next')
    }
  })
})

/** Kills a process while it saves, checks the files it left behind, and returns their names. */
async function killWhileSaving(home: TempHome, round: number): Promise<string[]> {
  if (round % 2 === 0) {
    await mkdir(home.file(''))
    await chmod(home.file(''), 0o755)
  }
  const child = startScript('save-forever', home.path, registryA, registryB)
  const ended = once(child, 'close')
  await once(child.stdout!, 'data')
  // On a busy machine, the first save takes longer than any of these delays.
  if (round % 3 === 0) while (!existsSync(home.file('credentials.json'))) await sleep(5)
  await sleep(Math.random() * 90)
  child.kill('SIGKILL')
  const [, signal] = await ended
  assert.equal(signal, 'SIGKILL', 'it was still saving')
  const names = await home.names().catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  for (const name of names) {
    const {mode} = await stat(home.file(name))
    if (name !== '.lock') assert.equal(mode & 0o077, 0, `${name} is private`)
    if (name.endsWith('.json')) assertComplete(JSON.parse(await readFile(home.file(name), 'utf8')))
  }
  return names
}

function assertComplete(content: Record<string, unknown>): void {
  const logins = 'sessions' in content ? Object.values(content['sessions'] as object) : [content]
  for (const login of logins as Record<string, string>[]) {
    assert.deepEqual(Object.keys(login), ['registry', 'accessToken', 'refreshToken', 'username'])
    assert.ok([registryA, registryB].includes(login['registry']!))
    assert.match(login['accessToken']!, /^access-user-\d+$/)
  }
}
