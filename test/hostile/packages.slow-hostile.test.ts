import assert from 'node:assert/strict'
import {execFile, execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdir, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {gzipSync} from 'node:zlib'

import {formatIntegrity} from '@apkg/package-format'

import {hostileArchives} from '../../packages/package-format/test/hostile-archives.js'
import {
  assertWithstands,
  canaryProject,
  maxMemory,
  maxTime,
  stateOf,
  type CanaryProject,
} from '../support/canary-project.js'
import {
  body,
  cutOff,
  drip,
  flood,
  hangUp,
  html,
  json,
  redirect,
  startHostileRegistry,
  type Answer,
  type HostileRegistry,
  type Routes,
} from '../support/hostile-registry.js'
import {packDraft} from '../support/publish-package.js'

const {tarball, metadata} = await packDraft({name: '@acme/tool', version: '1.0.0'})
const {integrity} = metadata
const other = await packDraft({name: '@acme/other'})
const newer = await packDraft({name: '@acme/tool', version: '1.0.1'})
const command = await packDraft({name: '@acme/tool', type: 'command'})
const needy = await packDraft({name: '@acme/tool', dependencies: {'@acme/hidden': '*'}})
const climbing = await packDraft({name: '../../../x'})
const packumentRoute = 'GET /packages/%40acme%2Ftool'
const tarballRoute = 'GET /packages/%40acme%2Ftool/1.0.0/tarball'
const statusRoute = 'POST /packages/status'
const ofBytes = (bytes: Uint8Array) => formatIntegrity(createHash('sha256').update(bytes).digest())
const bytes = (content: Uint8Array, headers = {}): Answer =>
  body(200, Buffer.from(content), {'content-type': 'application/zstd', ...headers})

const manifestWith = (dependencies: object, more: object = {}) =>
  JSON.stringify({name: '@ada/project', version: '1.0.0', type: 'project', ...more, dependencies})

const manifest = manifestWith({'@acme/tool': '^1.0.0'})

const version = {version: '1.0.0', type: 'skill', dependencies: {}, dist: {tarball: 'http://192.0.2.1/x', integrity}}

const packument = {name: '@acme/tool', distTags: {latest: '1.0.0'}, versions: {'1.0.0': version}}

/** A packument with changed fields in its only version. */
const withVersion = (more: object): Answer => json(200, {...packument, versions: {'1.0.0': {...version, ...more}}})

const withIntegrity = (text: string): Answer => withVersion({dist: {...version.dist, integrity: text}})

/** JSON as text, for what an object literal cannot express. */
const raw = (text: string): Answer => body(200, text, {'content-type': 'application/json'})

const escaping = (text: string) => JSON.stringify(packument).replace('"dependencies":{}', `"dependencies":{${text}}`)

const sha512 = `sha512-${Buffer.alloc(64).toString('base64')}`
const sha1 = `sha1-${Buffer.alloc(20).toString('base64')}`

const sixteenMegabytes = gzipSync(Buffer.alloc(2 ** 24, ' '))

/** Gzip allows several parts. */
const gigabyteOfSpaces = Buffer.concat(Array.from({length: 64}, () => sixteenMegabytes))

function manyVersions(): string {
  const one = (patch: number) => `"1.0.${patch}":{"version":"1.0.${patch}","dist":{"tarball":"","integrity":"${sha1}"}}`
  return `{"name":"@acme/tool","versions":{${Array.from({length: 50_000}, (_, index) => one(index)).join(',')}}}`
}

function manyFields(): string {
  return `{${Array.from({length: 900_000}, (_, index) => `"${index.toString(36)}":0`).join(',')}}`
}

let cases = 0

/** A test of one hostile input. The tests are counted. */
function withstands(what: string, test: (t: TestContext) => Promise<void>): void {
  cases += 1
  it(`hostile input: ${what}`, test)
}

async function assertInstallFails(
  t: TestContext,
  code: string,
  {files = {'apkg.json': manifest}, routes = {}, args = []}: Scene,
): Promise<{registry: HostileRegistry; place: CanaryProject}> {
  const registry = await startHostileRegistry(t)
  registry.answer(routes)
  const place = await canaryProject(t, files)
  await assertWithstands(place, [code, 'install', ...args], {APKG_REGISTRY: registry.url})
  return {registry, place}
}

interface Scene {
  files?: Record<string, string | Uint8Array>
  routes?: Routes
  args?: string[]
}

describe('hostile packuments', {concurrency: 2}, () => {
  for (const [what, code, answer] of [
    ['the name of another package', 'BAD_RESPONSE', json(200, {...packument, name: '@acme/other'})],
    ['path traversal in its name', 'BAD_RESPONSE', json(200, {...packument, name: '../../x'})],
    ['the name `__proto__`', 'BAD_RESPONSE', json(200, {...packument, name: '__proto__'})],
    ['no name', 'BAD_RESPONSE', json(200, {versions: packument.versions})],
    ['versions that are null', 'BAD_RESPONSE', json(200, {...packument, versions: null})],
    ['versions in a list', 'BAD_RESPONSE', json(200, {...packument, versions: [version]})],
    ['a version that is null', 'BAD_RESPONSE', json(200, {...packument, versions: {'1.0.0': null}})],
    ['path traversal in a version', 'VERSION_NOT_FOUND', withVersion({version: '../../x'})],
    ['a version with control characters', 'VERSION_NOT_FOUND', withVersion({version: '1.0.0\u001B[2J'})],
    ['a version without fields', 'VERSION_NOT_FOUND', withVersion({dist: null, dependencies: null})],
    ['no versions', 'VERSION_NOT_FOUND', json(200, {name: '@acme/tool'})],
    ['a SHA-1 digest', 'VERSION_NOT_FOUND', withIntegrity(sha1)],
    ['a SHA-512 digest', 'VERSION_NOT_FOUND', withIntegrity(sha512)],
    ['several digests', 'VERSION_NOT_FOUND', withIntegrity(`${integrity} ${sha512}`)],
    ['an empty digest', 'VERSION_NOT_FOUND', withIntegrity('')],
    ['path traversal in the name of a dependency', 'VERSION_NOT_FOUND', withVersion({dependencies: {'../x': '*'}})],
    ['path traversal in the scope of a dependency', 'VERSION_NOT_FOUND', withVersion({dependencies: {'@../x': '*'}})],
    ['a dependency on an absolute path', 'VERSION_NOT_FOUND', withVersion({dependencies: {'/etc/x': '*'}})],
    ['a dependency on `__proto__`', 'VERSION_NOT_FOUND', raw(escaping('"__proto__":"*"'))],
    ['a dependency on a URL', 'VERSION_NOT_FOUND', withVersion({dependencies: {'@a/b': 'http://192.0.2.1/b'}})],
    ['a dependency with a long range', 'VERSION_NOT_FOUND', withVersion({dependencies: {'@a/b': '>'.repeat(1e6)}})],
    ['a dependency on itself', 'VERSION_NOT_FOUND', withVersion({dependencies: {'@acme/tool': '^2.0.0'}})],
    ['a dependency that does not exist', 'DEPENDENCY_NOT_FOUND', withVersion({dependencies: {'@acme/none': '*'}})],
    ['50,000 versions', 'VERSION_NOT_FOUND', raw(manyVersions())],
    ['no end', 'BAD_RESPONSE', flood],
    ['one byte at a time', 'TIMED_OUT', drip],
    ['less than its content length', 'UNREACHABLE', cutOff],
    ['a closed connection', 'UNREACHABLE', hangUp],
    ['HTML', 'BAD_RESPONSE', html(200)],
    ['half an object', 'BAD_RESPONSE', raw('{"name":"@acme/tool"')],
    ['nested lists', 'BAD_RESPONSE', raw(`${'['.repeat(1e6)}${']'.repeat(1e6)}`)],
    ['many lists', 'BAD_RESPONSE', raw(`[${'[],'.repeat(2.7e6)}0]`)],
    ['many objects', 'BAD_RESPONSE', raw(`[${'{"a":0},'.repeat(1e6)}0]`)],
    ['a million fields', 'BAD_RESPONSE', raw(manyFields())],
    ['an empty body', 'BAD_RESPONSE', raw('')],
    [
      'a megabyte that unpacks to a gigabyte',
      'BAD_RESPONSE',
      body(200, gigabyteOfSpaces, {'content-type': 'application/json', 'content-encoding': 'gzip'}),
    ],
    ['a redirect to itself', 'REDIRECTED', redirect(302, '/packages/%40acme%2Ftool')],
    ['status 304', 'REQUEST_FAILED', body(304, '')],
  ] as const) {
    withstands(`a packument with ${what} does no harm`, async (t) => {
      await assertInstallFails(t, code, {routes: {[packumentRoute]: answer, [tarballRoute]: bytes(tarball)}})
    })
  }

  withstands('a packument with a redirect to another origin does no harm, and gets no credential', async (t) => {
    const elsewhere = await startHostileRegistry(t)
    const registry = await startHostileRegistry(t)
    registry.answer({[packumentRoute]: redirect(302, `${elsewhere.url}/packages/%40acme%2Ftool`)})
    elsewhere.answer({[packumentRoute]: json(200, packument)})
    const place = await canaryProject(t, {'apkg.json': manifest})
    const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'apkg_s3cr3t0123456789'}
    await assertWithstands(place, ['REDIRECTED', 'install'], env)
    assert.deepEqual(elsewhere.arrivals, [])
  })

  withstands('a packument with another URL for the tarball does no harm, and the URL is not requested', async (t) => {
    const elsewhere = await startHostileRegistry(t)
    elsewhere.answer({'GET /x': bytes(tarball)})
    const dist = {tarball: `${elsewhere.url}/x`, integrity}
    const {registry} = await assertInstallFails(t, 'PACKAGE_NOT_FOUND', {
      routes: {[packumentRoute]: withVersion({dist})},
    })
    assert.deepEqual(registry.routes, [packumentRoute, statusRoute, tarballRoute])
    assert.deepEqual(elsewhere.arrivals, [])
  })
})

