import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {chmod, mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {hasCode, Secret} from '@apkg/command-kit'
import {isSignedBy, parsePublicKey, signWith} from '@apkg/package-format/signing'

import {generateKey} from '../../../src/account/keys/generate-key.js'
import {KeyStore} from '../../../src/account/keys/key-store.js'
import {unlock} from '../../../src/account/keys/unlock.js'
import {tempFolder} from '../../support/temp-folder.js'
import {repository} from '../../support/repository.js'

const now = new Date('2027-01-31T08:09:10.987Z')

/** The key pair of RFC 8032, section 7.1, test 1, in the original client's format. */
const original = `{
  "keyId": "SHA256:If4x36FUomFia/hUBG/SJxt77UtqvkWqWId+9H+XIbk=",
  "name": "laptop",
  "publicKey": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  "privateKey": "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
  "createdAt": "2026-05-17T21:56:21Z"
}`
const originalId = 'SHA256:If4x36FUomFia/hUBG/SJxt77UtqvkWqWId+9H+XIbk='

const unasked = () => Promise.reject(new Error('asked for a passphrase'))
const answer = (text: string) => () => Promise.resolve(new Secret(text))

describe('the key store', () => {
  it("key store: writes the original client's format and file name", async (t) => {
    const store = new KeyStore(await tempFolder(t))
    const key = await generateKey(store, {name: 'laptop', passphrase: undefined, now})
    assert.equal(path.basename(key.file), `${key.keyId.replaceAll(/[:/+]/g, '_')}.json`)
    const text = await readFile(key.file, 'utf8')
    const written = JSON.parse(text) as Record<string, string>
    assert.deepEqual(Object.keys(written), ['keyId', 'name', 'publicKey', 'privateKey', 'createdAt'])
    assert.equal(text, JSON.stringify(written, undefined, 2))
    assert.equal(written['createdAt'], '2027-01-31T08:09:10Z')
    const seed = await unlock(key, unasked)
    const message = Buffer.from('a message')
    assert.ok(isSignedBy(parsePublicKey(key.publicKey) ?? Buffer.alloc(0), message, signWith(seed, message)))
  })

  it('key store: reads a key that the original client wrote', async (t) => {
    const store = await storeWith(t, {'SHA256_If4x36FUomFia_hUBG_SJxt77UtqvkWqWId_9H_XIbk=.json': original})
    const key = await store.find(originalId)
    assert.ok(key)
    assert.deepEqual([key.name, key.isEncrypted], ['laptop', false])
    assert.equal(
      Buffer.from(await unlock(key, unasked))
        .toString('hex')
        .slice(0, 8),
      '9d61b19d',
    )
  })

  it('key store: an encrypted key opens only with its passphrase', async (t) => {
    const store = new KeyStore(await tempFolder(t))
    const key = await generateKey(store, {name: 'laptop', passphrase: new Secret('caf\u00E9 au lait'), now})
    const text = await readFile(key.file, 'utf8')
    const written = JSON.parse(text) as {privateKey: string; encryptedPrivateKey: Record<string, unknown>}
    assert.deepEqual(Object.keys(written).slice(-3), ['privateKey', 'createdAt', 'encryptedPrivateKey'])
    assert.equal(written.privateKey, '')
    const {kdf, cipher, N, r, p} = written.encryptedPrivateKey
    assert.deepEqual([kdf, N, r, p, cipher], ['scrypt', 2 ** 17, 8, 1, 'aes-256-gcm'])
    const seed = await unlock(key, answer('cafe\u0301 au lait'))
    assert.ok(!text.includes(Buffer.from(seed).toString('base64')))
    await assert.rejects(unlock(key, answer('cafe au lait')), (error) => hasCode(error, 'KEY_PASSPHRASE_WRONG'))
    const second = (_: unknown, wrong: number) =>
      Promise.resolve(new Secret(wrong === 0 ? 'cafe au lait' : 'caf\u00E9 au lait'))
    assert.deepEqual(await unlock(key, second), seed)
  })

  it('key store: refuses a key file whose scrypt parameters need too much memory', async (t) => {
    const store = new KeyStore(await tempFolder(t))
    const key = await generateKey(store, {name: 'laptop', passphrase: new Secret('x'), now})
    await writeFile(key.file, (await readFile(key.file, 'utf8')).replace('131072', '1073741824'))
    await assert.rejects(unlock(key, answer('x')), (error) => hasCode(error, 'FILE_DAMAGED'))
  })

  it('key store: refuses a private key that belongs to another public key', async (t) => {
    const store = new KeyStore(await tempFolder(t))
    const one = await generateKey(store, {name: 'one', passphrase: new Secret('x'), now})
    const other = await generateKey(store, {name: 'other', passphrase: new Secret('x'), now})
    const text = await readFile(one.file, 'utf8')
    await writeFile(one.file, text.replace(one.keyId, other.keyId))
    await assert.rejects(unlock(one, answer('x')), (error) => hasCode(error, 'FILE_DAMAGED'))
    await writeFile(one.file, text.replace(one.keyId, other.keyId).replace(one.publicKey, other.publicKey))
    const [swapped] = (await store.list()).filter(({file}) => file === one.file)
    assert.ok(swapped)
    await assert.rejects(unlock(swapped, answer('x')), (error) => hasCode(error, 'FILE_DAMAGED'))
  })

  it('key store: lists the intact keys and names the damaged files without quoting them', async (t) => {
    const damaged = {
      'empty.json': '',
      'cut.json': original.slice(0, 120),
      'list.json': '[]',
      'null.json': 'null',
      'other-id.json': original.replace('If4x', 'If4y'),
      'other-half.json': original.replace('nWGx', 'nWGy'),
      'no-half.json': original.replace(/"privateKey": "[^"]*"/, '"privateKey": ""'),
      'large.json': ' '.repeat(20_000) + original,
    }
    const store = await storeWith(t, {'good.json': original, ...damaged, 'notes.txt': 'none of ours'})
    const {keys, unusable} = await store.listAll()
    assert.deepEqual(
      keys.map(({keyId}) => keyId),
      [originalId],
    )
    assert.deepEqual(
      Object.keys(damaged).filter(
        (name) => !unusable.some(({message}) => message.includes(path.join(store.path, name))),
      ),
      [],
    )
    assert.ok(unusable.every(({message}) => !message.includes('nWG') && !message.includes('11qY')))
  })

  it('key store: finds a key by its id, a prefix of it, or its name', async (t) => {
    const store = await storeWith(t, {'good.json': original})
    for (const given of [originalId, originalId.slice(0, 15), 'If4x', 'SHA256:If4x', 'laptop']) {
      assert.equal((await store.find(given))?.keyId, originalId, given)
    }
    for (const given of ['If4', 'SHA256:If4', 'SHA256:', '', 'lap', 'if4x', '../laptop']) {
      assert.equal(await store.find(given), undefined, given)
    }
  })

  it('key store: an ambiguous name lists all candidates', async (t) => {
    const store = new KeyStore(await tempFolder(t))
    const keys = await Promise.all([1, 2].map(() => generateKey(store, {name: 'laptop', passphrase: undefined, now})))
    await assert.rejects(store.find('laptop'), (error) => {
      assert.ok(hasCode(error, 'KEY_AMBIGUOUS'))
      return keys.every(({keyId}) => error.message.includes(keyId))
    })
  })

  it('key store: a missing directory is empty', async (t) => {
    assert.deepEqual(await new KeyStore(await tempFolder(t)).listAll(), {keys: [], unusable: []})
  })

  it('key store: makes the directory private and removes partial files', async (t) => {
    const store = await storeWith(t, {'SHA256_x.json.tmp': original})
    await chmod(store.path, 0o755)
    const key = await generateKey(store, {name: 'laptop', passphrase: undefined, now})
    assert.equal((await stat(store.path)).mode & 0o777, 0o700)
    assert.equal((await stat(key.file)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(store.path), [path.basename(key.file)])
  })

  it('key store: new files are private from the start, whatever the umask', async (t) => {
    const home = await tempFolder(t)
    const modes = await openedModes(home)
    assert.ok(modes.length > 0)
    assert.deepEqual(new Set(modes), new Set(['0600']))
    assert.equal((await stat(path.join(home, '.apkg', 'keys'))).mode & 0o777, 0o700)
  })
})

async function storeWith(t: TestContext, files: Record<string, string>): Promise<KeyStore> {
  const store = new KeyStore(await tempFolder(t))
  await mkdir(store.path, {recursive: true})
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(store.path, name), text)
  return store
}

/** Generates a key in a process with umask 0. Returns the mode of each file of the key directory right after it is opened. */
async function openedModes(home: string): Promise<string[]> {
  const script = `
    import fs from 'node:fs/promises'
    import {syncBuiltinESMExports} from 'node:module'
    process.umask(0)
    const open = fs.open
    fs.open = async (file, ...rest) => {
      const handle = await open(file, ...rest)
      if (String(file).includes('/keys/') && rest[0] === 'wx') {
        console.log('0' + ((await handle.stat()).mode & 0o777).toString(8))
      }
      return handle
    }
    syncBuiltinESMExports()
    const {KeyStore} = await import('./dist/account/keys/key-store.js')
    const {generateKey} = await import('./dist/account/keys/generate-key.js')
    await generateKey(new KeyStore(${JSON.stringify(home)}), {name: 'laptop', passphrase: undefined, now: new Date(0)})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {cwd: repository})
  let text = ''
  child.stderr.on('data', (chunk) => (text += String(chunk)))
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.equal(code, 0, text)
  return text.trim().split('\n')
}
