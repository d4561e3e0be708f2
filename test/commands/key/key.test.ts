import assert from 'node:assert/strict'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import KeyGenerate from '../../../src/commands/key/generate.js'
import KeyList from '../../../src/commands/key/list.js'
import KeyRegister from '../../../src/commands/key/register.js'
import KeyRevoke from '../../../src/commands/key/revoke.js'
import KeyRotate from '../../../src/commands/key/rotate.js'
import TokenCreate from '../../../src/commands/token/create.js'
import type {StoredKey} from '../../../src/account/keys/key-store.js'
import {failureOf, seen, startSession, startWorld} from '../../support/command.js'
import {sessionOf} from '../../support/publish-package.js'
import {password} from '../../support/registry.js'

type World = Awaited<ReturnType<typeof startSession>>
type Run = World['run']

interface Listed {
  keyId: string
  name: string
  status: string
  reason: string | null
  rotatedTo: string | null
  isLocal: boolean
}

describe('key generate', () => {
  it('key generate: prints only the id to stdout, and shows that the key is not encrypted', async (t) => {
    const {run, home, registry} = await startWorld(t)
    const {stdout, stderr, exitCode} = await run(KeyGenerate, ['--name', 'laptop'])
    assert.equal(exitCode, 0)
    assert.match(stdout, /^SHA256:[A-Za-z0-9+/]{43}=\n$/)
    assert.match(stderr, /not encrypted, readable only by you/)
    assert.ok(stderr.includes(`apkg key register --key ${stdout.trim()}`))
    const {privateKey} = JSON.parse(await readKey(home)) as {privateKey: string}
    assert.ok(!(stdout + stderr).includes(privateKey))
    assert.deepEqual(registry.requests, [])
  })

  it('key generate: encrypts with APKG_KEY_PASSPHRASE, and refuses a blank one', async (t) => {
    const {run, home} = await startWorld(t)
    const blank = await run(KeyGenerate, ['--name', 'x', '--json'], {env: {APKG_KEY_PASSPHRASE: ' '}})
    assert.deepEqual([failureOf(blank).code, failureOf(blank).exitCode], ['KEY_PASSPHRASE_BLANK', 2])
    await assert.rejects(readKey(home))
    const {stdout, stderr} = await run(KeyGenerate, ['--name', 'x', '--json'], {env: {APKG_KEY_PASSPHRASE: 'hunter2'}})
    assert.equal((JSON.parse(stdout) as StoredKey).isEncrypted, true)
    assert.match(stderr, /encrypted with your passphrase/)
    assert.ok(!(stdout + stderr + (await readKey(home))).includes('hunter2'))
  })

  it('key generate: prompts for a name with a default, and for a passphrase until both entries match', async (t) => {
    const {run} = await startWorld(t)
    const answers = ['one', 'two', 'three', 'three']
    const asked: string[] = []
    const {exitCode, result} = await run(KeyGenerate, [], {
      terminal: true,
      prompts: {
        text: ({default: proposal = ''}) => Promise.resolve(proposal),
        password: ({message}) => {
          asked.push(message)
          return Promise.resolve(answers.shift() ?? '')
        },
      },
    })
    assert.equal(exitCode, 0)
    assert.equal(asked.length, 4)
    const {name, isEncrypted} = result as StoredKey
    assert.deepEqual([name, isEncrypted], ['ada@engine', true])
  })

  it('key generate: requires a valid name without a terminal', async (t) => {
    const {run} = await startWorld(t)
    assert.deepEqual(failureOf(await run(KeyGenerate, ['--json'])).code, 'INPUT_MISSING')
    for (const name of ['', ' ', 'a\u001B[2J', 'x'.repeat(101)]) {
      const refused = failureOf(await run(KeyGenerate, ['--name', name, '--json']))
      assert.deepEqual([refused.code, refused.exitCode], ['KEY_NAME_INVALID', 2])
    }
  })
})

