// Measures what a registry with many packages and tokens takes, in one process.
//
// node bench/registry/scale.js <data directory of seed.js> <file with what it printed>
//
// Times are CPU time of this process per operation, and medians. `longest step` is the longest time for which the event loop
// was blocked, in CPU time.
import {readFileSync} from 'node:fs'
import {setImmediate as nextTurn} from 'node:timers/promises'

const load = (module) => import(new URL(`../../packages/plugin-registry/dist/server/${module}`, import.meta.url))
const {openToServe} = await load('operations/open-registry.js')
const {hashSecret} = await load('auth/credential-values.js')
const {packumentEtag, serializePackument} = await load('packages/packument-response.js')
const {PackumentCache} = await load('packages/packument-cache.js')

const [folder, seeded] = process.argv.slice(2)
if (seeded === undefined) throw new Error('Usage: node bench/registry/scale.js <data directory> <output of seed.js>')
const {tokens, large} = JSON.parse(readFileSync(seeded, 'utf8'))
const {store} = await openToServe(folder, (error) => {
  throw error
})
const source = {baseUrl: 'https://registry.example.com', version: '1.0.0'}
const cache = new PackumentCache(64 * 1024 * 1024)
let next = 0

const cases = {
  'find a token': [2000, () => store.credentials.find('token', hashSecret(tokens[next++ % tokens.length]))],
  'blank search': [40, () => search('')],
  'search for a common word': [40, () => search('review')],
  'search for a rare word': [40, () => search('topic7')],
  'packument of many versions, first request': [10, firstPackument],
  'the same, in memory': [40, cachedPackument],
}
for (const [name, [count, work]] of Object.entries(cases)) {
  for (let warm = 0; warm < Math.max(count / 4, 3); warm++) await work()
  const times = []
  for (let done = 0; done < count; done++) times.push(await cpuOf(work))
  const median = times.toSorted((a, b) => a.total - b.total)[Math.floor(count / 2)]
  console.log(`${name.padEnd(42)} ${median.total.toFixed(3)} ms, longest step ${median.longest.toFixed(3)} ms`)
}
await store.close()

function search(text) {
  return store.packages.search({text, limit: 20, offset: 0}, undefined)
}

async function firstPackument() {
  const record = await store.packages.find(large)
  cache.set(large, {etag: packumentEtag(record, source), body: await serializePackument(record, source)})
}

async function cachedPackument() {
  const body = cache.get(large, packumentEtag(await store.packages.state(large), source))
  if (!body) throw new Error('The packument is not in memory')
}

/** @returns milliseconds of CPU time in total, and between two turns of the event loop. */
async function cpuOf(work) {
  let isDone = false
  const start = process.cpuUsage()
  let [last, longest] = [0, 0]
  const elapsed = () => {
    const {user, system} = process.cpuUsage(start)
    return (user + system) / 1000
  }
  const working = work().then(() => (isDone = true))
  while (!isDone) {
    const now = elapsed()
    longest = Math.max(longest, now - last)
    last = now
    await nextTurn()
  }
  await working
  const total = elapsed()
  return {total, longest: Math.max(longest, total - last)}
}
