import assert from 'node:assert/strict'
import {chmod, copyFile, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Secret} from '../../src/credentials/secret.js'
import {JobStore} from '../../src/trusted-publishing/job-store.js'

const registry = 'https://registry.example.com'
const job = new Secret('the request token of the job')
const now = new Date('2027-01-31T12:00:00Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)

async function privateFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'apkg-job-'))
  t.after(() => rm(folder, {recursive: true, force: true}))
  return folder
}

/** A store with one token, and the path of its file. */
async function kept(t: TestContext) {
  const folder = await privateFolder(t)
  const store = new JobStore(folder, registry, job)
  const token = {secret: new Secret('apkgt_value'), expiresAt: minutes(15).toISOString(), packages: ['@acme/*']}
  await store.change(now, (_, replace) => replace([token]))
  const [name = ''] = await readdir(folder)
  return {folder, store, token, file: path.join(folder, name)}
}

const values = (store: JobStore, at = now) => store.read(at).map(({secret}) => secret.expose())

describe('JobStore', () => {
  it('JobStore: keeps a token for the other commands of the job, in a private and encrypted file', async (t) => {
    const {folder, file} = await kept(t)
    const again = new JobStore(folder, registry, job)
    assert.deepEqual(values(again), ['apkgt_value'])
    assert.deepEqual(again.read(now)[0]?.packages, ['@acme/*'])
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.doesNotMatch(await readFile(file, 'latin1'), /apkgt|acme|registry/)
    assert.doesNotMatch(file, /registry\.example/)
  })

  it('JobStore: another job cannot read the tokens, even from the same file', async (t) => {
    const {folder, file} = await kept(t)
    const other = new JobStore(folder, registry, new Secret('another job'))
    assert.deepEqual(values(other), [])
    await other.change(now, (_, replace) => replace([]))
    const [name = ''] = (await readdir(folder)).filter((each) => each !== path.basename(file))
    await copyFile(file, path.join(folder, name))
    assert.deepEqual(values(other), [])
  })

  it('JobStore: a file of another registry is ignored', async (t) => {
    const {folder, file} = await kept(t)
    const other = new JobStore(folder, 'https://other.example.com', job)
    await other.change(now, (_, replace) =>
      replace([{secret: new Secret('x'), expiresAt: minutes(1).toISOString(), packages: null}]),
    )
    const [name = ''] = (await readdir(folder)).filter((each) => each !== path.basename(file))
    assert.deepEqual(values(other), ['x'])
    await copyFile(file, path.join(folder, name))
    assert.deepEqual(values(other), [])
  })

  const damage: Record<string, (file: string) => Promise<unknown>> = {
    'a symbolic link': async (file) => {
      await rename(file, `${file}.real`)
      await symlink(`${file}.real`, file)
    },
    'readable by others': (file) => chmod(file, 0o644),
    'writable by the group': (file) => chmod(file, 0o620),
    truncated: async (file) => writeFile(file, (await readFile(file)).subarray(0, 30)),
    empty: (file) => writeFile(file, ''),
    changed: async (file) => {
      const content = await readFile(file)
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1
      await writeFile(file, content)
    },
    'too large': (file) => writeFile(file, Buffer.alloc(70_000)),
  }
  for (const [what, change] of Object.entries(damage)) {
    it(`JobStore: a file that is ${what} is ignored, and replaced by a private one`, async (t) => {
      const {store, token, file} = await kept(t)
      await change(file)
      assert.deepEqual(values(store), [])
      const target = await readFile(`${file}.real`).catch(() => undefined)
      await store.change(now, (_, replace) => replace([token]))
      assert.deepEqual(values(store), ['apkgt_value'])
      assert.equal((await stat(file)).mode & 0o777, 0o600)
      if (target) assert.deepEqual(await readFile(`${file}.real`), target)
    })
  }

  it('JobStore: a file of another user is ignored', async (t) => {
    const {folder} = await kept(t)
    const stranger = (process.geteuid?.() ?? 0) + 1
    assert.deepEqual(values(new JobStore(folder, registry, job, stranger)), [])
  })

  it('JobStore: any job removes expired tokens', async (t) => {
    const {folder, store} = await kept(t)
    assert.deepEqual(values(store, minutes(15)), [])
    const other = new JobStore(folder, registry, new Secret('another job'))
    await other.change(minutes(14), () => Promise.resolve())
    assert.deepEqual(values(store, minutes(14)), ['apkgt_value'])
    await other.change(minutes(15), () => Promise.resolve())
    assert.deepEqual(await readdir(folder), [])
  })
})