describe('key list', () => {
  it('key list --local: lists keys without a credential, and warns about a damaged file', async (t) => {
    const {run, home, registry} = await startWorld(t)
    const key = await generate(run, 'laptop')
    await writeFile(path.join(home, '.apkg', 'keys', 'bad.json'), '{"privateKey": "c2VjcmV0"')
    const {stdout, stderr, exitCode} = await run(KeyList, ['--local'])
    assert.equal(stdout, `${key.keyId}\tlaptop\tnone\t${key.createdAt}\n`)
    assert.match(stderr, /^Warning: .*bad\.json is damaged: it is not JSON/)
    assert.ok(!stderr.includes('c2VjcmV0'))
    assert.equal(exitCode, 0)
    assert.deepEqual(registry.requests, [])
  })

  it('key list: shows complete ids on a terminal, and which private keys are local', async (t) => {
    const {run} = await startSession(t)
    const key = await registered(run, 'laptop')
    const {stdout} = await run(KeyList, [], {terminal: true})
    assert.match(stdout, /^ID +NAME +STATUS +PRIVATE KEY +CREATED\n/)
    assert.ok(stdout.includes(`\n${key.keyId}  laptop  active  local `))
  })

  it('key list: says that no keys are registered', async (t) => {
    const {run} = await startSession(t)
    const {stdout, stderr} = await run(KeyList, [])
    assert.deepEqual(
      [stdout, stderr],
      ['', 'No registered keys. To create one, run `apkg key generate`, then `apkg key register`.\n'],
    )
  })
})

describe('key register', () => {
  it('key register: registers the only key, and reports a key that is already registered', async (t) => {
    const {run, registry} = await startSession(t)
    const key = await generate(run, 'laptop')
    assert.deepEqual(seen(await run(KeyRegister, [])), {
      stdout: `${key.keyId}\n`,
      stderr: 'Registered signing key: laptop\n',
      exitCode: 0,
    })
    const again = await run(KeyRegister, ['--json'])
    const {status, registry: where} = JSON.parse(again.stdout) as {status: string; registry: string}
    assert.deepEqual([again.exitCode, status, where], [0, 'present', registry.url])
    assert.equal((await list(run)).length, 1)
  })

  it('key register: requires --key for several keys, and prompts on a terminal', async (t) => {
    const {run} = await startSession(t)
    assert.equal(failureOf(await run(KeyRegister, ['--json'])).code, 'LOCAL_KEYS_NOT_FOUND')
    const one = await generate(run, 'one')
    const two = await generate(run, 'two')
    assert.equal(failureOf(await run(KeyRegister, ['--json'])).code, 'INPUT_MISSING')
    assert.equal(failureOf(await run(KeyRegister, ['--key', 'three', '--json'])).code, 'KEY_NOT_FOUND')
    assert.equal((await run(KeyRegister, ['--key-id', one.keyId.slice(0, 20), '--name', 'home'])).exitCode, 0)
    const select = <T>({choices}: {choices: {name: string; value: T}[]}) => {
      const chosen = choices.find(({name}) => name.includes(two.keyId))
      assert.ok(chosen)
      return Promise.resolve(chosen.value)
    }
    assert.equal((await run(KeyRegister, [], {terminal: true, prompts: {select}})).exitCode, 0)
    const keys = await list(run)
    assert.deepEqual(
      new Set(keys.map(({keyId, name}) => `${keyId} ${name}`)),
      new Set([`${one.keyId} home`, `${two.keyId} two`]),
    )
  })

  it('key register: skips keys that are registered or rotated', async (t) => {
    const {run} = await startSession(t)
    const old = await registered(run, 'laptop')
    await run(KeyRotate, [old.keyId])
    const fresh = await generate(run, 'desktop')
    assert.equal((await run(KeyRegister, [])).stdout, `${fresh.keyId}\n`)
  })

  it('key register: reports a damaged key file instead of a missing key', async (t) => {
    const {run, home} = await startSession(t)
    const key = await generate(run, 'laptop')
    await writeFile(key.file, '{"privateKey": "c2VjcmV0"')
    for (const argv of [[], ['--key-id', key.keyId]]) {
      const {code, message} = failureOf(await run(KeyRegister, [...argv, '--json']))
      assert.equal(code, 'FILE_DAMAGED')
      assert.ok(message.startsWith(path.join(home, '.apkg', 'keys')))
    }
  })

  it('key register: proves that the user holds the key, so it is registered even if someone else registered it first', async (t) => {
    const {run, registry} = await startSession(t)
    await registry.addUser('eve')
    const eve = await sessionOf(registry.url, 'eve', password)
    const key = await generate(run, 'laptop')
    const stolen = async () => {
      const headers = {authorization: `Bearer ${eve}`, 'content-type': 'application/json'}
      const body = JSON.stringify({publicKey: key.publicKey, name: 'mine'})
      return (await fetch(`${registry.url}/auth/keys`, {method: 'POST', headers, body})).status
    }
    assert.equal(await stolen(), 200)
    const {exitCode, stderr} = await run(KeyRegister, [])
    assert.deepEqual([exitCode, stderr], [0, 'Registered signing key: laptop\n'])
    assert.deepEqual(
      (await list(run)).map(({keyId, status}) => [keyId, status]),
      [[key.keyId, 'active']],
    )
    assert.equal(await stolen(), 409)
  })

  it('key register: an encrypted key needs its passphrase for the proof, and is registered without one otherwise', async (t) => {
    const {run} = await startSession(t)
    const env = {APKG_KEY_PASSPHRASE: 'hunter2'}
    for (const name of ['one', 'two']) await run(KeyGenerate, ['--name', name], {env})
    const wrong = failureOf(await run(KeyRegister, ['--key', 'one', '--json'], {env: {APKG_KEY_PASSPHRASE: 'hunter3'}}))
    assert.equal(wrong.code, 'KEY_PASSPHRASE_WRONG')
    assert.deepEqual(await list(run), [])
    assert.equal((await run(KeyRegister, ['--key', 'one'], {env})).stderr, 'Registered signing key: one\n')
    const unproven = await run(KeyRegister, ['--key', 'two'])
    assert.equal(unproven.exitCode, 0)
    assert.match(unproven.stderr, /^Warning: The key was registered without proof .* APKG_KEY_PASSPHRASE/m)
  })

  it('key register: a revoked key cannot be registered again', async (t) => {
    const {run} = await startSession(t)
    const key = await registered(run, 'laptop')
    await run(KeyRevoke, [key.keyId, '--reason', 'superseded', '--keep-local', '--yes'])
    assert.equal(failureOf(await run(KeyRegister, ['--json'])).code, 'REFUSED')
  })
})

