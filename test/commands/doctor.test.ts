import assert from 'node:assert/strict'
import {chmod, mkdir, readdir, writeFile, symlink} from 'node:fs/promises'
import {createServer, type RequestListener} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Doctor from '../../src/commands/doctor.js'
import TokenCreate from '../../src/commands/token/create.js'
import type {Diagnosis} from '../../src/machine/doctor/run-checks.js'
import {checks} from '../../src/machine/doctor/checks/index.js'
import {startSession, startWorld} from '../support/command.js'
import {Machine} from '../support/machine.js'
import {startNpmRegistry} from '../support/npm-registry.js'
import type {Outcome} from '../support/run-command.js'

/** The findings of a check as `status: message → fix`. */
function found({result}: Outcome, check: string): string[] {
  const {findings} = result as Diagnosis
  const own = findings.filter((each) => each.check === check)
  return own.map(({status, message, fix}) => `${status}: ${message}${fix === null ? '' : ` → ${fix}`}`)
}

describe('doctor', () => {
  it('doctor: finds no problems after a login', async (t) => {
    const {run, registry, home} = await startSession(t)
    const outcome = await run(Doctor, [])
    assert.equal(outcome.exitCode, 0, outcome.stdout)
    const {findings, summary} = outcome.result as Diagnosis
    assert.deepEqual(
      [...new Set(findings.map(({check}) => check))],
      checks.map(({name}) => name),
    )
    assert.equal(summary.problem, 0)
    assert.deepEqual(found(outcome, 'files'), [
      `ok: ${home}/.apkg: settings, logins, trust and keys are valid and private`,
    ])
    assert.deepEqual(found(outcome, 'registry'), [`ok: ${registry.url} is reachable`])
    assert.deepEqual(found(outcome, 'clock'), ['ok: in sync with the registry'])
    assert.match(
      found(outcome, 'credential')[0] ?? '',
      /^ok: ~\/\.apkg\/credentials\.json, user ada, session expires \d{4}-/,
    )
    assert.deepEqual(found(outcome, 'proxy'), [`ok: none for ${registry.url}`])
    assert.match(outcome.stdout, /^ok {7}Node\.js {7}v\d+/m)
    assert.match(outcome.stderr, /^0 problems, \d+ warnings?\.\n$|^No problems found\.\n$/)
    const json = await run(Doctor, ['--json'])
    assert.deepEqual(JSON.parse(json.stdout), json.result)
  })

  it('doctor: shows the credential in use, unused ones, and an upcoming expiry, without values', async (t) => {
    const {run, registry} = await startSession(t)
    const token = (await run(TokenCreate, ['--label', 'ci', '--expires', '3d'])).stdout.trim()
    const outcome = await run(Doctor, [], {env: {APKG_TOKEN: token}})
    const [used = '', shadowed] = found(outcome, 'credential')
    assert.match(
      used,
      /^warning: APKG_TOKEN \("ci"\), user ada, expires \d{4}-\d\d-\d\d → run `apkg token create --registry http/,
    )
    assert.equal(shadowed, 'skipped: unused credential, not checked: ~/.apkg/credentials.json')
    assert.equal(outcome.exitCode, 0)
    assert.ok(!JSON.stringify(outcome).includes(token))
    const offline = await run(Doctor, ['--offline'], {env: {APKG_TOKEN: token}})
    assert.equal(found(offline, 'credential')[0], 'skipped: APKG_TOKEN, not checked while offline')
    assert.deepEqual(found(offline, 'registry'), [`skipped: ${registry.url}, not checked while offline`])
  })

  it('doctor: names the variable that supplies the credential, and the unused ones', async (t) => {
    const {run, registry, home} = await startSession(t)
    const token = (await run(TokenCreate, ['--label', 'ci'])).stdout.trim()
    const file = path.join(home, 'token')
    await writeFile(file, token, {mode: 0o600})
    const own = `APKG_TOKEN__127_0_0_1_${new URL(registry.url).port}`
    const env = {[own]: token, APKG_TOKEN: '', APKG_TOKEN_FILE: file}
    assert.deepEqual(found(await run(Doctor, [], {env}), 'credential'), [
      `ok: ${own} ("ci"), user ada, never expires`,
      'skipped: unused credential, not checked: APKG_TOKEN (APKG_TOKEN is set but blank)',
      'skipped: unused credential, not checked: APKG_TOKEN_FILE',
      'skipped: unused credential, not checked: ~/.apkg/credentials.json',
    ])
    await chmod(file, 0o666)
    assert.deepEqual(found(await run(Doctor, [], {env: {APKG_TOKEN_FILE: file}}), 'credential'), [
      `problem: Cannot use the token file ${file} (from APKG_TOKEN_FILE): other users can write to it → run \`chmod go-w ${file}\``,
    ])
  })

  it('doctor: exits with 1 for a blank, damaged or rejected credential', async (t) => {
    const {run, registry} = await startWorld(t)
    for (const [APKG_TOKEN, expected] of [
      ['  ', /^problem: APKG_TOKEN is .* → /],
      [`apkgt_${'0'.repeat(37)}`, /^problem: .*APKG_TOKEN.* → /],
      [`not-a-known-token`, /^problem: .*\(credential: APKG_TOKEN\).* → /],
    ] as const) {
      const outcome = await run(Doctor, [], {env: {APKG_TOKEN}})
      assert.match(found(outcome, 'credential').join('\n'), expected)
      assert.equal(outcome.exitCode, 1)
      assert.ok(APKG_TOKEN.trim() === '' || !JSON.stringify(outcome).includes(APKG_TOKEN))
    }
    const none = await run(Doctor, [])
    assert.deepEqual(found(none, 'credential'), [
      `warning: not logged in to ${registry.url}; only public packages are accessible → run \`apkg login --registry ${registry.url}\``,
    ])
    assert.equal(none.exitCode, 0)
  })

  it('doctor: reports damaged and public files, and leaves them unchanged', async (t) => {
    const {run, home} = await startSession(t)
    const file = (name: string) => path.join(home, '.apkg', name)
    await writeFile(file('sessions.json'), '{"sessions": {', {mode: 0o600})
    await writeFile(file('trust.json'), '[]', {mode: 0o600})
    await mkdir(file('keys'), {mode: 0o700})
    await writeFile(file('keys/mine.json'), 'half a k', {mode: 0o600})
    await chmod(file('credentials.json'), 0o644)
    await chmod(file('.'), 0o755)
    const before = await readdir(file('.'))
    const outcome = await run(Doctor, ['--offline'])
    const findings = found(outcome, 'files')
    assert.equal(findings.length, 5, findings.join('\n'))
    for (const [index, name] of ['sessions.json', 'trust.json', 'keys/mine.json'].entries()) {
      assert.ok(findings[index]?.startsWith('problem: ') && findings[index].includes(file(name)), findings[index])
    }
    assert.deepEqual(findings.slice(3), [
      `problem: ${file('.')} is accessible to other users → run \`chmod 700 ${file('.')}\``,
      `problem: ${file('credentials.json')} is accessible to other users → run \`chmod 600 ${file('credentials.json')}\``,
    ])
    assert.equal(outcome.exitCode, 1)
    assert.deepEqual(await readdir(file('.')), before)
  })

  it('doctor: reports a file in place of ~/.apkg', async (t) => {
    const {run, home} = await startWorld(t)
    const file = path.join(home, '.apkg')
    await writeFile(file, '', {mode: 0o700})
    assert.deepEqual(found(await run(Doctor, ['--offline']), 'files'), [
      `problem: Cannot write ${file}: it is not a directory → check its owner, its permissions and the free disk space: \`ls -ld ${file}\``,
    ])
  })

  it('doctor: distinguishes an unreachable, a failing, a silent and an out-of-sync registry', async (t) => {
    const {run} = await startWorld(t)
    const registry = async (answer: RequestListener) => ({APKG_REGISTRY: await serve(t, answer)})
    const gone = await run(Doctor, [], {env: {APKG_REGISTRY: 'http://127.0.0.1:9'}})
    assert.match(
      found(gone, 'registry')[0] ?? '',
      /^problem: http:\/\/127\.0\.0\.1:9 cannot be reached: connection refused → /,
    )
    assert.deepEqual(found(gone, 'clock'), ['skipped: not checked: the registry is not responding'])
    assert.equal(gone.exitCode, 1)
    const broken = await run(Doctor, [], {env: await registry((_, response) => response.writeHead(500).end())})
    assert.match(found(broken, 'registry')[0] ?? '', /^problem: .* responds with status 500 → /)
    const started = Date.now()
    const silent = await run(Doctor, [], {env: await registry(() => undefined)})
    assert.match(found(silent, 'registry')[0] ?? '', /^problem: .* cannot be reached: the request timed out → /)
    assert.ok(Date.now() - started < 25_000)
    const other = await registry((_, response) => {
      response.setHeader('date', new Date(Date.now() - 600_000).toUTCString()).end()
    })
    const ahead = await run(Doctor, [], {env: other, now: new Date()})
    assert.match(
      found(ahead, 'clock')[0] ?? '',
      /^warning: (599|60\d) seconds ahead of the registry, so MFA codes can fail → turn on/,
    )
    assert.equal(ahead.exitCode, 0)
  })

  it("doctor: reports an invalid proxy and invalid certificates, without the proxy's password", async (t) => {
    const {run, home} = await startWorld(t)
    const APKG_REGISTRY = 'https://registry.example.com'
    const proxied = async (env: NodeJS.ProcessEnv) => run(Doctor, ['--offline'], {env: {APKG_REGISTRY, ...env}})
    assert.deepEqual(found(await proxied({}), 'proxy'), [`ok: none for ${APKG_REGISTRY}`])
    assert.deepEqual(found(await proxied({HTTPS_PROXY: 'socks5://ada:s3cret@proxy'}), 'proxy'), [
      'problem: Invalid proxy in HTTPS_PROXY: only http and https proxies are supported → set HTTPS_PROXY to a URL such as http://proxy.example.com:8080',
    ])
    const file = path.join(home, 'ca.pem')
    const absent = await proxied({NODE_EXTRA_CA_CERTS: file, NODE_TLS_REJECT_UNAUTHORIZED: '0'})
    const [unchecked = '', unread = ''] = found(absent, 'certificates')
    assert.match(unchecked, /^problem: NODE_TLS_REJECT_UNAUTHORIZED=0/)
    assert.match(unread, /^problem: NODE_EXTRA_CA_CERTS: .*ca\.pem cannot be read/)
    assert.equal(absent.exitCode, 1)
    await writeFile(file, 'no certificate')
    assert.match(found(await proxied({NODE_EXTRA_CA_CERTS: file}), 'certificates')[0] ?? '', /contains no certificates/)
    await writeFile(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    assert.match(found(await proxied({NODE_EXTRA_CA_CERTS: file}), 'certificates')[0] ?? '', /an invalid certificate/)
    assert.deepEqual(found(await proxied({HTTPS_PROXY: 'http://proxy.example.com'}), 'proxy'), [
      `skipped: proxy.example.com for ${APKG_REGISTRY}, not checked while offline`,
    ])
  })

  it('doctor: reports a damaged ledger key, a missing home directory, and that no update check has run', async (t) => {
    const {run, home} = await startSession(t)
    await writeFile(path.join(home, '.apkg/ledger.key'), 'short', {mode: 0o600})
    const outcome = await run(Doctor, ['--offline'])
    assert.match(
      found(outcome, 'files').join('\n'),
      /^problem: .*ledger\.key.* it is not a private file with 32 bytes → /,
    )
    assert.match(found(outcome, 'update')[0] ?? '', /^skipped: v\S+, not checked for updates/)
    const away = await run(Doctor, ['--offline'], {home: path.join(home, 'gone')})
    assert.deepEqual(found(away, 'files'), ['skipped: not checked: the home directory does not exist'])
  })

  it('doctor: shows the proxy for a registry, and uses none for this machine', async (t) => {
    const machine = await Machine.start(t)
    // A proxy that does not exist.
    const env = {HTTPS_PROXY: 'http://ada:s3cret@127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9'}
    const diagnose = async (registry: string) => {
      const {stdout} = await machine.apkg(['doctor', '--json', '--registry', registry], {env})
      assert.ok(!stdout.includes('s3cret'))
      return {result: JSON.parse(stdout)} as Outcome
    }
    const far = await diagnose('https://registry.example.com')
    assert.deepEqual(found(far, 'proxy'), [
      'skipped: 127.0.0.1:9 for https://registry.example.com, not checked: see Registry below',
    ])
    assert.deepEqual(found(far, 'registry'), [
      'problem: https://registry.example.com cannot be reached: cannot connect to the proxy 127.0.0.1:9: connection refused → check HTTPS_PROXY, or add the host to NO_PROXY',
    ])
    const near = await diagnose('http://127.0.0.1:9')
    assert.deepEqual(found(near, 'proxy'), ['ok: none for http://127.0.0.1:9'])
    assert.match(found(near, 'registry')[0] ?? '', /^problem: http:\/\/127\.0\.0\.1:9 cannot be reached: /)
  })

  it('doctor: warns about versions, PATH, completion and cache', async (t) => {
    const {run, home} = await startWorld(t)
    const other = path.join(home, 'other')
    await mkdir(other)
    await writeFile(path.join(other, 'apkg'), '')
    await mkdir(path.join(home, '.apkg/cache'), {recursive: true})
    await writeFile(path.join(home, '.apkg/cache/release.json'), '{"latest":"99.0.0"}')
    const outcome = await run(Doctor, ['--offline'], {env: {PATH: other, SHELL: '/bin/zsh'}})
    assert.match(found(outcome, 'update')[0] ?? '', /^warning: update available: \S+ → 99\.0\.0 → \S/)
    assert.match(found(outcome, 'path')[0] ?? '', /^skipped: apkg runs from a clone, .*, and not from .*other\/apkg$/)
    assert.deepEqual(found(outcome, 'completion'), ['ok: not set up in zsh (optional: `apkg autocomplete`)'])
    await writeFile(path.join(home, '.zshrc'), 'source <(apkg completions zsh)\n')
    const manual = await run(Doctor, ['--offline'], {env: {SHELL: '/bin/zsh', APKG_CACHE_DIR: 'relative'}})
    assert.deepEqual(found(manual, 'completion'), ['ok: set up manually in zsh'])
    assert.match(found(manual, 'path')[0] ?? '', /^skipped: apkg runs from a clone, [^,]*$/)
    assert.match(found(manual, 'cache')[0] ?? '', /^problem: .*APKG_CACHE_DIR/)
    assert.equal(manual.exitCode, 1)
    const APKG_CACHE_DIR = path.join(other, 'apkg')
    const noFolder = await run(Doctor, ['--offline'], {env: {APKG_CACHE_DIR}})
    assert.deepEqual(found(noFolder, 'cache'), [
      `problem: Cannot write ${APKG_CACHE_DIR}: it is not a directory → check its owner, its permissions and the free disk space: \`ls -ld ${APKG_CACHE_DIR}\``,
    ])
  })

  it('doctor: distinguishes linked, outdated and broken plugins', async (t) => {
    const npm = await startNpmRegistry(t, ({url}, response) => {
      if (url?.includes('old-one')) response.end('{"latest":"2.0.0"}')
      else response.writeHead(404).end()
    })
    const machine = await Machine.start(t)
    const folder = path.join(machine.home, '.data/apkg')
    const plugin = async (root: string, name: string) => {
      await mkdir(root, {recursive: true})
      const manifest = {name, version: '1.0.0', oclif: {}, dependencies: {'@oclif/core': '*'}}
      await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest))
    }
    await plugin(path.join(folder, 'node_modules/@acme/old-one'), '@acme/old-one')
    await plugin(path.join(machine.home, 'linked'), 'linked-one')
    const plugins = [
      {name: '@acme/old-one', type: 'user', tag: 'latest'},
      {name: 'gone', type: 'user', tag: 'latest'},
      {name: 'linked-one', type: 'link', root: path.join(machine.home, 'linked')},
    ]
    await writeFile(
      path.join(folder, 'package.json'),
      JSON.stringify({oclif: {plugins}, dependencies: {'@acme/old-one': '*'}}),
    )
    const env = {npm_config_registry: npm.url, APKG_REGISTRY: 'http://127.0.0.1:9'}
    const {stdout, exitCode} = await machine.apkg(['doctor', '--json'], {env})
    const findings = found({result: JSON.parse(stdout)} as Outcome, 'plugins')
    assert.deepEqual(findings, [
      'warning: @acme/old-one: update available: 1.0.0 → 2.0.0 → run `apkg plugins update`',
      'problem: gone cannot be loaded → run `apkg plugins uninstall gone`, then install it again',
      `ok: linked-one 1.0.0, linked from ${path.join(machine.home, 'linked')}`,
    ])
    assert.equal(exitCode, 1)
    assert.deepEqual(npm.requests, [{url: '/-/package/@acme%2fold-one/dist-tags', authorization: undefined}])
    await writeFile(path.join(folder, 'package.json'), 'damaged')
    const damaged = await machine.apkg(['doctor', '--json', '--offline'], {env})
    assert.match(
      found({result: JSON.parse(damaged.stdout)} as Outcome, 'plugins')[0] ?? '',
      /^problem: .*package\.json is damaged → delete it, then install your plugins again$/,
    )
  })

  it('doctor: reports every unreadable file in ~/.apkg, and never reports an unchecked item as ok', async (t) => {
    const {run, home} = await startWorld(t)
    await mkdir(path.join(home, '.apkg'), {mode: 0o700})
    await writeFile(path.join(home, '.apkg/trust.json'), '{', {mode: 0o600})
    await symlink('keys', path.join(home, '.apkg/keys'))
    const outcome = await run(Doctor, ['--offline'])
    const files = found(outcome, 'files')
    assert.match(files.join('\n'), /trust\.json[\s\S]*\/keys/)
    const {findings, summary} = outcome.result as Diagnosis
    const unchecked = findings.filter(({message}) => message.includes('not checked'))
    assert.ok(unchecked.length > 0)
    assert.ok(unchecked.every(({status}) => status === 'skipped' || status === 'warning'))
    assert.equal(summary.skipped, findings.filter(({status}) => status === 'skipped').length)
  })

  it('doctor: works without HOME and with unreadable settings', async (t) => {
    const machine = await Machine.start(t)
    const homeless = await machine.shell('unset HOME; apkg doctor --offline --json')
    assert.equal((JSON.parse(homeless.stdout) as Diagnosis).findings.length >= checks.length, true)
    const {run, home} = await startWorld(t)
    await mkdir(path.join(home, '.apkg'), {mode: 0o700})
    await writeFile(path.join(home, '.apkg/config.json'), '{', {mode: 0o600})
    const outcome = await run(Doctor, [], {env: {APKG_REGISTRY: undefined}})
    assert.match(found(outcome, 'files').join('\n'), /^problem: .*config\.json/)
    for (const check of ['proxy', 'registry', 'credential']) {
      assert.deepEqual(found(outcome, check), ['warning: not checked → see ~/.apkg above'], check)
    }
    assert.equal(outcome.exitCode, 1)
  })
})

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
