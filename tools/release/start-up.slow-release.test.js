/**
 * Checks what each command loads at start-up against a budget. Unlike timings, this is the same on every machine.
 *
 *     npm run budget    sets the budget to what is loaded now
 */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {after, before, describe, it} from 'node:test'

import {root} from '../workspace.js'
import {layOutRelease} from './lay-out.js'

const budgetFile = join(import.meta.dirname, 'start-up-budget.json')
const isUpdate = process.env.UPDATE_SNAPSHOTS === '1'
const budget = JSON.parse(readFileSync(budgetFile, 'utf8'))

/** Bytes of slack for small changes. */
const slack = 4 * 1024

describe('a release', () => {
  let folder
  const usualAnswer = '{"tokens": [], "username": "ada", "email": "ada@example.com"}'
  let answer = usualAnswer
  const registry = createServer((_, response) => response.end(answer))

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'apkg-start-up-')))
    await layOutRelease(join(folder, 'release'))
    await new Promise((resolve) => registry.listen(0, '127.0.0.1', resolve))
  })

  after(() => {
    registry.close()
    rmSync(folder, {recursive: true, force: true})
    if (isUpdate) writeFileSync(budgetFile, `${JSON.stringify(budget, undefined, 2)}\n`)
  })

  for (const line of Object.keys(budget)) {
    it(`release: stays within its start-up budget for \`apkg ${line}\``, async () => {
      const {files, bytes, builtins, missing, slowPatterns} = await start(folder, registry.address().port, line.split(' '))
      if (isUpdate) budget[line] = {files, bytes: Math.ceil(bytes / slack + 1) * slack, builtins}
      const max = budget[line]
      assert.ok(files <= max.files, `loads ${files} files, the budget is ${max.files}`)
      assert.ok(bytes <= max.bytes, `loads ${bytes} bytes, the budget is ${max.bytes}`)
      assert.deepEqual({missing, slowPatterns}, {missing: [], slowPatterns: []})
      // Other versions of Node load other built-in modules on their own.
      if (!process.version.startsWith('v20.')) return
      const unexpected = builtins.filter((each) => !max.builtins.includes(each))
      assert.deepEqual(unexpected, [], 'built-in modules that are not in the budget')
    })
  }

  it('release: caches compiled code in a private directory, uses it, and starts without it', async () => {
    const cache = join(folder, 'cache')
    const runCached = () => run(folder, ['config', 'list', '--json'], {XDG_CACHE_HOME: cache})
    const cold = await runCached()
    const [build] = readdirSync(join(cache, 'apkg/compiled'))
    const place = join(cache, 'apkg/compiled', build)
    const files = readdirSync(place)
    for (const name of ['start.js.bin', 'chunks-every-start.js.bin']) assert.ok(files.includes(name), files.join())
    assert.ok(files.length > 2, files.join())
    const modes = [place, ...files.map((file) => join(place, file))].map((each) => statSync(each).mode & 0o777)
    assert.deepEqual([...new Set(modes)], [0o700, 0o600])
    const before = files.map((file) => statSync(join(place, file)).mtimeMs)
    assert.deepEqual(await runCached(), cold)
    assert.deepEqual(files.map((file) => statSync(join(place, file)).mtimeMs), before, 'nothing is compiled again')

    for (const file of files) writeFileSync(join(place, file), 'damaged')
    assert.deepEqual(await runCached(), cold)
    chmodSync(place, 0o777)
    for (const file of files) writeFileSync(join(place, file), 'put here by another user')
    assert.deepEqual(await runCached(), cold)
    const times = files.map((file) => statSync(join(place, file)).mtimeMs)
    assert.deepEqual(await runCached(), cold)
    assert.deepEqual(files.map((file) => statSync(join(place, file)).mtimeMs), times, 'files are checked one by one')
    assert.deepEqual(await run(folder, ['config', 'list', '--json'], {XDG_CACHE_HOME: '/dev/null'}), cold)
  })

  it('release: rejects a response that does not match the protocol', async (t) => {
    t.after(() => (answer = usualAnswer))
    const token = {id: 'a', name: 'a', scopes: ['read'], expiresAt: '9999-12-31T23:59:59Z', createdAt: '2026-01-01T00:00:00Z', expires: null, expiresIn: 'never'}
    const env = {APKG_REGISTRY: `http://127.0.0.1:${registry.address().port}`, APKG_TOKEN: 'opaque'}
    for (const [args, fits, given] of [
      ['token list', true, {tokens: [token]}],
      ['token list', false, {tokens: [{...token, scopes: 'read'}]}],
      ['token list', false, [token]],
      ['token create --label a --scopes read', true, {...token, token: 'newborn'}],
      ['token create --label a --scopes read', false, {...token, token: 'bell\u0007'}],
    ]) {
      answer = JSON.stringify(given)
      const {exitCode, stderr} = await run(folder, args.split(' '), env)
      assert.equal(exitCode, fits ? 0 : 5, answer + stderr)
      assert.equal(/the response to (GET|POST) \S+ does not match the protocol/.test(stderr), !fits, stderr)
    }
  })

  it('release: contains only ASCII, which its entry point requires', () => {
    const dist = join(folder, 'release/dist')
    const scripts = readdirSync(dist, {recursive: true}).filter((name) => name.endsWith('.js'))
    assert.deepEqual(scripts.filter((name) => /[^\x00-\x7F]/.test(readFileSync(join(dist, name), 'utf8'))), [])
  })

  it('release: reports a missing file, even the one that reports errors', {timeout: 30_000}, async () => {
    const release = join(folder, 'release-with-missing-file')
    cpSync(join(folder, 'release'), release, {recursive: true})
    const chunks = join(release, 'dist/chunks')
    // Lines can be wrapped in the middle of a string.
    const textOf = (name) => readFileSync(join(chunks, name), 'utf8').replaceAll('\\\n', '')
    const [reporter] = readdirSync(chunks).filter((name) => textOf(name).includes('apkg.reported'))
    rmSync(join(chunks, reporter))
    const {stderr, exitCode} = await run(folder, ['config', 'list'], {}, release)
    assert.ok(stderr.includes(`no such file or directory, open '${join(chunks, reporter)}'`), stderr)
    assert.equal(exitCode, 1)
  })

  it('release: checks the Node version against `engines` in `apkg doctor`', async () => {
    const release = join(folder, 'made-for-a-later-node')
    cpSync(join(folder, 'release'), release, {recursive: true})
    const facts = join(release, 'dist/facts.json')
    const {engines} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const text = readFileSync(facts, 'utf8')
    writeFileSync(facts, text.replaceAll(JSON.stringify(engines.node), JSON.stringify('>=99')))
    const {stdout} = await run(folder, ['doctor', '--offline', '--json'], {}, release)
    const {findings} = JSON.parse(stdout)
    assert.match(findings.find(({check}) => check === 'node').message, /^v[\d.]+ is not supported; apkg requires >=99$/)
  })

  it('release: shows the same help to a plugin that has its own copy of oclif', async (t) => {
    const plugins = join(folder, 'release/node_modules')
    const otherOclif = join(plugins, '@oclif/plugin-help/node_modules/@oclif/core')
    mkdirSync(dirname(otherOclif), {recursive: true})
    t.after(() => rmSync(plugins, {recursive: true}))
    cpSync(join(root, 'node_modules/@oclif/plugin-help'), join(plugins, '@oclif/plugin-help'), {recursive: true})
    symlinkSync(join(root, 'node_modules/@oclif/core'), otherOclif)
    const env = {XDG_CACHE_HOME: join(folder, 'cache')}
    const shown = await run(folder, ['--help'], env)
    for (const state of ['cold', 'warm']) assert.deepEqual(await run(folder, ['help'], env), shown, state)
  })

  it('release: has function names and short lines in stack traces, from the cache too', async () => {
    const env = {XDG_CACHE_HOME: join(folder, 'cache'), DEBUG: 'oclif:apkg:*', APKG_REGISTRY: 'http://example.com'}
    for (const state of ['cold', 'warm']) {
      const {stderr} = await run(folder, ['whoami'], env)
      assert.match(stderr, /at canonicalRegistry \(.*\/dist\/chunks\/[\w-]+\.js:\d+:\d{1,3}\)/, state)
    }
  })
})

