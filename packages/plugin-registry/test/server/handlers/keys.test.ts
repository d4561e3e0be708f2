import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import {
  authorStatement,
  generateKeyPair,
  isSignedBy,
  keyIdOf,
  keyPossessionStatement,
  keyRotationStatement,
  type KeyPair,
  parsePublicKey,
  registryStatement,
  signWith,
  toBase64,
} from '@apkg/package-format/signing'

import RegistryKeyList from '../../../src/commands/registry/key/list.js'
import RegistryKeyRotate from '../../../src/commands/registry/key/rotate.js'
import {hashSecret} from '../../../src/server/auth/credential-values.js'
import {operator} from '../../../src/server/store/store.js'
import {packageOf, publish} from '../../support/uploads.js'
import {createWorld, hour, minute, temporaryFolder, type World} from '../../support/world.js'
import {ignored, worldDatabase} from '../../support/world-database.js'
import {config} from '../../support/oclif-config.js'
import {runCommand} from '../../../../../test/support/run-command.js'

const registry = 'https://registry.example.com'
const url = '/packages/%40ada%2Ftool'
async function openWithAda(t: TestContext, folder?: string) {
  const world = await createWorld(t, {publicUrl: new URL(registry)}, folder)
  for (const name of ['ada', 'eve']) await world.addUser(name)
  const {accessToken: token} = await world.logIn('ada')
  const call = (method: string, path: string, body?: object) => world.call(method, path, {token, body})
  const register = async ({publicKey}: KeyPair, name = 'laptop') =>
    call('POST', '/auth/keys', {publicKey: toBase64(publicKey), name})
  return {world, token, call, register}
}

/** A package signed the way a client does it. */
async function signedPackage(key: KeyPair, changes: {version?: string; registry?: string} = {}) {
  const sent = await packageOf({name: '@ada/tool', version: changes.version ?? '1.0.0'})
  const {name, version, integrity} = sent.metadata
  const statement = authorStatement({registry: changes.registry ?? registry, name, version, integrity})
  const signature = {keyId: keyIdOf(key.publicKey), signature: signWith(key.seed, statement)}
  return {...sent, metadata: {...sent.metadata, signature}}
}

async function signingKeys(world: World) {
  return (await world.call('GET', '/registry/signing-keys')).body.keys
}

/** The keys whose attestations of a version are valid. */
function attestingKeys(packument: any, version: string, keys: any[]): string[] {
  return packument.versions[version].dist.attestations
    .filter(({kind}: any) => kind === 'registry')
    .filter((attestation: any) => {
      const key = keys.find(({keyId}) => keyId === attestation.keyId)
      return isSignedBy(parsePublicKey(key.publicKey)!, registryStatement(attestation), attestation.signature)
    })
    .map(({keyId}: any) => keyId)
}

const code = ({status, body}: {status: number; body: any}) => [status, body?.error?.code]

/** What the holder of a key sends to register it. */
function registrationOf({publicKey, seed}: KeyPair, username: string, at = registry) {
  const statement = keyPossessionStatement({registry: at, username, keyId: keyIdOf(publicKey)})
  return {publicKey: toBase64(publicKey), name: `of ${username}`, proof: signWith(seed, statement)}
}

/** What the holder of the old key sends to rotate to the new one, without a proof that it holds that too. */
function rotationOf(old: KeyPair, next: KeyPair) {
  const attestation = signWith(old.seed, next.publicKey)
  return {oldKeyId: keyIdOf(old.publicKey), newPublicKey: toBase64(next.publicKey), attestation}
}

