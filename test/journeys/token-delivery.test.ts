import assert from 'node:assert/strict'
import {chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {loggedIn} from '../support/logged-in.js'
import {outcomeOf} from '../support/machine.js'

const again = '  hint: run the command again once the token can be delivered, or write it to a file with --out\n'

const value = /^apkgt_[0-9A-Za-z]{38}$/

async function start(t: TestContext) {
  const {registry, machine, env} = await loggedIn(t)
  const at = (name: string) => path.join(machine.home, name)
  const create = (...args: string[]) => machine.apkg(['token', 'create', '--label', 'ci', ...args], {env})
  const creations = () => registry.requests.filter((each) => each === 'POST /auth/tokens').length
  return {registry, machine, env, at, create, creations}
}

describe('token create --out', () => {
  it('--out: writes the token to a private file and nothing to stdout', async (t) => {
    const {machine, env, at, create} = await start(t)
    const {stdout, stderr, exitCode} = await create('--out', 'secret')
    assert.deepEqual([stdout, exitCode], ['', 0])
    assert.ok(stderr.endsWith(`Wrote the token to ${at('secret')}.\n`), stderr)
    const content = await readFile(at('secret'), 'utf8')
    assert.match(content, /^apkgt_\w{38}\n$/)
    assert.ok(!stderr.includes(content.trim()))
    assert.equal((await stat(at('secret'))).mode & 0o777, 0o600)
    const {exitCode: works} = await machine.apkg(['whoami'], {env: {...env, APKG_TOKEN: content.trim()}})
    assert.equal(works, 0)
  })

  it('--out: --json has the file instead of the token', async (t) => {
    const {at, create} = await start(t)
    const outcome = JSON.parse((await create('--out', 'secret', '--json')).stdout) as Record<string, unknown>
    assert.equal(outcome['file'], at('secret'))
    assert.ok(!('token' in outcome) && !('delivered' in outcome))
  })

  it('--out: an existing file is kept and nothing is created, unless --force is given', async (t) => {
    const {registry, at, create, creations} = await start(t)
    await writeFile(at('secret'), 'old')
    const refused = await create('--out', 'secret')
    assert.deepEqual([refused.stdout, refused.exitCode], ['', 1])
    assert.equal(
      refused.stderr,
      `Error: ${at('secret')} already exists. Nothing was sent\n  hint: choose another file, or add --force to replace this one\n`,
    )
    assert.deepEqual([await readFile(at('secret'), 'utf8'), creations()], ['old', 0])
    assert.equal((await create('--out', 'secret', '--force')).exitCode, 0)
    assert.match((await readFile(at('secret'), 'utf8')).trim(), value)
    assert.equal((await stat(at('secret'))).mode & 0o777, 0o600)
    assert.deepEqual(await registry.liveTokens(), ['ci'])
  })

  it('--out: a creation that fails leaves the old file unchanged, and no other file', async (t) => {
    const {machine, at, create} = await start(t)
    await create('--out', 'secret')
    const before = await readFile(at('secret'), 'utf8')
    const files = await readdir(machine.home)
    const {exitCode} = await create('--out', 'secret', '--force')
    assert.equal(exitCode, 3)
    assert.equal(await readFile(at('secret'), 'utf8'), before)
    assert.deepEqual(await readdir(machine.home), files)
  })

  it('--out: --force keeps a link and replaces the file that it points to', async (t) => {
    const {at, create} = await start(t)
    await mkdir(at('vault'))
    await writeFile(at('vault/secret'), 'old')
    await symlink('vault/secret', at('secret'))
    assert.equal((await create('--out', 'secret', '--force')).exitCode, 0)
    assert.equal(await readlink(at('secret')), 'vault/secret')
    assert.match((await readFile(at('vault/secret'), 'utf8')).trim(), value)
  })

  it('--out: an unusable path is refused before anything is created', async (t) => {
    const {machine, env, at, create, creations} = await start(t)
    await mkdir(at('folder'))
    await machine.shell('mkfifo pipe; ln -s pipe link; ln -s nowhere dangling')
    for (const [out, reason] of [
      ['missing/secret', 'no such file or directory'],
      ['folder', 'it is a directory'],
      ['pipe', 'it is not a file'],
      ['link', 'it is not a file'],
      ['dangling', 'no such file or directory'],
    ] as const) {
      const {stderr, exitCode} = await create('--out', out, '--force')
      assert.equal(stderr.split('\n')[0], `Error: Cannot write the token to ${at(out)}: ${reason}. Nothing was sent`)
      assert.equal(exitCode, 1)
    }
    const readOnly = await machine.shell(`apkg token create --label ci --out /proc/secret`, {env})
    assert.match(readOnly.stderr, /^Error: Cannot write the token to \/proc\/secret: /)
    assert.equal(creations(), 0)
  })

  it('--out: a token that cannot be written is revoked, and the old file stays', async (t) => {
    const {registry, machine, env, at, creations} = await start(t)
    await writeFile(at('secret'), 'old')
    const files = await readdir(machine.home)
    // No file can grow beyond 0 bytes.
    const {stderr, exitCode} = await machine.shell(
      "trap '' XFSZ; ulimit -f 0; apkg token create --label ci --out secret --force",
      {env},
    )
    assert.match(stderr, /Error: Cannot write the token to .*secret \(EFBIG\)\. The token "ci" was revoked\n/)
    assert.equal(exitCode, 1)
    assert.deepEqual([await registry.liveTokens(), creations()], [[], 1])
    assert.equal(await readFile(at('secret'), 'utf8'), 'old')
    assert.deepEqual(await readdir(machine.home), files)
  })
})

describe('token create -- COMMAND', () => {
  it('-- COMMAND: passes the token on stdin without a newline, and prints nothing on stdout', async (t) => {
    const {machine, env, at, create} = await start(t)
    const {stdout, stderr, exitCode} = await create('--', 'sh', '-c', 'cat > got; echo stored')
    assert.deepEqual([stdout, exitCode], ['', 0])
    const got = await readFile(at('got'), 'utf8')
    assert.match(got, value)
    assert.match(stderr, /^stored\nCreated token ci\n[^]+\nPassed the token to `sh`\.\n$/)
    assert.ok(!stderr.includes(got))
    assert.equal((await machine.apkg(['whoami'], {env: {...env, APKG_TOKEN: got}})).exitCode, 0)
  })

  it('-- COMMAND: --json before it applies to apkg, and arguments after it are passed on unchanged', async (t) => {
    const {at, create} = await start(t)
    await writeFile(at('args.sh'), '#!/bin/sh\nprintf "%s\\n" "$@" > args\n')
    await chmod(at('args.sh'), 0o755)
    const {stdout} = await create('--json', '--', './args.sh', '--json', '--help', '--', '$(id)', '')
    const outcome = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual(outcome['delivered'], {command: './args.sh', exitCode: 0})
    assert.ok(!('token' in outcome) && !('file' in outcome))
    assert.equal(await readFile(at('args'), 'utf8'), '--json\n--help\n--\n$(id)\n\n')
  })

  it('-- COMMAND: the command inherits no secrets', async (t) => {
    const {machine, env, at} = await start(t)
    const secrets = {APKG_TOKEN_REGISTRY: env['APKG_REGISTRY'] ?? '', APKG_KEY_PASSPHRASE: 'open sesame', KEPT: 'yes'}
    await machine.apkg(['token', 'create', '--', 'sh', '-c', 'env > got'], {env: {...env, ...secrets}})
    const inherited = await readFile(at('got'), 'utf8')
    assert.match(inherited, /^KEPT=yes$/m)
    assert.doesNotMatch(inherited, /^APKG_(TOKEN|KEY_PASSPHRASE)/m)
  })

  it('-- COMMAND: if the command fails, the token is revoked', async (t) => {
    const {registry, create, creations} = await start(t)
    for (const [script, problem] of [
      ['cat > /dev/null; exit 3', 'exited with code 3'],
      ['kill -TERM $$', 'was terminated by SIGTERM'],
    ] as const) {
      const {stdout, stderr, exitCode} = await create('--', 'sh', '-c', script)
      assert.deepEqual([stdout, exitCode], ['', 1])
      assert.ok(stderr.endsWith(`Error: \`sh\` ${problem}. The token "ci" was revoked\n${again}`), stderr)
      assert.deepEqual(await registry.liveTokens(), [])
    }
    assert.equal(creations(), 2)
  })

  it('-- COMMAND: a command that does not exist is refused before anything is created', async (t) => {
    const {create, at, creations} = await start(t)
    await writeFile(at('plain.txt'), '')
    await mkdir(at('folder'))
    for (const program of ['no-such-program', './plain.txt', './folder', './missing']) {
      const {stderr, exitCode} = await create('--', program)
      assert.equal(stderr.split('\n')[0], `Error: Program not found: ${program}. Nothing was sent`)
      assert.equal(exitCode, 1)
    }
    assert.equal(creations(), 0)
  })

  it('-- COMMAND: Ctrl-C revokes the token and ends the command', async (t) => {
    const {registry, machine, env, at, creations} = await start(t)
    const script = 'echo $$ > pid; cat > /dev/null; exec sleep 60'
    const child = machine.spawn(['token', 'create', '--label', 'ci', '--', 'sh', '-c', script], {env})
    const outcome = outcomeOf(child)
    const pid = await untilWritten(at('pid'))
    child.kill('SIGINT')
    const {stderr, exitCode} = await outcome
    assert.ok(
      stderr.endsWith(`Error: Interrupted while \`sh\` was running. The token "ci" was revoked\n${again}`),
      stderr,
    )
    assert.equal(exitCode, 1)
    assert.deepEqual([await registry.liveTokens(), creations()], [[], 1])
    await assert.rejects(readFile(`/proc/${pid}/cmdline`), {code: 'ENOENT'})
  })

  it('-- COMMAND: Ctrl-C on a terminal, which reaches both programs, revokes the token', async (t) => {
    const {registry, machine, env, at} = await start(t)
    const script = 'echo $$ > pid; exec sleep 60'
    const terminal = machine.terminal(['token', 'create', '--label', 'ci', '--', 'sh', '-c', script], env)
    await untilWritten(at('pid'))
    terminal.type('\u0003')
    assert.equal(await terminal.ended, 1)
    assert.match(terminal.text, /The token "ci" was revoked/)
    assert.deepEqual(await registry.liveTokens(), [])
  })

  it('-- COMMAND: what follows on a terminal starts on a new line, even if the command wrote none', async (t) => {
    const {machine, env} = await start(t)
    for (const args of [
      ['token', 'create', '--label', 'ci'],
      ['token', 'rotate', 'ci'],
    ]) {
      const terminal = machine.terminal([...args, '--', 'sh', '-c', 'cat > /dev/null; printf stored'], env)
      assert.equal(await terminal.ended, 0)
      const [, after = ''] = terminal.raw.split('stored')
      assert.ok(after.startsWith(`${' '.repeat(119)}\r\u001B[K`), JSON.stringify(after.slice(0, 200)))
    }
  })

  it('token create: contradictory destinations are usage errors', async (t) => {
    const {create, creations} = await start(t)
    for (const [args, message] of [
      [['--out', 'x', '--', 'cat'], '--out cannot be combined with a command after `--`'],
      [['--'], 'A command that receives the token must follow `--`'],
      [['--force'], '--force requires --out'],
      [['--out', '-'], '--out must name a file. Without it, the token is printed on stdout'],
      [['--out', ''], '--out must name a file. Without it, the token is printed on stdout'],
    ] as const) {
      const {stderr, exitCode} = await create(...args)
      assert.deepEqual([stderr.split('\n')[0], exitCode], [`Error: ${message}`, 2])
    }
    assert.equal(creations(), 0)
  })
})

describe('token create in GitHub Actions', () => {
  it('GitHub Actions: a token on stdout is masked in the log first', async (t) => {
    const {machine, env} = await start(t)
    const actions = {...env, GITHUB_ACTIONS: 'true'}
    for (const json of [[], ['--json']]) {
      const {stdout, stderr} = await machine.apkg(['token', 'create', ...json], {env: actions})
      const token = json.length > 0 ? (JSON.parse(stdout) as {token: string}).token : stdout.trim()
      assert.match(token, value)
      assert.match(stderr, new RegExp(`^::add-mask::${token}$`, 'm'))
    }
  })

  it('GitHub Actions: the mask is not written to a file or a terminal, nor if the token is not printed', async (t) => {
    const {machine, env, at} = await start(t)
    const actions = {...env, GITHUB_ACTIONS: 'true'}
    await machine.shell('apkg token create --label one 2> log | cat', {env: actions})
    assert.doesNotMatch(await readFile(at('log'), 'utf8'), /add-mask/)
    const {stderr} = await machine.apkg(['token', 'create', '--label', 'two', '--out', 'x'], {env: actions})
    assert.doesNotMatch(stderr, /add-mask/)
    const terminal = machine.terminal(['token', 'create', '--label', 'three'], actions)
    assert.equal(await terminal.ended, 0)
    assert.doesNotMatch(terminal.text, /add-mask/)
  })
})

async function untilWritten(file: string): Promise<string> {
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => '')
    if (content.endsWith('\n')) return content.trim()
    await sleep(20)
  }
}
