// Compares the creation of tokens with a bare write of 4 KiB that is synced to the disk.
//
// node bench/registry/durability.js [--rounds 9]
//
// Creations are durable, too: each transaction is synced before its promise resolves. Rounds alternate between the two, and
// ratios are medians. Prints creations per second divided by bare writes per second, with one client and with 32.
import {createHash, randomBytes} from 'node:crypto'
import {closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'

const load = (module) => import(new URL(`../../packages/plugin-registry/dist/server/${module}`, import.meta.url))
const {openToServe} = await load('operations/open-registry.js')
const {createId, createValue, hashSecret} = await load('auth/credential-values.js')

const {values} = parseArgs({options: {rounds: {type: 'string', default: '9'}}})
const folder = mkdtempSync(path.join(tmpdir(), 'apkg-bench-'))
const {store} = await openToServe(path.join(folder, 'data'), (error) => {
  throw error
})
const by = {name: null, credentialId: null, address: null, agent: null}
const now = Date.now()
const file = openSync(path.join(folder, 'raw'), 'w')
const page = randomBytes(4096)
let made = 0
try {
  const sessionId = await addUser()
  const rounds = []
  for (let round = 0; round <= Number(values.rounds); round++) {
    const raw = await perSecond(60, 1, async () => writePage())
    const one = await perSecond(60, 1, () => create(sessionId))
    const many = await perSecond(640, 32, () => create(sessionId))
    // The first round only warms up.
    if (round > 0) rounds.push({one: one / raw, many: many / raw})
  }
  console.log(
    `one client ${median(rounds.map(({one}) => one)).toFixed(2)}, 32 clients ${median(rounds.map(({many}) => many)).toFixed(2)}`,
  )
} finally {
  await store.close()
  closeSync(file)
  rmSync(folder, {recursive: true, force: true})
}

async function addUser() {
  await store.policy.set({maxTokens: 1_000_000, confirmAfter: 0}, by, now)
  await store.users.add({id: 'bench', name: 'bench', email: 'bench@example.com', passwordHash: 'h'}, by, now)
  const session = {id: createId(), accessHash: hashSecret('access'), refreshHash: hashSecret('refresh')}
  const lifetimes = {access: 1e9, refresh: 1e9, absolute: 1e9, grace: 60_000}
  await store.logins.completePassword(
    {userId: 'bench', passwordHash: 'h', session, lifetimes, clearedKeys: []},
    by,
    now,
  )
  return session.id
}

function writePage() {
  writeSync(file, page)
  fdatasyncSync(file)
}

async function create(sessionId) {
  const value = createValue('token')
  const unrestricted = {patterns: [], addresses: null, uses: null, release: null, organization: null, note: null}
  const token = {
    ...{id: createId(), label: `token ${made++}`, prefix: value.slice(0, 12), scopes: ['read'], ...unrestricted},
    ...{lifetime: 'never', expiresAt: null, userId: 'bench', sessionId, idempotency: undefined},
    hash: createHash('sha256').update(value).digest(),
  }
  const outcome = await store.tokens.create(token, by, now)
  if (outcome !== 'created') throw new Error(JSON.stringify(outcome))
}

async function perSecond(count, clients, work) {
  let sent = 0
  const client = async () => {
    while (sent++ < count) await work()
  }
  const start = performance.now()
  await Promise.all(Array.from({length: clients}, client))
  return (count / (performance.now() - start)) * 1000
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