describe("an author's keys", () => {
  it('author keys: a proof is bound to the user, the registry and the key', async (t) => {
    const {call} = await openWithAda(t)
    const key = generateKeyPair()
    const other = generateKeyPair()
    const forged = [
      registrationOf(key, 'eve'),
      registrationOf(key, 'ada', 'https://other.example'),
      {...registrationOf(key, 'ada'), proof: registrationOf(other, 'ada').proof},
      {...registrationOf(key, 'ada'), proof: Buffer.alloc(64).toString('base64')},
    ]
    for (const body of forged) assert.deepEqual(code(await call('POST', '/auth/keys', body)), [409, 'PROOF_INVALID'])
    const malformed = {...registrationOf(key, 'ada'), proof: 'x'}
    assert.deepEqual(code(await call('POST', '/auth/keys', malformed)), [400, 'VALIDATION'])
    assert.deepEqual((await call('GET', '/auth/keys')).body.keys, [])
    assert.equal((await call('POST', '/auth/keys', registrationOf(key, 'ada'))).status, 200)
  })

  it('author keys: a user who proves possession of a key gets it, whatever another user did with it before', async (t) => {
    for (const reason of [undefined, 'superseded', 'key-compromise']) {
      const {world, call} = await openWithAda(t)
      const key = generateKeyPair()
      const eve = (await world.logIn('eve')).accessToken
      const {proof: _, ...unproven} = registrationOf(key, 'eve')
      assert.equal((await world.call('POST', '/auth/keys', {token: eve, body: unproven})).status, 200)
      const revoked = `/auth/keys/${encodeURIComponent(keyIdOf(key.publicKey))}/revoke`
      if (reason !== undefined) await world.call('POST', revoked, {token: eve, body: {reason}})
      assert.deepEqual(code(await call('POST', '/auth/keys', {publicKey: unproven.publicKey, name: 'laptop'})), [
        409,
        'KEY_TAKEN',
      ])
      assert.equal((await call('POST', '/auth/keys', registrationOf(key, 'ada'))).status, 200)
      const [listed, ...others] = (await call('GET', '/auth/keys')).body.keys
      assert.deepEqual([listed.name, listed.status, listed.revokedAt, others], ['of ada', 'active', undefined, []])
      assert.deepEqual((await world.call('GET', '/auth/keys', {token: eve})).body.keys, [])
      const again = await world.call('POST', '/auth/keys', {token: eve, body: unproven})
      assert.deepEqual(code(again), [409, 'KEY_TAKEN'])
      const [audited] = await world.store.audit.latest(1)
      assert.deepEqual([audited?.action, (audited?.detail as any).takenFrom], ['key.register', 'eve'])
      assert.equal((await publish(world, (await world.logIn('ada')).accessToken, await signedPackage(key))).status, 201)
    }
  })

  it('author keys: a key whose owner proved possession of it, or signed with it, cannot be taken over', async (t) => {
    const {world, call, token, register} = await openWithAda(t)
    const [proven, signing, rotated] = [generateKeyPair(), generateKeyPair(), generateKeyPair()]
    await register(proven)
    assert.equal((await call('POST', '/auth/keys', registrationOf(proven, 'ada'))).status, 200)
    await register(signing)
    assert.equal((await publish(world, token, await signedPackage(signing))).status, 201)
    await register(rotated)
    const next = generateKeyPair()
    assert.equal((await call('POST', '/auth/keys/rotate', rotationOf(rotated, next))).status, 200)
    const eve = (await world.logIn('eve')).accessToken
    // Eve stole them.
    for (const key of [proven, signing, rotated]) {
      const answer = await world.call('POST', '/auth/keys', {token: eve, body: registrationOf(key, 'eve')})
      assert.deepEqual(code(answer), [409, 'KEY_TAKEN'])
    }
    assert.equal((await call('GET', '/auth/keys')).body.keys.length, 4)
  })

  it('author keys: a public key can be registered once, and only its owner can list it', async (t) => {
    const {world, call, register} = await openWithAda(t)
    const key = generateKeyPair()
    const {status, body} = await register(key)
    const keyId = keyIdOf(key.publicKey)
    const createdAt = new Date(world.now()).toISOString()
    assert.deepEqual([status, body], [200, {keyId, name: 'laptop', algorithm: 'ed25519', createdAt}])
    assert.equal((await register(key)).status, 200)
    const {body: listed} = await call('GET', '/auth/keys')
    const publicKey = toBase64(key.publicKey)
    assert.deepEqual(listed.keys, [{...body, status: 'active', publicKey}])
    const eve = (await world.logIn('eve')).accessToken
    assert.deepEqual((await world.call('GET', '/auth/keys', {token: eve})).body.keys, [])
    const taken = await world.call('POST', '/auth/keys', {token: eve, body: {publicKey, name: 'mine'}})
    assert.deepEqual(code(taken), [409, 'KEY_TAKEN'])
  })

  it('author keys: malformed and weak public keys are refused', async (t) => {
    const {call} = await openWithAda(t)
    const register = async (publicKey: string) => code(await call('POST', '/auth/keys', {publicKey, name: 'x'}))
    for (const publicKey of ['', 'AAAA', `${'A'.repeat(42)}B=`]) {
      assert.deepEqual(await register(publicKey), [400, 'KEY_INVALID'], publicKey)
    }
    const weak = Buffer.alloc(32)
    weak[0] = 1
    assert.deepEqual(await register(weak.toString('base64')), [409, 'KEY_WEAK'])
  })

  it('author keys: the reason for a revocation can only be changed to key-compromise', async (t) => {
    const {world, call, register} = await openWithAda(t)
    const {body: key} = await register(generateKeyPair())
    const path = `/auth/keys/${encodeURIComponent(key.keyId)}/revoke`
    const revokedAt = new Date(world.now()).toISOString()
    const unknown = await call('POST', path, {reason: 'bored'})
    assert.deepEqual(unknown.body.error.details, [
      {field: 'reason', message: 'must be one of key-compromise, superseded, unspecified'},
    ])
    const revoked = await call('POST', path, {reason: 'superseded', message: 'a new laptop'})
    assert.deepEqual([revoked.status, revoked.body], [200, {keyId: key.keyId, status: 'revoked', revokedAt}])
    world.pass(hour)
    assert.deepEqual(code(await call('POST', path, {reason: 'unspecified'})), [409, 'KEY_NOT_ACTIVE'])
    const compromised = await call('POST', path, {reason: 'key-compromise'})
    assert.deepEqual([compromised.status, compromised.body.revokedAt], [200, revokedAt])
    assert.deepEqual(code(await call('POST', path, {reason: 'key-compromise'})), [409, 'KEY_NOT_ACTIVE'])
    const eve = (await world.logIn('eve')).accessToken
    const foreign = await world.call('POST', path, {token: eve, body: {reason: 'key-compromise'}})
    assert.deepEqual(code(foreign), [404, 'KEY_UNKNOWN'])
  })

  it('author keys: rotation requires a signature by the old key over the new one', async (t) => {
    const {world, call, register} = await openWithAda(t)
    const [old, next, other] = [generateKeyPair(), generateKeyPair(), generateKeyPair()]
    const oldKeyId = keyIdOf(old.publicKey)
    await register(old)
    const rotate = (attestation: string) =>
      call('POST', '/auth/keys/rotate', {oldKeyId, newPublicKey: toBase64(next.publicKey), attestation})
    for (const forged of [signWith(other.seed, next.publicKey), signWith(old.seed, other.publicKey)]) {
      assert.deepEqual(code(await rotate(forged)), [409, 'ATTESTATION_INVALID'])
    }
    assert.deepEqual(code(await rotate('x')), [400, 'VALIDATION'])
    assert.equal((await call('GET', '/auth/keys')).body.keys.length, 1)
    world.pass(minute)
    const attestation = signWith(old.seed, next.publicKey)
    const rotated = await rotate(attestation)
    const rotatedAt = new Date(world.now()).toISOString()
    assert.deepEqual(rotated.body, {newKeyId: keyIdOf(next.publicKey), oldKeyId, rotatedAt})
    const [first, second] = (await call('GET', '/auth/keys')).body.keys
    assert.deepEqual(
      [first.status, first.revokedAt, first.rotatedTo, second.status, second.name],
      ['retired', rotatedAt, keyIdOf(next.publicKey), 'active', 'laptop'],
    )
    assert.deepEqual(code(await rotate(attestation)), [409, 'KEY_NOT_ACTIVE'])
  })

  it("author keys: a rotation to another user's key is refused, proven or not", async (t) => {
    const {world, call, register} = await openWithAda(t)
    const [old, hers, next] = [generateKeyPair(), generateKeyPair(), generateKeyPair()]
    await register(old)
    const eve = (await world.logIn('eve')).accessToken
    const proven = {token: eve, body: registrationOf(hers, 'eve')}
    assert.equal((await world.call('POST', '/auth/keys', proven)).status, 200)
    const rotate = (to: KeyPair, proof?: string) => call('POST', '/auth/keys/rotate', {...rotationOf(old, to), proof})
    const forged = [
      registrationOf(hers, 'eve').proof,
      registrationOf(old, 'ada').proof,
      registrationOf(next, 'ada').proof,
      signWith(old.seed, keyPossessionStatement({registry, username: 'ada', keyId: keyIdOf(hers.publicKey)})),
    ]
    for (const proof of forged) assert.deepEqual(code(await rotate(hers, proof)), [409, 'PROOF_INVALID'])
    for (const proof of [undefined, registrationOf(hers, 'ada').proof]) {
      assert.deepEqual(code(await rotate(hers, proof)), [409, 'KEY_TAKEN'])
    }
    const elsewhere = registrationOf(next, 'ada', 'https://other.example').proof
    assert.deepEqual(code(await rotate(next, elsewhere)), [409, 'PROOF_INVALID'])
    assert.deepEqual(code(await rotate(next, 'x')), [400, 'VALIDATION'])
    const [key, ...others] = (await call('GET', '/auth/keys')).body.keys
    assert.deepEqual([key.status, key.rotatedTo, others], ['active', undefined, []])
    assert.equal((await rotate(next, registrationOf(next, 'ada').proof)).status, 200)
  })

  it('author keys: the holder of a key can rotate to it after another user registered it without proof', async (t) => {
    const {world, call, register} = await openWithAda(t)
    const [old, next] = [generateKeyPair(), generateKeyPair()]
    await register(old)
    const eve = (await world.logIn('eve')).accessToken
    const {proof, ...unproven} = registrationOf(next, 'eve')
    assert.equal((await world.call('POST', '/auth/keys', {token: eve, body: unproven})).status, 200)
    const rotation = rotationOf(old, next)
    assert.deepEqual(code(await call('POST', '/auth/keys/rotate', rotation)), [409, 'KEY_TAKEN'])
    const rotated = {...rotation, proof: registrationOf(next, 'ada').proof}
    assert.equal((await call('POST', '/auth/keys/rotate', rotated)).status, 200)
    assert.deepEqual((await world.call('GET', '/auth/keys', {token: eve})).body.keys, [])
    const [audited] = await world.store.audit.latest(1)
    const detail = {successor: keyIdOf(next.publicKey), isProven: true, takenFrom: 'eve'}
    assert.deepEqual([audited?.action, audited?.detail], ['key.rotate', detail])
    const again = await world.call('POST', '/auth/keys', {token: eve, body: {...unproven, proof}})
    assert.deepEqual(code(again), [409, 'KEY_TAKEN'])
  })

  it('author keys: a key that was rotated to without proof can be registered by its holder', async (t) => {
    const {world, call, register} = await openWithAda(t)
    const [old, proven, unproven] = [generateKeyPair(), generateKeyPair(), generateKeyPair()]
    await register(old)
    const first = {...rotationOf(old, proven), proof: registrationOf(proven, 'ada').proof}
    assert.equal((await call('POST', '/auth/keys/rotate', first)).status, 200)
    assert.equal((await call('POST', '/auth/keys/rotate', rotationOf(proven, unproven))).status, 200)
    const eve = (await world.logIn('eve')).accessToken
    const registerAsEve = (key: KeyPair) =>
      world.call('POST', '/auth/keys', {token: eve, body: registrationOf(key, 'eve')})
    assert.deepEqual(code(await registerAsEve(proven)), [409, 'KEY_TAKEN'])
    assert.equal((await registerAsEve(unproven)).status, 200)
  })

  it('author keys: cannot be changed by a session that ended during the request', async (t) => {
    const {world, token} = await openWithAda(t)
    const session = await world.store.credentials.find('session', hashSecret(token))
    await world.call('POST', '/auth/logout', {token})
    const {publicKey} = generateKeyPair()
    const key = {keyId: keyIdOf(publicKey), publicKey: toBase64(publicKey), name: 'late'}
    assert.ok(session?.kind === 'session')
    assert.equal(await world.store.authorKeys.register(key, 10, session, operator, world.now()), 'credential-ended')
  })
})

