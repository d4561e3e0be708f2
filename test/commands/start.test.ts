import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'

const next = (text: string) => [...text.matchAll(/^ {2}apkg (.+?) {2,}/gm)].map(([, command]) => command)

describe('start', () => {
  it('start: shows the three most useful next steps', async (t) => {
    const machine = await Machine.start(t)
    const shown = async (cwd: string, env: NodeJS.ProcessEnv = {}) => {
      const {stdout, stderr, exitCode} = await machine.apkg([], {cwd, env})
      assert.deepEqual([stderr, exitCode], ['', 0])
      return next(stdout)
    }
    assert.deepEqual(await shown(machine.home), ['login', 'init', 'search <words>'])
    const APKG_TOKEN = 'any'
    assert.deepEqual(await shown(machine.home, {APKG_TOKEN}), ['init', 'search <words>', 'token create'])
    const noLogin = ['init', 'search <words>', 'token create']
    assert.deepEqual(await shown(machine.home, {APKG_TOKEN_FILE: '/run/secrets/apkg'}), noLogin)
    assert.deepEqual(await shown(machine.home, {APKG_TOKEN__R_EXAMPLE: 'any'}), noLogin)
    const project = path.join(machine.home, 'project')
    await mkdir(project)
    await writeFile(path.join(project, 'apkg.json'), 'not even JSON')
    assert.deepEqual(await shown(project), ['install', 'login', 'search <words>'])
    await mkdir(path.join(project, 'apkg_packages'))
    assert.deepEqual(await shown(project, {APKG_TOKEN}), ['search <words>', 'add <package>', 'token create'])
    await mkdir(path.join(machine.home, '.apkg'))
    await writeFile(path.join(machine.home, '.apkg', 'credentials.json'), 'damaged')
    assert.deepEqual(await shown(machine.home), ['init', 'search <words>', 'token create'])
  })

  it('start: fits on a small terminal, and lists every group', async (t) => {
    const machine = await Machine.start(t)
    const {stdout} = await machine.apkg([])
    const lines = stdout.split('\n')
    assert.ok(lines.length <= 24, `${lines.length} lines`)
    assert.ok(lines.every((line) => line.length <= 80))
    for (const title of [
      'Use packages',
      'Publish packages',
      'Accounts and tokens',
      'Verify packages',
      'This machine',
    ]) {
      assert.ok(lines.some((line) => line.startsWith(`  ${title} `)))
    }
  })

  it('start: --json prints the same', async (t) => {
    const machine = await Machine.start(t)
    const {stdout, stderr, exitCode} = await machine.apkg(['--json'])
    assert.deepEqual([stderr, exitCode], ['', 0])
    const page = JSON.parse(stdout)
    assert.deepEqual(page.next[0], {command: 'login', purpose: 'Log in to the registry.'})
    assert.deepEqual(page.groups[2], {
      title: 'Accounts and tokens',
      commands: ['login', 'logout', 'whoami', 'session', 'token', 'org'],
    })
    assert.match(page.version, /^\d+\.\d+\.\d+/)
  })
})
