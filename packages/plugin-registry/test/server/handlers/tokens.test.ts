import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {formatTokenId, inspectTokenValue} from '@apkg/wire'
import * as responses from '@apkg/wire/protocol'
import {Value} from 'typebox/value'

import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {createWorld, day, minute, type World} from '../../support/world.js'
import {ignored, worldDatabase} from '../../support/world-database.js'
import {unrestricted} from '../../support/unrestricted.js'

const create = (world: World, token: string, body: unknown) => world.call('POST', '/auth/tokens', {body, token})
const list = (world: World, token: string, query = '') => world.call('GET', `/auth/tokens${query}`, {token})
const revoke = (world: World, token: string, id: string) =>
  world.call('DELETE', `/auth/tokens/${encodeURIComponent(id)}`, {token})

async function withSession(t: Parameters<typeof createWorld>[0], changes = {}) {
  const world = await createWorld(t, changes)
  await world.addUser('ada')
  return {world, session: (await world.logIn('ada')).accessToken}
}

describe('token creation', () => {
  it('create token: by default it does not expire and can read and publish', async (t) => {
    const {world, session} = await withSession(t)
    const {status, body, headers} = await create(world, session, {name: 'ci', scopes: []})
    assert.equal(status, 201)
    assert.deepEqual(inspectTokenValue(body.token), {state: 'intact', kind: 'token'})
    assert.deepEqual(
      {...body, id: '', token: ''},
      {
        token: '',
        id: '',
        name: 'ci',
        prefix: body.token.slice(0, 12),
        scopes: ['read', 'publish'],
        packagePatterns: [],
        ...{addresses: null, uses: null, usesLeft: null, release: null, organization: null, createdBy: 'ada'},
        expiresIn: 'never',
        expiresAt: '9999-12-31T00:00:00.000Z',
        expires: null,
        createdAt: '2026-11-23T12:00:00.000Z',
        lastUsed: null,
        lastUse: null,
        note: null,
        status: 'active',
        valueEndedAt: null,
        revokedAt: null,
        revokedBy: null,
        generation: 1,
      },
    )
    assert.ok(Value.Check(responses.CreatedTokenResponse, body))
    assert.equal(headers['cache-control'], 'no-store')
  })

  it('create token: lifetime, scopes and packages are limited as requested', async (t) => {
    const {world, session} = await withSession(t)
    const request = {
      name: 'ci',
      scopes: ['publish', 'read', 'read'],
      expiresIn: '30d',
      packageScope: '@acme/*, @ada/tool',
    }
    const {body} = await create(world, session, request)
    assert.deepEqual(body.scopes, ['read', 'publish'])
    assert.equal(body.packageScope, '@acme/*,@ada/tool')
    assert.deepEqual(body.packagePatterns, ['@acme/*', '@ada/tool'])
    assert.equal(body.expiresIn, '30d')
    assert.equal(body.expiresAt, '2026-12-23T12:00:00.000Z')
    assert.equal(body.expires, body.expiresAt)
    const {credential} = (await world.call('GET', '/auth/whoami', {token: body.token})).body
    assert.deepEqual(credential, {
      kind: 'token',
      id: body.id,
      label: 'ci',
      isOldValue: false,
      prefix: body.prefix,
      scopes: ['read', 'publish'],
      packagePatterns: ['@acme/*', '@ada/tool'],
      ...{addresses: null, uses: null, usesLeft: null, release: null},
      expires: '2026-12-23T12:00:00.000Z',
    })
  })

  it('create token: only the response contains the value', async (t) => {
    const {world, session} = await withSession(t)
    const {body} = await create(world, session, {name: 'ci'})
    const elsewhere = [(await list(world, session)).body, await world.store.audit.latest(100), world.log]
    assert.ok(world.log.length > 0)
    assert.ok(!JSON.stringify(elsewhere).includes(body.token))
    const {readdirSync, readFileSync} = await import('node:fs')
    for (const entry of readdirSync(world.folder, {recursive: true, withFileTypes: true})) {
      if (!entry.isFile()) continue
      assert.ok(!readFileSync(`${entry.parentPath}/${entry.name}`).includes(body.token))
    }
  })

  for (const label of ['__proto__', 'constructor', '🚀 déploiement', 'x'.repeat(100), '👩‍🚀'.repeat(33)]) {
    it(`create token: accepts the label ${label}`, async (t) => {
      const {world, session} = await withSession(t)
      const {status, body} = await create(world, session, {name: label})
      assert.equal(status, 201)
      assert.equal(body.name, label)
      assert.deepEqual(
        (await list(world, session)).body.tokens.map(({name}: {name: string}) => name),
        [label],
      )
    })
  }

  const refusals: [string, unknown, string, string | undefined][] = [
    ['a missing label', {}, 'VALIDATION', 'name'],
    ['an empty label', {name: ''}, 'VALIDATION', 'name'],
    ['a label of 101 characters', {name: 'x'.repeat(101)}, 'VALIDATION', 'name'],
    ['a label that starts with a dash', {name: '-5d'}, 'VALIDATION', 'name'],
    ['a label that looks like an ID', {name: '01h455vb4pex5vsk'}, 'VALIDATION', 'name'],
    ['a label with a control character', {name: 'a\u001b[2Jb'}, 'VALIDATION', 'name'],
    ['a label with a line break', {name: 'a\nb'}, 'VALIDATION', 'name'],
    ['a label that looks like a value', {name: `apkgt_${'x'.repeat(38)}`}, 'VALIDATION', 'name'],
    ['a label that looks like an id', {name: '7k3f9m2q8x4w6z5t'}, 'VALIDATION', 'name'],
    ['a label that is a number', {name: 7}, 'VALIDATION', 'name'],
    ['an unknown scope', {name: 'a', scopes: ['write']}, 'VALIDATION', 'scopes'],
    ['scopes that are not a list', {name: 'a', scopes: 'read'}, 'VALIDATION', 'scopes'],
    ['an invalid lifetime', {name: 'a', expiresIn: '30'}, 'VALIDATION', 'expiresIn'],
    ['a lifetime of zero', {name: 'a', expiresIn: '0d'}, 'VALIDATION', 'expiresIn'],
    ['a past date', {name: 'a', expiresIn: '2026-11-23'}, 'VALIDATION', 'expiresIn'],
    ['a date that does not exist', {name: 'a', expiresIn: '2027-02-30'}, 'VALIDATION', 'expiresIn'],
    ['a lifetime of null', {name: 'a', expiresIn: null}, 'VALIDATION', 'expiresIn'],
    ['a package without a scope', {name: 'a', packageScope: 'tool'}, 'VALIDATION', 'packageScope'],
    ['an empty restriction to packages', {name: 'a', packageScope: ''}, 'VALIDATION', 'packageScope'],
    ['a restriction to a comma', {name: 'a', packageScope: ' , '}, 'VALIDATION', 'packageScope'],
    ['an unknown restriction', {name: 'a', cidr: ['10.0.0.0/8']}, 'UNSUPPORTED_RESTRICTION', 'cidr'],
    ['a body that is a list', [], 'VALIDATION', undefined],
  ]
  for (const [title, body, code, field] of refusals) {
    it(`create token: refuses ${title} and names the field`, async (t) => {
      const {world, session} = await withSession(t)
      const refused = await create(world, session, body)
      assert.equal(refused.status, 400)
      assert.equal(refused.body.error.code, code)
      assert.deepEqual(
        refused.body.error.details.map((detail: {field?: string}) => detail.field),
        [field],
      )
      assert.deepEqual((await list(world, session)).body, {tokens: []})
    })
  }

  it('create token: names every invalid field', async (t) => {
    const {world, session} = await withSession(t)
    const {body} = await create(world, session, {name: '', scopes: ['x'], expiresIn: 'x', packageScope: 'x'})
    assert.deepEqual(
      body.error.details.map(({field}: {field: string}) => field),
      ['name', 'scopes', 'expiresIn', 'packageScope'],
    )
  })

  it('create token: a label can be reused only after its token was revoked or expired', async (t) => {
    const {world, session} = await withSession(t)
    const first = (await create(world, session, {name: 'ci'})).body
    const taken = await create(world, session, {name: 'ci'})
    assert.equal(taken.status, 409)
    assert.equal(taken.body.error.code, 'LABEL_TAKEN')
    assert.equal(taken.body.error.message, 'You already have a token with the label "ci"')
    await revoke(world, session, first.id)
    assert.equal((await create(world, session, {name: 'ci', expiresIn: '1h'})).status, 201)
    assert.equal((await create(world, session, {name: 'ci'})).status, 409)
    world.pass(60 * minute)
    const {accessToken: later} = await world.logIn('ada')
    assert.equal((await create(world, later, {name: 'ci'})).status, 201)
  })

  it('create token: of concurrent requests with the same label, one succeeds', async (t) => {
    const {world, session} = await withSession(t)
    const asked = await Promise.all(Array.from({length: 8}, () => create(world, session, {name: 'ci'})))
    assert.deepEqual(asked.map(({status}) => status).sort(), [201, ...Array.from({length: 7}, () => 409)])
  })

  it('create token: users can have tokens with the same label', async (t) => {
    const {world, session} = await withSession(t)
    await world.addUser('bob')
    await create(world, session, {name: 'ci'})
    assert.equal((await create(world, (await world.logIn('bob')).accessToken, {name: 'ci'})).status, 201)
  })

  it('create token: refuses more tokens than the limit', async (t) => {
    const {world, session} = await withSession(t)
    await world.store.policy.set({maxTokens: 2}, operator, world.now())
    await create(world, session, {name: 'a'})
    const {body} = await create(world, session, {name: 'b'})
    const refused = await create(world, session, {name: 'c'})
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error.code, 'TOKEN_LIMIT')
    assert.equal(refused.body.error.message, 'The account has reached its limit of 2 tokens')
    await revoke(world, session, body.id)
    assert.equal((await create(world, session, {name: 'c'})).status, 201)
  })
})

