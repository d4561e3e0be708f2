import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {formatIntegrity} from '@apkg/package-format'
import {definitionTemplates} from '@apkg/package-format/conversion'
import {formatTokenValue} from '@apkg/wire'

import Init from '../../src/commands/init.js'
import Pack from '../../src/commands/pack.js'
import TokenCreate from '../../src/commands/token/create.js'
import Publish from '../../src/commands/publish.js'
import TrustAdd from '../../src/commands/trust/add.js'
import {packProject} from '../../src/publish/packing/pack-project.js'
import {readProject} from '../../src/project/read-project.js'
import {tar} from '../../packages/package-format/test/support/raw-tar.js'
import {zst} from '../../packages/package-format/test/support/raw-zstd.js'
import {failureOf, seen, startSession, startWorld} from '../support/command.js'
import {body, cutOff, hangUp, json, refusal, startHostileRegistry, type Answer} from '../support/hostile-registry.js'
import {makeTree} from '../support/make-tree.js'

const fields = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool'}

const files = (more: object = {}) => ({
  'apkg.json': `${JSON.stringify({...fields, ...more})}\n`,
  'skill.md': '# A skill\n',
})

type Packument = {
  distTags: Record<string, string>
  versions: Record<string, {dist: {integrity: string}} & Record<string, unknown>>
  readme?: string
}

/** The packument of a package. */
async function packumentOf(registry: string, name = '@ada/tool'): Promise<Packument> {
  const response = await fetch(`${registry}/packages/${encodeURIComponent(name)}`)
  assert.equal(response.status, 200)
  return (await response.json()) as Packument
}