describe('a signed version', () => {
  it('signed version: has its signature, signer and the attestation of the registry', async (t) => {
    const {world, token, register} = await openWithAda(t)
    const key = generateKeyPair()
    await register(key)
    const sent = await signedPackage(key)
    assert.equal((await publish(world, token, sent)).status, 201)
    const {body} = await world.call('GET', url)
    const {dist, publishedAt} = body.versions['1.0.0']
    const keyId = keyIdOf(key.publicKey)
    const about = {name: '@ada/tool', version: '1.0.0', integrity: sent.metadata.integrity}
    const [author, attested, ...none] = dist.attestations
    assert.deepEqual(author, {kind: 'author', ...sent.metadata.signature, ...about, registry})
    assert.deepEqual(
      {...attested, keyId: '', signature: ''},
      {
        ...{kind: 'registry', keyId: '', signature: '', ...about, publishedAt, signer: keyId},
      },
    )
    assert.deepEqual(none, [])
    const keys = await signingKeys(world)
    assert.deepEqual(attestingKeys(body, '1.0.0', keys), [keys[0].keyId])
    const integrity = Buffer.from(sent.metadata.integrity)
    assert.ok(isSignedBy(parsePublicKey(keys[0].publicKey)!, integrity, dist.signatures[0].signature))
    assert.deepEqual(
      body.signers.map((each: any) => [each.keyId, each.publicKey, each.username, each.status]),
      [[keyId, toBase64(key.publicKey), 'ada', 'active']],
    )
  })

  it('signed version: keeps the registry URL that was signed after the registry moved', async (t) => {
    const folder = temporaryFolder(t)
    const key = generateKeyPair()
    await t.test('signed version: is published at the former address', async (t) => {
      const {world, token, register} = await openWithAda(t, folder)
      await register(key)
      await publish(world, token, await signedPackage(key))
    })
    const moved = await createWorld(t, {publicUrl: new URL('https://elsewhere.example.com')}, folder)
    const {dist} = (await moved.call('GET', url)).body.versions['1.0.0']
    assert.match(dist.tarball, /^https:\/\/elsewhere\.example\.com\//)
    const [author] = dist.attestations
    assert.equal(author.registry, registry)
    assert.ok(isSignedBy(key.publicKey, authorStatement(author), author.signature))
  })

  it("signed version: refused with an invalid signature, another registry or another user's key", async (t) => {
    const {world, token, register, call} = await openWithAda(t)
    const [key, foreign] = [generateKeyPair(), generateKeyPair()]
    await register(key)
    const other = await signedPackage(key, {registry: 'https://other.example.com'})
    assert.deepEqual(code(await publish(world, token, other)), [400, 'SIGNATURE_INVALID'])
    const swapped = await signedPackage(key, {version: '2.0.0'})
    const {signature} = (await signedPackage(key)).metadata
    const mixed = {...swapped, metadata: {...swapped.metadata, signature}}
    assert.deepEqual(code(await publish(world, token, mixed)), [400, 'SIGNATURE_INVALID'])
    assert.deepEqual(code(await publish(world, token, await signedPackage(foreign))), [403, 'SIGNER_UNKNOWN'])
    const eve = (await world.logIn('eve')).accessToken
    await world.call('POST', '/auth/keys', {token: eve, body: {publicKey: toBase64(foreign.publicKey), name: 'e'}})
    assert.deepEqual(code(await publish(world, token, await signedPackage(foreign))), [403, 'SIGNER_UNKNOWN'])
    await call('POST', `/auth/keys/${encodeURIComponent(keyIdOf(key.publicKey))}/revoke`, {reason: 'unspecified'})
    assert.deepEqual(code(await publish(world, token, await signedPackage(key))), [403, 'SIGNER_UNKNOWN'])
    assert.equal((await world.call('GET', url)).status, 404)
  })

  it('signed version: a revoked or rotated key changes the ETag', async (t) => {
    const {world, token, register, call} = await openWithAda(t)
    const [old, next] = [generateKeyPair(), generateKeyPair()]
    await register(old)
    await publish(world, token, await signedPackage(old))
    const before = (await world.call('GET', url)).headers['etag']
    world.pass(minute)
    const attestation = signWith(old.seed, next.publicKey)
    const oldKeyId = keyIdOf(old.publicKey)
    await call('POST', '/auth/keys/rotate', {oldKeyId, newPublicKey: toBase64(next.publicKey), attestation})
    const {headers, body} = await world.call('GET', url)
    assert.notEqual(headers['etag'], before)
    const newKeyId = keyIdOf(next.publicKey)
    assert.deepEqual(
      body.signers.map(({keyId, status, rotatedTo}: any) => [keyId, status, rotatedTo]),
      [
        [oldKeyId, 'retired', {keyId: newKeyId, attestation}],
        [newKeyId, 'active', undefined],
      ],
    )
  })
})

describe("the registry's key", () => {
  it('registry key: created on first start, kept across restarts, and public', async (t) => {
    const folder = temporaryFolder(t)
    const first = await createWorld(t, {anonymousRead: false}, folder)
    const answer = await first.call('GET', '/registry/signing-keys')
    const [key, ...others] = answer.body.keys
    assert.equal(answer.headers['cache-control'], 'public, max-age=60')
    assert.deepEqual(others, [])
    assert.equal(key.keyId, keyIdOf(parsePublicKey(key.publicKey)!))
    assert.deepEqual([key.algorithm, key.status, key.expiresAt.slice(0, 4)], ['ed25519', 'active', '9999'])
    const store = await first.openStore()
    await store.signingKeys.ensure(first.now() + hour)
    assert.deepEqual(
      (await store.signingKeys.list()).map(({keyId}) => keyId),
      [key.keyId],
    )
    await store.close()
  })

  // The time of commands has to be that of the database.
  const onFiles = worldDatabase().hasFiles ? it : ignored
  onFiles('registry key: rotation signs the new key with the old one and keeps attestations', async (t) => {
    const {world, token} = await openWithAda(t)
    await publish(world, token, await packageOf({name: '@ada/tool'}))
    const before = await world.call('GET', url)
    world.pass(hour)
    const rotated = await runCommand(RegistryKeyRotate, ['--data', world.folder], config, {
      home: world.folder,
      now: new Date(world.now()),
    })
    assert.equal(rotated.exitCode, 0, rotated.stderr)
    const [next, old] = await signingKeys(world)
    const rotatedAt = new Date(world.now()).toISOString()
    assert.equal(rotated.stdout, `${next.keyId}\n`)
    assert.deepEqual([next.status, old.status, old.expiresAt], ['active', 'retired', rotatedAt])
    assert.equal(next.rotatedFrom.keyId, old.keyId)
    const statement = keyRotationStatement({
      ...{oldKeyId: old.keyId, newKeyId: next.keyId, newPublicKey: next.publicKey},
      rotatedAt: next.rotatedFrom.rotatedAt,
    })
    assert.ok(isSignedBy(parsePublicKey(old.publicKey)!, statement, next.rotatedFrom.signature))

    await publish(world, token, await packageOf({name: '@ada/tool', version: '2.0.0'}))
    const {body, headers} = await world.call('GET', url)
    assert.notEqual(headers['etag'], before.headers['etag'])
    assert.deepEqual(attestingKeys(body, '1.0.0', [next, old]), [old.keyId])
    assert.deepEqual(attestingKeys(body, '2.0.0', [next, old]), [next.keyId])
    for (const version of ['1.0.0', '2.0.0']) {
      const {integrity, signatures} = body.versions[version].dist
      assert.equal(signatures[0].keyId, next.keyId)
      assert.ok(isSignedBy(parsePublicKey(next.publicKey)!, Buffer.from(integrity), signatures[0].signature))
    }
    const {result} = await runCommand(RegistryKeyList, ['--data', world.folder, '--json'], config, {home: world.folder})
    assert.deepEqual(
      (result as {keys: {keyId: string}[]}).keys.map(({keyId}) => keyId),
      [next.keyId, old.keyId],
    )
    const screen = {home: world.folder, terminal: true, now: new Date(world.now())}
    assert.equal(
      (await runCommand(RegistryKeyList, ['--data', world.folder], config, screen)).stdout,
      [
        `ID${' '.repeat(49)}  STATUS   CREATED         EXPIRED`,
        `${next.keyId}  active   now             -`,
        `${old.keyId}  retired  60 minutes ago  now\n`,
      ].join('\n'),
    )
  })

  it('registry key: after a compromise, the new key signs everything again', async (t) => {
    const {world, token} = await openWithAda(t)
    await publish(world, token, await packageOf({name: '@ada/tool'}))
    const publishedAt = new Date(world.now()).toISOString()
    world.pass(hour)
    await world.store.signingKeys.rotate('key-compromise', operator, world.now())
    const keys = await signingKeys(world)
    assert.deepEqual(
      keys.map(({status}: any) => status),
      ['active', 'revoked'],
    )
    const {body} = await world.call('GET', url)
    assert.deepEqual(attestingKeys(body, '1.0.0', keys), [keys[0].keyId])
    const {attestations, signatures} = body.versions['1.0.0'].dist
    assert.equal(attestations[0].publishedAt, publishedAt)
    assert.deepEqual(
      [...attestations, ...signatures].map(({keyId}) => keyId),
      [keys[0].keyId, keys[0].keyId],
    )
  })
})
