import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {writeFile} from 'node:fs/promises'
import path from 'node:path'

import {shellBlocks} from '../support/ci-page.js'
import {Machine} from '../support/machine.js'
import {publishPackage} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'

/** The command lines in the section of docs/ci.md, with the address of this registry. */
function linesFor(registry: string): string[] {
  return shellBlocks('Stop a leak', 'console')
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2).replaceAll('https://registry.example.com', registry))
}

describe('stopping a leak', () => {
  it('docs/ci.md: someone without an account stops a token from a build log, and the log is enough', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const env = {APKG_REGISTRY: registry.url}
    const laptop = await Machine.start(t)
    const login = ['login', '--username', 'ada', '--password-stdin']
    assert.equal((await laptop.apkg(login, {env, input: password})).exitCode, 0)
    const value = async (label: string) =>
      (await laptop.apkg(['token', 'create', '--label', label], {env})).stdout.trim()
    const [leaked, kept] = [await value('other'), await value('ci')]
    const [byValue = '', byLabel = ''] = linesFor(registry.url)
    const who = async (token: string) => (await laptop.apkg(['whoami'], {env: {...env, APKG_TOKEN: token}})).exitCode
    assert.deepEqual([await who(leaked), await who(kept)], [0, 0])

    const stranger = await Machine.start(t)
    const log = `Run publish\n::debug:: APKG_TOKEN=${leaked}\nDone\n`
    const started = Date.now()
    await writeFile(path.join(stranger.home, 'found.txt'), log)
    const {exitCode, stdout, stderr} = await stranger.shell(byValue)
    assert.deepEqual(
      {exitCode, stdout, stderr},
      {
        exitCode: 0,
        stdout: '',
        stderr:
          'Submitted 1 value for revocation. If it was valid, it no longer works.\nWarning: Lines 1, 3 of standard input: no complete value of a token or session found. Nothing from them was sent.\n',
      },
    )
    assert.deepEqual([await who(leaked), await who(kept)], [4, 0])
    assert.ok(Date.now() - started < 60_000)
    await assert.rejects(stranger.file('credentials.json'), /ENOENT/)

    const rows = JSON.parse((await laptop.apkg(['token', 'log', '--json'], {env})).stdout) as {entries: object[]}
    assert.ok(JSON.stringify(rows.entries).includes('build log'), 'the note is in the log')
    const again = await laptop.shell(byLabel, {env})
    assert.equal(again.exitCode, 0, again.stderr)
    assert.equal(await who(kept), 4)
  })

  it('docs/ci.md: the log of a leaked token lists what it published, and where it is still tried', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const env = {APKG_REGISTRY: registry.url}
    const [laptop, thief] = [await Machine.start(t), await Machine.start(t)]
    const login = ['login', '--username', 'ada', '--password-stdin']
    assert.equal((await laptop.apkg(login, {env, input: password})).exitCode, 0)
    const value = (await laptop.apkg(['token', 'create', '--label', 'ci'], {env})).stdout.trim()
    await publishPackage(registry.url, value, {name: '@ada/tool'})
    assert.equal((await laptop.apkg(['token', 'revoke', 'ci'], {env})).exitCode, 0)
    const stolen = {env: {...env, APKG_TOKEN: value}}
    for (let tries = 0; tries < 2; tries++) assert.equal((await thief.apkg(['whoami'], stolen)).exitCode, 4)
    registry.clock.advance(61_000)
    // The minute is over: the next use writes the count of the last one.
    await thief.apkg(['whoami'], stolen)

    const [command = ''] = linesFor(registry.url).filter((line) => line.includes('token log'))
    const {stdout, exitCode} = await laptop.shell(command, {env})
    assert.equal(exitCode, 0)
    const rows = stdout.trimEnd().split('\n')
    const shown = rows.map((row) => row.split('\t')).map(([, action, , , , , target]) => `${action} ${target}`)
    assert.deepEqual(shown.map((each) => each.split(' ')[0]).toReversed(), [
      'token.create',
      'package.publish',
      'token.revoke',
      'token.dead-use',
    ])
    assert.ok(shown.includes('package.publish @ada/tool@1.0.0'), stdout)
    assert.match(stdout, /\ttoken\.dead-use\t.*"count":2/)
  })
})