describe('hostile tarballs', {concurrency: 2}, () => {
  for (const [what, code, content] of [
    ['is another package', 'PACKAGE_MISMATCH', other.tarball],
    ['is another version', 'PACKAGE_MISMATCH', newer.tarball],
    ['has another type', 'PACKAGE_MISMATCH', command.tarball],
    ['has undeclared dependencies', 'PACKAGE_MISMATCH', needy.tarball],
    ['has path traversal in its name', 'PACKAGE_MISMATCH', climbing.tarball],
  ] as const) {
    withstands(`a tarball that ${what} does no harm`, async (t) => {
      const routes = {[packumentRoute]: withIntegrity(ofBytes(content)), [tarballRoute]: bytes(content)}
      await assertInstallFails(t, code, {routes})
    })
  }

  for (const [what, code, answer] of [
    ['has another digest', 'INTEGRITY_MISMATCH', bytes(other.tarball)],
    ['does not end', 'BAD_RESPONSE', flood],
    ['stalls', 'TIMED_OUT', (response) => void response.writeHead(200).write('x')],
    ['is truncated', 'UNREACHABLE', cutOff],
    ['is HTML', 'INTEGRITY_MISMATCH', html(200)],
    [
      'does not exist',
      'PACKAGE_NOT_FOUND',
      json(404, {error: {code: 'NOT_FOUND', message: 'No\u001B[2J', details: []}}),
    ],
  ] as const satisfies readonly (readonly [string, string, Answer])[]) {
    withstands(`a tarball that ${what} does no harm`, async (t) => {
      await assertInstallFails(t, code, {routes: {[packumentRoute]: json(200, packument), [tarballRoute]: answer}})
    })
  }

  // One of each kind, and the largest ones, each in its own process. All of them are tested below.
  for (const name of [
    'the path "../evil"',
    'paths that differ only in Unicode composition',
    'a symbolic link and a file below it',
    'a pax size that hides an entry',
    '2 GB of zeros after the end',
    'a segment of 16 EiB',
    'a block of ten bytes that expands to 12 GB',
    '60 kB that unpack to a file of 2 GB',
    '10,001 files',
  ]) {
    withstands(`a tarball that is an archive with ${name} does no harm`, async (t) => {
      const content = hostileArchives.find((each) => each.name === name)!.build()
      const routes = {[packumentRoute]: withIntegrity(ofBytes(content)), [tarballRoute]: bytes(content)}
      await assertInstallFails(t, 'ARCHIVE_REFUSED', {routes})
    })
  }
})

