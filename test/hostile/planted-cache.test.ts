import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdir, readdir, rm, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {startPlainRegistry} from '../support/plain-registry.js'

const name = '@ada/tool'

/** What someone who can write to a cache could put there: reading it never ends, or uses all memory. */
const plants: [what: string, plant: (file: string) => Promise<void>][] = [
  ['a pipe', async (file) => void execFileSync('mkfifo', [file])],
  ['a link to a device without an end', (file) => symlink('/dev/zero', file)],
]

/** Milliseconds. */
const timeout = 60_000

describe('a cache that others can write to', () => {
  for (const [what, plant] of plants) {
    it(`install, cache list, cache verify: ${what} instead of each cached file delays nothing`, async (t) => {
      const {machine, env, install} = await start(t)
      assert.equal((await install('first')).exitCode, 0)
      const cache = path.join(machine.home, '.apkg/cache')
      const files = (await readdir(cache, {recursive: true, withFileTypes: true})).filter((each) => each.isFile())
      assert.ok(files.length >= 3, 'a tarball, a packument, the label of their registry')
      for (const {parentPath, name: file} of files) {
        await rm(path.join(parentPath, file))
        await plant(path.join(parentPath, file))
      }
      const listed = await machine.apkg(['cache', 'list'], {env, timeout})
      assert.equal(listed.exitCode, 0, listed.stderr)
      const again = await install('second')
      assert.equal(again.exitCode, 0, again.stderr)
      assert.ok((await stat(path.join(machine.home, 'second/apkg_packages/@ada/tool/apkg.json'))).isFile())
      const verified = await machine.apkg(['cache', 'verify'], {env, timeout})
      assert.equal(verified.exitCode, 0, verified.stderr)
    })

    it(`setup: ${what} instead of the settings of an editor delays nothing`, async (t) => {
      const {machine, env, install} = await start(t)
      assert.equal((await install('first')).exitCode, 0)
      await mkdir(path.join(machine.home, 'first/.vscode'))
      await plant(path.join(machine.home, 'first/.vscode/settings.json'))
      const {exitCode, stderr} = await machine.apkg(['setup'], {cwd: path.join(machine.home, 'first'), env, timeout})
      assert.equal(exitCode, 0, stderr)
    })
  }
})

async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name, files: {'README.md': 'a tool\n'}})
  const machine = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url}
  const install = async (project: string) => {
    const cwd = path.join(machine.home, project)
    await mkdir(cwd)
    const manifest = {name: '@ada/project', version: '1.0.0', type: 'project', dependencies: {[name]: '^1.0.0'}}
    await writeFile(path.join(cwd, 'apkg.json'), JSON.stringify(manifest))
    return machine.apkg(['install'], {cwd, env, timeout})
  }
  return {machine, env, install}
}
