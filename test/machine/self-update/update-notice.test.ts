import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises'
import type {ServerResponse} from 'node:http'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {Machine} from '../../support/machine.js'
import {startNpmRegistry} from '../../support/npm-registry.js'

const day = 86_400_000
const newer = '{"latest":"99.0.0"}'
const notice = /\nUpdate available: \d+\.\d+\.\d+ → 99\.0\.0\nRun `\S.*` to update\.\n$/
const command = ['config', 'list']

describe('the update notice', () => {
  it('update notice: is shown once a day, after a background check has found a release', async (t) => {
    const {machine, npm, onTerminal, known} = await world(t)
    assert.doesNotMatch(await onTerminal(), notice)
    const found = await until(known, ({latest}) => latest === '99.0.0')
    assert.ok(Date.now() - found.askedAt < 60_000)
    assert.match(await onTerminal(), notice)
    assert.doesNotMatch(await onTerminal(), notice)
    const {shownAt} = await known()
    await remember(machine, {...(await known()), shownAt: shownAt - day})
    assert.match(await onTerminal(), notice)
    assert.equal(npm.requests.length, 1)
    assert.equal((await stat(path.join(machine.home, '.apkg/cache/release.json'))).mode & 0o777, 0o600)
  })

  it('update notice: the background check sends no credential and inherits no secrets', async (t) => {
    let answer = () => undefined as unknown
    const {npm, machine, onTerminal, known} = await world(t, (response) => {
      answer = () => response.end(newer)
    })
    await onTerminal({APKG_TOKEN: 'a-very-secret-token', APKG_KEY_PASSPHRASE: 'open-sesame', OTHER: 'kept'})
    await until(
      async () => npm.requests,
      ({length}) => length === 1,
    )
    const children = await processesOf(machine)
    assert.equal(children.length, 1)
    assert.match(children[0] ?? '', /check-update/)
    assert.match(children[0] ?? '', /OTHER=kept/)
    assert.doesNotMatch(children[0] ?? '', /secret|sesame/)
    assert.equal(npm.requests[0]?.authorization, undefined)
    answer()
    await until(known, ({latest}) => latest === '99.0.0')
  })

  it('update notice: never delays a command, and checks once a day even without an answer', async (t) => {
    const waiting: (() => void)[] = []
    const {npm, onTerminal} = await world(t, (response) => waiting.push(() => response.end('{}')))
    await onTerminal()
    await until(
      () => npm.requests,
      ({length}) => length > 0,
    )
    assert.doesNotMatch(await onTerminal(), notice)
    await sleep(500)
    assert.deepEqual([npm.requests.length, waiting.length], [1, 1])
    for (const answer of waiting) answer()
  })

  it('update notice: is not shown off a terminal, in CI, with --json, offline or if turned off', async (t) => {
    const {machine, npm, onTerminal, env} = await world(t)
    const now = Date.now()
    await remember(machine, {latest: '99.0.0', askedAt: now - 2 * day, shownAt: 0})
    const before = await readFile(path.join(machine.home, '.apkg/cache/release.json'), 'utf8')
    assert.doesNotMatch((await machine.apkg(command, {env})).stderr, notice)
    for (const off of [{CI: 'true'}, {BUILD_NUMBER: '7'}, {APKG_OFFLINE: '1'}, {APKG_NO_UPDATE_NOTIFIER: '1'}]) {
      assert.doesNotMatch(await onTerminal(off), notice, JSON.stringify(off))
    }
    assert.doesNotMatch(await onTerminal({}, [...command, '--json']), notice)
    assert.doesNotMatch(await onTerminal({}, ['complete', '--', 'tok']), notice)
    assert.equal(await readFile(path.join(machine.home, '.apkg/cache/release.json'), 'utf8'), before)
    assert.deepEqual(npm.requests, [])
    assert.match(await onTerminal(), notice)
  })

  it('update notice: is not shown for the current version, and never fails a command', async (t) => {
    const {machine, onTerminal} = await world(t, (response) => response.writeHead(404).end())
    for (const content of ['{"latest":"0.0.1"}', '{"latest":"\\u001b[31m9"}', 'damaged', '[]', 'null']) {
      await remember(machine, content)
      assert.doesNotMatch(await onTerminal(), /Update available/, content)
    }
    assert.doesNotMatch(await onTerminal({APKG_CACHE_DIR: '/proc/apkg'}), /Update available|Error/)
    assert.doesNotMatch(await onTerminal({APKG_CACHE_DIR: 'relative'}), /Update available|Error/)
  })
})

async function world(
  t: TestContext,
  answer: (response: ServerResponse) => unknown = (response) => response.end(newer),
) {
  const npm = await startNpmRegistry(t, (_request, response) => answer(response))
  const machine = await Machine.start(t)
  const env = {npm_config_registry: npm.url, APKG_NO_UPDATE_NOTIFIER: ''}
  const onTerminal = async (more: NodeJS.ProcessEnv = {}, args = command) => {
    const terminal = machine.terminal(args, {...env, ...more})
    assert.equal(await terminal.ended, 0, terminal.text)
    return terminal.text
  }
  const known = async () => JSON.parse(await readFile(path.join(machine.home, '.apkg/cache/release.json'), 'utf8'))
  return {npm, machine, env, onTerminal, known}
}

async function remember(machine: Machine, content: object | string): Promise<void> {
  const folder = path.join(machine.home, '.apkg/cache')
  await mkdir(folder, {recursive: true})
  await writeFile(path.join(folder, 'release.json'), typeof content === 'string' ? content : JSON.stringify(content))
}

async function until<Value>(read: () => Value | Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`it did not come to that: ${JSON.stringify(value)}`)
    await sleep(50)
  }
}

/** Command line and environment of the processes that run with a machine's home directory, from /proc. */
async function processesOf({home}: Machine): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(
    ids.map(async (id) => {
      const read = (file: string) => readFile(`/proc/${id}/${file}`, 'latin1').catch(() => '')
      return `${await read('cmdline')}\n${await read('environ')}`.replaceAll('\0', ' ')
    }),
  )
  return texts.filter((text) => text.includes(`HOME=${home} `))
}