describe('hostile manifests', {concurrency: 2}, () => {
  const nested = `{"name":"@a/p","version":"1.0.0","type":"project","x":${'['.repeat(1e5)}${']'.repeat(1e5)}`
  for (const [what, code, content] of [
    ['path traversal in a dependency', 'MANIFEST_INVALID', manifestWith({'../../x': '*'})],
    ['path traversal in a scope', 'MANIFEST_INVALID', manifestWith({'@../x': '*'})],
    ['path traversal after the scope', 'MANIFEST_INVALID', manifestWith({'@acme/../../x': '*'})],
    ['an absolute path as dependency', 'MANIFEST_INVALID', manifestWith({'/etc/passwd': '*'})],
    ['a dependency with a backslash', 'MANIFEST_INVALID', manifestWith({'@acme\\..\\x': '*'})],
    ['the dependency `__proto__`', 'MANIFEST_INVALID', manifest.replace('@acme/tool', '__proto__')],
    ['the dependency `Constructor`', 'MANIFEST_INVALID', manifestWith({Constructor: '*'})],
    ['control characters in a dependency', 'MANIFEST_INVALID', manifestWith({'@acme/\u001B[2J': '*'})],
    ['an object as range', 'MANIFEST_INVALID', manifestWith({'@acme/tool': {}})],
    ['a URL as range', 'RANGE_INVALID', manifestWith({'@acme/tool': 'http://192.0.2.1/x'})],
    ['a path as range', 'RANGE_INVALID', manifestWith({'@acme/tool': '../../x'})],
    ['a list of dependencies', 'MANIFEST_INVALID', manifestWith(['@acme/tool'])],
    ['path traversal in a duplicate key', 'MANIFEST_INVALID', `${manifest.slice(0, -1)},"dependencies":{"../x":"*"}}`],
    ['deep nesting', 'MANIFEST_INVALID', nested],
    ['10 MB', 'MANIFEST_INVALID', manifestWith({}, {description: 'x'.repeat(10_000_000)})],
    ['bytes that are not UTF-8', 'MANIFEST_INVALID', Buffer.from(manifestWith({}, {license: '\u00FF'}), 'latin1')],
    ['a byte order mark and no JSON', 'MANIFEST_INVALID', '\uFEFF{'],
    ['no content', 'MANIFEST_INVALID', ''],
    ['the content `null`', 'MANIFEST_INVALID', 'null'],
  ] as const) {
    withstands(`a manifest with ${what} does no harm`, async (t) => {
      const {registry} = await assertInstallFails(t, code, {files: {'apkg.json': content}})
      assert.deepEqual(registry.arrivals, [])
    })
  }
})

