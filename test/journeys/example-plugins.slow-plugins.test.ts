import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'node:test'
import {promisify} from 'node:util'

import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {npmSettings} from '../support/npm-settings.js'
import {publishPackage, sessionOf} from '../support/publish-package.js'
import {password} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

const packer = inRepository('tools/pack-examples.js')
const day = 86_400_000

// Packed and installed once, since npm is slow.
describe('the plugins in examples/, packed and installed with the packed kit', () => {
  const cleanUps: (() => Promise<void>)[] = []
  let machine: Machine

  before(async () => {
    const out = await mkdtemp(path.join(tmpdir(), 'apkg-examples-'))
    cleanUps.push(() => rm(out, {recursive: true, force: true}))
    const {stdout} = await promisify(execFile)(process.execPath, [packer, '--out', out])
    const tarballs = stdout.trim().split('\n')
    machine = await Machine.start({after: (cleanUp) => void cleanUps.push(cleanUp as () => Promise<void>)})
    const {exitCode, stderr} = await machine.apkg(
      ['plugins', 'install', ...tarballs.map((tarball) => `file:${tarball}`)],
      {env: npmSettings()},
    )
    assert.equal(exitCode, 0, stderr)
    assert.doesNotMatch(stderr, /Warning/)
  })

  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })

  it('example plugins: one adds a command that uses the client', async (t) => {
    const {machine: owner, env, registry} = await loggedIn(t)
    // The registry requires a recent login to create a token.
    const logIn = () => owner.apkg(['login', '--username', 'ada', '--password-stdin'], {env, input: password})
    registry.clock.advance(-100 * day)
    assert.equal((await logIn()).exitCode, 0)
    assert.equal((await owner.apkg(['token', 'create', '--label', 'old'], {env})).exitCode, 0)
    registry.clock.advance(100 * day)
    assert.equal((await logIn()).exitCode, 0)
    const admin = await owner.apkg(['token', 'create', '--label', 'new', '--scopes', 'admin'], {env})
    const asAdmin = {env: {...env, APKG_TOKEN: admin.stdout.trim()}}
    const stale = await machine.apkg(['token', 'stale', '--json'], asAdmin)
    const {tokens} = JSON.parse(stale.stdout) as {tokens: {id: string; label: string; lastUsed: null}[]}
    assert.deepEqual(
      tokens.map(({label, lastUsed}) => [label, lastUsed]),
      [['old', null]],
    )
    assert.deepEqual([stale.stderr, stale.exitCode], ['', 1])
    const text = await machine.apkg(['token', 'stale'], asAdmin)
    assert.equal(text.stdout, `${tokens[0]?.id ?? ''}  old  never used\n`)
    assert.deepEqual(await machine.apkg(['token', 'stale', '--days', '101'], asAdmin), {
      stdout: '',
      stderr: '',
      exitCode: 0,
    })
  })

  it('example plugins: one logs requests without secrets, to stderr and to a private file', async (t) => {
    const {machine: owner, env, registry} = await loggedIn(t)
    const {stdout: token} = await owner.apkg(['token', 'create', '--label', 'ci'], {env})
    const APKG_REQUEST_LOG = path.join(machine.home, 'requests.log')
    const outcome = await machine.apkg(['whoami', '--json'], {
      env: {...env, APKG_TOKEN: token.trim(), APKG_TIMINGS: '1', APKG_REQUEST_LOG},
    })
    assert.equal((JSON.parse(outcome.stdout) as {username: string}).username, 'ada')
    assert.match(outcome.stderr, /^GET http:\/\/127\.0\.0\.1:\d+\/auth\/whoami: 200, \d+ ms\n$/)
    const log = await readFile(APKG_REQUEST_LOG, 'utf8')
    const {at, pid, duration, requestId, ...rest} = JSON.parse(log) as Record<string, unknown>
    assert.deepEqual(rest, {method: 'GET', url: `${registry.url}/auth/whoami`, attempt: 1, status: 200})
    assert.ok(at && pid && duration && requestId)
    assert.equal((await stat(APKG_REQUEST_LOG)).mode & 0o777, 0o600)
    assert.ok(!log.includes(token.trim()))
  })

  it('example plugins: one sets up another tool if its directory exists or the tool is named', async (t) => {
    const {registry} = await loggedIn(t)
    const session = await sessionOf(registry.url, 'ada', password)
    const content = '---\ndescription: Says "hello"\ndisable-model-invocation: true\n---\nGreet $ARGUMENTS\n'
    await publishPackage(registry.url, session, {name: '@ada/greet', type: 'command', files: {'greet.md': content}})
    const cwd = path.join(machine.home, 'project')
    await mkdir(path.join(cwd, '.qwen'), {recursive: true})
    await writeFile(path.join(cwd, 'apkg.json'), '{"name": "@ada/app", "version": "1.0.0", "type": "project"}')
    const options = {env: {APKG_REGISTRY: registry.url}, cwd}
    const added = await machine.apkg(['add', '@ada/greet', '--json'], options)
    assert.equal(added.exitCode, 0, added.stderr)
    const {setup} = JSON.parse(added.stdout) as {setup: {tools: string[]; written: {path: string}[]}}
    assert.deepEqual(setup.tools, ['qwen-code'])
    const [written] = setup.written
    assert.ok(written)
    assert.match(written.path, /^\.qwen\/commands\/.*\.md$/)
    assert.equal(
      await readFile(path.join(cwd, written.path), 'utf8'),
      '---\ndescription: "Says \\"hello\\""\ndisable-model-invocation: true\n---\nGreet $ARGUMENTS\n',
    )
    const removed = await machine.apkg(['remove', '@ada/greet'], options)
    assert.equal(removed.exitCode, 0, removed.stderr)
    await assert.rejects(stat(path.join(cwd, written.path)), {code: 'ENOENT'})

    await rm(path.join(cwd, '.qwen'), {recursive: true})
    const named = await machine.apkg(['add', '@ada/greet', '--setup', 'qwen-code'], options)
    assert.equal(named.exitCode, 0, named.stderr)
    assert.ok((await stat(path.join(cwd, written.path))).isFile())

    for (const [field, value] of [
      ['paths', 'src/**'],
      ['context', 'fork'],
      ['disallowedTools', 'Bash'],
      ['agent', 'plan'],
    ] as const) {
      const limited = `---\ndescription: Builds\n${field}: ${value}\n---\nBuild\n`
      const name = `@ada/${field.toLowerCase()}`
      await publishPackage(registry.url, session, {name, type: 'command', files: {'build.md': limited}})
      const refused = await machine.apkg(['add', name, '--setup', 'qwen-code'], options)
      assert.ok(refused.stderr.includes(`Qwen Code ignores \`${field}\` in a command`), refused.stderr)
    }

    const mistyped = await machine.apkg(['install', '--setup', 'qwen-cody'], options)
    assert.equal(mistyped.exitCode, 2)
    assert.match(mistyped.stderr, /did you mean `qwen-code`\?/)
  })

  it('example plugins: one keeps the token in the keychain, and in a file only if requested', async (t) => {
    const {machine: owner, env} = await loggedIn(t)
    const {stdout: token} = await owner.apkg(['token', 'create', '--label', 'laptop'], {env})
    // The desktop keychain needs a session bus.
    const bare = {...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent'}
    const file = path.join(machine.home, '.apkg-keychain', 'plain-text.json')
    const run = (args: string[], input = '') => machine.apkg(args, {env: bare, input})

    const refused = await run(['keychain', 'save', '--json'], token)
    assert.deepEqual([refused.stderr, refused.exitCode], ['', 2])
    const {error} = JSON.parse(refused.stdout) as {error: {message: string; suggestions: string[]}}
    assert.match(error.message, /^The keychain is not available: /)
    assert.deepEqual(error.suggestions, ['add `--plain-text` to store it in a file instead'])
    await assert.rejects(stat(file), {code: 'ENOENT'})

    const anonymous = await run(['whoami'])
    assert.match(
      anonymous.stderr,
      /^The keychain is not available: .*\.\nError: Authentication required: no credential for /,
    )
    assert.equal(anonymous.exitCode, 4)

    const kept = await run(['keychain', 'save', '--plain-text'], token)
    assert.deepEqual(kept, {
      stdout: '',
      stderr: `Stored the token of ada for ${env.APKG_REGISTRY} in ${file}\n`,
      exitCode: 0,
    })
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const used = await run(['whoami', '--json'])
    assert.equal((JSON.parse(used.stdout) as {credential: {source: string}}).credential.source, file)
    assert.deepEqual([used.stderr, used.exitCode], ['', 0])

    const forgotten = await run(['keychain', 'forget', '--json'])
    assert.equal((JSON.parse(forgotten.stdout) as {forgotten: boolean}).forgotten, true)
    assert.equal((await run(['whoami'])).exitCode, 4)
  })

  it('example plugins: one completes its own values', async () => {
    await writeFile(path.join(machine.home, 'apkg-bundles.json'), JSON.stringify({review: ['@acme/a', '@acme/b']}))
    const complete = (...words: string[]) => machine.apkg(['complete', '--later', '--', ...words])
    assert.equal((await complete('bundle', 'show', 'rev')).stdout, 'review\t@acme/a @acme/b\n')
    assert.equal(
      (await complete('bundle', 'show', 'review', '--without=')).stdout.split('\n')[1],
      '--without=@acme/b\tin review',
    )
    assert.equal((await machine.apkg(['bundle', 'show', 'review', '--without', '@acme/a'])).stdout, '@acme/b\n')
  })

  it('example plugins: their errors have their own codes, like errors of apkg', async () => {
    const file = path.join(machine.home, 'apkg-bundles.json')
    await writeFile(file, JSON.stringify({review: ['@acme/a']}))
    const json = await machine.apkg(['bundle', 'show', 'reviews', '--json'])
    const {error} = JSON.parse(json.stdout) as {error: {code: string; suggestions: string[]}}
    assert.equal(error.code, 'BUNDLE_NOT_FOUND')
    assert.match(error.suggestions[0] ?? '', /did you mean `review`\?/i)
    assert.deepEqual([json.stderr, json.exitCode], ['', 1])
    const text = await machine.apkg(['bundle', 'show', 'reviews'])
    assert.match(text.stderr, /^Error: Bundle not found: reviews\n/)
    assert.equal(text.exitCode, 1)

    await writeFile(file, '{')
    const unreadable = await machine.apkg(['bundle', 'show', 'review', '--json'])
    assert.equal((JSON.parse(unreadable.stdout) as {error: {code: string}}).error.code, 'BUNDLES_UNREADABLE')
  })
})