/** Progress is only shown if something takes long. */
const withoutProgress = (text: string) => text.replaceAll(/\r\u001B\[2K(?:[^\r\n]*(?=\r))?/g, '')

const sent = ({requests}: {requests: string[]}) => requests.filter((request) => request.startsWith('PUT '))

describe('publish', () => {
  it('publish: sends the package, and reports its size and integrity', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    const {tarball, integrity} = await packProject(await readProject(cwd))
    assert.deepEqual(seen(await run(Publish, [], {cwd})), {
      stdout: `Size: ${tarball.length} B\nIntegrity: ${integrity}\nServer Integrity: ${integrity}\n`,
      stderr: `Publishing @ada/tool@1.0.0 to ${registry.url} ...\nPublished @ada/tool@1.0.0\n`,
      exitCode: 0,
    })
    const {distTags, versions} = await packumentOf(registry.url)
    assert.deepEqual(distTags, {latest: '1.0.0'})
    assert.equal(versions['1.0.0']!.dist.integrity, integrity)
    const address = `${registry.url}/packages/${encodeURIComponent('@ada/tool')}/1.0.0/tarball`
    const downloaded = Buffer.from(await (await fetch(address)).arrayBuffer())
    assert.ok(downloaded.equals(tarball))
  })

  it('publish: reports the page of the version and how to add it', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    const {page, install} = JSON.parse((await run(Publish, ['--json'], {cwd})).stdout)
    assert.deepEqual([page, install], [`${registry.url}/@ada/tool/v/1.0.0`, 'apkg add @ada/tool'])
    assert.equal((await fetch(page)).status, 200)
    const next = await makeTree(t, files({version: '2.0.0-rc.1'}))
    const args = ['--tag', 'next', '--registry', registry.url, '--json']
    const prerelease = JSON.parse((await run(Publish, args, {cwd: next})).stdout)
    assert.equal(prerelease.install, `apkg add @ada/tool@2.0.0-rc.1 --registry ${registry.url}`)
  })

  it('publish: refuses what init wrote until it is replaced, with file and line, and sends nothing', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, {})
    assert.equal((await run(Init, ['--name', '@ada/tool', '--type', 'agent', '--yes'], {cwd})).exitCode, 0)
    const {stderr, exitCode} = await run(Publish, [], {cwd})
    assert.equal(exitCode, 1)
    assert.match(stderr, /The package is still the template that `apkg init` wrote:\n {2}- agents\/tool\.md, line 3: /)
    assert.match(stderr, /\n {2}- agents\/tool\.md, line 8: /)
    assert.equal(failureOf(await run(Publish, ['--dry-run', '--json'], {cwd})).code, 'TEMPLATE_TEXT')
    assert.equal((await fetch(`${registry.url}/packages/${encodeURIComponent('@ada/tool')}`)).status, 404)
    const packed = await run(Pack, [], {cwd})
    assert.match(packed.stderr, /Warning: agents\/tool\.md, line 3: /)
    assert.equal(packed.exitCode, 0)
    const quoted = `A new agent has this text:\n\n\`\`\`\n${definitionTemplates.agent.body}\n\`\`\`\n`
    await writeFile(path.join(cwd, 'agents', 'tool.md'), `---\ndescription: Reviews\n---\n\n${quoted}`)
    assert.equal((await run(Publish, [], {cwd})).exitCode, 0)
  })

  it('publish: accepts a manifest with a byte order mark', async (t) => {
    const {run} = await startSession(t)
    const cwd = await makeTree(t, {'apkg.json': `\uFEFF${JSON.stringify(fields)}\n`, 'SKILL.md': ''})
    const {exitCode, stderr} = await run(Publish, [], {cwd})
    assert.equal(exitCode, 0, stderr)
  })

  it('publish: sends every field of the manifest, and the readme', async (t) => {
    const {run, registry} = await startSession(t)
    const described = {
      ...{description: 'Does', license: 'ISC', keywords: ['x'], origin: 'codex', targets: ['codex', 'cursor']},
      ...{repository: 'https://example.com/r', homepage: 'https://example.com', dependencies: {'@ada/other': '^1.0.0'}},
    }
    const cwd = await makeTree(t, {...files({...described, readme: './docs/read.md'}), 'docs/read.md': '# Ä\n'})
    assert.equal((await run(Publish, [], {cwd})).exitCode, 0)
    const {versions, readme} = await packumentOf(registry.url)
    const published = versions['1.0.0']!
    assert.deepEqual(Object.fromEntries(Object.keys(described).map((field) => [field, published[field]])), described)
    assert.equal(readme, '# Ä\n')
  })

  it('publish: --json prints the result', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    const {tarball, integrity, unpackedSize, files: packed} = await packProject(await readProject(cwd))
    assert.deepEqual(JSON.parse((await run(Publish, ['--json'], {cwd})).stdout), {
      ...{registry: registry.url, name: '@ada/tool', version: '1.0.0', tag: 'latest', status: 'published'},
      ...{
        username: 'ada',
        job: null,
        integrity,
        signer: null,
        install: 'apkg add @ada/tool',
        page: `${registry.url}/@ada/tool/v/1.0.0`,
        size: tarball.length,
        unpackedSize,
        files: packed,
        skipped: [],
      },
    })
  })

  it('publish: identical content is reported as published, other content is refused', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    await run(Publish, [], {cwd})
    const again = await run(Publish, [], {cwd})
    assert.match(again.stderr, /@ada\/tool@1\.0\.0 is already published with the same content\n$/)
    assert.equal(again.exitCode, 0)
    assert.equal(JSON.parse((await run(Publish, ['--json'], {cwd})).stdout).status, 'identical')

    await writeFile(path.join(cwd, 'skill.md'), 'other')
    const {stderr, exitCode} = await run(Publish, [], {cwd})
    assert.match(
      stderr,
      /this version already exists with different content\n {2}hint: set a new version with `apkg version patch`, then run `apkg publish`/,
    )
    assert.equal(exitCode, 3)
    assert.deepEqual(Object.keys((await packumentOf(registry.url)).versions), ['1.0.0'])
  })

  it('publish: --dry-run sends nothing, and shows what would be published', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    const {tarball, integrity} = await packProject(await readProject(cwd))
    const {stdout, stderr, exitCode} = await run(Publish, ['--dry-run', '--tag', 'next'], {cwd})
    assert.equal(
      stdout,
      `77 B  apkg.json
10 B  skill.md
Files: 2
Unpacked size: 87 B
Size: ${tarball.length} B
Integrity: ${integrity}
Registry: ${registry.url}
Publisher: ada
Signer: none
Tag: next
`,
    )
    assert.equal(stderr, `Publishing @ada/tool@1.0.0 to ${registry.url} ...\nNothing was sent (--dry-run).\n`)
    assert.equal(exitCode, 0)
    assert.deepEqual(sent(registry), [])
    const before = registry.requests.length
    const offline = await run(Publish, ['--dry-run', '--offline', '--json'], {cwd})
    const {status, username} = JSON.parse(offline.stdout)
    assert.deepEqual({status, username}, {status: 'dry-run', username: null})
    assert.equal(registry.requests.length, before)
  })

  it('publish: a prerelease requires a dist-tag, and gets only that one', async (t) => {
    const {run, registry} = await startSession(t)
    await run(Publish, [], {cwd: await makeTree(t, files())})
    const cwd = await makeTree(t, files({version: '2.0.0-rc.1'}))
    const {stderr, exitCode} = await run(Publish, [], {cwd})
    assert.match(
      stderr,
      /^Error: A dist-tag is required to publish the prerelease 2\.0\.0-rc\.1\n {2}hint: run `apkg publish --tag next`\n$/,
    )
    assert.equal(exitCode, 2)
    assert.equal((await run(Publish, ['--tag', 'next'], {cwd})).exitCode, 0)
    assert.deepEqual((await packumentOf(registry.url)).distTags, {latest: '1.0.0', next: '2.0.0-rc.1'})
  })

  it("publish: warns if the scope is neither the user's name nor one of their organizations", async (t) => {
    const {run, registry} = await startSession(t)
    const user = (await registry.store.users.list())[0]!
    await registry.addOrganization('acme', {[user.id]: 'publisher'})
    await registry.addOrganization('other')
    const member = await run(Publish, [], {cwd: await makeTree(t, files({name: '@acme/tool'}))})
    assert.equal(member.stderr, `Publishing @acme/tool@1.0.0 to ${registry.url} ...\nPublished @acme/tool@1.0.0\n`)
    const outsider = await run(Publish, [], {cwd: await makeTree(t, files({name: '@other/tool'}))})
    assert.match(
      outsider.stderr,
      /\nWarning: Scope '@other' does not match your username 'ada'\. Publishing will succeed only if you are a member of the '@other' organization\.\nError: /,
    )
    const refused = await run(Publish, ['--json'], {cwd: await makeTree(t, files({name: '@other/tool'}))})
    assert.deepEqual([refused.exitCode, JSON.parse(refused.stdout).error.code], [3, 'REFUSED'])
  })

  it('publish: with a token of an organization, warns about any other scope, and the organization is the publisher', async (t) => {
    const {run, registry} = await startSession(t)
    const user = (await registry.store.users.list())[0]!
    await registry.addOrganization('acme', {[user.id]: 'admin'})
    const created = await run(TokenCreate, ['--label', 'ci', '--org', 'acme'])
    const env = {APKG_TOKEN: created.stdout.trim()}
    const cwd = await makeTree(t, files({name: '@acme/tool'}))
    const published = await run(Publish, ['--json'], {cwd, env})
    assert.equal((JSON.parse(published.stdout) as {username: string}).username, 'acme')
    const elsewhere = await run(Publish, [], {cwd: await makeTree(t, files({name: '@ada/tool'})), env})
    assert.equal(elsewhere.exitCode, 3)
    assert.match(elsewhere.stderr, /\nWarning: The token belongs to acme, so it can only publish in '@acme'\.\nError: /)
  })

  it('publish: reports every problem of the manifest without a request', async (t) => {
    const {run, registry} = await startSession(t)
    const before = registry.requests.length
    const wrong = {name: 'tool', version: '1.0', type: 'thing', targets: [], origin: 'kirro'}
    const {stderr, exitCode} = await run(Publish, [], {cwd: await makeTree(t, files(wrong))})
    const problems = stderr.split('\n').filter((line) => line.startsWith('  - '))
    assert.deepEqual(
      problems.map((line) => line.split(' ')[3]),
      ['`name`', '`version`', '`type`', '`targets`', '`origin`'],
    )
    assert.match(problems.at(-1) ?? '', /\(did you mean `kiro`\?\)$/)
    assert.equal(exitCode, 1)
    const project = failureOf(await run(Publish, ['--json'], {cwd: await makeTree(t, files({type: 'project'}))}))
    assert.equal(project.code, 'PROJECT_UNPUBLISHABLE')
    assert.match(
      project.message,
      /^Cannot publish a project\. Only skill, agent, .* and composite packages can be published$/,
    )
    assert.equal(registry.requests.length, before)
  })

  it('publish: refuses a readme that is too long, missing, not text or outside the package', async (t) => {
    const {run, registry} = await startSession(t)
    const before = registry.requests.length
    const outside = path.join(await makeTree(t, {'secret.md': 'x'}), 'secret.md')
    const cases: [object, Record<string, string | Uint8Array>, RegExp][] = [
      [{}, {'README.md': 'x'.repeat(20_481)}, /Readme file 'README.md' is 20481 bytes; registry limit is 20480 bytes/],
      [{readme: 'no.md'}, {}, /Readme file 'no.md' is not in the package/],
      [{readme: outside}, {}, /is not in the package/],
      [{readme: `../${path.basename(path.dirname(outside))}/secret.md`}, {}, /is not in the package/],
      [{readme: '.env'}, {'.env': 'A=b'}, /is not in the package/],
      [{}, {'readme.md': Buffer.from([0xff])}, /is not UTF-8/],
    ]
    for (const [more, extra, message] of cases) {
      const {stderr, exitCode} = await run(Publish, [], {cwd: await makeTree(t, {...files(more), ...extra})})
      assert.match(stderr, message)
      assert.equal(exitCode, 1)
    }
    assert.equal(registry.requests.length, before)
  })

  it('publish: sends nothing if the package or the provenance contains a token', async (t) => {
    const {run, registry} = await startSession(t)
    const before = registry.requests.length
    const value = formatTokenValue('token', 'a'.repeat(32))
    const leaking = await run(Publish, ['--json'], {cwd: await makeTree(t, {...files(), 'notes/a.txt': `\n${value}`})})
    const cwd = await makeTree(t, {...files(), '.apkgignore': 'p.json\n', 'p.json': JSON.stringify({a: value})})
    const attested = await run(Publish, ['--json', '--provenance', 'p.json'], {cwd})
    for (const {stdout, stderr, exitCode} of [leaking, attested]) {
      assert.equal(JSON.parse(stdout).error.code, 'SECRET_IN_PACKAGE')
      assert.match(stdout, /(notes\/a\.txt, line 2|p\.json, line 1): an API token/)
      assert.ok(!(stdout + stderr).includes(value))
      assert.equal(exitCode, 3)
    }
    assert.equal(registry.requests.length, before)
  })

  it('publish: finds a token written with escapes in the manifest or the provenance', async (t) => {
    const {run, registry} = await startSession(t)
    const before = registry.requests.length
    const value = formatTokenValue('token', 'a'.repeat(32))
    const escaped = [...value].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const manifest = JSON.stringify({...fields, description: 'x'}).replace('"x"', `"${escaped}"`)
    const described = await run(Publish, ['--json'], {cwd: await makeTree(t, {'apkg.json': manifest, 'SKILL.md': ''})})
    const cwd = await makeTree(t, {...files(), '.apkgignore': 'p.json\n', 'p.json': `{"a": "${escaped}"}`})
    const attested = await run(Publish, ['--json', '--provenance', 'p.json'], {cwd})
    for (const [{stdout, stderr, exitCode}, field] of [
      [described, 'description'],
      [attested, 'provenance'],
    ] as const) {
      assert.equal(JSON.parse(stdout).error.code, 'SECRET_IN_PACKAGE')
      assert.match(stdout, new RegExp(`\`${field}\`: an API token`))
      assert.ok(!(stdout + stderr).includes(value))
      assert.equal(exitCode, 3)
    }
    assert.equal(registry.requests.length, before)
  })

  it('publish: the provenance must be a small regular file', async (t) => {
    const {run} = await startSession(t)
    const cwd = await makeTree(t, {...files(), 'large.json': Buffer.alloc(2 * 1024 * 1024, ' ')})
    execFileSync('mkfifo', [path.join(cwd, 'pipe')])
    for (const file of ['pipe', 'large.json']) {
      const {stdout, exitCode} = await run(Publish, ['--json', '--provenance', file], {cwd})
      assert.deepEqual([JSON.parse(stdout).error.code, exitCode], ['FILE_UNREADABLE', 1], file)
    }
  })

  it('publish: sends provenance, which must be a JSON object', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, {...files(), '.apkgignore': '*.json\n', 'list.json': '[]'})
    const {tarball} = await packProject(await readProject(cwd))
    const sha256 = createHash('sha256').update(tarball).digest('hex')
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{name: '@ada/tool', digest: {sha256}}],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {runDetails: {builder: {id: 'https://ci.example.com'}}},
    }
    await writeFile(path.join(cwd, 'built.json'), JSON.stringify(statement))
    for (const [file, code] of [
      ['list.json', 'USAGE'],
      ['none.json', 'FILE_UNREADABLE'],
    ] as const) {
      assert.equal(JSON.parse((await run(Publish, ['--json', '--provenance', file], {cwd})).stdout).error.code, code)
    }
    assert.deepEqual(sent(registry), [])
    assert.equal((await run(Publish, ['--provenance', 'built.json'], {cwd})).exitCode, 0)
    const address = `${registry.url}/packages/${encodeURIComponent('@ada/tool')}/1.0.0/provenance`
    assert.deepEqual(await (await fetch(address)).json(), statement)
  })

  it('publish: --dry-run refuses a provenance statement that the registry would refuse', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, {...files(), '.apkgignore': '*.json\n'})
    const {tarball} = await packProject(await readProject(cwd))
    const sha256 = createHash('sha256').update(tarball).digest('hex')
    const deep = JSON.parse('['.repeat(70) + ']'.repeat(70))
    for (const [statement, problem] of [
      [{}, 'does not contain a subject with the SHA-256 of the tarball'],
      [{subject: [{digest: {sha256: '0'.repeat(64)}}]}, 'does not contain a subject with the SHA-256 of the tarball'],
      [{subject: [{digest: {sha256}}], predicate: 'x'.repeat(65_536)}, 'is larger than 65536 bytes'],
      [{subject: [{digest: {sha256}}], predicate: deep}, 'is nested deeper than 64 levels'],
      [{subject: [{digest: {sha256}}], predicate: '\0'}, 'contains a NUL character'],
    ] as const) {
      await writeFile(path.join(cwd, 'p.json'), JSON.stringify(statement))
      for (const args of [['--dry-run'], []]) {
        const {stdout, exitCode} = await run(Publish, ['--json', '--provenance', 'p.json', ...args], {cwd})
        const {code, message} = JSON.parse(stdout).error
        assert.deepEqual([code, exitCode], ['PROVENANCE_UNUSABLE', 1], message)
        assert.equal(message, `The provenance statement cannot be published: it ${problem}`)
      }
    }
    assert.deepEqual(sent(registry), [])
    await writeFile(path.join(cwd, 'p.json'), JSON.stringify({subject: [{digest: {sha256}}]}))
    assert.equal((await run(Publish, ['--dry-run', '--provenance', 'p.json'], {cwd})).exitCode, 0)
  })

  it('publish: on a terminal, lists the files first', async (t) => {
    const {run} = await startSession(t)
    const cwd = await makeTree(t, {...files(), 'dist/x': '', '.gitignore': 'dist\n', '.apkgignore': '.gitignore\n'})
    const {stdout, stderr} = await run(Publish, [], {cwd, terminal: true})
    assert.match(stdout, /Page: +http:\S+\/@ada\/tool\/v\/1\.0\.0\n.*Install: +apkg add @ada\/tool\n/)
    assert.match(
      withoutProgress(stderr),
      /^77 B {2}apkg\.json\n10 B {2}skill\.md\nSkipped: dist\/ \(ignored by git\)\nPublishing @ada\/tool@1\.0\.0 to http:\S+ \.\.\.\n✓ Published/,
    )
  })

  it('publish: sends nothing to the selected registry if the scope is routed to another', async (t) => {
    const {run, registry} = await startSession(t)
    const cwd = await makeTree(t, files())
    assert.equal((await run(TrustAdd, ['@ada', 'https://registry.example.com'])).exitCode, 0)
    const before = registry.requests.length
    const {stdout, exitCode} = await run(Publish, ['--json'], {cwd})
    assert.deepEqual([JSON.parse(stdout).error.code, exitCode], ['AUTH_REQUIRED', 4])
    assert.equal(registry.requests.length, before)
  })

  it('publish: requires a credential and the network', async (t) => {
    const {run, registry} = await startWorld(t)
    const cwd = await makeTree(t, files())
    const codes = [[], ['--offline']].map(async (argv) => {
      const {stdout, exitCode} = await run(Publish, ['--json', ...argv], {cwd})
      return [JSON.parse(stdout).error.code, exitCode]
    })
    assert.deepEqual(await Promise.all(codes), [
      ['AUTH_REQUIRED', 4],
      ['OFFLINE', 5],
    ])
    assert.deepEqual(registry.requests, [])
  })
})

