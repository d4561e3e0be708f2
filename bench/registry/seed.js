// Fills a data directory of a registry, straight into its database.
//
// node bench/registry/seed.js <data directory> [--packages 100000] [--tokens 1000000] [--versions 2000] [--checkout ../other]
//
// Prints what a load needs to know, as JSON: values of tokens, and names of packages.
import {randomBytes} from 'node:crypto'
import path from 'node:path'
import {Readable} from 'node:stream'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {parseArgs} from 'node:util'

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {
    packages: {type: 'string', default: '100000'},
    tokens: {type: 'string', default: '1000000'},
    versions: {type: 'string', default: '2000'},
    checkout: {type: 'string', default: fileURLToPath(new URL('../..', import.meta.url))},
  },
})
const load = (module) =>
  import(pathToFileURL(path.join(values.checkout, 'packages/plugin-registry/dist/server', module)))
const {openToServe} = await load('operations/open-registry.js')
const {openFileBlobs} = await load('blobs/file-blobs.js')
const {openDataFolder} = await load('operations/data-folder.js')
const {loadSqlite} = await load('store/sqlite/driver.js')
const {Connection} = await load('store/sqlite/connection.js')
const {SqlitePort} = await load('store/sqlite/sqlite-port.js')
const {first, run, statement} = await load('store/port.js')
const {indexPackage} = await load('store/rules/package-search.js')
const {createId, createValue, hashSecret} = await load('auth/credential-values.js')

const [folder] = positionals
if (folder === undefined) throw new Error('Usage: node bench/registry/seed.js <data directory>')
const [packages, tokens, versions] = [values.packages, values.tokens, values.versions].map(Number)

/** How many rows share a transaction. */
const batch = 10_000
/** Of all values, those that requests use. */
const usedTokens = 1000
const day = 86_400_000
const now = Date.now()
const by = {name: null, credentialId: null, address: null, agent: null}
const lifetimes = {access: 100 * day, refresh: 100 * day, absolute: 100 * day, grace: 60_000}

const session = await addUsers()
const connection = new Connection(await loadSqlite(), openDataFolder(folder, {create: false}).database)
// The data can be made again, so nothing has to be durable, and random rows are fast only if their pages are in memory.
for (const pragma of ['synchronous = OFF', 'cache_size = -2000000']) connection.exec(`PRAGMA ${pragma}`)
const port = new SqlitePort(connection)

/** The users own tokens and packages. `lister` has two tokens. */
async function addUsers() {
  const {store} = await openToServe(folder, (error) => {
    throw error
  })
  await store.signingKeys.ensure(now)
  await store.policy.set({maxTokens: 1_000_000, confirmAfter: 0, maxTokenLifetime: null}, by, now)
  for (const name of ['bench', 'lister']) {
    await store.users.add({id: name, name, email: `${name}@example.com`, passwordHash: 'h'}, by, now)
  }
  const [access, refresh] = [createValue('session'), createValue('refresh')]
  const created = {id: createId(), accessHash: hashSecret(access), refreshHash: hashSecret(refresh)}
  await store.logins.completePassword(
    {userId: 'lister', passwordHash: 'h', session: created, lifetimes, clearedKeys: []},
    by,
    now,
  )
  await store.close()
  return access
}

async function storeTarball(size) {
  const blobs = openFileBlobs(path.join(folder, 'blobs'))
  const draft = await blobs.put(Readable.from([randomBytes(size)]))
  const addBlob = statement(`INSERT INTO blobs (key, sha256, size, state) VALUES (?1, ?2, ?3, 'live')`)
  const key = await blobs.store(draft)
  await port.write(function* () {
    yield* run(addBlob(key, draft.sha256, draft.size))
  })
  return {sha256: draft.sha256, size: draft.size}
}

async function inBatches(count, add) {
  for (let start = 0; start < count; start += batch) {
    await port.write(function* () {
      for (let index = start; index < Math.min(start + batch, count); index++) yield* add(index)
    })
  }
}

