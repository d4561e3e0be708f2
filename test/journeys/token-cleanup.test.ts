import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import {Machine} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

const page = await readFile(inRepository('docs/ci.md'), 'utf8')

/** The command lines in a section of the page. */
function linesOf(title: string): string[] {
  const [, section = ''] = new RegExp(`^## ${title}\n([^]*?)(?=^## |^apkg isn't)`, 'm').exec(page) ?? []
  return [...section.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line)
}

const day = 86_400_000

describe('docs/ci.md: ending tokens', () => {
  it('docs/ci.md: cleans up unused tokens, and keeps those in use', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const env = {APKG_REGISTRY: registry.url}
    const shell = (line: string, more: NodeJS.ProcessEnv = {}) => machine.shell(line, {env: {...env, ...more}})
    const login = () => machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
    registry.clock.advance(-100 * day)
    assert.equal((await login()).exitCode, 0)
    const values: Record<string, string> = {}
    for (const label of ['forgotten', 'in-use']) {
      values[label] = (await shell(`apkg token create --label ${label}`)).stdout.trim()
    }
    registry.clock.advance(100 * day)
    assert.equal((await login()).exitCode, 0)
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: values['in-use']})).exitCode, 0)
    assert.equal((await shell('apkg token create --label new')).exitCode, 0)

    const [list = '', plan = '', revoke = ''] = linesOf('Clean up unused tokens')
    const listed = await shell(list)
    assert.deepEqual(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
      ['forgotten'],
    )
    const planned = await shell(plan)
    assert.match(planned.stderr, /^Would revoke token forgotten \(\w+\)\nDry run: nothing was changed\.\n$/)
    assert.equal(planned.exitCode, 0)
    const revoked = await shell(revoke)
    assert.match(revoked.stderr, /^Revoked token forgotten \(\w+\)\n$/)
    assert.equal(revoked.exitCode, 0)
    assert.deepEqual((await registry.liveTokens()).sort(), ['in-use', 'new'])
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: values['forgotten']})).exitCode, 4)
    assert.equal((await shell(`${list} --exit-code`)).exitCode, 0)
  })

  it('docs/ci.md: suspends and resumes a token, stops a leak by label, twice, and a new token can have the label', async (t) => {
    const registry = await startRegistry(t)
    await registry.addUser('ada')
    const machine = await Machine.start(t)
    const env = {APKG_REGISTRY: registry.url}
    const shell = (line: string, more: NodeJS.ProcessEnv = {}) => machine.shell(line, {env: {...env, ...more}})
    await machine.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
    const leaked = (await shell('apkg token create --label ci')).stdout.trim()
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: leaked})).exitCode, 0)

    const lines = linesOf('Stop a leak')
    const [suspend = ''] = lines.filter((line) => line.startsWith('apkg token suspend '))
    const [resume = ''] = lines.filter((line) => line.startsWith('apkg token resume '))
    const stop = lines.find((line) => line === 'apkg token revoke ci') ?? ''
    assert.equal((await shell(suspend)).exitCode, 0)
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: leaked})).exitCode, 4)
    assert.equal((await shell(resume)).exitCode, 0)
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: leaked})).exitCode, 0)
    assert.equal((await shell(stop)).exitCode, 0)
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: leaked})).exitCode, 4)
    const again = await shell(stop)
    assert.deepEqual([again.exitCode, /^Already revoked at \S+: ci /.test(again.stderr)], [0, true])

    const next = (await shell('apkg token create --label ci')).stdout.trim()
    assert.equal((await shell('apkg whoami', {APKG_TOKEN: next})).exitCode, 0)
    const {stdout} = await shell(`${stop} --json`)
    assert.deepEqual(
      (JSON.parse(stdout) as {tokens: {status: string}[]}).tokens.map(({status}) => status),
      ['revoked'],
    )
  })
})
