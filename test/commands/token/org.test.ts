import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {operator} from '@apkg/plugin-registry/dist/server/store/store.js'

import Doctor from '../../../src/commands/doctor.js'
import KeyGenerate from '../../../src/commands/key/generate.js'
import Login from '../../../src/commands/login.js'
import Publish from '../../../src/commands/publish.js'
import TokenCreate from '../../../src/commands/token/create.js'
import TokenList from '../../../src/commands/token/list.js'
import TokenLog from '../../../src/commands/token/log.js'
import TokenResume from '../../../src/commands/token/resume.js'
import TokenRevoke from '../../../src/commands/token/revoke.js'
import TokenRotate from '../../../src/commands/token/rotate.js'
import TokenShow from '../../../src/commands/token/show.js'
import TokenSuspend from '../../../src/commands/token/suspend.js'
import Whoami from '../../../src/commands/whoami.js'
import {errorOf, failureOf, seen, startWorld} from '../../support/command.js'
import {makeTree} from '../../support/make-tree.js'
import {password} from '../../support/registry.js'
import {scrub} from '../../support/scrub.js'
import {tempFolder} from '../../support/temp-folder.js'

type Run = Awaited<ReturnType<typeof startWorld>>['run']

/** ada and bob are admins of acme, pat publishes there. Each has a login of their own. */
async function startOrganization(t: TestContext) {
  const {registry, run} = await startWorld(t)
  const [ada] = (await registry.store.users.list()).map(({id}) => id)
  const members = {
    [ada!]: 'admin',
    [await registry.addUser('bob')]: 'admin',
    [await registry.addUser('pat')]: 'publisher',
  } as const
  await registry.addOrganization('acme', members)
  await registry.addOrganization('initech', {})
  const homes = {ada: await tempFolder(t), bob: await tempFolder(t), pat: await tempFolder(t)}
  const as =
    (name: keyof typeof homes): Run =>
    (command, argv, world) =>
      run(command, argv, {home: homes[name], ...world})
  for (const name of ['ada', 'bob', 'pat'] as const) {
    const {exitCode} = await as(name)(Login, ['--username', name, '--password-stdin'], {stdin: password})
    assert.equal(exitCode, 0)
  }
  registry.requests.length = 0
  return {registry, run, ada: as('ada'), bob: as('bob'), pat: as('pat')}
}

/** Also creates a token of acme and one of ada's own, both with the label `ci`. */
async function withTokens(t: TestContext) {
  const world = await startOrganization(t)
  const create = async (args: string[]) => {
    const {stdout} = await world.ada(TokenCreate, ['--label', 'ci', '--json', ...args])
    return JSON.parse(stdout) as {id: string; token: string; organization: string | null; createdBy: string}
  }
  return {...world, own: await create([]), shared: await create(['--org', 'acme'])}
}

const idsIn = ({stdout}: {stdout: string}) => (JSON.parse(stdout) as {tokens: {id: string}[]}).tokens.map(({id}) => id)

