// Compares the registry's store in this checkout with the one in another checkout.
//
// npm run bench:store -- <other checkout> [--rounds 21] [--check]
//
// Both have to be built. Each round runs every case once with each store, in turn. The ratios are of CPU time (user and
// system), and medians over the rounds. `--check` fails if a limit is exceeded.
import {createHash, randomBytes} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {parseArgs} from 'node:util'

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {rounds: {type: 'string', default: '21'}, check: {type: 'boolean', default: false}},
})
const [other] = positionals
if (other === undefined) throw new Error('Usage: npm run bench:store -- <other checkout>')

/** Changes, then reads: how many times each runs per round, and the highest ratio. */
const cases = {
  create: {count: 640, max: 1.05, run: createTokens},
  publish: {count: 160, max: 1.05, run: publishVersions},
  packument: {count: 2000, max: 1.05, run: readPackuments},
  whoami: {count: 5000, max: 1.05, run: identify},
}

const users = 64
const lifetimes = {access: 1e12, refresh: 1e12, absolute: 1e12, grace: 60_000}
const by = {name: null, credentialId: null, address: null, agent: null}
const now = Date.parse('2026-11-29T12:00:00Z')

const folder = await mkdtemp(path.join(tmpdir(), 'apkg-bench-'))
const stores = []
try {
  const here = fileURLToPath(new URL('../..', import.meta.url))
  for (const [name, checkout] of Object.entries({this: here, other: path.resolve(other)})) {
    stores.push(await openStore(name, checkout))
  }
  report(await measure(Number(values.rounds)))
} finally {
  for (const {store} of stores) await store.close()
  await rm(folder, {recursive: true, force: true})
}

async function openStore(name, checkout) {
  const module = path.join(checkout, 'packages/plugin-registry/dist/server/operations/open-registry.js')
  const {openToServe} = await import(pathToFileURL(module))
  const {store} = await openToServe(path.join(folder, name), (error) => {
    throw error
  })
  await store.signingKeys.ensure(now)
  await store.organizations.add({id: 'acme', name: 'acme'}, by, now)
  const sessions = []
  for (let user = 0; user < users; user++) {
    const id = `user-${user}`
    await store.users.add({id, name: id, email: 'user@example.com', passwordHash: 'h'}, by, now)
    await store.organizations.setMember({organizationId: 'acme', userId: id, role: 'reader'}, by, now)
    const session = {id: `session-${user}`, accessHash: hash(`access ${id}`), refreshHash: hash(`refresh ${id}`)}
    await store.logins.completePassword({userId: id, passwordHash: 'h', session, lifetimes, clearedKeys: []}, by, now)
    sessions.push(await store.credentials.find('session', session.accessHash))
  }
  await Promise.all(sessions.map((session) => store.credentials.recordUse(session, now)))
  for (let version = 0; version < 20; version++) await publish(store, sessions[0], 'read', `1.${version}.0`)
  return {name, store, sessions, made: 0}
}

async function measure(rounds) {
  const measured = []
  for (let round = 0; round <= rounds; round++) {
    const times = {}
    for (const name of Object.keys(cases)) {
      const order = round % 2 === 0 ? stores : stores.toReversed()
      for (const side of order) times[`${name} ${side.name}`] = await timed(cases[name], side)
    }
    // The first round only warms up.
    if (round > 0) measured.push(times)
  }
  return measured
}

/** @returns microseconds of CPU time per operation, and of wall time. */
async function timed({count, run}, side) {
  const start = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  await run(side, count)
  const {user, system} = process.cpuUsage(cpu)
  return {cpu: (user + system) / count, wall: Number(process.hrtime.bigint() - start) / 1000 / count}
}

async function createTokens(side, count) {
  const {store} = side
  for (let done = 0; done < count; done += users) {
    const creations = Array.from({length: users}, (_, user) => {
      const id = `token-${side.made++}`
      const owned = {id, label: id, userId: `user-${user}`, sessionId: `session-${user}`, hash: hash(id)}
      const token = {...owned, prefix: 'apkgt_', scopes: ['read'], patterns: [], lifetime: 'never', expiresAt: null}
      return store.tokens.create(token, 100_000, by, now)
    })
    for (const outcome of await Promise.all(creations)) if (outcome !== 'created') throw new Error(outcome)
  }
}

async function publishVersions(side, count) {
  for (let done = 0; done < count; done += 16) {
    const publications = Array.from({length: 16}, (_, user) =>
      publish(side.store, side.sessions[user], `package-${side.made++}`, '1.0.0'),
    )
    await Promise.all(publications)
  }
}

async function publish(store, session, name, version) {
  const draft = {
    ...{name: `@${session.owner.name}/${name}`, version, type: 'skill', visibility: 'public'},
    ...{sha256: randomBytes(32).toString('hex'), size: 1000, unpackedSize: 3000, fileCount: 2},
    ...{description: 'Reviews code', keywords: ['review'], readme: 'Reviews code. '.repeat(50)},
  }
  const {outcome} = await store.packages.publish(draft, session, by, now)
  if (outcome !== 'published') throw new Error(outcome)
}

/** Like a request without a credential. */
async function readPackuments({store}, count) {
  for (let done = 0; done < count; done++) {
    await store.packages.access('@user-0/read', undefined)
    const {versions} = await store.packages.find('@user-0/read')
    if (versions.length !== 20) throw new Error('The package is incomplete')
  }
}

async function identify({store}, count) {
  for (let done = 0; done < count; done++) {
    const credential = await store.credentials.find('session', hash(`access user-${done % users}`))
    await store.credentials.recordUse(credential, now + done)
    const organizations = credential.owner.organizations ?? (await store.organizations.ofUser(credential.owner.id))
    if (organizations.length !== 1) throw new Error('The organization is missing')
  }
}

function hash(text) {
  return createHash('sha256').update(text).digest()
}

function report(rounds) {
  let isExceeded = false
  for (const [name, {max}] of Object.entries(cases)) {
    const times = (side, clock) => rounds.map((round) => round[`${name} ${side}`][clock])
    const ratioOf = (clock) => median(times('this', clock).map((time, round) => time / times('other', clock)[round]))
    const [ratio, wall] = [ratioOf('cpu'), ratioOf('wall')]
    const perSecond = (side) => Math.round(1e6 / median(times(side, 'wall')))
    console.log(
      `${name.padEnd(10)} CPU ${ratio.toFixed(3)} (at most ${max})  wall ${wall.toFixed(3)}  ` +
        `${perSecond('this')} per second, ${perSecond('other')} in the other checkout`,
    )
    isExceeded ||= ratio > max
  }
  if (isExceeded && values.check) process.exitCode = 1
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
