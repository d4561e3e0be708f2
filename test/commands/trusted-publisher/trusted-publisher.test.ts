import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {describe, it} from 'node:test'

import Login from '../../../src/commands/login.js'
import Publish from '../../../src/commands/publish.js'
import Add from '../../../src/commands/trusted-publisher/add.js'
import List from '../../../src/commands/trusted-publisher/list.js'
import Remove from '../../../src/commands/trusted-publisher/remove.js'
import Require from '../../../src/commands/trusted-publisher/require.js'
import {failureOf, startSession, startWorld} from '../../support/command.js'
import {json, refusal, startHostileRegistry} from '../../support/hostile-registry.js'
import {config} from '../../support/oclif-config.js'
import {password} from '../../support/registry.js'
import {runCommand} from '../../support/run-command.js'

const github = ['--github', 'ada/tool', '--workflow', 'publish.yml']

describe('trusted-publisher', () => {
  it('trusted-publisher: add prints the ID, list shows the publisher, and remove deletes it', async (t) => {
    const {run} = await startSession(t)
    const added = await run(Add, ['@ada/*', ...github, '--environment', 'prod', '--event', 'release'])
    assert.equal(added.exitCode, 0, added.stderr)
    const id = added.stdout.trim()
    assert.match(id, /^[a-z0-9]{16}$/)
    assert.match(added.stderr, /^Added trusted publisher for @ada\/\*: github:ada\/tool, publish\.yml\n/)
    const listed = await run(List, [])
    assert.match(
      listed.stdout,
      /^@ada\/\*\tgithub:ada\/tool\tpublish\.yml\trelease\tenvironment=prod\tpending\t.*Z\tnever\t[a-z0-9]{16}\n$/,
    )
    const twice = await run(Add, ['@ada/*', ...github, '--environment', 'prod', '--event', 'release'])
    assert.match(
      twice.stderr,
      /already has this trusted publisher.*\n {2}hint: run `apkg trusted-publisher list.*` to see it/,
    )
    const removed = await run(Remove, [id])
    assert.deepEqual([removed.stderr, removed.exitCode], [`Removed trusted publisher ${id}\n`, 0])
    assert.match((await run(List, [])).stderr, /^No trusted publishers\./)
    const {code, exitCode} = failureOf(await run(Remove, [id, '--json']))
    assert.deepEqual([code, exitCode], ['PUBLISHER_NOT_FOUND', 1])
  })

  it('trusted-publisher: add reads the package from apkg.json, and accepts the path of a workflow', async (t) => {
    const {home, run} = await startSession(t)
    const manifest = {name: '@ada/tool', version: '1.0.0', type: 'skill'}
    await writeFile(path.join(home, 'apkg.json'), JSON.stringify(manifest))
    const argv = ['--github', 'https://github.com/ada/tool', '--workflow', '.github/workflows/publish.yml', '--json']
    const {stdout} = await run(Add, argv)
    const {package: of, claims, workflow, events} = JSON.parse(stdout)
    assert.deepEqual(
      {of, claims, workflow, events},
      {
        of: '@ada/tool',
        claims: {repository: 'ada/tool'},
        workflow: 'publish.yml',
        events: ['push', 'release', 'workflow_dispatch', 'schedule'],
      },
    )
  })

  it('trusted-publisher: add accepts GitLab projects and other issuers', async (t) => {
    const {run} = await startWorld(t, {oidcIssuers: ['https://ci.example.com']})
    await run(Login, ['--username', 'ada', '--password-stdin'], {stdin: password})
    const gitlab = JSON.parse((await run(Add, ['@ada/tool', '--gitlab', 'group/sub/tool', '--json'])).stdout)
    assert.deepEqual([gitlab.provider, gitlab.claims], ['gitlab', {project_path: 'group/sub/tool'}])
    const issuer = ['--issuer', 'https://ci.example.com', '--claim', 'sub=tool', '--claim', 'stage=prod']
    const other = JSON.parse((await run(Add, ['@ada/tool', ...issuer, '--json'])).stdout)
    assert.equal(other.provider, 'oidc')
    assert.deepEqual(Object.entries(other.claims).sort(), [
      ['stage', 'prod'],
      ['sub', 'tool'],
    ])
  })

  for (const [argv, message] of [
    [[], /No project was given/],
    [['--github', 'ada/tool'], /--github requires --workflow/],
    [['--github', 'tool', '--workflow', 'publish.yml'], /`tool` is not a repository/],
    [['--github', 'ada/tool', '--workflow', 'publish'], /`publish` is not a workflow file/],
    [['--workflow', 'publish.yml', '--gitlab', 'ada/tool'], /--workflow/],
    [[...github, '--gitlab', 'ada/tool'], /--gitlab/],
    [['--issuer', 'https://ci.example.com'], /--issuer requires --claim sub=/],
    [['--issuer', 'ci', '--claim', 'sub=x'], /`ci` is not a URL/],
    [['--claim', 'sub'], /`sub` is not a claim/],
    [[...github, '--event', 'pull_request'], /--event: `pull_request` can run code of people without write access/],
    [[...github, '--event', 'push,Pull'], /--event: `Pull` is not an event/],
    [['--issuer', 'https://ci.example.com', '--claim', 'sub=x', '--claim', 'sub=y'], /--claim sub is repeated/],
  ] as const) {
    it(`trusted-publisher: add ${argv.join(' ')} is a usage error and sends nothing`, async (t) => {
      const registry = await startHostileRegistry(t)
      const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'token'}
      const outcome = await runCommand(Add, ['@ada/tool', ...argv], config, {home: os.tmpdir(), env})
      assert.equal(outcome.exitCode, 2, outcome.stderr)
      assert.match(outcome.stderr, message)
      assert.deepEqual(registry.arrivals, [])
    })
  }

  it('trusted-publisher: if the registry refuses a field, the error names its flag and is a usage error', async (t) => {
    const {run} = await startSession(t)
    const refused = await run(Add, ['@ada/tool', ...github, '--claim', 'repository_id=x', '--json'])
    const {code, message, exitCode} = failureOf(refused)
    assert.deepEqual([code, message, exitCode], ['USAGE', '--claim must be a numeric ID', 2])
  })

  it('trusted-publisher: a publisher that allows more than requested is removed again', async (t) => {
    const registry = await startHostileRegistry(t)
    const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'token'}
    const publisher = {
      ...{id: 'k3f9q2mzx5w8d1c7', name: 'github:ada/tool', package: '@ada/tool', provider: 'github'},
      ...{issuer: 'https://token.actions.githubusercontent.com', claims: {repository: 'ada/tool'}},
      ...{workflow: 'publish.yml', events: ['push'], status: 'pending', createdAt: '2027-01-31T12:00:00Z'},
    }
    for (const wider of [
      {package: '@ada/*'},
      {workflow: null},
      {issuer: 'https://evil.example'},
      {claims: {}},
      {events: ['push', 'pull_request']},
    ]) {
      registry.answer({
        'POST /auth/trusted-publishers': json(201, {...publisher, ...wider}),
        'DELETE /auth/trusted-publishers/k3f9q2mzx5w8d1c7': json(204, ''),
      })
      const outcome = await runCommand(Add, ['@ada/tool', ...github, '--json'], config, {home: os.tmpdir(), env})
      assert.deepEqual([failureOf(outcome).code, outcome.exitCode], ['PUBLISHER_WIDER', 3])
      assert.equal(registry.routes.at(-1), 'DELETE /auth/trusted-publishers/k3f9q2mzx5w8d1c7')
    }
  })

  it('trusted-publisher: a registry without trusted publishing causes an error that suggests a token', async (t) => {
    const registry = await startHostileRegistry(t)
    const world = {home: os.tmpdir(), env: {APKG_REGISTRY: registry.url, APKG_TOKEN: 'token'}}
    for (const [command, argv] of [
      [Add, ['@ada/tool', ...github]],
      [List, []],
      [Remove, ['k3f9q2mzx5w8d1c7']],
      [Require, ['@ada/*']],
    ] as const) {
      const outcome = await runCommand(command, [...argv], config, world)
      assert.equal(outcome.exitCode, 1)
      assert.match(
        outcome.stderr,
        /does not support it\n {2}hint: create a token for the job instead: `apkg token create/,
      )
    }
    registry.answer({'PUT /auth/trusted-publishing': refusal(405, 'What?')})
    assert.equal(failureOf(await runCommand(Require, ['@ada/*', '--json'], config, world)).code, 'NOT_OFFERED')
  })

  it('trusted-publisher: an old login has to confirm the password, and the hint repeats the command', async (t) => {
    const {registry, run} = await startSession(t)
    registry.clock.advance(11 * 60_000)
    const refused = await run(Add, ['@ada/tool', ...github])
    assert.equal(refused.exitCode, 4)
    assert.match(refused.stderr, /Confirm your password to add a trusted publisher\./)
    assert.match(
      refused.stderr,
      /run `apkg trusted-publisher add @ada\/tool --github ada\/tool --workflow publish\.yml --password-stdin`/,
    )
    const added = await run(Add, ['@ada/tool', ...github, '--password-stdin'], {stdin: password})
    assert.equal(added.exitCode, 0, added.stderr)
  })

  it('trusted-publisher: after require, a login cannot publish, and the hint says who can', async (t) => {
    const {run} = await startSession(t)
    const project = await mkdtemp(path.join(os.tmpdir(), 'apkg-project-'))
    t.after(() => rm(project, {recursive: true, force: true}))
    const manifest = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool', license: 'MIT'}
    await writeFile(path.join(project, 'apkg.json'), JSON.stringify(manifest))
    await writeFile(path.join(project, 'SKILL.md'), '# A tool\n')
    assert.equal((await run(Require, ['@ada/*'])).stderr, 'Only trusted publishers can now change @ada/*\n')
    assert.match((await run(List, [])).stderr, /Only trusted publishers can change @ada\/\*\./)
    const refused = await run(Publish, [], {cwd: project})
    assert.equal(refused.exitCode, 3)
    assert.match(refused.stderr, /hint: publish from a CI job of a trusted publisher/)
    assert.equal((await run(Require, ['@ada/*', '--undo'])).exitCode, 0)
    assert.equal((await run(Publish, [], {cwd: project})).exitCode, 0)
  })
})
