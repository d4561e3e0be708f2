import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import Whoami from '../../../src/commands/whoami.js'
import {failureOf, seen, startSession} from '../../support/command.js'
import {password} from '../../support/registry.js'
import {unrestricted} from '../../support/unrestricted.js'

describe('token list', () => {
  it('token list: an empty list prints a note to stderr and nothing to stdout', async (t) => {
    const {run, registry} = await startSession(t)
    const stderr = 'No API tokens. To create one, run `apkg token create`.\n'
    assert.deepEqual(seen(await run(TokenList, [])), {stdout: '', stderr, exitCode: 0})
    const {stdout} = await run(TokenList, ['--json'])
    assert.deepEqual(JSON.parse(stdout), {registry: registry.url, tokens: []})
  })

  it('token list: shows all details of a token, but never its value', async (t) => {
    const {run, registry} = await startSession(t)
    const {stdout: value} = await run(TokenCreate, ['--label', 'ci', '--scopes', 'read', '--expires', '30d'])
    const token = value.trim()
    const createdAt = registry.clock.now.toISOString()
    registry.clock.advance(3_600_000)
    await run(Whoami, [], {env: {APKG_TOKEN: token}})
    registry.clock.advance(61_000)
    const {stdout} = await run(TokenList, ['--json'])
    const {tokens} = JSON.parse(stdout) as {tokens: Record<string, unknown>[]}
    assert.equal(tokens.length, 1)
    const {id, ...rest} = tokens[0] ?? {}
    assert.deepEqual(rest, {
      label: 'ci',
      prefix: token.slice(0, 12),
      scopes: ['read'],
      packages: [],
      ...unrestricted,
      createdAt,
      rotatedAt: null,
      lastUsedAt: new Date(Date.parse(createdAt) + 3_600_000).toISOString(),
      expiresAt: new Date(Date.parse(createdAt) + 30 * 86_400_000).toISOString(),
      ...{
        organization: null,
        createdBy: 'ada',
        note: null,
        status: 'active',
        valueEndedAt: null,
        suspendedAt: null,
        suspensions: [],
        revokedAt: null,
        revokedBy: null,
        generation: 1,
        oldValue: null,
      },
      lastUse: {
        address: '127.0.0.1',
        agent: (rest['lastUse'] as {agent: string}).agent,
        action: 'whoami',
        package: null,
        refused: false,
      },
    })
    assert.match((rest['lastUse'] as {agent: string}).agent, /^apkg-cli\//)
    const text = await run(TokenList, [])
    const cells = [
      'ci',
      id,
      rest['prefix'],
      'read',
      '*',
      createdAt,
      rest['lastUsedAt'],
      rest['expiresAt'],
      'active',
      ...['-', '-', '-', 'ada', '-'],
    ]
    assert.deepEqual(seen(text), {stdout: `${cells.join('\t')}\n`, stderr: '', exitCode: 0})
    assert.ok(!text.stdout.includes(token) && !stdout.includes(token))
  })

  it('token list: warns about suspended tokens', async (t) => {
    const {run, registry} = await startSession(t)
    await run(TokenCreate, ['--label', 'ci'])
    await registry.store.tokens.suspendAll(operator, registry.clock.now.getTime())
    await run(TokenCreate, ['--label', 'new'])
    const {stdout, stderr} = await run(TokenList, ['--json'])
    assert.equal(stderr, 'Warning: This token was suspended by the registry operator: "ci"\n')
    const {tokens} = JSON.parse(stdout) as {tokens: {label: string; suspendedAt: string | null}[]}
    assert.deepEqual(
      new Map(tokens.map(({label, suspendedAt}) => [label, suspendedAt])),
      new Map([
        ['ci', registry.clock.now.toISOString()],
        ['new', null],
      ]),
    )
  })

  it('token list: omits expired tokens', async (t) => {
    const {run, registry} = await startSession(t)
    await run(TokenCreate, ['--label', 'short', '--expires', '1h'])
    registry.clock.advance(3_600_001)
    const {stdout} = await run(TokenList, ['--json'])
    assert.deepEqual((JSON.parse(stdout) as {tokens: unknown[]}).tokens, [])
    const again = await run(TokenCreate, ['--label', 'short', '--password-stdin'], {stdin: password})
    assert.equal(again.exitCode, 0)
  })

  it('token list: refuses a publish token and accepts an admin token', async (t) => {
    const {run} = await startSession(t)
    const create = async (...args: string[]) => (await run(TokenCreate, args)).stdout.trim()
    const publish = await create('--label', 'ci')
    const admin = await create('--label', 'boss', '--scopes', 'admin')
    const refused = failureOf(await run(TokenList, ['--json'], {env: {APKG_TOKEN: publish}}))
    assert.deepEqual([refused.code, refused.exitCode], ['REFUSED', 3])
    const {stdout} = await run(TokenList, ['--json'], {env: {APKG_TOKEN: admin}})
    assert.deepEqual((JSON.parse(stdout) as {tokens: {label: string}[]}).tokens.map(({label}) => label).sort(), [
      'boss',
      'ci',
    ])
  })

  it('token list: hides expired and revoked tokens unless a filter selects them', async (t) => {
    const {run, registry} = await startSession(t)
    for (const label of ['short', 'leaked', 'ci']) {
      await run(TokenCreate, ['--label', label, ...(label === 'short' ? ['--expires', '15m'] : [])])
    }
    await run(TokenRevoke, ['leaked'])
    registry.clock.advance(15 * 60_000)
    const listed = async (...flags: string[]) => {
      const {stdout} = await run(TokenList, [...flags, '--json'])
      const {tokens} = JSON.parse(stdout) as {tokens: {label: string; status: string; revokedBy: string | null}[]}
      return tokens.map(({label, status, revokedBy}) => [label, status, revokedBy])
    }
    assert.deepEqual(await listed(), [['ci', 'active', null]])
    assert.deepEqual(await listed('--expired'), [['short', 'expired', null]])
    assert.deepEqual(await listed('--revoked'), [['leaked', 'revoked', 'ada']])
    const {stdout: line} = await run(TokenList, ['--revoked'])
    assert.match(line, /\trevoked\t.*\tada\t20\d\d-\d\d-\d\dT\S+Z\n$/)
    const again = await run(TokenCreate, ['--label', 'leaked', '--password-stdin'], {stdin: password})
    assert.equal(again.exitCode, 0)
    assert.equal((await run(TokenList, ['--expired', '--revoked'])).exitCode, 2)
    assert.equal((await run(TokenList, ['ci'])).exitCode, 2)
  })

  it('token list: --exit-code reports whether a token matches', async (t) => {
    const {run} = await startSession(t)
    await run(TokenCreate, ['--label', 'ci', '--expires', '10d'])
    const exitCode = async (...flags: string[]) => (await run(TokenList, [...flags, '--exit-code'])).exitCode
    assert.equal(await exitCode('--expiring', '14d'), 7)
    assert.equal(await exitCode('--expiring', '5d'), 0)
    assert.equal(await exitCode('--expiring', '14d', '--unused', '1d'), 0)
    assert.equal(await exitCode(), 2)
    assert.equal((await run(TokenList, ['--expiring', '14d'])).exitCode, 0)
  })
})