describe('key revoke', () => {
  it('key revoke: accepts a prefix of an id, and removes the private key', async (t) => {
    const {run, home} = await startSession(t)
    const key = await registered(run, 'laptop')
    const argv = [key.keyId.slice(7, 15), '--reason', 'key-compromise', '--message', 'stolen', '--yes']
    const {stdout, stderr, exitCode} = await run(KeyRevoke, argv)
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.match(stderr, /^Revoked signing key: laptop \(SHA256:.*\)\nIts private key was removed from this machine/)
    assert.deepEqual(await readdir(path.join(home, '.apkg', 'keys')), [])
    const [{status, reason, isLocal} = assert.fail()] = await list(run)
    assert.deepEqual([status, reason, isLocal], ['revoked', 'key-compromise', false])
  })

  it("key revoke: a shared name selects the active key, and an ambiguous one lists each key's status", async (t) => {
    const {run} = await startSession(t)
    const old = await registered(run, 'laptop')
    const next = (await run(KeyRotate, ['laptop'])).stdout.trim()
    const argv = ['laptop', '--reason', 'superseded', '--yes', '--json']
    assert.equal((JSON.parse((await run(KeyRevoke, argv)).stdout) as StoredKey).keyId, next)
    const {code, message} = failureOf(await run(KeyRevoke, argv))
    assert.equal(code, 'KEY_AMBIGUOUS')
    const shown = message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split('  '))
    const statuses = new Map(shown.map(([keyId, , , status]) => [keyId, status]))
    assert.deepEqual(
      statuses,
      new Map([
        [old.keyId, 'retired'],
        [next, 'revoked'],
      ]),
    )
    assert.equal((await run(KeyRevoke, [old.keyId, '--reason', 'key-compromise', '--yes'])).exitCode, 0)
  })

  it('key revoke: asks on a terminal, and needs --yes without one; nothing changes otherwise', async (t) => {
    const {run, home} = await startSession(t)
    const key = await registered(run, 'laptop')
    const argv = ['laptop', '--reason', 'superseded']
    const isUnchanged = async () => {
      assert.deepEqual(
        (await list(run)).map(({status, isLocal}) => [status, isLocal]),
        [['active', true]],
      )
      assert.equal((await readdir(path.join(home, '.apkg', 'keys'))).length, 1)
    }
    const {code, message, exitCode} = failureOf(await run(KeyRevoke, [...argv, '--json']))
    assert.deepEqual([code, exitCode], ['INPUT_MISSING', 2])
    assert.match(message, /not confirmed/)
    await isUnchanged()
    const asked: string[] = []
    const terminal = (answer: boolean) => ({
      terminal: true,
      prompts: {
        confirm: ({message: question}: {message: string}) => {
          asked.push(question)
          return Promise.resolve(answer)
        },
      },
    })
    const declined = await run(KeyRevoke, argv, terminal(false))
    assert.deepEqual([declined.exitCode, declined.stdout], [1, ''])
    assert.match(declined.stderr, /^Error: Canceled\. The key was not revoked\n/)
    await isUnchanged()
    assert.equal((await run(KeyRevoke, argv, terminal(true))).exitCode, 0)
    assert.equal((await list(run))[0]?.status, 'revoked')
    assert.deepEqual(await readdir(path.join(home, '.apkg', 'keys')), [])
    assert.equal(asked.length, 2)
    assert.ok(asked[0]?.startsWith(`Revoke laptop (${key.keyId}) on http`), asked[0])
    assert.match(asked[0] ?? '', /, and delete its private key from this machine\? This cannot be undone$/)
  })

  it('key revoke: --keep-local keeps the private key, and a second run removes it', async (t) => {
    const {run, home} = await startSession(t)
    const key = await registered(run, 'laptop')
    const revoke = async (...flags: string[]) => {
      const {stdout} = await run(KeyRevoke, [key.keyId, '--reason', 'superseded', '--yes', '--json', ...flags])
      return JSON.parse(stdout) as {status: string; localKey: string}
    }
    assert.equal((await revoke('--keep-local')).localKey, 'kept')
    assert.equal((await readdir(path.join(home, '.apkg', 'keys'))).length, 1)
    const again = await revoke()
    assert.deepEqual([again.status, again.localKey], ['revoked', 'removed'])
    assert.equal((await revoke()).localKey, 'none')
  })

  it('key revoke: warns about an unreadable file that may contain the private key', async (t) => {
    const {run} = await startSession(t)
    const key = await registered(run, 'laptop')
    await writeFile(key.file, '{')
    const {stderr, exitCode} = await run(KeyRevoke, [key.keyId, '--reason', 'key-compromise', '--yes'])
    assert.equal(exitCode, 0)
    assert.ok(stderr.includes(`Warning: ${key.file} is damaged`), stderr)
  })

  it('key revoke: an unknown key removes no files', async (t) => {
    const {run, home} = await startSession(t)
    const key = await generate(run, 'laptop')
    await writeFile(path.join(home, '.apkg', 'other.json'), '{}')
    for (const given of [key.keyId, 'laptop', '../other', String.raw`..\other`]) {
      const {code, exitCode} = failureOf(await run(KeyRevoke, [given, '--reason', 'unspecified', '--json']))
      assert.deepEqual([code, exitCode], ['KEY_NOT_FOUND', 1])
    }
    assert.equal((await readdir(path.join(home, '.apkg', 'keys'))).length, 1)
    assert.equal(await readFile(path.join(home, '.apkg', 'other.json'), 'utf8'), '{}')
  })

  it('key revoke: requires a valid reason', async (t) => {
    const {run} = await startSession(t)
    assert.equal((await run(KeyRevoke, ['x'])).exitCode, 2)
    assert.equal((await run(KeyRevoke, ['x', '--reason', 'bored'])).exitCode, 2)
  })
})