async function addTokens() {
  const addToken = statement(`
    INSERT INTO tokens (id, user_id, label, hash, prefix, scopes, patterns, lifetime, created_at, value_id)
    VALUES (?1, ?2, ?3, ?4, ?5, '["read","publish"]', '[]', 'never', ${now}, ?1)`)
  const addValue = statement(`
    INSERT INTO token_values (id, token_id, generation, hash, prefix, lifetime, created_at)
    VALUES (?1, ?1, 1, ?2, ?3, 'never', ${now})`)
  const addUse = statement(
    `INSERT INTO credential_uses (credential_id, last_used_at, action) VALUES (?1, ${now}, 'whoami')`,
  )
  const every = Math.max(Math.floor(tokens / usedTokens), 1)
  const sent = []
  await inBatches(tokens, function* (index) {
    const isSent = index % every === 0 && sent.length < usedTokens
    const value = isSent ? createValue('token') : ''
    const [id, hash] = [randomBytes(12).toString('hex'), isSent ? hashSecret(value) : randomBytes(32)]
    const prefix = value.slice(0, 12)
    // The owner of two tokens is the last one to get them.
    yield* run(addToken(id, index < tokens - 2 ? 'bench' : 'lister', `token ${index}`, hash, prefix))
    yield* run(addValue(id, hash, prefix))
    yield* run(addUse(id))
    if (isSent) sent.push(value)
  })
  return sent
}

const addPackage = statement(`
  INSERT INTO packages (name, scope, visibility, revision, created_at, updated_at, published_at)
  VALUES (?1, 'bench', 'public', 1, ?2, ?2, ?2)`)

const addVersion = statement(`
  INSERT INTO versions (package_id, version, type, sha256, size, unpacked_size, file_count, published_at, published_by,
    license, keywords, description, dependencies, readme)
  SELECT id, ?2, 'skill', ?3, ?4, 3000, 2, ?5, 'bench', 'MIT', ?6, ?7, '{"@bench/p-1":"^1.0.0"}', ?8
  FROM packages WHERE name = ?1`)

const signVersion = statement(`
  INSERT INTO version_signatures (version_id, signing_key, over_integrity, attestation)
  SELECT v.id, k.id, ?3, ?3 FROM versions v JOIN packages p ON p.id = v.package_id, signing_keys k
  WHERE p.name = ?1 AND v.version = ?2`)

const addTag = statement(
  `INSERT INTO dist_tags (package_id, tag, version) SELECT id, 'latest', ?2 FROM packages WHERE name = ?1`,
)

const subjects = [
  'review',
  'deploy',
  'refactor',
  'translate',
  'summarize',
  'test',
  'document',
  'migrate',
  'lint',
  'plan',
]

function* addOneVersion(name, version, {index, at, sha256 = randomBytes(32).toString('hex'), size = 1000}) {
  const subject = subjects[index % subjects.length]
  const keywords = JSON.stringify([subject, 'agent', `topic${index % 997}`])
  const description = `Helps an agent to ${subject} code of project ${index}`
  const readme = `# ${name}\n\nHelps an agent to ${subject} code.\n`.repeat(10)
  yield* run(addVersion(name, version, sha256, size, at, keywords, description, readme))
  yield* run(signVersion(name, version, randomBytes(64).toString('base64')))
}

async function addPackages() {
  const idOf = statement('SELECT id FROM packages WHERE name = ?1')
  await inBatches(packages, function* (index) {
    const name = `@bench/${subjects[index % subjects.length]}-${index}`
    yield* run(addPackage(name, now - packages + index))
    yield* addOneVersion(name, '1.0.0', {index, at: now - packages + index})
    yield* run(addTag(name, '1.0.0'))
    const {id} = yield* first(idOf(name))
    yield* indexPackage(id)
  })
}

/** Adds a package with many versions. The first one has the tarball. */
async function addVersions(name, count) {
  await port.write(function* () {
    yield* run(addPackage(name, now))
    for (let index = 0; index < count; index++) {
      yield* addOneVersion(name, `1.${index}.0`, {index, at: now, ...(index === 0 && tarball)})
    }
    yield* run(addTag(name, `1.${count - 1}.0`))
  })
  return name
}

const tarball = await storeTarball(1024 * 1024)
const sent = await addTokens()
await addPackages()
const large = await addVersions('@bench/large', versions)
const usual = await addVersions('@bench/usual', 20)
await port.close()
console.log(JSON.stringify({session, tokens: sent, usual, large, tarball: `${usual}/1.0.0`}))
