import assert from 'node:assert/strict'
import {readdir, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {RegistryClient, type Transport, type WireResponse} from '@apkg/command-kit'

import {PackumentCache} from '../../../src/catalog/cache/packument-cache.js'
import {tempFolder} from '../../support/temp-folder.js'

const packument = (description: string) => ({name: '@acme/tool', description})

/** A registry with one package, which answers 304 to who has it; and clients of it. */
async function startWorld(t: TestContext) {
  const folder = path.join(await tempFolder(t), 'cache')
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
      shadowed: () => Promise.resolve([]),
      whileWaiting: (_, answer) => answer,
    })
  const load = (registry?: string, offline?: boolean) =>
    new PackumentCache(folder).load(clientOf(registry, offline), '@acme/tool')
  return {folder, state, load}
}

async function onlyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name))
  assert.equal(files.length, 1)
  return files[0]!
}

describe('the packument cache', () => {
  it('asks every time whether something has changed, and fetches only what has', async (t) => {
    const {state, load} = await startWorld(t)
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(await load(), packument('first'))
    Object.assign(state, {description: 'second', etag: '"2"'})
    assert.deepEqual(await load(), packument('second'))
    assert.deepEqual(await load(), packument('second'))
    assert.deepEqual(state.asked, [undefined, '"1"', '"1"', '"2"'])
  })

  it('asks for all of it where the registry tags nothing', async (t) => {
    const {state, load} = await startWorld(t)
    state.etag = undefined
    await load()
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(state.asked, [undefined, undefined])
  })

  it('gives offline what it was told the last time, and asks nobody', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    assert.deepEqual(await load(undefined, true), packument('first'))
    assert.equal(state.asked.length, 1)
  })

  it('has offline nothing that another registry told', async (t) => {
    const {load} = await startWorld(t)
    await load()
    await assert.rejects(load('https://other.example', true), {code: 'OFFLINE', exitCode: 5})
  })

  it('does not send one registry the tag of another', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    await load('https://r.example/mirror')
    assert.deepEqual(state.asked, [undefined, undefined])
  })

  it('says in the registry’s words that there is no package, and forgets what it was told of it', async (t) => {
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

  it('does not hide another failure of the registry behind what it holds', async (t) => {
    const {state, load} = await startWorld(t)
    await load()
    state.status = 403
    await assert.rejects(load(), {code: 'REFUSED'})
  })

  for (const [what, content] of [
    ['is empty', ''],
    ['is cut off', '{"registry":"https://r.example","packument":{"na'],
    ['is null', 'null'],
    [
      'is about another package',
      '{"registry":"https://r.example","etag":"\\"1\\"","packument":{"name":"@acme/other"}}',
    ],
    ['is from another registry', '{"registry":"https://x.example","etag":"\\"1\\"","packument":{"name":"@acme/tool"}}'],
  ] as const) {
    it(`asks anew where a file ${what}`, async (t) => {
      const {folder, state, load} = await startWorld(t)
      await load()
      await writeFile(await onlyFile(folder), content)
      assert.deepEqual(await load(), packument('first'))
      assert.deepEqual(state.asked, [undefined, undefined])
    })
  }

  it('works where nothing can be kept', async (t) => {
    const {folder, load} = await startWorld(t)
    await writeFile(folder, 'in the way')
    assert.deepEqual(await load(), packument('first'))
    assert.deepEqual(await load(), packument('first'))
  })

  it('keeps its files to their owner', async (t) => {
    const {folder, load} = await startWorld(t)
    await load()
    assert.equal((await stat(await onlyFile(folder))).mode & 0o777, 0o600)
  })
})
