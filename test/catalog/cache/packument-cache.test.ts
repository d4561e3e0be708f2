import assert from 'node:assert/strict'
import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {RegistryClient, type Transport, type WireResponse} from '@apkg/command-kit'

import {PackumentCache} from '../../../src/catalog/cache/packument-cache.js'
import {tempFolder} from '../../support/temp-folder.js'

const packument = (description: string) => ({name: '@acme/tool', description})

/** A registry with one package that answers 304 to a matching ETag, and its clients. */
async function startWorld(t: TestContext) {
  const [home, folder] = [await tempFolder(t), path.join(await tempFolder(t), 'cache')]
  const state: {description: string; etag: string | undefined; status: number; asked: (string | undefined)[]} = {
    description: 'first',
    etag: '"1"',
    status: 200,
    asked: [],
  }
  const transport: Transport = async ({headers}): Promise<WireResponse> => {
    const known = headers['if-none-match']
    state.asked.push(known)
    if (state.status !== 200) {
      const error = {code: 'NOT_FOUND', message: 'There is no such package, or you may not see it'}
      return {status: state.status, headers: {}, body: JSON.stringify({error})}
    }
    if (known !== undefined && known === state.etag) return {status: 304, headers: {}, body: ''}
    return {status: 200, headers: {etag: state.etag}, body: JSON.stringify(packument(state.description))}
  }
  const clientOf = (registry = 'https://r.example', offline = false) =>
    new RegistryClient({
      target: {registry, services: {}},
      credential: undefined,
      transport,
      interrupted: new AbortController().signal,
      userAgent: 'test',
      offline,
      hintsFor: () => Promise.resolve(undefined),
      whileWaiting: (_, answer) => answer,
    })
  const load = (registry?: string, offline?: boolean, as = home) =>
    new PackumentCache(folder, as).load(clientOf(registry, offline), '@acme/tool')
  return {home, folder, state, load}
}

async function onlyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
  assert.equal(files.length, 1)
  return files[0]!
}

describe('packument cache', () => {
  it('packument cache: revalidates on every load, and downloads only changes', async (t) => {
    const {state, load} = await startWorld(t)
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(await load(), packument('first'))
    Object.assign(state, {description: 'second', etag: '"2"'})
    assert.deepEqual(await load(), packument('second'))
    assert.deepEqual(await load(), packument('second'))
    assert.deepEqual(state.asked, [undefined, '"1"', '"1"', '"2"'])
  })

  it('packument cache: downloads everything from a registry without ETags', async (t) => {
    const {state, load} = await startWorld(t)
    state.etag = undefined
    await load()
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(state.asked, [undefined, undefined])
  })

  it('packument cache: offline, returns the cached packument without a request', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    assert.deepEqual(await load(undefined, true), packument('first'))
    assert.equal(state.asked.length, 1)
  })

  it('packument cache: offline, returns nothing that is cached for another registry', async (t) => {
    const {load} = await startWorld(t)
    await load()
    await assert.rejects(load('https://other.example', true), {code: 'OFFLINE', exitCode: 5})
  })

  it('packument cache: never sends the ETag of one registry to another', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    await load('https://r.example/mirror')
    assert.deepEqual(state.asked, [undefined, undefined])
  })

  it('packument cache: a 404 reports the reason of the registry and removes the cached packument', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    state.status = 404
    await assert.rejects(load(), (error: Error & {code: string}) => {
      assert.equal(error.code, 'PACKAGE_NOT_FOUND')
      assert.match(error.message, /There is no such package, or you may not see it/)
      return true
    })
    await assert.rejects(load(undefined, true), {code: 'OFFLINE'})
  })

  it('packument cache: a failing registry is an error, even if the package is cached', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    state.status = 403
    await assert.rejects(load(), {code: 'REFUSED'})
  })

  for (const [state, content] of [
    ['is empty', ''],
    ['is cut off', '{"registry":"https://r.example","packument":{"na'],
    ['is null', 'null'],
    [
      'is about another package',
      '{"registry":"https://r.example","etag":"\\"1\\"","packument":{"name":"@acme/other"}}',
    ],
    ['is from another registry', '{"registry":"https://x.example","etag":"\\"1\\"","packument":{"name":"@acme/tool"}}'],
  ] as const) {
    it(`packument cache: downloads again if the file ${state}`, async (t) => {
      const {folder, state, load} = await startWorld(t)
      await load()
      await writeFile(await onlyFile(folder), content)
      assert.deepEqual(await load(), packument('first'))
      assert.deepEqual(state.asked, [undefined, undefined])
    })
  }

  const changes: [what: string, change: (text: string) => string][] = [
    ['has another packument', (text) => text.replace('first', 'other')],
    ['has another ETag', (text) => text.replace('\\"1\\"', '\\"2\\"')],
    ['is not sealed, like one of an older release', (text) => `{${text.slice(text.indexOf('"registry"'))}`],
    ['has an empty seal', (text) => text.replace(/"mac":"[^"]*"/, '"mac":""')],
    ['was sealed twice', (text) => `{"mac":"${'0'.repeat(64)}",${text.slice(1)}`],
  ]
  for (const [what, change] of changes) {
    it(`packument cache: a file that ${what} is requested again in full, and treated as missing offline`, async (t) => {
      const {folder, state, load} = await startWorld(t)
      await load()
      const file = await onlyFile(folder)
      const before = await readFile(file, 'utf8')
      const after = change(before)
      assert.notEqual(after, before)
      await writeFile(file, after)
      await assert.rejects(load(undefined, true), {code: 'OFFLINE'})
      assert.deepEqual(await load(), packument('first'))
      assert.deepEqual(await load(), packument('first'))
      assert.deepEqual(state.asked, [undefined, undefined, '"1"'])
    })
  }

  it('packument cache: metadata that another user cached is requested again in full, also without a writable home directory', async (t) => {
    const {folder, home, state, load} = await startWorld(t)
    const other = await tempFolder(t)
    await load(undefined, false, other)
    await assert.rejects(load(undefined, true), {code: 'OFFLINE'})
    await load()
    assert.deepEqual(state.asked, [undefined, undefined])
    const unwritable = path.join(await onlyFile(folder), 'home')
    await load(undefined, false, unwritable)
    await load(undefined, false, unwritable)
    // The key that could not be saved serves this process.
    assert.deepEqual(state.asked, [undefined, undefined, undefined, '"1"'])
    const content = await readFile(await onlyFile(folder), 'utf8')
    const key = await readFile(path.join(home, '.apkg/ledger.key'))
    assert.ok(!content.includes(key.toString('hex')) && !content.includes(key.toString('base64')))
  })

  it('packument cache: works without a writable cache', async (t) => {
    const {folder, load} = await startWorld(t)
    await writeFile(folder, 'in the way')
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(await load(), packument('first'))
  })

  it('packument cache: creates private files', async (t) => {
    const {folder, load} = await startWorld(t)
    await load()
    assert.equal((await stat(await onlyFile(folder))).mode & 0o777, 0o600)
  })
})
