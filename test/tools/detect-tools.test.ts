import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {truncateSync} from 'node:fs'
import {symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine} from '../support/machine.js'
import {makeTree} from '../support/make-tree.js'

const manifest = {'apkg.json': '{"name":"@me/app","version":"1.0.0","type":"project"}'}
const settings = '.vscode/settings.json'

async function detectedIn(t: TestContext, cwd: string): Promise<string[]> {
  const {stdout, stderr, exitCode} = await (await Machine.start(t)).apkg(['setup', '--json'], {cwd, timeout: 30_000})
  assert.equal(exitCode, 0, stderr)
  return JSON.parse(stdout).tools
}

describe('detecting tools', () => {
  it('detect tools: a setting of VS Code shows GitHub Copilot', async (t) => {
    const cwd = await makeTree(t, {...manifest, [settings]: '{"github.copilot.enable": true}'})
    assert.deepEqual(await detectedIn(t, cwd), ['copilot'])
  })

  const obstacles: Record<string, (file: string, elsewhere: string) => unknown> = {
    'a pipe': (file) => execFileSync('mkfifo', [file]),
    'a link to a pipe': (file, elsewhere) => {
      execFileSync('mkfifo', [elsewhere])
      return symlink(elsewhere, file)
    },
    'a link to a device': (file) => symlink('/dev/zero', file),
    'a directory': (file) => execFileSync('mkdir', [file]),
    'a file of a terabyte': (file) => {
      execFileSync('touch', [file])
      truncateSync(file, 2 ** 40)
    },
  }
  for (const [what, obstruct] of Object.entries(obstacles)) {
    it(`detect tools: ${what} in place of the settings of VS Code detects nothing, and setup ends`, async (t) => {
      const cwd = await makeTree(t, {...manifest, '.vscode/': ''})
      await obstruct(path.join(cwd, settings), path.join(await makeTree(t, {}), 'pipe'))
      const {stdout, stderr, exitCode} = await (
        await Machine.start(t)
      ).apkg(['setup', '--json'], {cwd, timeout: 30_000})
      assert.equal(exitCode, 0, stderr)
      assert.doesNotMatch(stdout, /copilot/)
    })
  }
})