/** Runs a command of the release in a clean environment. */
async function run(folder, args, env, release = join(folder, 'release')) {
  const child = spawn(process.execPath, [join(release, 'bin/run.js'), ...args], {
    env: {PATH: process.env.PATH, HOME: join(folder, 'home'), ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const outcome = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (outcome[name] += text))
  return {exitCode: await new Promise((resolve) => child.once('close', resolve)), ...outcome}
}

/** Runs a command of the release. Returns the number of files and bytes of the release that it read, and the rest of the report. */
async function start(folder, port, args) {
  const report = join(folder, 'report.json')
  const release = join(folder, 'release')
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    APKG_REGISTRY: `http://127.0.0.1:${port}`,
    APKG_TOKEN: 'opaque',
    NODE_DISABLE_COMPILE_CACHE: '1',
    REPORT_LOADED: report,
  }
  const preload = ['--require', join(import.meta.dirname, 'report-loaded.cjs')]
  const child = spawn(process.execPath, [...preload, join(release, 'bin/run.js'), ...args], {env, stdio: ['ignore', 'ignore', 'inherit']})
  assert.equal(await new Promise((resolve) => child.once('close', resolve)), 0)
  const {files, ...rest} = JSON.parse(readFileSync(report, 'utf8'))
  const ours = files.filter((file) => file.startsWith(release) && existsSync(file))
  return {files: ours.length, bytes: ours.reduce((sum, file) => sum + statSync(file).size, 0), ...rest}
}
