import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {it, type TestContext} from 'node:test'

import {makeTree, writeTree} from '../support/make-tree.js'
import {Machine, type Outcome} from '../support/machine.js'
import {password, startRegistry} from '../support/registry.js'
import {WindowsMachine, windowsPath} from '../support/windows.js'

const skill = {
  'SKILL.md': '---\nname: tool\ndescription: Does things\n---\n# A tool\n',
  'scripts/run.sh': '#!/bin/sh\necho hello\n',
}
const manifest = (more: object) => JSON.stringify({version: '1.0.0', type: 'skill', description: 'Does', ...more})

function assertDone(outcomes: readonly Outcome[]): void {
  for (const {exitCode, stdout, stderr} of outcomes) assert.equal(exitCode, 0, stdout + stderr)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('windows: a user logs in, publishes, installs, verifies, sets up, signs and removes', async (t: TestContext) => {
  const windows = await WindowsMachine.start(t)
  if (!windows) return
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const env = {APKG_REGISTRY: registry.url}
  const source = path.join(windows.drive, 'source')
  await writeTree(source, {...skill, 'apkg.json': manifest({name: '@ada/tool'})})
  const project = path.join(windows.drive, 'my project')
  const project0 = {name: '@ada/app', version: '1.0.0', type: 'project'}
  await writeTree(project, {'apkg.json': JSON.stringify(project0), '.claude/': ''})

  const first = await windows.apkg([
    {args: ['login', '--username', 'ada', '--password-stdin'], input: password, env},
    {args: ['token', 'create', '--label', 'ci'], env},
    {args: ['key', 'generate', '--name', 'desk'], env},
    {args: ['key', 'register'], env},
    {args: ['publish'], cwd: source, env},
    {args: ['add', '@ada/tool'], cwd: project, env},
    {args: ['verify', '--json'], cwd: project, env},
    {args: ['setup', '--check'], cwd: project, env},
    {args: ['doctor', '--json'], cwd: project, env},
  ])
  const doctor = first.pop()
  assertDone(first)
  assert.match(first[0]!.stderr, /Logged in as ada/)
  const token = first[1]!.stdout.trim()
  assert.match(token, /^apkgt_[0-9A-Za-z]{38}$/)
  assert.match(first[6]!.stdout, /"integrity": "ok"/)
  // What apkg doesn't check on Windows, it doesn't claim.
  assert.doesNotMatch(doctor!.stdout, /private|ls -ld|chmod/)
  const placed = path.join(project, '.claude/skills/ada-tool/SKILL.md')
  assert.match(await readFile(placed, 'utf8'), /# A tool/)

  // A job that has only a token installs from the lockfile.
  const job = path.join(windows.drive, 'job')
  await mkdir(job)
  for (const file of ['apkg.json', 'apkg-lock.json'])
    await writeFile(path.join(job, file), await readFile(path.join(project, file)))
  const clean = {...env, APKG_TOKEN: token, USERPROFILE: String.raw`C:\clean`}
  assertDone(await windows.apkg([{args: ['install', '--frozen-lockfile'], cwd: job, env: clean}]))
  assert.match(await readFile(path.join(job, 'apkg_packages/@ada/tool/SKILL.md'), 'utf8'), /# A tool/)

  // The script that was published from Windows is executable on Linux, and the package has the same digest there.
  const linux = await Machine.start(t)
  await writeFile(path.join(linux.home, 'apkg.json'), JSON.stringify(project0))
  const added = await linux.apkg(['add', '@ada/tool'], {env: {...env, APKG_TOKEN: token}})
  assert.equal(added.exitCode, 0, added.stderr)
  const {mode} = await stat(path.join(linux.home, 'apkg_packages/@ada/tool/scripts/run.sh'))
  assert.equal(mode & 0o111, 0o111)
  const copy = await makeTree(t, {...skill, 'apkg.json': manifest({name: '@ada/tool'})})
  await chmod(path.join(copy, 'scripts/run.sh'), 0o755)
  const packed = await linux.apkg(['pack', '--dry-run', '--json'], {cwd: copy})
  const [onWindows] = await windows.apkg([{args: ['pack', '--dry-run', '--json'], cwd: source}])
  assert.equal(JSON.parse(packed.stdout).integrity, JSON.parse(onWindows!.stdout).integrity)

  const last = await windows.apkg([
    {args: ['list'], cwd: project, env},
    {args: ['remove', '@ada/tool'], cwd: project, env},
    {args: ['token', 'revoke', 'ci'], env},
    {args: ['logout'], env},
  ])
  assertDone(last)
  await assert.rejects(stat(placed), {code: 'ENOENT'})
})

it('windows: an operator runs a registry, and a user of it logs in, and creates, lists and revokes tokens', async (t: TestContext) => {
  const windows = await WindowsMachine.start(t)
  if (!windows) return
  const native = await windows.linkRegistry()
  const port = await freePort()
  const env = {...native, APKG_REGISTRY: `http://127.0.0.1:${port}`}
  const source = path.join(windows.drive, 'source')
  await writeTree(source, {...skill, 'apkg.json': manifest({name: '@ada/tool'})})
  const serve = {args: ['registry', 'serve', '--port', String(port)], env, isServer: true}
  const addUser = (name: string) => ({
    args: ['registry', 'user', 'add', name, '--email', `${name}@example.com`, '--password-stdin'],
    input: password,
    env,
  })

  const first = await windows.apkg([
    addUser('ada'),
    serve,
    {args: ['login', '--username', 'ada', '--password-stdin'], input: password, env},
    {args: ['token', 'create', '--label', 'ci', '--expires', '30d', '--json'], env},
    {args: ['token', 'create', '--label', 'old'], env},
    {args: ['token', 'list', '--json'], env},
    {args: ['token', 'revoke', 'old'], env},
    {args: ['token', 'list', '--json'], env},
    {args: ['publish'], cwd: source, env},
    addUser('grace'),
    {args: ['registry', 'user', 'list', '--json'], env},
    {args: ['registry', 'audit', '--json'], env},
  ])
  assertDone(first)
  assert.equal(first[1]!.stdout, `${env.APKG_REGISTRY}\n`)
  const labels = (outcome: Outcome) => JSON.parse(outcome.stdout).tokens.map(({label}: {label: string}) => label)
  assert.deepEqual(labels(first[5]!).sort(), ['ci', 'old'])
  assert.deepEqual(labels(first[7]!), ['ci'])
  assert.match(first[10]!.stdout, /"grace"/)
  assert.match(first[11]!.stdout, /token/)
  assert.ok(existsSync(path.join(windows.home, 'AppData/Local/apkg-registry/registry.db')))
  assert.ok(!existsSync(path.join(windows.home, '.local')))

  // The server was killed. Another one continues with its data, and the session and the token still work.
  const {token} = JSON.parse(first[3]!.stdout)
  const clean = {...env, APKG_TOKEN: token, USERPROFILE: String.raw`C:\clean`}
  const second = await windows.apkg([
    serve,
    {args: ['whoami'], env},
    {args: ['info', '@ada/tool', '--json'], env: clean},
    {args: ['token', 'revoke', 'ci'], env},
    {args: ['whoami'], env: clean},
    {args: ['logout'], env},
    {args: ['token', 'list'], env},
  ])
  assertDone(second.slice(0, 4))
  assert.match(second[1]!.stdout, /^Username: ada$/m)
  assert.deepEqual([second[4]!.exitCode, second[5]!.exitCode, second[6]!.exitCode], [4, 0, 4])
  assert.ok(!JSON.stringify(second).includes(token))
})

it('windows: a registry with its data in .local\\share keeps using it', async (t: TestContext) => {
  const windows = await WindowsMachine.start(t)
  if (!windows) return
  const env = await windows.linkRegistry()
  const old = path.join(windows.home, '.local/share/apkg-registry')
  const add = (name: string, ...more: string[]) => ({
    args: ['registry', 'user', 'add', name, '--email', `${name}@example.com`, '--password-stdin', ...more],
    input: password,
    env,
  })
  const outcomes = await windows.apkg([
    add('ada', '--data', windowsPath(old)),
    add('grace'),
    {args: ['registry', 'user', 'list', '--json'], env},
  ])
  assertDone(outcomes)
  const {users} = JSON.parse(outcomes[2]!.stdout)
  assert.deepEqual(users.map(({name}: {name: string}) => name).sort(), ['ada', 'grace'])
  assert.ok(existsSync(path.join(old, 'registry.db')))
  assert.ok(!existsSync(path.join(windows.home, 'AppData/Local/apkg-registry')))
})

it('windows: hints use the syntax of Windows', async (t: TestContext) => {
  const windows = await WindowsMachine.start(t)
  if (!windows) return
  await writeTree(windows.home, {'.apkg/config.json': '{'})
  const [damaged] = await windows.apkg([{args: ['config', 'list']}])
  assert.equal(damaged!.exitCode, 1, damaged!.stdout)
  assert.match(damaged!.stderr, /hint: .*`move C:\\home\\\.apkg\\config\.json C:\\home\\\.apkg\\config\.json\.damaged`/)
  assert.equal(windowsPath('/a/b'), String.raw`Z:\a\b`)
})