describe('hostile lockfiles', {concurrency: 2}, () => {
  const entry = {version: '1.0.0', resolved: '', integrity, dependencies: {}, type: 'skill', optional: false}
  const lock = (packages: object, more: object = {}) =>
    JSON.stringify({lockfileVersion: 1, requires: true, resolved: '2027-01-01T00:00:00+00:00', packages, ...more})
  const withEntry = (more: object) => lock({'@acme/tool@1.0.0': {...entry, ...more}})
  const good = lock({'@acme/tool@1.0.0': entry})
  const frozen = ['--frozen-lockfile']

  for (const [what, code, content] of [
    ['with conflict markers', 'LOCKFILE_CONFLICTED', `<<<<<<< HEAD\n${good}\n=======\n${good}\n>>>>>>> theirs\n`],
    ['with path traversal in a name', 'LOCKFILE_DAMAGED', lock({'@acme/../../x@1.0.0': entry})],
    ['with path traversal in a scope', 'LOCKFILE_DAMAGED', lock({'@../x@1.0.0': entry})],
    ['with an absolute name', 'LOCKFILE_DAMAGED', lock({'/tmp/x@1.0.0': entry})],
    [
      'with path traversal in a version',
      'LOCKFILE_DAMAGED',
      lock({'@acme/tool@../../x': {...entry, version: '../../x'}}),
    ],
    ['with the entry `__proto__`', 'LOCKFILE_DAMAGED', good.replace('@acme/tool@1.0.0', '__proto__')],
    ['with a SHA-1 digest', 'LOCKFILE_DAMAGED', withEntry({integrity: sha1})],
    ['with a SHA-512 digest', 'LOCKFILE_DAMAGED', withEntry({integrity: sha512})],
    ['with several digests', 'LOCKFILE_DAMAGED', withEntry({integrity: `${integrity} ${sha512}`})],
    ['without a digest', 'LOCKFILE_DAMAGED', withEntry({integrity: undefined})],
    ['with path traversal in a type', 'LOCKFILE_DAMAGED', withEntry({type: '../..'})],
    ['with path traversal in a dependency', 'LOCKFILE_DAMAGED', withEntry({dependencies: {'../x': '*'}})],
    ['with a URL as dependency', 'LOCKFILE_DAMAGED', withEntry({dependencies: {'@a/b': 'http://192.0.2.1'}})],
    ['with a package twice', 'LOCKFILE_DAMAGED', good.replace('"packages":{', '$&"@acme/tool@1.0.0":{},')],
    ['of a later format', 'LOCKFILE_VERSION', lock({}, {lockfileVersion: 99})],
    [
      'of another registry',
      'LOCKFILE_OTHER_REGISTRY',
      lock({'@acme/tool@1.0.0': entry}, {registry: 'https://evil.example'}),
    ],
    ['without a needed package', 'LOCKFILE_STALE', lock({})],
    ['without a dependency of a package', 'LOCKFILE_STALE', withEntry({dependencies: {'@acme/lib': '*'}})],
    ['with an unneeded package', 'LOCKFILE_STALE', lock({'@acme/tool@1.0.0': entry, '@evil/x@1.0.0': entry})],
    ['with a version outside the range', 'LOCKFILE_STALE', good.replaceAll('1.0.0', '2.0.0')],
    [
      'with two versions of a package',
      'LOCKFILE_STALE',
      lock({'@acme/tool@1.0.0': entry, '@acme/tool@1.5.0': {...entry, version: '1.5.0'}}),
    ],
    ['of 33 million brackets', 'LOCKFILE_DAMAGED', '['.repeat(33_000_000)],
    ['of 3 million brackets', 'LOCKFILE_DAMAGED', '['.repeat(3_000_000)],
    ['of a million objects', 'LOCKFILE_DAMAGED', `[${'{},'.repeat(1_000_000)}0]`],
    ['that is truncated', 'LOCKFILE_DAMAGED', good.slice(0, -9)],
  ] as const) {
    withstands(`a lockfile ${what} does no harm`, async (t) => {
      const files = {'apkg.json': manifest, 'apkg-lock.json': content}
      const routes = {[packumentRoute]: json(200, packument), [tarballRoute]: bytes(tarball)}
      const {registry} = await assertInstallFails(t, code, {files, routes, args: frozen})
      assert.deepEqual(registry.arrivals, [])
    })
  }

  withstands('a lockfile with another URL for the tarball does no harm, and the URL is not requested', async (t) => {
    const elsewhere = await startHostileRegistry(t)
    elsewhere.answer({'GET /x': bytes(tarball)})
    const files = {'apkg.json': manifest, 'apkg-lock.json': withEntry({resolved: `${elsewhere.url}/x`})}
    const {registry} = await assertInstallFails(t, 'PACKAGE_NOT_FOUND', {files, args: frozen})
    assert.deepEqual(registry.routes, [statusRoute, tarballRoute])
    assert.deepEqual(elsewhere.arrivals, [])
  })

  for (const [what, code, more] of [
    ['with the digest of other bytes', 'INTEGRITY_MISMATCH', {integrity: ofBytes(Buffer.from('other'))}],
    ['with another type than the package', 'PACKAGE_MISMATCH', {type: 'command'}],
  ] as const) {
    withstands(`a lockfile ${what} does no harm`, async (t) => {
      const files = {'apkg.json': manifest, 'apkg-lock.json': withEntry(more)}
      await assertInstallFails(t, code, {files, routes: {[tarballRoute]: bytes(tarball)}, args: frozen})
    })
  }
})

