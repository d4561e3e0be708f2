import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import TokenCreate from '../../src/commands/token/create.js'
import TokenList from '../../src/commands/token/list.js'
import TokenLog from '../../src/commands/token/log.js'
import TokenRevoke from '../../src/commands/token/revoke.js'
import TokenShow from '../../src/commands/token/show.js'
import {body, json, startHostileRegistry} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'
import {assertFails, create, secret, token, worldOf, type Command, type Failure} from './registry-responses.js'

const list = 'GET /auth/tokens?organization=acme'
const log = 'GET /auth/tokens/log?organization=acme&limit=100'
const id = '7k3f9q2m7k3f9q2m'
const show = `GET /auth/tokens/${id}?organization=acme`

const notOffered: Failure = {
  code: 'NOT_OFFERED',
  exit: 1,
  message: 'Cannot manage tokens of organizations: REGISTRY does not support it',
  suggestions: ['leave out --org to use your own tokens'],
}

const idsIn = (stdout: string) => (JSON.parse(stdout) as {tokens: {id: string}[]}).tokens.map((each) => each.id)

describe('--org: answers of a hostile registry', () => {
  for (const [what, answer] of [
    ["lists the user's own tokens", {tokens: [token]}],
    ['answers with null', {tokens: [token], organization: null}],
    ['answers for another organization', {tokens: [{...token, organization: 'acme'}], organization: 'initech'}],
  ] as const) {
    for (const [command, argv] of [
      [TokenList, []],
      [TokenRevoke, ['ci']],
      [TokenRevoke, ['--all', '--yes']],
      [TokenShow, ['ci']],
    ] as const satisfies [Command, string[]][]) {
      it(`--org: a registry that ${what} is refused by \`${command.name} ${argv.join(' ')}\`, and nothing is changed`, async (t) => {
        const registry = await startHostileRegistry(t)
        const routes = {[list]: json(200, answer), [`DELETE /auth/tokens/${token.id}`]: body(204, '')}
        const runs = await assertFails(t, registry, [command, ...argv, '--org', 'acme'], routes, notOffered)
        for (const arrivals of runs)
          assert.deepEqual(
            arrivals.map(({route}) => route),
            [list],
          )
      })
    }
  }

  it('--org: tokens of others in the list of an organization are ignored', async (t) => {
    const registry = await startHostileRegistry(t)
    const tokens = [
      {...token, id: 'acme0000', organization: 'acme'},
      {...token, id: 'mine0000'},
      {...token, id: 'other000', organization: 'initech'},
      {...token, id: 'odd00000', organization: {name: 'acme'}},
    ]
    registry.answer({
      [list]: json(200, {tokens, organization: 'acme'}),
      'GET /auth/tokens': json(200, {tokens}),
    })
    const world = await worldOf(t, registry.url)
    const run = async (argv: string[]) =>
      idsIn((await runCommand(TokenList, [...argv, '--json'], config, world)).stdout)
    assert.deepEqual(await run(['--org', 'acme']), ['acme0000'])
    assert.deepEqual(await run([]), ['mine0000'])
  })

  it('--org: a log of other tokens is not shown', async (t) => {
    const registry = await startHostileRegistry(t)
    const entries = [{at: '2027-01-30T10:00:00.000Z', action: 'token.create', tokenId: token.id}]
    await assertFails(t, registry, [TokenLog, '--org', 'acme'], {[log]: json(200, {entries})}, notOffered)
  })

  for (const organization of [undefined, null, 'initech', 5]) {
    it(`--org: a token with the organization ${JSON.stringify(organization)} is not shown as one of acme`, async (t) => {
      const registry = await startHostileRegistry(t)
      const failure = {
        code: 'TOKEN_NOT_FOUND',
        exit: 1,
        message: `Token not found in acme on REGISTRY: "${id}"`,
        suggestions: ['run `apkg token list --registry REGISTRY --org acme`'],
      }
      const answer = json(200, {...token, id, organization})
      await assertFails(t, registry, [TokenShow, id, '--org', 'acme'], {[show]: answer}, failure)
    })
  }

  it('--org: the command that revokes a token of another organization names that one', async (t) => {
    const registry = await startHostileRegistry(t, 'GET /registry/policy')
    const made = {...token, token: 'apkg_n3wb0rn0123456789', organization: 'initech'}
    const failure = {
      code: 'TOKEN_WIDER',
      exit: 3,
      message:
        'The registry issued the token "ci" with broader permissions or a longer lifetime than requested: it belongs to the organization initech, not to acme. The token could not be revoked and is still active',
      suggestions: [
        'run `apkg token revoke --registry REGISTRY --org initech 7k3f9q2m`',
        'contact the registry operator',
      ],
    }
    const routes = {[create]: json(201, made), 'DELETE /auth/tokens/7k3f9q2m': json(403, {})}
    await assertFails(t, registry, [TokenCreate, '--label', 'ci', '--org', 'acme'], routes, failure)
  })

  it('--org: after a lost answer, the command that revokes the token names the organization', async (t) => {
    const registry = await startHostileRegistry(t, 'GET /registry/policy')
    registry.answer({[create]: (_response, request) => request.socket.destroy()})
    const world = await worldOf(t, registry.url)
    const {stderr} = await runCommand(TokenCreate, ['--label', 'ci', '--org', 'acme'], config, world)
    assert.match(stderr, /revoke it: `apkg token revoke --registry \S+ --org acme ci`\n$/)
    assert.ok(!stderr.includes(secret))
  })
})
