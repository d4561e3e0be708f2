import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import TokenCreate from '../../src/commands/token/create.js'
import {
  body,
  cutOff,
  deadAddress,
  drip,
  flood,
  hangUp,
  html,
  json,
  refusal,
  silence,
  startHostileRegistry,
} from '../support/hostile-registry.js'
import {config} from '../support/oclif-config.js'
import {
  secret,
  list,
  create,
  impatient,
  retry,
  by,
  checkAccount,
  checkArguments,
  token,
  worldOf,
  scrubbed,
  assertFails,
  type Command,
  type Failure,
} from './registry-responses.js'
import {runCommand} from '../support/run-command.js'

const integrity = `sha256-${'A'.repeat(43)}=`
const exact = ['--package', '@a/x@1.2.3', '--integrity', integrity, '--expires', 'never']
const limited = {scopes: ['publish:new'], packageScope: '@a/x', uses: 1, usesLeft: 1}

/** A registry that has no policy answers 404. */
const policy = 'GET /registry/policy'

const newborn = 'apkg_n3wb0rn0123456789'

// Run concurrently, since most of these wait for an answer or before another attempt.
describe('token create', {concurrency: true}, () => {
  const made = {...token, token: newborn}
  const notes = (change: Record<string, string> = {}) => {
    const facts = {
      id: '7k3f9q2m',
      registry: 'REGISTRY',
      scopes: 'read, publish',
      packages: 'all',
      expires: 'never\nTo revoke it, run `apkg token revoke --registry REGISTRY 7k3f9q2m`.',
      ...change,
    }
    const lines = Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(8)}  ${fact}\n`)
    return `Created token ci\n${lines.join('')}`
  }
  const asked = {name: 'ci', scopes: ['read', 'publish'], expiresIn: 'never'}
  const withdrawal = 'DELETE /auth/tokens/7k3f9q2m'
  const contact = 'contact the registry operator'
  const withdraw = 'run `apkg token revoke --registry REGISTRY 7k3f9q2m`'

  for (const [what, answer, reason] of [
    ['never comes', silence, 'the request timed out'],
    ['never starts because the connection closes', hangUp, 'connection reset'],
    ['is truncated', cutOff, 'connection reset'],
    ['comes one byte at a time', drip, 'the request timed out'],
    ['is larger than 8 MiB', flood, 'the response is larger than 8388608 bytes'],
    ['is HTML', html(200), 'the response is not JSON (content type text/html)'],
    [
      'has a value with control characters',
      json(201, {...made, token: 'apkg_\u001B[2Jn3wb0rn'}),
      'the response to POST /auth/tokens does not match the protocol',
    ],
    [
      'has a value of two lines',
      json(201, {...made, token: 'apkg_n3w\nb0rn'}),
      'the response to POST /auth/tokens does not match the protocol',
    ],
    ['lacks the value', json(201, token), 'the response to POST /auth/tokens does not match the protocol'],
    ['is 500', refusal(500, 'Broken'), 'Broken'],
    ['is 502 in HTML', html(502), 'it responded with status 502'],
    ['is 504', body(504, ''), 'it responded with status 504'],
  ] as const) {
    it(`token create: sends one request and shows how to revoke the token if the answer ${what}`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const failure = {
        code: 'CREATION_UNCERTAIN',
        exit: 5,
        message: `Cannot create an API token at REGISTRY: ${reason}. The token "ci" may have been created`,
        suggestions: ['in case it was created, revoke it: `apkg token revoke --registry REGISTRY ci`'],
      }
      const env = reason === 'the request timed out' ? impatient : {}
      const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: answer}, failure, {env})
      const arrivals = [{route: create, authorization: `Bearer ${secret}`, body: asked}]
      assert.deepEqual(runs, [arrivals, arrivals])
    })
  }

  const failed = (code: string, exit: number, reason: string, suggestions: string[] = []): Failure => {
    const message = `Cannot create an API token at REGISTRY: ${reason}`
    return {
      code,
      exit,
      message: suggestions.some((each) => each.startsWith('unset')) ? by(message) : message,
      suggestions,
    }
  }

  for (const [what, answer, failure] of [
    ['is busy', refusal(503, 'Busy'), failed('SERVER_FAILED', 5, 'Busy', retry)],
    [
      'asks to wait',
      json(429, {}, {'retry-after': '2'}),
      failed('RATE_LIMITED', 5, 'it responded with status 429', ['try again in 2 seconds']),
    ],
    [
      'does not accept a token for this',
      refusal(403, 'Log in'),
      failed('REFUSED', 3, 'Log in', ['unset APKG_TOKEN and run `apkg login`']),
    ],
    ['reports a taken label', refusal(409, 'Taken'), failed('REFUSED', 3, 'Taken', checkAccount)],
    [
      'reports an existing label with its code',
      json(409, {error: {code: 'LABEL_TAKEN', message: 'Taken', details: []}}),
      failed('REFUSED', 3, 'Taken', [
        'choose another --label',
        'run `apkg token show --registry REGISTRY ci` to see the token that has this one',
        'run `apkg token rotate --registry REGISTRY ci` to give that token a new value',
        'run `apkg token revoke --registry REGISTRY ci` to free the label',
      ]),
    ],
    [
      'rejects a field',
      refusal(400, 'Bad', [{field: 'name', message: 'no'}]),
      failed('REQUEST_FAILED', 1, 'Bad\n  - --label: no', checkArguments),
    ],
  ] as const) {
    it(`token create: fails with one request if the registry ${what}`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: answer}, failure)
      assert.deepEqual(
        runs.map((run) => run.map(({route}) => route)),
        [[create], [create]],
      )
    })
  }

  it('token create: fails if no registry listens', async (t) => {
    const failure = failed('UNREACHABLE', 5, 'connection refused', [
      'check your network connection and the URL REGISTRY',
    ])
    await assertFails(t, await deadAddress(), [TokenCreate, '--label', 'ci', '--expires', 'never'], {}, failure)
  })

  for (const [what, argv, change, differences] of [
    ['has an additional scope', [], {scopes: ['read', 'publish', 'admin']}, 'it has extra scopes: admin'],
    [
      'lists no scopes, which means read and publish',
      ['--scopes', 'read'],
      {scopes: []},
      'it has extra scopes: publish',
    ],
    [
      'can publish further versions too',
      ['--scopes', 'publish:new'],
      {scopes: ['publish:new', 'publish:update']},
      'it has extra scopes: publish:update',
    ],
    [
      'can publish everything instead of a first version',
      ['--scopes', 'publish:new'],
      {scopes: ['publish']},
      'it has extra scopes: publish',
    ],
    [
      'can read too',
      ['--scopes', 'publish:new,publish:update,tag,deprecate'],
      {scopes: ['publish']},
      'it has extra scopes: publish',
    ],
    ['has the default scopes', ['--scopes', 'tag'], {scopes: []}, 'it has extra scopes: read, publish'],
    [
      'can manage tokens instead of listing them',
      ['--scopes', 'token:read'],
      {scopes: ['admin']},
      'it has extra scopes: admin',
    ],
    ['has ci instead of read', ['--scopes', 'read'], {scopes: ['ci']}, 'it has extra scopes: ci'],
    [
      'expires later in one of two fields',
      ['--expires', '30d'],
      {expires: '2027-01-31T10:00:00Z', expiresAt: '2028-01-31T10:00:00Z'},
      'it expires later, at 2028-01-31T10:00:00Z',
    ],
    [
      'can access every package by one of two fields',
      ['--package', '@a/x'],
      {packagePatterns: ['@a/x'], packageScope: ''},
      'it can access every package',
    ],
    [
      'has a pattern that is not part of the protocol',
      ['--package', '@a/*'],
      {packagePatterns: ['@a/[x]']},
      'it can also access @a/[x]',
    ],
    ['can access every package', ['--package', '@a/x'], {}, 'it can access every package'],
    ['can access more packages', ['--package', '@a/x'], {packageScope: '@a/*'}, 'it can also access @a/*'],
    ['can make any number of changes', ['--uses', '2'], {}, 'the number of its changes is not limited'],
    ['can make more changes', ['--uses', '2'], {uses: 3, usesLeft: 3}, 'it can make more changes: 3'],
    ['has more changes left', ['--uses', '2'], {uses: 2, usesLeft: 5}, 'it can make more changes: 5'],
    [
      'has an invalid number of changes',
      ['--uses', '2'],
      {uses: 'two', usesLeft: -1},
      'the number of its changes is not limited',
    ],
    ['does not say how many changes are left', ['--uses', '2'], {uses: 2}, 'the number of its changes is not limited'],
    ['can publish any version', exact, limited, 'it can publish any version'],
    [
      'can publish another version',
      exact,
      {...limited, release: {version: '1.2.4', integrity, tag: 'latest'}},
      `it can publish another release: version 1.2.4 with the integrity ${integrity} and the dist-tag latest`,
    ],
    [
      'can publish other bytes',
      exact,
      {...limited, release: {version: '1.2.3', integrity: 'sha256-\u001B[2J', tag: 'latest'}},
      'it can publish another release: version 1.2.3 with the integrity sha256-\\u{1b}[2J and the dist-tag latest',
    ],
    [
      'has a release that is none',
      exact,
      {...limited, release: {version: '1.2.3', integrity}},
      'it can publish any version',
    ],
    [
      'can publish the release and read',
      exact,
      {...limited, scopes: ['publish'], release: {version: '1.2.3', integrity, tag: 'latest'}},
      'it has extra scopes: publish',
    ],
    ['can be used from any address', ['--ip', '203.0.113.7'], {}, 'it can be used from any address'],
    [
      'has addresses that are not a list',
      ['--ip', '203.0.113.7'],
      {addresses: '203.0.113.7/32'},
      'it can be used from any address',
    ],
    [
      'can be used from an empty list of addresses',
      ['--ip', '203.0.113.7'],
      {addresses: []},
      'it can be used from any address',
    ],
    [
      'can be used from more addresses',
      ['--ip', '203.0.113.0/24', '--cidr', '2001:db8::/32'],
      {addresses: ['203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0']},
      'it can also be used from 0.0.0.0/0',
    ],
    [
      'has an invalid address',
      ['--ip', '203.0.113.7'],
      {addresses: ['203.0.113.7/32', 'the \u001B[2Jmoon']},
      'it can also be used from the \\u{1b}[2Jmoon',
    ],
    ['belongs to the user', ['--org', 'acme'], {}, 'it belongs to a user, not to acme'],
    [
      'does not belong to the organization',
      ['--org', 'acme'],
      {organization: null},
      'it belongs to a user, not to acme',
    ],
    [
      'belongs to something that is not an organization',
      ['--org', 'acme'],
      {organization: ['acme']},
      'it belongs to the organization (invalid), not to acme',
    ],
    [
      'belongs to an organization with line breaks',
      [],
      {organization: 'acme. It was revoked\n  hint: run `evil`'},
      'it belongs to the organization (invalid), not to you',
    ],
    ['never expires', ['--expires', '30d'], {}, 'it never expires'],
    [
      'lives longer',
      ['--expires', '30d'],
      {expiresIn: '90d', expiresAt: '2027-04-30T10:00:00Z'},
      'it expires later, at 2027-04-30T10:00:00Z',
    ],
    [
      'is wider in two ways',
      ['--scopes', 'read', '--expires', '1y'],
      {},
      'it has extra scopes: publish; it never expires',
    ],
    [
      'has a scope with line breaks',
      [],
      {scopes: ['read', 'publish', 'x. It was revoked\n  hint: run `evil`']},
      'it has extra scopes: x. It was revoked\\u{a}  hint: run `evil`',
    ],
    [
      'has a scope with control characters',
      [],
      {scopes: ['read', 'publish', '\u001B[2J']},
      'it has extra scopes: \\u{1b}[2J',
    ],
  ] as const) {
    const flags: [Command, ...string[]] = [TokenCreate, '--label', 'ci', ...argv]

    it(`token create: a token that ${what} is revoked again`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const failure = {
        code: 'TOKEN_WIDER',
        exit: 3,
        message: `The registry issued the token "ci" with broader permissions or a longer lifetime than requested: ${differences}. The token was revoked`,
        suggestions: [contact],
      }
      const routes = {[create]: json(201, {...made, ...change}), [withdrawal]: body(204, '')}
      const runs = await assertFails(t, registry, flags, routes, failure)
      for (const arrivals of runs) {
        assert.deepEqual(
          arrivals.map(({route, authorization}) => [route, authorization]),
          [create, withdrawal].map((route) => [route, `Bearer ${secret}`]),
        )
      }
    })

    it(`token create: shows how to revoke a token that ${what} if that fails`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const failure = {
        code: 'TOKEN_WIDER',
        exit: 3,
        message: `The registry issued the token "ci" with broader permissions or a longer lifetime than requested: ${differences}. The token could not be revoked and is still active`,
        suggestions: [withdraw, contact],
      }
      const routes = {[create]: json(201, {...made, ...change}), [withdrawal]: refusal(403, 'No')}
      const runs = await assertFails(t, registry, flags, routes, failure)
      assert.deepEqual(
        runs.map((run) => run.map(({route}) => route)),
        [
          [create, withdrawal],
          [create, withdrawal],
        ],
      )
    })
  }

  it('token create: a wider token that is already gone is treated as revoked', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const failure = {
      code: 'TOKEN_WIDER',
      exit: 3,
      message:
        'The registry issued the token "c\\u{a}i" with broader permissions or a longer lifetime than requested: it has extra scopes: admin. The token was revoked',
      suggestions: [contact],
    }
    const wider = {...made, name: 'c\ni', scopes: ['read', 'publish', 'admin']}
    const routes = {[create]: json(201, wider), [withdrawal]: refusal(404, 'Gone')}
    const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure)
    assert.deepEqual(
      runs.map((run) => run.map(({route}) => route)),
      [
        [create, withdrawal],
        [create, withdrawal],
      ],
    )
  })

  it('token create: a token with another label is delivered with a warning', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    registry.answer({[create]: json(201, {...made, name: 'c\u001Bi'})})
    const world = await worldOf(t, registry.url)
    const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci'], config, world), registry.url)
    assert.deepEqual(
      [outcome.stdout, outcome.stderr, outcome.exitCode],
      [
        `${newborn}\n`,
        `Warning: The registry changed the token's label to "c\\u{1b}i".\n${notes().replace('token ci', 'token c\\u{1b}i')}`,
        0,
      ],
    )
    assert.deepEqual(registry.routes, [create])
  })

  const daysFromCreation = (days: number) => new Date(Date.parse(token.createdAt) + days * 86_400_000).toISOString()

  for (const [what, argv, change, warning, facts] of [
    [
      'lacks a scope',
      [],
      {scopes: ['read']},
      'The token is more restricted than requested: it lacks scopes: publish.',
      {scopes: 'read'},
    ],
    [
      'expires without being asked to',
      [],
      {expiresIn: '90d', expiresAt: daysFromCreation(90)},
      `The token is more restricted than requested: it expires earlier, at ${daysFromCreation(90)}.`,
      {expires: daysFromCreation(90)},
    ],
    [
      'can access only a package with control characters',
      [],
      {packagePatterns: ['@a/\u001B[2Jx']},
      'The token is more restricted than requested: it can only access @a/\\u{1b}[2Jx.',
      {packages: '@a/\\u{1b}[2Jx'},
    ],
  ] as const) {
    it(`token create: a token that ${what} is delivered with a warning`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      registry.answer({[create]: json(201, {...made, ...change})})
      const world = await worldOf(t, registry.url)
      const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci', ...argv], config, world), registry.url)
      assert.equal(outcome.stdout, `${newborn}\n`)
      assert.equal(outcome.stderr, `Warning: ${warning}\n${notes(facts)}`)
      assert.equal(outcome.exitCode, 0)
      assert.deepEqual(registry.routes, [create])
    })
  }

  const noNever = refusal(400, 'Not valid', [{field: 'expiresIn', message: 'one of 30d, 90d, 365d'}])
  const noNeverReason = 'Not valid\n  - expiresIn: one of 30d, 90d, 365d'

  it('token create: if the registry rejects the default lifetime "never", asks for a year with a warning', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const expiresAt = daysFromCreation(365)
    const answers = [noNever, json(201, {...made, expiresIn: '365d', expiresAt})]
    registry.answer({[create]: answers})
    const world = await worldOf(t, registry.url)
    const outcome = scrubbed(await runCommand(TokenCreate, ['--label', 'ci'], config, world), registry.url)
    const warning = 'The token expires in 365d, because the registry requires an expiry.'
    assert.equal(outcome.stderr, `Warning: ${warning}\n${notes({expires: expiresAt})}`)
    assert.deepEqual([outcome.stdout, outcome.exitCode], [`${newborn}\n`, 0])
    assert.deepEqual(
      registry.arrivals.map(({body}) => body),
      [asked, {...asked, expiresIn: '365d'}],
    )
  })

  it('token create: fails if the registry rejects a year too', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const failure = failed('REQUEST_FAILED', 1, noNeverReason.replace('expiresIn', '--expires'), checkArguments)
    const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], {[create]: noNever}, failure)
    assert.deepEqual(
      runs.map((run) => run.length),
      [2, 2],
    )
  })

  it('token create: fails if the registry rejects an explicit `--expires never`', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const failure = failed('REFUSED', 3, noNeverReason, ['set an expiry, such as `--expires 365d`'])
    const argv: [Command, ...string[]] = [TokenCreate, '--label', 'ci', '--expires', 'never']
    const runs = await assertFails(t, registry, argv, {[create]: noNever}, failure)
    assert.deepEqual(
      runs.map((run) => run.map(({body}) => body)),
      [[asked], [asked]],
    )
  })

  for (const [what, answer, code, exit] of [
    ['is not one', json(200, {maxTokenLifetime: 'forever'}), 'BAD_RESPONSE', 5],
    ['is HTML', html(200), 'BAD_RESPONSE', 5],
    ['never starts because the connection closes', hangUp, 'UNREACHABLE', 5],
    ['is 500', refusal(500, 'Broken'), 'SERVER_FAILED', 5],
  ] as const) {
    it(`token create: creates nothing if the policy ${what}`, async (t) => {
      const registry = await startHostileRegistry(t)
      registry.answer({[policy]: answer, [create]: json(201, made)})
      const world = await worldOf(t, registry.url)
      const outcome = await runCommand(TokenCreate, ['--label', 'ci', '--json'], config, world)
      assert.deepEqual([outcome.exitCode, JSON.parse(outcome.stdout).error.code], [exit, code])
      assert.ok(!registry.routes.includes(create))
      assert.ok(registry.arrivals.every(({authorization}) => authorization === undefined))
    })
  }

  for (const status of [401, 403, 405]) {
    it(`token create: ${status} for the policy means that the registry has none`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      registry.answer({[policy]: refusal(status, 'No'), [create]: json(201, made)})
      const world = await worldOf(t, registry.url)
      const {stdout, exitCode} = await runCommand(TokenCreate, ['--label', 'ci'], config, world)
      assert.deepEqual([stdout, exitCode], [`${newborn}\n`, 0])
      assert.deepEqual(
        registry.arrivals.map(({body}) => body),
        [asked],
      )
    })
  }

  const proposal = 'ada@engine-20270131'

  for (const [what, listed] of [
    ['that are listed', json(200, {tokens: [{...token, name: proposal}]})],
    ['even if it cannot list', refusal(403, 'No')],
  ] as const) {
    it(`token create: adds a number to the default label if it already exists, ${what}`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const first = what === 'that are listed' ? 2 : 1
      registry.answer({
        [list]: listed,
        [create]: [refusal(409, 'Taken'), refusal(409, 'Taken'), json(201, {...made, name: 'made'})],
      })
      const outcome = await runCommand(TokenCreate, [], config, await worldOf(t, registry.url))
      assert.deepEqual([outcome.stdout, outcome.exitCode], [`${newborn}\n`, 0])
      assert.deepEqual(
        registry.arrivals.map(({route, body}) => [route, (body as {name?: string} | undefined)?.name]),
        [
          [list, undefined],
          ...[first, first + 1, first + 2].map((count) => [create, count === 1 ? proposal : `${proposal}-${count}`]),
        ],
      )
    })
  }

  it('token create: tries no other label if the account has reached its token limit', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const full = json(409, {error: {code: 'TOKEN_LIMIT', message: 'Too many', details: []}})
    const routes = {[list]: json(200, {tokens: []}), [create]: full}
    const failure = failed('REFUSED', 3, 'Too many', [
      'run `apkg token list`, and `apkg token revoke` for the tokens you no longer need',
    ])
    const runs = await assertFails(t, registry, [TokenCreate], routes, failure)
    assert.deepEqual(
      runs.map((run) => run.map(({route}) => route)),
      [
        [list, create],
        [list, create],
      ],
    )
  })

  it('token create: gives up if every label already exists', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    registry.answer({[list]: json(200, {tokens: []}), [create]: refusal(409, 'Taken')})
    const outcome = await runCommand(TokenCreate, [], config, await worldOf(t, registry.url))
    assert.equal(outcome.exitCode, 3)
    assert.equal(registry.arrivals.length, 101)
  })

  for (const [error, reason] of [
    ['ENOSPC', 'no space left on the disk'],
    ['EPIPE', 'the reader closed the pipe'],
    ['EIO', 'EIO'],
  ] as const) {
    it(`token create: a token that cannot be written to stdout is revoked again (${error})`, async (t) => {
      const registry = await startHostileRegistry(t, policy)
      const failure = {
        code: 'TOKEN_UNDELIVERED',
        exit: 1,
        message: `Cannot write the token to standard output (${reason}). The token "ci" was revoked`,
        suggestions: ['run the command again once the token can be delivered, or write it to a file with --out'],
      }
      const routes = {[create]: json(201, made), [withdrawal]: body(204, '')}
      const more = {stdoutFails: error, notes: notes()}
      const runs = await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure, more)
      assert.deepEqual(
        runs.map((run) => run.map(({route}) => route)),
        [
          [create, withdrawal],
          [create, withdrawal],
        ],
      )
    })
  }

  it('token create: shows how to revoke a token that cannot be written to stdout if that fails', async (t) => {
    const registry = await startHostileRegistry(t, policy)
    const failure = {
      code: 'TOKEN_UNDELIVERED',
      exit: 1,
      message:
        'Cannot write the token to standard output (no space left on the disk). The token "ci" could not be revoked and is still active',
      suggestions: [withdraw],
    }
    const routes = {[create]: json(201, made), [withdrawal]: refusal(403, 'No')}
    const more = {stdoutFails: 'ENOSPC', notes: notes()}
    await assertFails(t, registry, [TokenCreate, '--label', 'ci'], routes, failure, more)
  })
})
