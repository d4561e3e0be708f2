import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
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

it('windows: advice is in the words of Windows', async (t: TestContext) => {
  const windows = await WindowsMachine.start(t)
  if (!windows) return
  await writeTree(windows.home, {'.apkg/config.json': '{'})
  const [damaged] = await windows.apkg([{args: ['config', 'list']}])
  assert.equal(damaged!.exitCode, 1, damaged!.stdout)
  assert.match(damaged!.stderr, /hint: .*`move C:\\home\\\.apkg\\config\.json C:\\home\\\.apkg\\config\.json\.damaged`/)
  assert.equal(windowsPath('/a/b'), String.raw`Z:\a\b`)
})