describe('token list', () => {
  it('list tokens: without a limit, lists all with the fields that the original client needs', async (t) => {
    const {world, session} = await withSession(t)
    for (let each = 0; each < 120; each++) await create(world, session, {name: `t-${each}`})
    const {body} = await list(world, session)
    assert.equal(body.tokens.length, 120)
    assert.ok(!('nextCursor' in body))
    assert.ok(Value.Check(responses.TokenPage, body))
    for (const token of body.tokens) {
      assert.ok(
        [token.id, token.name, token.expiresIn, token.expiresAt, token.createdAt].every(
          (each) => typeof each === 'string',
        ),
      )
      assert.ok(Array.isArray(token.scopes))
      assert.ok(!('packageScope' in token))
      assert.ok(!('token' in token))
    }
  })

  it('list tokens: pages neither skip nor repeat tokens, even if some are revoked in between', async (t) => {
    const {world, session} = await withSession(t)
    const ids: string[] = []
    for (let each = 0; each < 7; each++) {
      ids.push((await create(world, session, {name: `t-${each}`})).body.id)
      if (each % 3 === 0) world.pass(1000)
    }
    const seen: string[] = []
    let cursor: string | undefined
    for (let page = 0; page < 10; page++) {
      const {body} = await list(world, session, `?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`)
      seen.push(...body.tokens.map(({id}: {id: string}) => id))
      cursor = body.nextCursor
      if (cursor === undefined) break
      assert.doesNotMatch(cursor, /:\/\//)
      await revoke(world, session, seen.at(-1)!)
    }
    assert.deepEqual([...seen].sort(), [...ids].sort())
  })

  it('list tokens: a full last page has no cursor', async (t) => {
    const {world, session} = await withSession(t)
    for (let each = 0; each < 4; each++) await create(world, session, {name: `t-${each}`})
    const {nextCursor} = (await list(world, session, '?limit=2')).body
    assert.ok(!('nextCursor' in (await list(world, session, `?limit=2&cursor=${nextCursor}`)).body))
  })

  for (const query of ['?limit=0', '?limit=1001', '?limit=1.5', '?limit=abc', '?limit=-1', '?limit=', '?cursor=abc']) {
    it(`list tokens: refuses ${query}`, async (t) => {
      const {world, session} = await withSession(t)
      const {status, body} = await list(world, session, query)
      assert.equal(status, 400)
      assert.equal(body.error.details[0].field, query.slice(1).split('=')[0])
    })
  }

  it('list tokens: omits expired and revoked tokens', async (t) => {
    const {world, session} = await withSession(t)
    await create(world, session, {name: 'short', expiresIn: '1h'})
    await revoke(world, session, (await create(world, session, {name: 'gone'})).body.id)
    await create(world, session, {name: 'kept'})
    world.pass(60 * minute)
    assert.deepEqual(
      (await list(world, session)).body.tokens.map(({name}: {name: string}) => name),
      ['kept'],
    )
  })

  // It relies on the order of commits.
  const onFiles = worldDatabase().hasFiles ? it : ignored
  onFiles('list tokens: shows the first use immediately, and later ones after some seconds', async (t) => {
    t.mock.timers.enable({apis: ['setTimeout']})
    const {world, session} = await withSession(t)
    const {token} = await world.createToken(session, {name: 'ci'})
    const lastUsed = async () => (await list(world, session)).body.tokens[0].lastUsed
    assert.equal(await lastUsed(), null)
    await world.call('GET', '/auth/whoami', {token})
    assert.equal(await lastUsed(), '2026-11-23T12:00:00.000Z')
    world.pass(minute)
    await world.call('GET', '/auth/whoami', {token})
    assert.equal(await lastUsed(), '2026-11-23T12:00:00.000Z')
    t.mock.timers.tick(10_000)
    // Writes are committed in order.
    await world.addUser('bob')
    assert.equal(await lastUsed(), '2026-11-23T12:01:00.000Z')
  })

  it('list tokens: an admin token can list and revoke tokens', async (t) => {
    const {world, session} = await withSession(t)
    const admin = (await create(world, session, {name: 'admin', scopes: ['admin']})).body.token
    const other = (await create(world, session, {name: 'other'})).body
    assert.equal((await list(world, admin)).body.tokens.length, 2)
    assert.equal((await revoke(world, admin, other.id)).status, 204)
    assert.equal((await list(world, admin)).body.tokens.length, 1)
  })
})

describe('token revocation', () => {
  it('revoke token: takes effect with the next request, and repeating it changes nothing', async (t) => {
    const {world, session} = await withSession(t)
    const {id, token} = await world.createToken(session, {name: 'ci'})
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    assert.equal((await revoke(world, session, id)).status, 204)
    world.pass(day / 2 - 1)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).body.error.code, 'CREDENTIAL_REVOKED')
    const rows = (await world.store.audit.latest(100)).length
    assert.equal((await revoke(world, session, id)).status, 204)
    assert.equal((await world.store.audit.latest(100)).length, rows)
  })

  for (const id of [formatTokenId(new Uint8Array(16)), 'a/b', '../whoami', '%2F', '__proto__', 'x'.repeat(128), '💥']) {
    it(`revoke token: the id ${id.slice(0, 20)} is not found`, async (t) => {
      const {world, session} = await withSession(t)
      const {status, body} = await revoke(world, session, id)
      assert.equal(status, 404)
      assert.equal(body.error.code, 'TOKEN_NOT_FOUND')
    })
  }

  const idLike = (last: number) => formatTokenId(new Uint8Array(16).fill(last, 8))

  async function withIds(t: Parameters<typeof createWorld>[0]) {
    const {world, session} = await withSession(t)
    const {id: userId} = (await world.store.users.find('ada')) ?? assert.fail()
    const credential = await world.store.credentials.find('session', hashSecret(session))
    const add = (id: string, label: string) =>
      world.store.tokens.create(
        {
          ...{id, label, userId, sessionId: credential?.id ?? assert.fail(), hash: hashSecret(id), prefix: 'apkgt_'},
          ...unrestricted,
          ...{scopes: ['read'], patterns: [], lifetime: 'never', note: null, expiresAt: null},
        },
        operator,
        world.now(),
      )
    return {world, session, add}
  }

  it('revoke token: eight characters of an ID are enough if one active token starts with them', async (t) => {
    const {world, session, add} = await withIds(t)
    await add(idLike(1), 'first')
    await add(idLike(2), 'second')
    const start = idLike(1).slice(0, 8)
    const {status, body} = await revoke(world, session, start)
    assert.equal(status, 409)
    assert.equal(body.error.code, 'TOKEN_AMBIGUOUS')
    assert.deepEqual(body.error.details, [
      {field: 'id', message: `${idLike(1)} is the token "first"`},
      {field: 'id', message: `${idLike(2)} is the token "second"`},
    ])
    const labels = async () => (await list(world, session)).body.tokens.map(({name}: {name: string}) => name)
    assert.deepEqual(await labels(), ['first', 'second'])
    assert.equal((await revoke(world, session, start.slice(0, 7))).status, 404)
    assert.equal((await revoke(world, session, idLike(1))).status, 204)
    assert.equal((await revoke(world, session, start)).status, 204)
    assert.deepEqual(await labels(), [])
    assert.equal((await revoke(world, session, start)).status, 204)
    const [row] = await world.store.audit.latest(1)
    assert.equal(row?.target, idLike(2))
  })

  it("revoke token: the start of another user's ID is not found", async (t) => {
    const {world, add} = await withIds(t)
    await add(idLike(1), 'first')
    await world.addUser('bob')
    const bob = (await world.logIn('bob')).accessToken
    assert.equal((await revoke(world, bob, idLike(1).slice(0, 8))).status, 404)
    assert.equal((await revoke(world, bob, `${idLike(1).slice(0, 7)}%`)).status, 404)
  })

  it("revoke token: another user's token looks like an unknown one and stays valid", async (t) => {
    const {world, session} = await withSession(t)
    await world.addUser('bob')
    const bob = (await world.logIn('bob')).accessToken
    const {id, token} = await world.createToken(session, {name: 'ci'})
    const others = await revoke(world, bob, id)
    const unknown = await revoke(world, bob, formatTokenId(new Uint8Array(16)))
    assert.equal(others.status, 404)
    assert.deepEqual(
      {...others.body, error: {...others.body.error, requestId: ''}},
      {...unknown.body, error: {...unknown.body.error, requestId: ''}},
    )
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 200)
    assert.deepEqual((await list(world, bob)).body.tokens, [])
  })

  it('revoke token: a token with any scope can revoke itself', async (t) => {
    const {world, session} = await withSession(t)
    const {token} = await world.createToken(session, {name: 'ci', scopes: ['read']})
    assert.equal((await world.call('DELETE', '/auth/tokens/current', {token})).status, 204)
    assert.equal((await world.call('GET', '/auth/whoami', {token})).status, 401)
  })
})
