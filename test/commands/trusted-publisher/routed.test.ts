import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Login from '../../../src/commands/login.js'
import TokenCan from '../../../src/commands/token/can.js'
import Add from '../../../src/commands/trusted-publisher/add.js'
import List from '../../../src/commands/trusted-publisher/list.js'
import Remove from '../../../src/commands/trusted-publisher/remove.js'
import Require from '../../../src/commands/trusted-publisher/require.js'
import {liveValues} from '../../../src/machine/completion/live-values.js'
import {failureOf} from '../../support/command.js'
import {password} from '../../support/registry.js'
import {forget, startTwoRegistries, type TwoRegistries} from '../../support/two-registries.js'

const github = ['--github', 'acme/tool', '--workflow', 'publish.yml']

/** The user is logged in to both registries, and the project's package is @acme/tool. */
async function startInProject(t: TestContext): Promise<TwoRegistries> {
  const world = await startTwoRegistries(t)
  const {main, acme, project} = world
  await project.succeed(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
  const manifest = JSON.parse(await readFile(project.at('apkg.json'), 'utf8'))
  await writeFile(project.at('apkg.json'), JSON.stringify({...manifest, name: '@acme/tool', type: 'skill'}))
  forget(main, acme)
  return world
}

describe('trusted-publisher with two registries', () => {
  it('trusted-publisher: every command goes to the registry of the scope or of the project', async (t) => {
    const {main, acme, project} = await startInProject(t)
    const ids: string[] = []
    for (const argv of [
      ['@acme/tool', ...github],
      [...github, '--environment', 'prod'],
    ]) {
      const {registry, id, package: of} = JSON.parse((await project.succeed(Add, [...argv, '--json'])).stdout)
      assert.deepEqual([registry, of], [acme.url, '@acme/tool'])
      ids.push(id)
    }
    for (const argv of [[], ['@acme/*'], ['@acme/tool']]) {
      const list = JSON.parse((await project.succeed(List, [...argv, '--json'])).stdout)
      // Publishers that were added in the same millisecond are listed in the order of their IDs.
      const listed = list.publishers.map(({id}: {id: string}) => id).sort()
      assert.deepEqual([list.registry, listed], [acme.url, ids.toSorted()])
    }
    assert.match((await project.succeed(List, ['@acme/other'])).stderr, /^No trusted publishers for @acme\/other\./)
    const [first = '', second = ''] = ids
    await project.succeed(Remove, [first])
    await project.succeed(Remove, [second, '@acme/*'], {cwd: project.home})
    const required = JSON.parse((await project.succeed(Require, ['@acme/*', '--json'], {cwd: project.home})).stdout)
    assert.equal(required.registry, acme.url)
    assert.deepEqual(main.requests, [])

    forget(acme)
    const elsewhere = JSON.parse((await project.succeed(List, ['--registry', main.url, '--json'])).stdout)
    assert.equal(elsewhere.registry, main.url)
    assert.deepEqual(acme.requests, [])
  })

  it('trusted-publisher: --registry that contradicts the route of a named scope is a usage error', async (t) => {
    const {main, acme, project} = await startInProject(t)
    for (const [command, argv] of [
      [Add, ['@acme/tool', ...github]],
      [List, ['@acme/*']],
      [Remove, ['7k3f9q2mzx5w8d1c', '@acme/*']],
      [Require, ['@acme/*']],
      [TokenCan, ['publish', '@acme/tool']],
    ] as const) {
      const {code, exitCode} = failureOf(await project.run(command, [...argv, '--registry', main.url, '--json']))
      assert.deepEqual([code, exitCode], ['ROUTE_CONTRADICTED', 2], command.id)
    }
    assert.deepEqual([...main.requests, ...acme.requests], [])
  })

  it('token can: asks the registry of the scope, with its credential', async (t) => {
    const {main, acme, project} = await startInProject(t)
    const allowed = await project.succeed(TokenCan, ['publish', '@acme/tool', '--json'])
    const {registry, ...answer} = JSON.parse(allowed.stdout)
    assert.deepEqual([registry, answer.allowed], [acme.url, true])
    assert.deepEqual(main.requests, [])
    const {exitCode} = await project.run(TokenCan, ['publish', '@ada/base'])
    assert.deepEqual([exitCode, main.requests], [0, ['POST /auth/can']])
  })

  it('live values: publishers and packages are requested from the registry of the project or of the scope', async (t) => {
    const {main, acme, project} = await startInProject(t)
    const id = (await project.succeed(Add, github)).stdout.trim()
    forget(main, acme)
    const words = async (kind: string, typed = '', flags: Record<string, string> = {}) => {
      const command = {plugin: 'apkg', aliases: [], summary: '', auth: 'required', flags: [], args: []} as const
      const wanted = {kind, typed, command: {...command, id: 'trusted-publisher:remove'}, args: [], flags}
      const {values} = await liveValues(wanted, {
        ...{env: {APKG_REGISTRY: main.url}, home: project.home, cwd: project.folder, now: new Date()},
        ...{userAgent: 'test', plugins: [], hookOf: () => undefined, timeout: 60_000, isCacheUsed: false},
      })
      return values.map(({value}) => value)
    }
    assert.deepEqual(await words('trusted-publisher'), [id])
    assert.deepEqual(await words('package-version', '@acme/tool@'), ['@acme/tool@latest', '@acme/tool@1.0.0'])
    assert.deepEqual(main.requests, [])
    forget(acme)
    assert.deepEqual(await words('trusted-publisher', '', {registry: main.url}), [])
    assert.deepEqual([main.requests.length, acme.requests.length], [1, 0])
  })
})
