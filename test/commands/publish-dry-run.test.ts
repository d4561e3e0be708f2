import assert from 'node:assert/strict'
import {mkdtemp, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Publish from '../../src/commands/publish.js'
import TokenCreate from '../../src/commands/token/create.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import {startSession} from '../support/command.js'
import {json, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'

async function project(manifest: object = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-dry-run-'))
  const all = {
    name: '@ada/tool',
    version: '1.0.0',
    type: 'skill',
    license: 'MIT',
    visibility: 'public',
    description: 'A tool',
    ...manifest,
  }
  await writeFile(path.join(folder, 'apkg.json'), JSON.stringify(all))
  await writeFile(path.join(folder, 'SKILL.md'), '# A tool\n')
  return folder
}

async function withToken(t: TestContext, ...flags: string[]) {
  const world = await startSession(t)
  const value = (await world.run(TokenCreate, ['--label', 'ci', ...flags])).stdout.trim()
  const publish = (cwd: string, ...argv: string[]) =>
    world.run(Publish, [...argv, '--json'], {cwd, env: {APKG_TOKEN: value}})
  return {...world, publish}
}

/** The parts of a failure that scripts branch on. */
function outcomeOf({stdout, exitCode}: {stdout: string; exitCode: number}) {
  const {error} = JSON.parse(stdout)
  return {code: error?.code, reason: error?.reason, message: error?.message, suggestions: error?.suggestions, exitCode}
}

describe('publish --dry-run', () => {
  for (const [what, flags, manifest, argv] of [
    ['a token that cannot publish', ['--scopes', 'read'], {}, []],
    ['a token for another package', ['--package-scope', '@ada/other'], {}, []],
    ["another user's scope", [], {name: '@eve/tool'}, []],
    ['a token that cannot create the package', ['--scopes', 'publish:update'], {}, []],
    ['a dist-tag without the scope for it', ['--scopes', 'publish:new'], {}, ['--tag', 'next']],
  ] as const) {
    it(`publish --dry-run: fails as publishing does: ${what}`, async (t) => {
      const {publish} = await withToken(t, ...flags)
      const cwd = await project(manifest)
      const planned = outcomeOf(await publish(cwd, '--dry-run', ...argv))
      assert.deepEqual(planned, outcomeOf(await publish(cwd, ...argv)))
      assert.deepEqual([planned.code, planned.exitCode], ['REFUSED', 3])
    })
  }

  it('publish --dry-run: fails as publishing does: provenance that a token for an exact version does not allow', async (t) => {
    const {run} = await startSession(t)
    const cwd = await project()
    const {integrity} = JSON.parse((await run(Publish, ['--dry-run', '--json'], {cwd})).stdout)
    const argv = ['--label', 'release', '--package', '@ada/tool@1.0.0', '--integrity', integrity]
    const env = {APKG_TOKEN: (await run(TokenCreate, argv)).stdout.trim()}
    const sha256 = Buffer.from(integrity.slice('sha256-'.length), 'base64').toString('hex')
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{name: 'tool', digest: {sha256}}],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {},
    }
    await writeFile(path.join(cwd, '..', `${path.basename(cwd)}.json`), JSON.stringify(statement))
    const publish = (...more: string[]) => run(Publish, [...more, '--json'], {cwd, env})
    const provenance = ['--provenance', `../${path.basename(cwd)}.json`]
    assert.equal((await publish('--dry-run')).exitCode, 0)
    const planned = outcomeOf(await publish('--dry-run', ...provenance))
    assert.deepEqual(planned, outcomeOf(await publish(...provenance)))
    assert.deepEqual([planned.code, planned.reason, planned.exitCode], ['REFUSED', 'SCOPE_INSUFFICIENT', 3])
    assert.match(planned.message, /provenance/)
  })

  it('publish --dry-run: fails as publishing does: a version that exists with other content', async (t) => {
    const {publish} = await withToken(t)
    const cwd = await project()
    assert.equal((await publish(cwd)).exitCode, 0)
    assert.equal((await publish(cwd, '--dry-run')).exitCode, 0)
    await writeFile(path.join(cwd, 'SKILL.md'), '# Another tool\n')
    const planned = outcomeOf(await publish(cwd, '--dry-run'))
    assert.deepEqual(planned, outcomeOf(await publish(cwd)))
    assert.deepEqual([planned.code, planned.reason, planned.exitCode], ['REFUSED', 'VERSION_EXISTS', 3])
    const hidden = await project({version: '1.1.0', visibility: 'private'})
    const fixed = outcomeOf(await publish(hidden, '--dry-run'))
    assert.deepEqual(fixed, outcomeOf(await publish(hidden)))
    assert.equal(fixed.reason, 'VISIBILITY_FIXED')
  })

  it('publish --dry-run: fails as publishing does: a revoked token', async (t) => {
    const {publish, run} = await withToken(t)
    const cwd = await project()
    await run(TokenRevoke, ['ci'])
    const planned = outcomeOf(await publish(cwd, '--dry-run'))
    assert.deepEqual(planned, outcomeOf(await publish(cwd)))
    assert.deepEqual([planned.code, planned.exitCode], ['REJECTED', 4])
  })

  it('publish --dry-run: publishes nothing if it succeeds', async (t) => {
    const {publish, registry} = await withToken(t)
    assert.equal((await publish(await project(), '--dry-run')).exitCode, 0)
    assert.ok(registry.requests.includes('POST /auth/can'))
    assert.ok(!registry.requests.some((request) => request.startsWith('PUT ')))
  })

  it('publish --dry-run: without a credential, lists the files and says that permission was not checked', async (t) => {
    const {run, registry} = await withToken(t)
    registry.requests.length = 0
    const anonymous = {cwd: await project(), home: `${registry.folder}/none`}
    const {stdout, stderr, exitCode} = await run(Publish, ['--dry-run'], anonymous)
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /SKILL\.md/)
    assert.equal(
      stderr,
      `Publishing @ada/tool@1.0.0 to ${registry.url} ...
Permission not checked: no credential for ${registry.url}.
Nothing was sent (--dry-run).
`,
    )
    assert.deepEqual(registry.requests, [])
    const real = await run(Publish, ['--json'], anonymous)
    assert.equal(JSON.parse(real.stdout).error.code, 'AUTH_REQUIRED')
  })

  for (const status of [404, 405]) {
    it(`publish --dry-run: a registry that responds with ${status} doesn't fail it, and one line says that permission was not checked`, async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({
        'GET /auth/whoami': json(200, {username: 'ada', email: 'ada@example.com'}),
        'POST /auth/can': json(status, {error: {code: 'NOT_FOUND', message: 'No', details: []}}),
      })
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque'}
      const world = {home: '/nonexistent', env, cwd: await project()}
      const {stderr, exitCode} = await runCommand(Publish, ['--dry-run'], config, world)
      assert.equal(exitCode, 0, stderr)
      assert.match(stderr, new RegExp(`^Permission not checked: ${registry.url} does not support it\\.$`, 'm'))
    })
  }
})
