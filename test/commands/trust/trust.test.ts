import assert from 'node:assert/strict'
import {mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import TrustAdd from '../../../src/commands/trust/add.js'
import TrustKeys from '../../../src/commands/trust/keys.js'
import TrustList from '../../../src/commands/trust/list.js'
import TrustRemove from '../../../src/commands/trust/remove.js'
import TrustSet from '../../../src/commands/trust/set.js'
import {pinRegistryKeys, readTrust} from '../../../src/trust/trust-store.js'
import {failureOf, seen, startWorld} from '../../support/command.js'

async function startTrust(t: TestContext, content?: string) {
  const {run, home} = await startWorld(t)
  const file = path.join(home, '.apkg/trust.json')
  if (content !== undefined) {
    await mkdir(path.dirname(file), {mode: 0o700})
    await writeFile(file, content)
  }
  return {run, home, file}
}

const policies = 'signatures\tnot set\nattestations\trequire\ntakedowns\tcheck\nsetupTransitive\ttrue\n'
const defaults = {
  signatures: 'warn',
  attestations: 'require',
  takedowns: 'check',
  setupTransitive: true,
  registryKeys: {},
  projects: {},
}

describe('trust', () => {
  it('trust: routes a scope, moves the route, lists it and removes it', async (t) => {
    const {run, file} = await startTrust(t)
    assert.deepEqual(seen(await run(TrustAdd, ['@b', 'https://B.example:443/r/'])), {
      stdout: '',
      stderr: 'Packages of @b now come from https://b.example/r\n',
      exitCode: 0,
    })
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await run(TrustAdd, ['@a', 'https://a.example'])
    const moved = await run(TrustAdd, ['@b', 'https://c.example', '--json'])
    assert.equal(moved.stderr, 'Packages of @b now come from https://c.example instead of https://b.example/r\n')
    assert.deepEqual(JSON.parse(moved.stdout), {scope: '@b', registry: 'https://c.example'})
    const stdout = `@a\thttps://a.example\n@b\thttps://c.example\n${policies}`
    assert.deepEqual(seen(await run(TrustList, [])), {stdout, stderr: '', exitCode: 0})
    const scopes = {'@a': 'https://a.example', '@b': 'https://c.example'}
    assert.deepEqual(JSON.parse((await run(TrustList, ['--json'])).stdout), {...defaults, scopes})
    const removed = {stdout: '', stderr: 'Packages of @b no longer come from https://c.example\n', exitCode: 0}
    assert.deepEqual(seen(await run(TrustRemove, ['@b'])), removed)
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {scopes: {'@a': 'https://a.example'}})
  })

  it('trust list and keys: print tables on a terminal', async (t) => {
    const {run, home} = await startTrust(t)
    await run(TrustAdd, ['@acme', 'https://a.example'])
    const key = {keyId: 'SHA256:k', publicKey: 'p', status: 'retired', expiresAt: '2026-03-01T12:00:00.000Z'} as const
    await pinRegistryKeys(home, 'https://a.example', () => [key])
    assert.equal(
      (await run(TrustList, [], {terminal: true})).stdout,
      [
        'SCOPE  REGISTRY',
        '@acme  https://a.example',
        '',
        'POLICY           VALUE    MEANING',
        'signatures       not set  unsigned packages are counted',
        'attestations     require  unattested versions are refused once keys are pinned',
        'takedowns        check    installs continue if the check fails',
        'setupTransitive  true     transitive dependencies are set up too',
        '',
        'REGISTRY           PINNED KEY',
        'https://a.example  SHA256:k\n',
      ].join('\n'),
    )
    assert.match(
      (await run(TrustKeys, ['--registry', 'https://a.example'], {terminal: true})).stdout,
      /^ID {8}STATUS {3}EXPIRES\nSHA256:k {2}retired {2}\d+ \w+ ago\n$/,
    )
  })

  it('trust list: reports that no scopes are routed', async (t) => {
    const {run} = await startTrust(t)
    const stderr = 'All packages come from the selected registry. To add another for a scope, run `apkg trust add`.\n'
    assert.deepEqual(seen(await run(TrustList, [])), {stdout: policies, stderr, exitCode: 0})
  })

  it('trust add: keeps fields that a later version wrote', async (t) => {
    const {run, file} = await startTrust(t, '{"scopes": {}, "keys": [1]}')
    await run(TrustAdd, ['@a', 'https://a.example'])
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), {scopes: {'@a': 'https://a.example'}, keys: [1]})
  })

  it('trust set: sets policies and keeps routes', async (t) => {
    const {run, home} = await startTrust(t, '{"scopes": {"@a": "https://a.example"}}')
    assert.deepEqual(seen(await run(TrustSet, ['signatures', 'require'])), {
      stdout: '',
      stderr: 'Set signatures to require\n',
      exitCode: 0,
    })
    const {stdout} = await run(TrustSet, ['setupTransitive', 'false', '--json'])
    assert.deepEqual(JSON.parse(stdout), {policy: 'setupTransitive', value: false})
    const scopes = {'@a': 'https://a.example'}
    assert.deepEqual(await readTrust(home), {...defaults, scopes, signatures: 'require', setupTransitive: false})
  })

  for (const [policy, value, meant] of [
    ['signatures', 'requre', 'require'],
    ['takedowns', 'chek', 'check'],
    ['setupTransitive', 'flase', 'false'],
  ] as const) {
    it(`trust set: suggests ${meant} for ${policy} ${value}`, async (t) => {
      const {run} = await startTrust(t)
      const {stderr, exitCode} = await run(TrustSet, [policy, value])
      assert.equal(exitCode, 2)
      assert.ok(stderr.includes(`\n  hint: did you mean \`${meant}\`?\n  hint: use one of: `), stderr)
    })
  }

  it('trust set: sets each policy, and refuses other values and unreadable ones', async (t) => {
    const {run, home, file} = await startTrust(t)
    for (const [policy, value] of [
      ['attestations', 'off'],
      ['takedowns', 'require'],
    ] as const) {
      assert.equal((await run(TrustSet, [policy, value])).stderr, `Set ${policy} to ${value}\n`)
      assert.equal((await readTrust(home))[policy], value)
      const {code, exitCode} = failureOf(await run(TrustSet, [policy, 'warn', '--json']))
      assert.deepEqual([code, exitCode], ['USAGE', 2])
    }
    for (const field of ['attestations', 'takedowns']) {
      await writeFile(file, JSON.stringify({scopes: {}, [field]: 'maybe'}))
      await assert.rejects(readTrust(home), {code: 'FILE_DAMAGED'})
    }
  })

  it('trust keys: lists and forgets the keys of one registry', async (t) => {
    const {run, home} = await startTrust(t)
    const [mine, other] = ['https://a.example', 'https://b.example']
    const key = {keyId: 'SHA256:k', publicKey: 'p', status: 'active', expiresAt: '9999-12-31T23:59:59.999Z'} as const
    for (const registry of [mine, other]) await pinRegistryKeys(home, registry, () => [key])
    const stdout = 'SHA256:k\tactive\tnever\n'
    assert.deepEqual(seen(await run(TrustKeys, ['--registry', mine])), {stdout, stderr: '', exitCode: 0})
    const {stdout: json} = await run(TrustKeys, ['--registry', mine, '--json'])
    assert.deepEqual(JSON.parse(json), {registry: mine, keys: [key]})
    const forgot = {stdout: '', stderr: `Forgot the pinned keys of ${mine}\n`, exitCode: 0}
    assert.deepEqual(seen(await run(TrustKeys, ['--registry', mine, '--forget'])), forgot)
    assert.deepEqual((await readTrust(home)).registryKeys, {[other]: [key]})
    const none = {stdout: '', stderr: `No keys are pinned for ${mine}.\n`, exitCode: 0}
    assert.deepEqual(seen(await run(TrustKeys, ['--registry', mine])), none)
  })

  for (const [kind, command, argv, code, exitCode] of [
    ['an unknown policy value', TrustSet, ['signatures', 'maybe'], 'USAGE', 2],
    ['a scope without @', TrustAdd, ['acme', 'https://a.example'], 'SCOPE_INVALID', 2],
    ['a package name', TrustAdd, ['@acme/tool', 'https://a.example'], 'SCOPE_INVALID', 2],
    ['a scope in capitals', TrustRemove, ['@Acme'], 'SCOPE_INVALID', 2],
    ['plain http', TrustAdd, ['@acme', 'http://a.example'], 'REGISTRY_INVALID', 2],
    ['a scope that is not routed', TrustRemove, ['@acme'], 'SCOPE_UNPINNED', 1],
    ['a scope that is a property of every object', TrustRemove, ['@constructor'], 'SCOPE_UNPINNED', 1],
  ] as const) {
    it(`trust: rejects ${kind}`, async (t) => {
      const {run} = await startTrust(t)
      const failure = failureOf(await run(command, [...argv, '--json']))
      assert.deepEqual([failure.code, failure.exitCode], [code, exitCode])
    })
  }

  for (const content of [
    '',
    '{}',
    '{"scopes": []}',
    '{"scopes": {"acme": "https://a.example"}}',
    '{"scopes": {"@acme": "a.example"}}',
    '{"scopes": {"@acme": "https://A.example/"}}',
    '{"scopes": {"@acme": null}}',
    '{"scopes": {}, "signatures": "sometimes"}',
    '{"scopes": {}, "setupTransitive": "no"}',
    '{"scopes": {}, "registryKeys": {"a.example": []}}',
    '{"scopes": {}, "registryKeys": {"https://a.example": [{"keyId": "k"}]}}',
    '{"scopes": {}, "registryKeys": {"https://a.example": [{"keyId": "k", "publicKey": "p", "status": "fine"}]}}',
  ]) {
    it(`trust: a damaged file is an error, not treated as empty: ${content}`, async (t) => {
      const {run, home, file} = await startTrust(t, content)
      await assert.rejects(readTrust(home), {code: 'FILE_DAMAGED'})
      assert.equal(failureOf(await run(TrustAdd, ['@b', 'https://b.example', '--json'])).code, 'FILE_DAMAGED')
      assert.equal(await readFile(file, 'utf8'), content)
    })
  }
})
