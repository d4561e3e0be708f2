import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import RegistryOrgRemove from '../../../src/commands/registry/org/remove.js'
import RegistryUserDisable from '../../../src/commands/registry/user/disable.js'
import RegistryUserEnable from '../../../src/commands/registry/user/enable.js'
import RegistryUserRemove from '../../../src/commands/registry/user/remove.js'
import RegistryUserRevokeAll from '../../../src/commands/registry/user/revoke-all.js'
import {operator} from '../../../src/server/store/store.js'
import {config} from '../../support/oclif-config.js'
import {assertFailure} from '../../support/operator.js'
import {createPublisherWorld} from '../../support/publishers.js'
import {runCommand, type World} from '../../../../../test/support/run-command.js'

type Command = Parameters<typeof runCommand>[0]

/**
 * ada and bob are admins of acme and initech. ada created a token and a trusted publisher for acme, a token for initech,
 * and a publisher of her own scope.
 */
async function withCreatedAccess(t: TestContext) {
  const publishers = await createPublisherWorld(t)
  const {world, session, add} = publishers
  await world.addUser('bob')
  await world.addOrganization('initech', {ada: 'admin', bob: 'admin'})
  await world.store.organizations.setMember(
    {organizationId: 'id-of-acme', userId: 'id-of-bob', role: 'admin'},
    operator,
    world.now(),
  )
  const bob = (await world.logIn('bob')).accessToken
  const create = async (request: object, by = session) =>
    (await world.createToken(by, request)) as {id: string; token: string}
  const tokens = {
    own: await create({name: 'own'}),
    ci: await create({name: 'ci', organization: 'acme'}),
    nightly: await create({name: 'nightly', organization: 'initech'}),
    others: await create({name: 'others', organization: 'acme'}, bob),
  }
  const gone = await create({name: 'gone', organization: 'acme'})
  await world.call('DELETE', `/auth/tokens/${gone.id}`, {token: session})
  const publisher = {
    acme: (await add()).body.id as string,
    own: (await add({package: '@ada/tool'})).body.id as string,
  }
  const run = (command: Command, argv: string[], rest: Partial<World> = {}) =>
    runCommand(command, [...argv, '--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
      ...rest,
    })
  const statusOf = async (name: keyof typeof tokens) =>
    (await world.call('GET', '/auth/whoami', {token: tokens[name].token})).status
  const publisherStatuses = async () => {
    const {body} = await world.call('GET', '/auth/trusted-publishers', {token: bob})
    return body.publishers.map(({status}: {status: string}) => status) as string[]
  }
  return {...publishers, run, tokens, publisher, bob, statusOf, publisherStatuses}
}

const isRefused = 401