describe('hostile project files', {concurrency: 2}, () => {
  for (const [file, code] of [
    ['apkg.json', 'MANIFEST_INVALID'],
    ['apkg-lock.json', 'LOCKFILE_DAMAGED'],
  ] as const) {
    for (const [what, make] of [
      ['is a folder', (path: string) => mkdir(path)],
      ['links to a device', (path: string) => symlink('/dev/zero', path)],
      ['is a pipe', async (path: string) => execFileSync('mkfifo', [path])],
    ] as const) {
      withstands(`a ${file} that ${what} does no harm`, async (t) => {
        const place = await canaryProject(t, file === 'apkg.json' ? {} : {'apkg.json': manifest})
        await make(path.join(place.project, file))
        await assertWithstands(place, [code, 'install', '--frozen-lockfile'], {APKG_REGISTRY: 'http://127.0.0.1:9'})
      })
    }
  }
})

it(`hostile archives: all ${hostileArchives.length} are refused, and one process tries to install them in ${maxMemory} MiB`, async (t) => {
  const registry = await startHostileRegistry(t)
  const routes = hostileArchives.map(({build}, index): [string, Answer][] => {
    const name = `@acme/case-${index}`
    const archive = build()
    const dist = {tarball: '', integrity: ofBytes(archive)}
    const tags = {name, distTags: {latest: '1.0.0'}}
    const route = `GET /packages/%40acme%2Fcase-${index}`
    return [
      [route, json(200, {...tags, versions: {'1.0.0': {...version, dist}}})],
      [`${route}/1.0.0/tarball`, bytes(archive)],
    ]
  })
  registry.answer(Object.fromEntries(routes.flat()))
  const place = await canaryProject(t, {'apkg.json': manifestWith({})})
  const before = await stateOf(place)
  const script = fileURLToPath(new URL('../processes/install-each.js', import.meta.url))
  const names = hostileArchives.map((_, index) => `@acme/case-${index}`)
  const {stdout} = await promisify(execFile)(
    process.execPath,
    [script, registry.url, place.machine.home, place.project, ...names],
    {timeout: maxTime},
  )
  const outcomes = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as {code: string; memory: number})
  assert.deepEqual(
    outcomes.map(({code}) => code),
    hostileArchives.map(() => 'ARCHIVE_REFUSED'),
  )
  for (const [index, {memory}] of outcomes.entries()) {
    assert.ok(memory <= maxMemory, `${memory} MiB at ${hostileArchives[index]?.name}`)
  }
  assert.deepEqual(await stateOf(place), before)
})

it('hostile inputs: at least sixty are tested, in addition to the archives', () => {
  assert.ok(cases >= 60, String(cases))
})