describe('--org', () => {
  it('token create --org: the token belongs to the organization, and hints keep --org', async (t) => {
    const {ada, registry} = await startOrganization(t)
    const {stdout, stderr, exitCode} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme'])
    assert.equal(
      scrub(stderr, registry.url),
      `Created token ci
  id        <id>
  registry  <registry>
  owner     acme (created by ada)
  scopes    read, publish
  packages  @acme/*
  expires   never
To revoke it, run \`apkg token revoke --registry <registry> --org acme <id>\`.
`,
    )
    assert.equal(exitCode, 0)
    assert.equal((JSON.parse(registry.bodies.at(-1) ?? '') as {organization: string}).organization, 'acme')
    const env = {APKG_TOKEN: stdout.trim()}
    const identity = JSON.parse((await ada(Whoami, ['--json'], {env})).stdout) as Record<string, unknown>
    assert.deepEqual([identity['username'], identity['organization']], ['ada', 'acme'])
    const text = (await ada(Whoami, [], {env})).stdout
    assert.match(text, /^Organization: acme \(created by ada\)\nScopes: read, publish\nRegistry: /)
  })

  it('token create --org: --dry-run shows the owner, and sends nothing that creates a token', async (t) => {
    const {ada, registry} = await startOrganization(t)
    const {stderr} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme', '--dry-run'])
    assert.match(stderr, /\n {2}owner {5}acme\n/)
    assert.match(stderr, /\n {2}packages {2}all of @acme\n/)
    const planned = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme', '--dry-run', '--json'])
    assert.equal((JSON.parse(planned.stdout) as {organization: string}).organization, 'acme')
    assert.deepEqual(
      registry.requests.filter((each) => each.startsWith('POST')),
      [],
    )
  })

  it('token create --org: the default label is one that the organization does not have yet', async (t) => {
    const {ada} = await startOrganization(t)
    const labels = []
    for (const args of [['--org', 'acme'], ['--org', 'acme'], []]) {
      const {stdout} = await ada(TokenCreate, [...args, '--json'])
      labels.push((JSON.parse(stdout) as {label: string}).label)
    }
    assert.deepEqual(labels, [labels[0], `${labels[0]}-2`, labels[0]])
  })

  it("token list: lists the user's own tokens without --org, and those of the organization with it", async (t) => {
    const {ada, bob, own, shared} = await withTokens(t)
    assert.deepEqual([own.organization, own.createdBy], [null, 'ada'])
    assert.deepEqual([shared.organization, shared.createdBy], ['acme', 'ada'])
    assert.deepEqual(idsIn(await ada(TokenList, ['--json'])), [own.id])
    assert.deepEqual(idsIn(await ada(TokenList, ['--org', 'acme', '--json'])), [shared.id])
    assert.deepEqual(idsIn(await bob(TokenList, ['--json'])), [])
    assert.deepEqual(idsIn(await bob(TokenList, ['--org', 'acme', '--json'])), [shared.id])
    assert.match((await bob(TokenList, ['--org', 'acme'])).stdout, /\tread,publish\t@acme\/\*\t/)
    assert.match((await ada(TokenList, [])).stdout, /\tread,publish\t\*\t/)
    assert.match((await bob(TokenList, ['--org', 'acme'])).stdout, /\tactive\t-\t-\tacme\tada\t-\n$/)
    const onTerminal = await bob(TokenList, ['--org', 'acme'], {terminal: true})
    assert.match(onTerminal.stdout, / OWNER\n.* acme \(created by ada\)\n/)
    assert.match((await ada(TokenList, [], {terminal: true})).stdout, /EXPIRES\n/)
  })

  it('token list --org: filters apply, and an empty list says whose tokens it is about', async (t) => {
    const {ada, shared} = await withTokens(t)
    const unused = await ada(TokenList, ['--org', 'acme', '--never-expires', '--exit-code', '--json'])
    assert.deepEqual([idsIn(unused), unused.exitCode], [[shared.id], 7])
    const none = await ada(TokenList, ['--org', 'acme', '--suspended'])
    assert.equal(none.stderr, 'No API tokens of acme match.\n')
    await ada(TokenRevoke, ['--org', 'acme', 'ci'])
    const left = await ada(TokenList, ['--org', 'acme'])
    assert.equal(left.stderr, 'No API tokens of acme. To create one, run `apkg token create --org acme`.\n')
  })

  it('token show: finds only tokens of the owner that --org selects, even by full ID', async (t) => {
    const {ada, bob, own, shared, registry} = await withTokens(t)
    for (const selector of ['ci', shared.id, shared.id.slice(0, 6), shared.token.slice(0, 12)]) {
      const {stdout} = await bob(TokenShow, [selector, '--org', 'acme'])
      assert.match(stdout, new RegExp(`^ID {9}${shared.id}\nOwner {6}acme \\(created by ada\\)$`, 'm'), selector)
    }
    for (const [selector, args] of [
      [shared.id, []],
      [own.id, ['--org', 'acme']],
    ] as const) {
      const ofOrganization = args.length > 0
      assert.deepEqual(seen(await ada(TokenShow, [selector, ...args])), {
        stdout: '',
        stderr: `Error: Token not found${ofOrganization ? ' in acme' : ''} on ${registry.url}: "${selector}"
  hint: run \`apkg token list --registry ${registry.url}${ofOrganization ? ' --org acme' : ''}\`
${ofOrganization ? '' : '  hint: if the token belongs to an organization, add --org\n'}`,
        exitCode: 1,
      })
    }
    const shown = JSON.parse((await ada(TokenShow, ['ci', '--json'])).stdout) as {id: string}
    assert.equal(shown.id, own.id)
  })

  it('token suspend, resume, rotate, log and revoke: apply only to tokens of the owner that --org selects', async (t) => {
    const {ada, bob, own, shared, registry} = await withTokens(t)
    const statuses = async () => {
      const all = []
      for await (const token of registry.store.tokens.each()) all.push(token)
      return Object.fromEntries(
        all.map(({id, suspensions, revokedAt}) => [
          id,
          revokedAt === null ? (suspensions.length > 0 ? 'suspended' : 'active') : 'revoked',
        ]),
      )
    }
    assert.equal((await bob(TokenSuspend, ['ci', '--org', 'acme'])).exitCode, 0)
    assert.deepEqual(await statuses(), {[own.id]: 'active', [shared.id]: 'suspended'})
    const resume = `apkg token resume ${shared.id} --org acme`
    const {suggestions} = errorOf(await ada(TokenRotate, ['ci', '--org', 'acme', '--json']))
    assert.ok(suggestions[0]?.startsWith(`run \`${resume}`), suggestions[0])
    const used = errorOf(await ada(Whoami, ['--json'], {env: {APKG_TOKEN: shared.token}}))
    assert.equal(used.suggestions[0], `as an admin of acme, run \`${resume}\``)
    assert.equal((await ada(TokenResume, ['--all', '--yes', '--org', 'acme'])).exitCode, 0)
    assert.deepEqual(await statuses(), {[own.id]: 'active', [shared.id]: 'active'})
    const rotated = await ada(TokenRotate, ['ci', '--org', 'acme', '--json'])
    assert.equal((JSON.parse(rotated.stdout) as {id: string}).id, shared.id)
    const logOf = async (args: string[]) => {
      const {stdout} = await ada(TokenLog, [...args, '--json'])
      return new Set((JSON.parse(stdout) as {entries: {id: string}[]}).entries.map(({id}) => id))
    }
    assert.deepEqual(await logOf(['--org', 'acme']), new Set([shared.id]))
    assert.deepEqual(await logOf(['--org', 'acme', 'ci']), new Set([shared.id]))
    assert.deepEqual(await logOf([]), new Set([own.id]))
    assert.equal((await bob(TokenRevoke, ['--all', '--yes', '--org', 'acme'])).exitCode, 0)
    assert.deepEqual(await statuses(), {[own.id]: 'active', [shared.id]: 'revoked'})
  })

  it('token revoke: the ID of a token of an organization revokes nothing without --org', async (t) => {
    const {ada, shared, registry} = await withTokens(t)
    const {code, exitCode} = failureOf(await ada(TokenRevoke, [shared.id, '--json']))
    assert.deepEqual([code, exitCode], ['TOKEN_NOT_FOUND', 1])
    assert.ok(!registry.requests.some((each) => each.startsWith('DELETE')))
  })

  for (const [what, command, argv, message] of [
    ['revoke --current', TokenRevoke, ['--current'], '--org cannot be combined with --current'],
    ['rotate --current', TokenRotate, ['--current'], '--org cannot be combined with --current'],
    ['show --current', TokenShow, ['--current'], '--org cannot be combined with --current'],
    [
      'create with the scope admin',
      TokenCreate,
      ['--label', 'x', '--scopes', 'admin'],
      'A token of an organization cannot have the scope admin',
    ],
    [
      'create with a scope about the account',
      TokenCreate,
      ['--label', 'x', '--scopes', 'read,token:read'],
      'A token of an organization cannot have the scope token:read',
    ],
    [
      'create with packages of another scope',
      TokenCreate,
      ['--label', 'x', '--package', '@acme/*', '--package', '@ada/tool'],
      '@ada/tool is not a package of acme',
    ],
  ] as const) {
    it(`--org: \`token ${what}\` is a usage error, and nothing is sent`, async (t) => {
      const {ada, registry} = await startOrganization(t)
      const outcome = failureOf(await ada(command, [...argv, '--org', 'acme', '--json']))
      assert.deepEqual(outcome, {code: 'USAGE', message, exitCode: 2})
      assert.deepEqual(registry.requests, [])
    })
  }

  for (const [name, hint] of [
    ['@acme', 'use `--org acme`'],
    ['Acme', 'use its name: 1 to 64 lowercase letters, digits and dashes'],
    ['', 'use its name: 1 to 64 lowercase letters, digits and dashes'],
  ] as const) {
    it(`--org: \`${name}\` is not the name of an organization, and nothing is sent`, async (t) => {
      const {ada, registry} = await startOrganization(t)
      const {stderr, exitCode} = await ada(TokenList, ['--org', name])
      assert.equal(stderr, `Error: --org: \`${name}\` is not a valid organization name\n  hint: ${hint}\n`)
      assert.equal(exitCode, 2)
      assert.deepEqual(registry.requests, [])
    })
  }

  for (const [what, who, organization] of [
    ['a publisher of it', 'pat', 'acme'],
    ['an admin of another one', 'ada', 'initech'],
    ['someone who mistypes its name', 'ada', 'acmee'],
  ] as const) {
    it(`--org: ${what} can neither create nor see tokens`, async (t) => {
      const world = await withTokens(t)
      for (const [command, argv] of [
        [TokenCreate, ['--label', 'x']],
        [TokenList, []],
        [TokenLog, []],
        [TokenShow, [world.shared.id]],
        [TokenRevoke, ['ci']],
        [TokenRotate, ['ci']],
        [TokenSuspend, ['--all', '--yes']],
      ] as const) {
        const {stdout, stderr, exitCode} = await world[who](command, [...argv, '--org', organization])
        assert.deepEqual([stdout, exitCode], ['', 3])
        assert.match(stderr, /hint: check the name of the organization, or ask one of its admins\./)
        assert.match(stderr, new RegExp(`Only admins of ${organization} can manage its tokens`))
        assert.match(stderr, / can add one with `apkg registry org add \S+ \S+ --role admin`\n/)
      }
      const all = []
      for await (const token of world.registry.store.tokens.each()) all.push(token)
      assert.deepEqual(
        all.map(({label, revokedAt, suspensions}) => [label, revokedAt, suspensions]),
        [
          ['ci', null, []],
          ['ci', null, []],
        ],
      )
    })
  }

  it('--org: an API token of an admin, even with the scope admin, neither lists nor revokes tokens of the organization', async (t) => {
    const {ada, shared} = await withTokens(t)
    const {stdout} = await ada(TokenCreate, ['--label', 'manager', '--scopes', 'admin'])
    const env = {APKG_TOKEN: stdout.trim()}
    for (const argv of [
      ['--org', 'acme'],
      ['--org', 'acme', '--json'],
    ]) {
      const {exitCode} = await ada(TokenList, argv, {env})
      assert.equal(exitCode, 3)
    }
    assert.equal((await ada(TokenRevoke, [shared.id, '--org', 'acme'], {env})).exitCode, 3)
    assert.equal((await ada(TokenShow, [shared.id], {env})).exitCode, 1)
  })

  it('--org: an admin who leaves the organization can no longer see its tokens', async (t) => {
    const {ada, registry} = await withTokens(t)
    const [user, organization] = [
      await registry.store.users.find('ada'),
      await registry.store.organizations.find('acme'),
    ]
    const member = {organizationId: organization?.id ?? '', userId: user?.id ?? ''}
    await registry.store.organizations.removeMember(member, operator, registry.clock.now.getTime())
    assert.equal((await ada(TokenList, ['--org', 'acme'])).exitCode, 3)
  })

  it('--org: a token of the organization shows, rotates and revokes itself with --current', async (t) => {
    const {ada} = await startOrganization(t)
    const {stdout} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme', '--scopes', 'publish,token:rotate'])
    const first = {APKG_TOKEN: stdout.trim()}
    assert.match((await ada(TokenShow, ['--current'], {env: first})).stdout, /^Owner {6}acme \(created by ada\)$/m)
    const rotated = await ada(TokenRotate, ['--current'], {env: first})
    assert.deepEqual([rotated.exitCode, /^apkgt_/.test(rotated.stdout)], [0, true])
    const second = {APKG_TOKEN: rotated.stdout.trim()}
    assert.equal((await ada(TokenRevoke, ['--current'], {env: second})).exitCode, 0)
    assert.equal((await ada(Whoami, [], {env: second})).exitCode, 4)
  })

  it('publish: with a token of an organization, a key on the machine is no reason to warn', async (t) => {
    const {ada} = await startOrganization(t)
    const {stdout} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme'])
    assert.equal((await ada(KeyGenerate, ['--name', 'laptop'])).exitCode, 0)
    const manifest = {name: '@acme/tool', version: '1.0.0', type: 'skill', description: 'A tool'}
    const skill = '---\nname: tool\ndescription: A tool\n---\nDo it.\n'
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify(manifest), 'SKILL.md': skill})
    const {stderr, exitCode} = await ada(Publish, [], {cwd, env: {APKG_TOKEN: stdout.trim()}})
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stderr, /warning|not signed/i)
  })

  it('login --with-token, doctor: name the organization that a token belongs to', async (t) => {
    const {ada, run} = await startOrganization(t)
    const {stdout} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme'])
    const home = await tempFolder(t)
    const login = await run(Login, ['--with-token'], {home, stdin: stdout})
    assert.equal(login.exitCode, 0)
    assert.match(login.stderr, /^Logged in as acme\n/)
    const doctor = await run(Doctor, [], {home})
    assert.match(doctor.stdout, /credentials\.json \("ci"\), organization acme, never expires/)
  })

  it('expiry warning: names the organization that the token belongs to', async (t) => {
    const {ada, registry} = await startOrganization(t)
    const {stdout} = await ada(TokenCreate, ['--label', 'ci', '--org', 'acme', '--expires', '30d'])
    registry.clock.advance(27 * 86_400_000)
    const {stderr} = await ada(Whoami, [], {env: {APKG_TOKEN: stdout.trim()}})
    const rotate = `apkg token rotate --registry ${registry.url} --org acme ci`
    assert.equal(
      stderr,
      `Warning: APKG_TOKEN ("ci") expires in 3 days. To replace it, an admin of acme can run \`${rotate}\`.\n`,
    )
  })
})
