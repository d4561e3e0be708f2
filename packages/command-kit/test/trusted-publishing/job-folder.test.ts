import assert from 'node:assert/strict'
import {chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {jobFolder} from '../../src/trusted-publishing/job-folder.js'

const user = process.geteuid?.() ?? 0

async function folders(t: TestContext) {
  const root = await mkdtemp(path.join(os.tmpdir(), 'apkg-job-'))
  t.after(() => rm(root, {recursive: true, force: true}))
  const [runner, runtime] = [path.join(root, 'runner'), path.join(root, 'runtime')]
  await mkdir(runner)
  await mkdir(runtime)
  return {runner, runtime, env: {RUNNER_TEMP: runner, XDG_RUNTIME_DIR: runtime}}
}

describe('jobFolder', () => {
  it("jobFolder: is a private directory in the runner's temporary directory", async (t) => {
    const {runner, env} = await folders(t)
    const folder = path.join(runner, `apkg-${user}`)
    assert.equal(jobFolder(env), folder)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal(jobFolder(env), folder)
  })

  const planted: Record<string, (folder: string, root: string) => Promise<unknown>> = {
    'a symbolic link': async (folder, root) => {
      await mkdir(path.join(root, 'elsewhere'), {mode: 0o700})
      await symlink(path.join(root, 'elsewhere'), folder)
    },
    'a file': (folder) => writeFile(folder, ''),
    'accessible to others': async (folder) => {
      await mkdir(folder)
      await chmod(folder, 0o755)
    },
  }
  for (const [what, plant] of Object.entries(planted)) {
    it(`jobFolder: a directory that is ${what} is not used`, async (t) => {
      const {runner, runtime, env} = await folders(t)
      await plant(path.join(runner, `apkg-${user}`), runner)
      assert.equal(jobFolder(env), path.join(runtime, `apkg-${user}`))
    })
  }

  it("jobFolder: another user's directory is not used", async (t) => {
    const {runner, runtime, env} = await folders(t)
    const stranger = user + 1
    for (const parent of [runner, runtime]) await mkdir(path.join(parent, `apkg-${stranger}`), {mode: 0o700})
    const found = jobFolder({...env, RUNNER_TEMP: runner}, stranger)
    assert.notEqual(found, path.join(runner, `apkg-${stranger}`))
    assert.notEqual(found, path.join(runtime, `apkg-${stranger}`))
  })

  it('jobFolder: relative and missing directories are skipped', async (t) => {
    const {runtime} = await folders(t)
    const env = {RUNNER_TEMP: 'relative', XDG_RUNTIME_DIR: path.join(runtime, 'missing')}
    assert.equal(jobFolder(env), path.join(os.tmpdir(), `apkg-${user}`))
  })
})
