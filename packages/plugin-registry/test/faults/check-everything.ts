import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'

import {collectUnknown, collectUnused} from '../../src/server/operations/collect-garbage.js'
import {inParallel} from '../support/in-parallel.js'
import type {Deployment} from './deployment.js'
import type {KnownToken, Ledger} from './ledger.js'
import {sendRequest} from './send-request.js'

/** Compares the registries with what they told their clients. The registries are stopped by it. */
export async function checkEverything(deployment: Deployment, ledger: Ledger): Promise<void> {
  const {replicas, open} = deployment
  await Promise.all(replicas.map((replica) => replica.untilReady()))
  assert.deepEqual(ledger.unexpected, [])
  await checkTokens(deployment, ledger)
  await checkVersions(deployment, ledger)
  // Stopped, each seals its rows and copies the head of the audit log.
  await Promise.all(replicas.map((replica) => replica.stop()))
  const {store, blobs} = await open()
  try {
    const clock = () => new Date()
    await collectUnused({store, blobs}, {holder: 'test', gracePeriod: 0, clock})
    // The clock of the store counts in seconds.
    await collectUnknown({store, blobs}, -60_000)
    const objects = []
    for await (const {key} of blobs.list()) objects.push(key)
    const known = await store.blobs.known(objects)
    assert.deepEqual(
      objects.filter((key) => !known.has(key)),
      [],
      'objects without a row',
    )
    const {problems, unsealed} = await store.auditChain.verify(await blobs.readHead())
    assert.deepEqual({problems, unsealed}, {problems: [], unsealed: 0}, 'the audit log')
  } finally {
    await store.close()
  }
}

const nameOf = ({user, label}: Pick<KnownToken, 'user' | 'label'>) => `${user}: ${label}`

async function checkTokens({open, url}: Deployment, {tokens}: Ledger): Promise<void> {
  const {store} = await open()
  const stored = []
  for await (const token of store.tokens.each()) stored.push(token)
  await store.close()
  const found = new Map(stored.map((token) => [nameOf(token), token]))
  const wrong: string[] = []
  for (const token of tokens) {
    const {creation, revocation} = token
    const row = found.get(nameOf(token))
    if (creation !== 'unknown' && (row !== undefined) !== (creation === 'made'))
      wrong.push(`${nameOf(token)}: ${creation}`)
    const isRevoked = row !== undefined && row.revokedAt !== null
    const expected = revocation === 'made'
    if (revocation !== 'unknown' && isRevoked !== expected) wrong.push(`${nameOf(token)}: revocation ${revocation}`)
    found.delete(nameOf(token))
  }
  assert.deepEqual(wrong, [], 'tokens that differ from what clients were told')
  assert.equal(stored.length, new Set(stored.map(nameOf)).size, 'tokens that were created twice')
  assert.deepEqual([...found.keys()], [], 'tokens that no client requested')
  const certain = tokens.filter(({value, revocation}) => value !== undefined && revocation !== 'unknown')
  const statuses = await inParallel(certain.length, 8, async (number) => {
    const {value, revocation} = certain[number]!
    const status = (await sendRequest(`${url}/auth/whoami`, 'GET', {token: value}))?.status
    return status === (revocation === 'made' ? 401 : 200) ? [] : [`${nameOf(certain[number]!)}: ${status}`]
  })
  assert.deepEqual(statuses.flat(), [], 'values that are wrongly accepted or refused')
}

async function checkVersions({server, database, url, sessions}: Deployment, {versions}: Ledger): Promise<void> {
  const rows = await server.query(
    database,
    'SELECT p.name, v.version, v.sha256 FROM apkg.versions v JOIN apkg.packages p ON p.id = v.package_id',
  )
  const found = new Map(rows.map(({name, version, sha256}) => [`${name}@${version}`, String(sha256)]))
  const wrong = versions.filter(({name, version, sha256, publication}) => {
    const stored = found.get(`${name}@${version}`)
    if (publication === 'made') return stored !== sha256
    return stored !== undefined && (publication === 'refused' || stored !== sha256)
  })
  assert.deepEqual(wrong, [], 'versions that differ from what clients were told')
  const damaged = await inParallel(rows.length, 8, async (number) => {
    const {name, version, sha256} = rows[number]!
    const answer = await sendRequest(`${url}/packages/${encodeURIComponent(name)}/${version}/tarball`, 'GET', {
      token: sessions[0]?.session,
    })
    const actual = createHash('sha256')
      .update(answer?.bytes ?? '')
      .digest('hex')
    return actual === sha256 ? [] : [`${name}@${version}: ${answer?.status}`]
  })
  assert.deepEqual(damaged.flat(), [], 'versions without their bytes')
}