describe('publish with a misbehaving registry', () => {
  const put = 'PUT /packages/%40ada%2Ftool'
  const get = 'GET /packages/%40ada%2Ftool'
  const whoami = {'GET /auth/whoami': json(200, {username: 'ada', email: 'ada@example.com'})}

  async function publishTo(t: TestContext, argv: string[], routes: (integrity: string) => Record<string, Answer>) {
    const {run} = await startWorld(t)
    const registry = await startHostileRegistry(t)
    const cwd = await makeTree(t, files())
    const {integrity} = await packProject(await readProject(cwd))
    registry.answer({...whoami, ...routes(integrity)})
    const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: 'opaque-token'}
    return {...(await run(Publish, argv, {cwd, env})), registry}
  }

  const packument = (integrity: string) =>
    json(200, {name: '@ada/tool', versions: {'1.0.0': {version: '1.0.0', dist: {tarball: 'x', integrity}}}})
  const other = `sha256-${Buffer.alloc(32).toString('base64')}`

  /** The routes for a version that another program packed, without compression. */
  function published(content: Record<string, string>) {
    const tarball = zst(tar(...Object.entries(content).map(([name, text]) => ({name, content: text}))))
    const integrity = formatIntegrity(createHash('sha256').update(tarball).digest())
    const download = body(200, Buffer.from(tarball), {'content-type': 'application/zstd'})
    return {integrity, routes: {[get]: packument(integrity), [`${get}/1.0.0/tarball`]: download}}
  }

  it('publish: warns if the registry did not confirm the dist-tag', async (t) => {
    const answer = () => ({[put]: json(200, {name: '@ada/tool', version: '1.0.0'})})
    const plain = await publishTo(t, [], answer)
    assert.equal(plain.exitCode, 0)
    assert.doesNotMatch(String(plain.registry.arrivals.at(-1)?.body), /"tag"/)
    const tagged = await publishTo(t, ['--tag', 'next'], answer)
    assert.match(tagged.stderr, /did not confirm the dist-tag "next"\. Run `apkg dist-tag add @ada\/tool@1\.0\.0 next`/)
    assert.equal(tagged.exitCode, 0)
  })

  it('publish: fails if the registry confirms another name, version or integrity', async (t) => {
    for (const wrong of [{name: '@eve/tool'}, {version: '1.0.1'}, {integrity: other}]) {
      const answer = json(200, {name: '@ada/tool', version: '1.0.0', ...wrong})
      const {stdout, exitCode} = await publishTo(t, ['--json'], () => ({[put]: answer}))
      assert.deepEqual([JSON.parse(stdout).error.code, exitCode], ['PUBLISH_MISMATCH', 1], JSON.stringify(wrong))
    }
  })

  it('publish: compares the content if the registry only reports that the version exists', async (t) => {
    const same = await publishTo(t, ['--json'], (integrity) => ({
      [put]: refusal(409, 'exists'),
      [get]: packument(integrity),
    }))
    assert.deepEqual([JSON.parse(same.stdout).status, same.exitCode], ['identical', 0])
    const packed = published({...files(), 'skill.md': '# Another skill\n'})
    const differs = await publishTo(t, ['--json'], () => ({[put]: refusal(409, 'exists'), ...packed.routes}))
    assert.match(differs.stdout, /this version already exists with different content/)
    assert.equal(differs.exitCode, 3)
    const different = await publishTo(t, ['--json'], () => ({[put]: refusal(409, 'the package is private')}))
    assert.match(different.stdout, /the package is private/)
    assert.equal(different.exitCode, 3)
  })

  it('publish: the same content is identical even if another program built a different tarball from it', async (t) => {
    const {integrity, routes} = published(files())
    const {stdout, exitCode} = await publishTo(t, ['--json'], () => ({[put]: refusal(409, 'exists'), ...routes}))
    const result = JSON.parse(stdout)
    assert.deepEqual([result.status, result.integrity, exitCode], ['identical', integrity, 0])
  })

  it('publish: a tarball that does not match its integrity is never treated as the same content', async (t) => {
    const {routes} = published(files())
    const wrong = {...routes, [get]: packument(other)}
    const {stdout, exitCode} = await publishTo(t, ['--json'], () => ({[put]: refusal(409, 'exists'), ...wrong}))
    assert.deepEqual([JSON.parse(stdout).error.code, exitCode], ['INTEGRITY_MISMATCH', 1])
  })

  it('publish: if the response is lost, checks once whether the version exists', async (t) => {
    const found = await publishTo(t, ['--json'], (integrity) => ({[put]: hangUp, [get]: packument(integrity)}))
    assert.deepEqual([JSON.parse(found.stdout).status, found.exitCode], ['published', 0])
    assert.match(found.stderr, /Warning: The response was lost .* but @ada\/tool@1\.0\.0 was published/)
    const absent = await publishTo(t, ['--json'], () => ({[put]: cutOff}))
    const unknown = await publishTo(t, ['--json'], () => ({[put]: hangUp, [get]: refusal(500, 'broken')}))
    for (const [{stdout, exitCode}, sentence] of [
      [absent, /The registry does not have @ada\/tool@1\.0\.0 yet/],
      [unknown, /@ada\/tool@1\.0\.0 may have been published/],
    ] as const) {
      const {error} = JSON.parse(stdout)
      assert.deepEqual([error.code, exitCode], ['PUBLICATION_UNCERTAIN', 5])
      assert.match(error.message, sentence)
      assert.match(error.suggestions[0], /^run `apkg info @ada\/tool --registry http:/)
    }
    assert.equal(absent.registry.routes.filter((route) => route === put).length, 1)
  })

  it('publish: an invalid credential fails before the package is sent, but a refused whoami does not', async (t) => {
    const rejected = await publishTo(t, ['--json'], () => ({'GET /auth/whoami': refusal(401, 'revoked')}))
    assert.deepEqual([JSON.parse(rejected.stdout).error.code, rejected.exitCode], ['REJECTED', 4])
    assert.ok(!rejected.registry.routes.includes(put))
    const answer = json(200, {name: '@ada/tool', version: '1.0.0'})
    const silent = await publishTo(t, ['--json'], () => ({'GET /auth/whoami': refusal(403, 'no'), [put]: answer}))
    assert.deepEqual([JSON.parse(silent.stdout).username, silent.exitCode], [null, 0])
  })
})
