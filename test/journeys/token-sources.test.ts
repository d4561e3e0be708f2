import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {shellBlocks} from '../support/ci-page.js'
import {Machine} from '../support/machine.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password, startRegistry, type TestRegistry} from '../support/registry.js'

/** A registry where Ada has published a package that only she can read, and created a token. */
async function withToken(t: TestContext) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  await publishPackage(registry.url, session, {name: '@ada/base', files: {'text.md': 'base\n'}, visibility: 'private'})
  const created = await fetch(`${registry.url}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
    body: JSON.stringify({name: 'ci'}),
  })
  const {token} = (await created.json()) as {token: string}
  return {registry, token}
}

/** A machine with a checkout of a package that depends on `@ada/base`, locked with a token. Nothing is installed. */
async function checkedOut(t: TestContext, registry: TestRegistry, token: string) {
  const machine = await Machine.start(t)
  const project = path.join(machine.home, 'checkout')
  await mkdir(project)
  const manifest = {
    ...{name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT'},
    dependencies: {'@ada/base': '^1.0.0'},
  }
  await writeFile(path.join(project, 'apkg.json'), JSON.stringify(manifest))
  await writeFile(path.join(project, 'SKILL.md'), '# A tool\n')
  const locked = await machine.apkg(['install'], {
    cwd: project,
    env: {APKG_REGISTRY: registry.url, APKG_TOKEN: token},
  })
  assert.equal(locked.exitCode, 0, locked.stderr)
  for (const folder of [path.join(project, 'apkg_packages'), path.join(machine.home, '.apkg')]) {
    await rm(folder, {recursive: true})
  }
  return {machine, project}
}

const variableOf = ({url}: TestRegistry) => `APKG_TOKEN__127_0_0_1_${new URL(url).port}`

describe('docs/ci.md: sources of a token', () => {
  it('docs/ci.md: one job installs from a registry and publishes to another, each with its own token', async (t) => {
    const [first, second] = [await withToken(t), await withToken(t)]
    const {machine, project} = await checkedOut(t, first.registry, first.token)
    const [block = ''] = shellBlocks('Two registries in one job')
    const script = block
      .replaceAll('https://registry.example.com', first.registry.url)
      .replaceAll('https://mirror.example.com', second.registry.url)
      .replace('APKG_TOKEN__REGISTRY_EXAMPLE_COM=<token>', `${variableOf(first.registry)}=${first.token}`)
      .replace('APKG_TOKEN__MIRROR_EXAMPLE_COM=<other token>', `${variableOf(second.registry)}=${second.token}`)
    const outcome = await machine.shell(`set -e\n${script}`, {cwd: project})
    assert.equal(outcome.exitCode, 0, outcome.stderr)
    assert.match(outcome.stderr, /Installed 1 package/)
    assert.match(outcome.stderr, /Published @ada\/tool@1\.0\.0/)
    assert.ok(second.registry.requests.some((each) => each.startsWith('POST ')))
    assert.ok(!first.registry.requests.some((each) => each.includes('%40ada%2Ftool')))
  })

  it('docs/ci.md: a job without the variable of a registry fails there, and the error names it', async (t) => {
    const {registry, token} = await withToken(t)
    const other = await startRegistry(t)
    const machine = await Machine.start(t)
    const env = {[variableOf(registry)]: token, APKG_REGISTRY: other.url}
    const {stderr, exitCode} = await machine.apkg(['whoami'], {env})
    assert.equal(exitCode, 4)
    assert.match(stderr, new RegExp(`hint: set APKG_TOKEN to an API token, or ${variableOf(other)} for this registry`))
    assert.deepEqual(other.requests, [])
  })

  it('docs/ci.md: a script on a server rotates the token in its file before each use', async (t) => {
    const {registry, token} = await withToken(t)
    const {machine, project} = await checkedOut(t, registry, token)
    const env = {APKG_REGISTRY: registry.url}
    const login = ['login', '--username', 'ada', '--password-stdin']
    assert.equal((await machine.apkg(login, {env, input: password})).exitCode, 0)
    const [create = '', script = ''] = shellBlocks('Keep the token in a file')
    const made = await machine.shell(create, {env})
    assert.deepEqual([made.stdout, made.exitCode], ['', 0], made.stderr)
    await machine.apkg(['logout'], {env})
    const file = path.join(machine.home, 'nightly.token')
    const values = [await readFile(file, 'utf8')]
    for (const night of [1, 2]) {
      const outcome = await machine.shell(`set -e\n${script}`, {env, cwd: project})
      assert.equal(outcome.exitCode, 0, outcome.stderr)
      assert.equal(outcome.stdout.includes('apkgt_'), false)
      assert.match(outcome.stderr, night === 1 ? /Published @ada\/tool@1\.0\.0/ : /already published/)
      values.push(await readFile(file, 'utf8'))
      registry.clock.advance(86_400_000)
    }
    assert.equal(new Set(values).size, 3)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await chmod(file, 0o666)
    const refused = await machine.shell(script, {env, cwd: project})
    assert.equal(refused.exitCode, 4)
    assert.match(refused.stderr, /other users can write to it/)
  })
})
