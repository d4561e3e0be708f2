import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {Machine, outcomeOf} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

/** The command lines in a section of a page. */
async function linesOf(page: string, title: string): Promise<string[]> {
  const text = await readFile(inRepository('docs', page), 'utf8')
  const [, section = ''] = new RegExp(`^### ${title}\n([^]*?)(?=^##)`, 'm').exec(text) ?? []
  return [...section.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line)
}

/** A registry, its operator, ada and bob, who are admins of acme, and the CI of acme. */
async function world(t: TestContext) {
  const registry = await startRegistry(t)
  const members = {[await registry.addUser('ada')]: 'admin', [await registry.addUser('bob')]: 'admin'} as const
  await registry.addOrganization('acme', members)
  const env = {APKG_REGISTRY: registry.url}
  const [ada, bob, operator, ci] = await Promise.all([1, 2, 3, 4].map(() => Machine.start(t)))
  assert.ok(ada && bob && operator && ci)
  for (const [name, machine] of Object.entries({ada, bob})) {
    const login = await machine.apkg(['login', '--username', name, '--password-stdin'], {env, input: password})
    assert.equal(login.exitCode, 0, login.stderr)
  }
  const secrets = path.join(ci.home, 'secrets')
  await mkdir(secrets)
  // Stores the secret where the CI job finds it.
  await writeFile(path.join(secrets, 'gh'), `#!/bin/sh\ncat > "${secrets}/$3"\n`)
  await chmod(path.join(secrets, 'gh'), 0o755)
  const {PATH} = ada.environment()
  const run = (machine: Machine, line: string) => machine.shell(line, {env: {...env, PATH: `${secrets}:${PATH ?? ''}`}})
  // The release under test doesn't have the registry plugin.
  const operate = (line: string) => {
    const args = [...line.split(' ').slice(1), '--data', registry.folder]
    const options = {env: operator.environment(), cwd: operator.home}
    return outcomeOf(spawn(process.execPath, [inRepository('bin/dev.js'), ...args], options))
  }
  const publish = async (version: string) => {
    const cwd = path.join(ci.home, 'checkout')
    await mkdir(cwd, {recursive: true})
    const manifest = {name: '@acme/tool', version, type: 'skill', license: 'MIT', visibility: 'public'}
    const files = {'apkg.json': JSON.stringify(manifest), 'SKILL.md': '# A tool\n', 'README.md': '# Tool\n'}
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text)
    const token = await readFile(path.join(secrets, 'APKG_TOKEN'), 'utf8')
    return ci.apkg(['publish'], {env: {...env, APKG_TOKEN: token.trim()}, cwd})
  }
  return {registry, ada, bob, run, operate, publish}
}

describe('docs/ci.md: a token that outlives its creator', () => {
  it('docs/ci.md: a token of an organization is suspended when its creator leaves, and publishes again once another admin resumes it', async (t) => {
    const {ada, bob, run, operate, publish} = await world(t)
    const [create = '', list = '', rotate = '', resume = ''] = await linesOf(
      'ci.md',
      'A token that outlives its creator',
    )
    const [leave = '', keep = ''] = await linesOf('registry/users-and-packages.md', 'When an admin leaves')

    const created = await run(ada, create)
    assert.equal(created.exitCode, 0, created.stderr)
    assert.match(created.stderr, /\n {2}owner {5}acme \(created by ada\)\n/)
    const first = await publish('1.0.0')
    assert.equal(first.exitCode, 0, first.stderr)

    const left = await operate(leave)
    assert.equal(left.exitCode, 0, left.stderr)
    assert.match(left.stderr, /^ada is no longer a member of acme\nSuspended token ci \(\w+\) of acme\n/)
    const refused = await publish('1.1.0')
    assert.equal(refused.exitCode, 4, refused.stderr)
    assert.equal((await run(ada, resume)).exitCode, 3, 'ada is no longer an admin')

    assert.match((await run(bob, list)).stdout, /^ci\t.*\tsuspended\t-\t-\tacme\tada\t-\n$/)
    const resumed = await run(bob, resume)
    assert.equal(resumed.exitCode, 0, resumed.stderr)
    const second = await publish('1.1.0')
    assert.equal(second.exitCode, 0, second.stderr)
    const rotated = await run(bob, rotate)
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    assert.equal((await publish('1.2.0')).exitCode, 0)

    const removed = await operate(`${keep} --yes`)
    assert.equal(removed.exitCode, 0, removed.stderr)
    assert.match(removed.stderr, /\nKept token ci \(\w+\) of acme\n$/)
    const third = await publish('1.3.0')
    assert.equal(third.exitCode, 0, third.stderr)
    assert.match((await run(bob, list)).stdout, /^ci\t.*\tactive\t-\t-\tacme\tada\t-\n$/)
  })

  it('docs/ci.md: with --keep-org, the CI of an organization never notices that the creator of its token was disabled', async (t) => {
    const {ada, run, operate, publish} = await world(t)
    const [create = ''] = await linesOf('ci.md', 'A token that outlives its creator')
    assert.equal((await run(ada, create)).exitCode, 0)
    assert.equal((await publish('1.0.0')).exitCode, 0)
    assert.equal((await operate('apkg registry user disable ada --keep-org')).exitCode, 0)
    assert.equal((await run(ada, 'apkg whoami')).exitCode, 4)
    assert.equal((await publish('1.1.0')).exitCode, 0)
  })
})