describe('access that a user created', () => {
  for (const [command, argv, first, others] of [
    [RegistryUserDisable, ['ada'], 'Disabled ada. Sessions and tokens are now rejected', ['nightly']],
    [RegistryUserRemove, ['ada', '--yes'], 'Removed ada and revoked all sessions and tokens', ['nightly']],
    [RegistryOrgRemove, ['acme', 'ada'], 'ada is no longer a member of acme', []],
  ] as const) {
    const name = command.name.replace('Registry', '')

    it(`${name}: suspends tokens and publishers that the user created for organizations, and lists them`, async (t) => {
      const {run, tokens, publisher, statusOf, publisherStatuses} = await withCreatedAccess(t)
      const {stderr, stdout, exitCode} = await run(command, [...argv])
      assert.deepEqual([stdout, exitCode], ['', 0])
      const nightly = others.length > 0 ? [`Suspended token nightly (${tokens.nightly.id}) of initech`] : []
      assert.deepEqual(stderr.trimEnd().split('\n'), [
        first,
        `Suspended token ci (${tokens.ci.id}) of acme`,
        ...nightly,
        `Suspended trusted publisher github:acme/tool (${publisher.acme}) of @acme/tool`,
        `To resume a token, an admin can run \`apkg token resume ${tokens.ci.id} --org acme\`.`,
        'To resume a trusted publisher, add it again with `apkg trusted-publisher add`.',
      ])
      assert.equal(await statusOf('ci'), isRefused)
      assert.equal(await statusOf('nightly'), others.length > 0 ? isRefused : 200)
      assert.equal(await statusOf('others'), 200, 'a token that another admin created')
      assert.deepEqual(await publisherStatuses(), ['suspended'])
    })

    it(`${name}: with --keep-org, lists them and suspends nothing`, async (t) => {
      const {run, tokens, publisher, statusOf, publisherStatuses} = await withCreatedAccess(t)
      const {stdout} = await run(command, [...argv, '--keep-org', '--json'])
      const {organizationTokens, trustedPublishers} = JSON.parse(stdout)
      const kept = [
        {id: tokens.ci.id, label: 'ci', organization: 'acme', status: 'kept'},
        {id: tokens.nightly.id, label: 'nightly', organization: 'initech', status: 'kept'},
      ]
      assert.deepEqual(organizationTokens, others.length > 0 ? kept : kept.slice(0, 1))
      assert.deepEqual(trustedPublishers, [
        {id: publisher.acme, name: 'github:acme/tool', package: '@acme/tool', status: 'kept'},
      ])
      assert.deepEqual([await statusOf('ci'), await statusOf('nightly')], [200, 200])
      assert.deepEqual(await publisherStatuses(), ['pending'])
    })
  }

  it('user revoke-all: --dry-run lists what would be revoked and suspended, and changes nothing', async (t) => {
    const {run, tokens, publisher, statusOf, publisherStatuses} = await withCreatedAccess(t)
    const {stderr, exitCode} = await run(RegistryUserRevokeAll, ['ada', '--dry-run'])
    assert.deepEqual(
      [stderr, exitCode],
      [
        `Would revoke 1 session and 1 token of ada
Would suspend token ci (${tokens.ci.id}) of acme
Would suspend token nightly (${tokens.nightly.id}) of initech
Would suspend trusted publisher github:acme/tool (${publisher.acme}) of @acme/tool
Would suspend trusted publisher github:acme/tool (${publisher.own}) of @ada/tool
Dry run: nothing was changed.
`,
        0,
      ],
    )
    const {stdout} = await run(RegistryUserRevokeAll, ['ada', '--dry-run', '--keep-org', '--json'])
    const {dryRun, sessions, organizationTokens} = JSON.parse(stdout)
    assert.deepEqual([dryRun, sessions], [true, 1])
    assert.deepEqual(
      organizationTokens.map(({status}: {status: string}) => status),
      ['kept', 'kept'],
    )
    assert.deepEqual([await statusOf('own'), await statusOf('ci')], [200, 200])
    assert.deepEqual(await publisherStatuses(), ['pending'])
  })

  it('user revoke-all: the question names what is suspended, and only yes changes anything', async (t) => {
    const {run, tokens, statusOf, publisherStatuses} = await withCreatedAccess(t)
    const questions: string[] = []
    const answering = (answer: boolean): Partial<World> => ({
      terminal: true,
      prompts: {confirm: ({message}) => (questions.push(message), Promise.resolve(answer))},
    })
    assertFailure(await run(RegistryUserRevokeAll, ['ada', '--json'], answering(false)), 'CANCELED', 1)
    const [question] = questions
    assert.ok(
      question?.startsWith(
        `Revoke all sessions and tokens of ada? This cannot be undone\nIt also suspends:\n  token ci (${tokens.ci.id}) of acme\n`,
      ),
    )
    assert.deepEqual([await statusOf('own'), await statusOf('ci')], [200, 200])
    assert.equal((await run(RegistryUserRevokeAll, ['ada', '--json'], answering(true))).exitCode, 0)
    assert.deepEqual([await statusOf('own'), await statusOf('ci')], [isRefused, isRefused])
    assert.deepEqual(await publisherStatuses(), ['suspended'])
  })

  it('suspended access: another admin resumes it, and what was suspended before keeps its reason', async (t) => {
    const {world, run, tokens, bob, statusOf, session} = await withCreatedAccess(t)
    const reason = {reason: 'Looks leaked'}
    await world.call('POST', `/auth/tokens/${tokens.nightly.id}/suspend`, {token: session, body: reason})
    const {stdout} = await run(RegistryUserDisable, ['ada', '--json'])
    assert.deepEqual(
      JSON.parse(stdout).organizationTokens.map(({status}: {status: string}) => status),
      ['suspended', 'already'],
    )
    const suspensionsOf = async (id: string) =>
      (await world.call('GET', `/auth/tokens/${id}`, {token: bob})).body.suspensions
    const [ci] = await suspensionsOf(tokens.ci.id)
    assert.deepEqual([ci.by, ci.name, ci.reason], ['owner', '(operator)', 'ada was disabled'])
    const {body: refused} = await world.call('GET', '/auth/whoami', {token: tokens.ci.token})
    assert.equal(
      refused.error.message,
      `The token "ci" was suspended by the operator of the registry. Only an admin of acme can resume it, with \`apkg token resume ${tokens.ci.id} --org acme\``,
    )
    const [nightly] = await suspensionsOf(tokens.nightly.id)
    assert.deepEqual([nightly.name, nightly.reason], ['ada', 'Looks leaked'])
    await run(RegistryUserEnable, ['ada'])
    assert.deepEqual([await statusOf('own'), await statusOf('ci')], [200, isRefused])
    assert.equal((await world.call('POST', `/auth/tokens/${tokens.ci.id}/resume`, {token: bob})).status, 200)
    assert.equal(await statusOf('ci'), 200)
  })

  it('suspended access: a suspended publisher exchanges nothing until an admin adds it again', async (t) => {
    const {world, run, bob, exchange, issuer} = await withCreatedAccess(t)
    assert.equal((await exchange({}, '@acme/tool')).status, 201)
    await run(RegistryOrgRemove, ['acme', 'ada'])
    assert.notEqual((await exchange({jti: 'second'}, '@acme/tool')).status, 201)
    const body = {
      ...{package: '@acme/tool', provider: 'github', issuer: issuer.url},
      ...{claims: {repository: 'acme/tool'}, workflow: 'publish.yml'},
    }
    const again = await world.call('POST', '/auth/trusted-publishers', {body, token: bob})
    assert.equal(again.status, 201, JSON.stringify(again.body))
    assert.equal((await exchange({jti: 'third'}, '@acme/tool')).status, 201)
  })

  it('suspended access: every change is in the audit log', async (t) => {
    const {world, run, tokens, publisher} = await withCreatedAccess(t)
    await run(RegistryOrgRemove, ['acme', 'ada'])
    const [token] = await world.store.audit.latest(1, {action: 'token.suspend'})
    assert.deepEqual(
      [token?.target, token?.name, token?.detail['reason']],
      [tokens.ci.id, '(operator)', 'ada was removed from acme'],
    )
    const [suspended] = await world.store.audit.latest(1, {action: 'trusted-publisher.suspend'})
    assert.deepEqual([suspended?.target, suspended?.detail['package']], [publisher.acme, '@acme/tool'])
  })

  it('org remove: someone who is not a member keeps everything', async (t) => {
    const {run, statusOf, publisherStatuses} = await withCreatedAccess(t)
    await run(RegistryOrgRemove, ['acme', 'ada', '--keep-org'])
    assertFailure(await run(RegistryOrgRemove, ['acme', 'ada', '--json']), 'ORG_MEMBER_NOT_FOUND', 1)
    assert.equal(await statusOf('ci'), 200)
    assert.deepEqual(await publisherStatuses(), ['pending'])
  })
})