describe('key rotate', () => {
  it('key rotate: the old key signs a new one with the same name, and both files are kept', async (t) => {
    const {run, home} = await startSession(t)
    const old = await registered(run, 'laptop')
    const {stdout, stderr, exitCode} = await run(KeyRotate, ['laptop'])
    assert.equal(exitCode, 0)
    assert.match(stderr, /^Rotated signing key: laptop\n {2}old key {2}SHA256:\S+ \(retired, kept in /)
    const newKeyId = stdout.trim()
    const keys = await list(run)
    assert.deepEqual(
      new Set(keys.map(({keyId, name, status, isLocal}) => [keyId, name, status, isLocal].join(' '))),
      new Set([`${old.keyId} laptop retired true`, `${newKeyId} laptop active true`]),
    )
    assert.equal(keys.find(({keyId}) => keyId === old.keyId)?.rotatedTo, newKeyId)
    assert.equal((await readdir(path.join(home, '.apkg', 'keys'))).length, 2)
  })

  it('key rotate: proves to the registry that the user holds the new key, encrypted or not', async (t) => {
    const {run, registry} = await startSession(t)
    await registered(run, 'laptop')
    for (const env of [{}, {APKG_KEY_PASSPHRASE: 'hunter2'}]) {
      const successor = (await run(KeyRotate, ['laptop'], {env})).stdout.trim()
      const [entry] = await registry.store.audit.latest(1)
      assert.deepEqual([entry?.action, entry?.detail], ['key.rotate', {successor, isProven: true}])
    }
  })

  it('key rotate: asks for the old passphrase, encrypts the new key, and stops at a wrong passphrase', async (t) => {
    const {run} = await startSession(t)
    const env = {APKG_KEY_PASSPHRASE: 'hunter2'}
    await run(KeyGenerate, ['--name', 'laptop'], {env})
    await run(KeyRegister, [])
    const silent = failureOf(await run(KeyRotate, ['laptop', '--json']))
    assert.deepEqual([silent.code, silent.exitCode], ['INPUT_MISSING', 2])
    const wrong = failureOf(await run(KeyRotate, ['laptop', '--json'], {env: {APKG_KEY_PASSPHRASE: 'hunter3'}}))
    assert.deepEqual([wrong.code, wrong.exitCode], ['KEY_PASSPHRASE_WRONG', 4])
    assert.equal((await localKeys(run)).length, 1)
    assert.equal((await run(KeyRotate, ['laptop'], {env})).exitCode, 0)
    assert.deepEqual(
      (await localKeys(run)).map(({isEncrypted}) => isEncrypted),
      [true, true],
    )
  })

  it('key rotate: removes the new key if the registry refuses', async (t) => {
    const {run} = await startSession(t)
    const key = await registered(run, 'laptop')
    const token = (await run(TokenCreate, ['--label', 'ci'])).stdout.trim()
    const refused = failureOf(await run(KeyRotate, ['laptop', '--json'], {env: {APKG_TOKEN: token}}))
    assert.deepEqual([refused.code, refused.exitCode], ['REFUSED', 3])
    assert.deepEqual(
      (await localKeys(run)).map(({keyId}) => keyId),
      [key.keyId],
    )
  })

  it('key rotate: a key that cannot be rotated fails before the passphrase is asked for', async (t) => {
    const {run} = await startSession(t)
    const {keyId} = (await run(KeyGenerate, ['--name', 'laptop'], {env: {APKG_KEY_PASSPHRASE: 'old'}}))
      .result as StoredKey
    const terminal = {terminal: true, prompts: {password: () => Promise.reject(new Error('asked'))}}
    const {stderr, exitCode} = await run(KeyRotate, ['laptop'], terminal)
    assert.match(stderr, /is not registered with/)
    assert.ok(stderr.includes(`apkg key register --key ${keyId} `), stderr)
    assert.equal(exitCode, 1)
    await run(KeyRegister, [])
    await run(KeyRevoke, ['laptop', '--reason', 'superseded', '--keep-local', '--yes'])
    assert.match(failureOf(await run(KeyRotate, ['laptop', '--json'], terminal)).message, /is revoked on/)
  })

  it('key rotate: takes the key as --key or as an argument, but not both', async (t) => {
    const {run} = await startSession(t)
    await registered(run, 'laptop')
    for (const argv of [[], ['laptop', '--key', 'desktop']]) assert.equal((await run(KeyRotate, argv)).exitCode, 2)
    assert.equal((await run(KeyRotate, ['--key', 'laptop', '--name', 'next'])).exitCode, 0)
    assert.equal((await run(KeyRevoke, ['--key', 'next', '--reason', 'superseded', '--yes'])).exitCode, 0)
  })

  it('key rotate: requires the private key and a network', async (t) => {
    const {run} = await startSession(t)
    assert.equal(failureOf(await run(KeyRotate, ['laptop', '--json'])).code, 'KEY_NOT_FOUND')
    assert.equal(failureOf(await run(KeyRotate, ['laptop', '--offline', '--json'])).code, 'OFFLINE')
  })
})

async function generate(run: Run, name: string): Promise<StoredKey> {
  return (await run(KeyGenerate, ['--name', name])).result as StoredKey
}

async function registered(run: Run, name: string): Promise<StoredKey> {
  const key = await generate(run, name)
  const {exitCode, stderr} = await run(KeyRegister, ['--key', key.keyId])
  assert.equal(exitCode, 0, stderr)
  return key
}

async function list(run: Run): Promise<Listed[]> {
  return (JSON.parse((await run(KeyList, ['--json'])).stdout) as {keys: Listed[]}).keys
}

async function localKeys(run: Run): Promise<StoredKey[]> {
  return (JSON.parse((await run(KeyList, ['--local', '--json'])).stdout) as {keys: StoredKey[]}).keys
}

async function readKey(home: string): Promise<string> {
  const folder = path.join(home, '.apkg', 'keys')
  const [name = ''] = await readdir(folder)
  return readFile(path.join(folder, name), 'utf8')
}
