import assert from 'node:assert/strict'
import {execFileSync, spawn} from 'node:child_process'
import {createHmac, randomBytes} from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {Script} from 'node:vm'

import {inRepository} from '../support/repository.js'

/** Two users of a shared machine, `nobody` and `daemon`. Only root can be both. */
const [user, attacker] = [65_534, 1]
const isRoot = process.geteuid?.() === 0
const skip = isRoot ? false : 'only root can start processes as another user'

const old = new Date('2020-01-01T00:00:00Z')

/** How often the race is run. The attacker wins about every second one if only the path is checked. */
const tries = 30

interface Outcome {
  stdout: string
  exitCode: number | null
}

/** A directory that anyone can write to, like `/tmp`, and the home directory of a user whose caches are in it. */
function start(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-compile-cache-'))
  t.after(() => {
    rmSync(folder, {recursive: true, force: true})
  })
  chmodSync(folder, 0o755)
  const made = (name: string, owner: number, mode: number) => {
    const place = path.join(folder, name)
    mkdirSync(place)
    chmodSync(place, mode)
    chownSync(place, owner, owner)
    return place
  }
  const release = path.join(folder, 'release')
  cpSync(inRepository('test-dist/generated/release'), release, {recursive: true})
  execFileSync('chmod', ['-R', 'a+rX', release])
  const home = made('home', user, 0o700)
  const shared = made('shared', 0, 0o1777)
  const mine = made('attacker', attacker, 0o755)
  const run = (cacheHome: string, as = user): Promise<Outcome> => {
    const args = [path.join(release, 'bin/run.js'), 'config', 'list']
    const env = {PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: cacheHome}
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    const child = spawn(process.execPath, args, {cwd: '/', env, stdio, uid: as, gid: as, timeout: 20_000})
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    return new Promise((resolve) => {
      child.once('close', (exitCode) => {
        resolve({stdout, exitCode})
      })
    })
  }
  const open = made('open', 0, 0o777)
  return {folder, home, shared, open, mine, made, run, evilCode: (build: string) => evilCode(release, build)}
}

/** Gives the user the key that authenticates an exposed cache, and returns what adds its authentication code. */
function makeKey(home: string, mode = 0o600): (content: Buffer) => Buffer {
  const key = randomBytes(32)
  const place = path.join(home, '.apkg')
  mkdirSync(place, {recursive: true, mode: 0o700})
  chownSync(place, user, user)
  plant(path.join(place, 'ledger.key'), key, user, mode)
  return (content) =>
    Buffer.concat([content, createHmac('sha256', key).update('apkg compiled v1\n').update(content).digest()])
}

/** What the user's own apkg could unpack from a package of the attacker. */
function unpacked(place: string, build: string, code: Buffer, mode: number): string {
  const below = path.join(place, 'compiled', build)
  mkdirSync(below, {recursive: true})
  plant(path.join(below, 'start.js.bin'), code, user, mode)
  execFileSync('chown', ['-R', `${user}:${user}`, place])
  return place
}

const compiledIn = (cacheHome: string) => path.join(cacheHome, 'apkg/compiled')

function buildIn(cacheHome: string): string {
  const [build = ''] = readdirSync(compiledIn(cacheHome)).filter((name) => name.startsWith(process.version))
  assert.notEqual(build, '')
  return build
}

/** Code from the attacker in the place of the first script. V8 compares only the length of the source. */
function evilCode(release: string, build: string): Buffer {
  const file = path.join(release, 'dist/start.js')
  const {length} = readFileSync(file, 'latin1')
  const source = 'process.stdout.write("OWNED\\n");process.exit(99)//'.padEnd(length, '.')
  const code = new Script(source, {filename: file}).createCachedData()
  return Buffer.concat([code, Buffer.from(`\n${build}/start.js.bin`)])
}

function plant(file: string, content: string | Buffer, owner: number, mode = 0o600): void {
  rmSync(file, {force: true})
  writeFileSync(file, content)
  chmodSync(file, mode)
  chownSync(file, owner, owner)
}

/** Runs a script of the attacker, which must not end, during a test. */
async function whileAttacking(script: string, args: string[], test: () => Promise<void>): Promise<void> {
  const as = {uid: attacker, gid: attacker}
  const attack = spawn(process.execPath, ['-e', script, ...args], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit'],
    ...as,
  })
  const ended = new Promise((resolve) => attack.once('close', resolve))
  try {
    await test()
    assert.equal(attack.exitCode, null, 'the attack goes on')
  } finally {
    attack.kill('SIGKILL')
    await ended
  }
}

describe('the compile cache in a shared directory', {skip}, () => {
  it('compile cache: is used in a directory that anyone can write to, and private', async (t) => {
    const {shared, run} = start(t)
    const cold = await run(shared)
    assert.equal(cold.exitCode, 0)
    const place = path.join(compiledIn(shared), buildIn(shared))
    for (const each of [path.join(shared, 'apkg'), compiledIn(shared), place]) {
      assert.deepEqual([statSync(each).uid, statSync(each).mode & 0o777], [user, 0o700])
    }
    const times = () => readdirSync(place).map((name) => statSync(path.join(place, name)).mtimeMs)
    const before = times()
    assert.ok(before.length > 2)
    assert.deepEqual(await run(shared), cold)
    assert.deepEqual(times(), before)
  })

  it('compile cache: the planted code would run if the user had written it', async (t) => {
    const {shared, run, evilCode} = start(t)
    await run(shared)
    const build = buildIn(shared)
    plant(path.join(compiledIn(shared), build, 'start.js.bin'), evilCode(build), user)
    assert.deepEqual(await run(shared), {stdout: 'OWNED\n', exitCode: 99})
  })

  it('compile cache: code of another build or script is not run, although the user wrote it', async (t) => {
    const {shared, run, evilCode} = start(t)
    const clean = await run(shared)
    const build = buildIn(shared)
    for (const other of [build.replace(/.$/, (last) => (last === '0' ? '1' : '0')), 'v1.0.0-x64-0123456789abcdef']) {
      plant(path.join(compiledIn(shared), build, 'start.js.bin'), evilCode(other), user)
      assert.deepEqual(await run(shared), clean)
    }
  })

  it("compile cache: another user's code never runs while the directory is swapped between check and use", async (t) => {
    const {shared, mine, run, evilCode} = start(t)
    const genuine = path.join(path.dirname(shared), 'genuine')
    mkdirSync(genuine)
    chownSync(genuine, user, user)
    const clean = await run(genuine)
    const build = buildIn(genuine)
    const evil = path.join(mine, 'evil')
    mkdirSync(evil)
    chmodSync(evil, 0o755)
    plant(path.join(evil, 'start.js.bin'), evilCode(build), attacker, 0o644)
    chownSync(evil, attacker, attacker)
    const own = path.join(compiledIn(genuine), build)
    for (const level of ['apkg', 'apkg/compiled', `apkg/compiled/${build}`]) {
      rmSync(path.join(shared, 'apkg'), {recursive: true, force: true})
      const place = path.join(shared, level)
      const below = path.relative(place, path.join(shared, `apkg/compiled/${build}`))
      const targets = [own, evil].map((target, index) => {
        if (below === '') return target
        const made = path.join(mine, `${level.replaceAll('/', '-')}-${index}`, below)
        mkdirSync(path.dirname(made), {recursive: true})
        symlinkSync(target, made)
        return path.join(mine, `${level.replaceAll('/', '-')}-${index}`)
      })
      mkdirSync(path.dirname(place), {recursive: true})
      execFileSync('chown', ['-R', '-h', `${attacker}:${attacker}`, mine])
      if (level !== 'apkg') execFileSync('chown', ['-R', `${attacker}:${attacker}`, path.join(shared, 'apkg')])
      const swap = `
        const {renameSync, symlinkSync, rmSync} = require('node:fs')
        const [place, ...targets] = process.argv.slice(1)
        for (let count = 0; ; count++) {
          rmSync(place + '.next', {force: true})
          symlinkSync(targets[count % 2], place + '.next')
          renameSync(place + '.next', place)
        }`
      // The first command must not make the directory itself.
      symlinkSync(evil, place)
      execFileSync('chown', ['-h', `${attacker}:${attacker}`, place])
      await whileAttacking(swap, [place, ...targets], async () => {
        for (let count = 0; count < tries; count++) assert.deepEqual(await run(shared), clean, `${level}, ${count}`)
      })
    }
  })

  for (const hasKey of [false, true]) {
    it(`compile cache: code that the user unpacked never runs where others can rename it (key: ${hasKey})`, async (t) => {
      const {home, shared, open, run, evilCode} = start(t)
      const clean = await run(shared)
      const build = buildIn(shared)
      if (hasKey) makeKey(home)
      for (const mode of [0o644, 0o600]) {
        rmSync(path.join(open, 'apkg'), {recursive: true, force: true})
        renameSync(unpacked(path.join(open, 'clone'), build, evilCode(build), mode), path.join(open, 'apkg'))
        assert.deepEqual(await run(open), clean)
        assert.deepEqual(await run(open), clean)
      }
    })
  }

  it('compile cache: code that the user unpacked never runs while it takes the place of the cache', async (t) => {
    const {home, shared, open, mine, run, evilCode} = start(t)
    const clean = await run(shared)
    const build = buildIn(shared)
    makeKey(home)
    await run(open)
    assert.ok(existsSync(path.join(compiledIn(open), build, 'start.js.bin')))
    const evil = unpacked(path.join(home, 'project/apkg_packages/@evil/x'), build, evilCode(build), 0o600)
    const link = path.join(mine, 'link')
    symlinkSync(evil, link)
    const swap = `
      const {renameSync} = require('node:fs')
      const [place, link] = process.argv.slice(1)
      const attempt = (from, to) => {
        try {
          renameSync(from, to)
        } catch {
          // The user made a new cache in between.
        }
      }
      const wait = () => {
        for (const end = performance.now() + 0.3; performance.now() < end;);
      }
      for (let count = 0; ; count++) {
        wait()
        attempt(place, place + '.genuine')
        attempt(place, place + '.' + count)
        attempt(link, place)
        wait()
        attempt(place, link)
        attempt(place + '.genuine', place)
      }`
    chmodSync(mine, 0o777)
    execFileSync('chown', ['-h', `${attacker}:${attacker}`, link])
    await whileAttacking(swap, [path.join(open, 'apkg'), link], async () => {
      for (let count = 0; count < tries; count++) assert.deepEqual(await run(open), clean, String(count))
    })
  })

  it('compile cache: where others can rename it, it is used with a key that only the user can read, else not', async (t) => {
    const {folder, home, open, made, mine, run, evilCode} = start(t)
    const {stdout, exitCode} = await run(open)
    assert.equal(exitCode, 0)
    assert.deepEqual(readdirSync(open), [])
    const above = made('above', attacker, 0o755)
    const below = path.join(above, 'mine')
    mkdirSync(below, {mode: 0o700})
    chownSync(below, user, user)
    const link = path.join(folder, 'link')
    symlinkSync(open, link)
    chownSync(open, user, user)
    for (const place of [open, below, link]) {
      makeKey(home, 0o640)
      await run(place)
      assert.deepEqual(readdirSync(place), [], place)
      const sealed = makeKey(home)
      await run(place)
      const build = buildIn(place)
      const file = path.join(compiledIn(place), build, 'start.js.bin')
      const before = statSync(file).mtimeMs
      assert.deepEqual(await run(place), {stdout, exitCode})
      assert.equal(statSync(file).mtimeMs, before, 'genuine files are used')
      plant(file, evilCode(build), user)
      assert.deepEqual(await run(place), {stdout, exitCode})
      plant(file, sealed(evilCode(build)), user)
      assert.deepEqual(await run(place), {stdout: 'OWNED\n', exitCode: 99})
      rmSync(path.join(place, 'apkg'), {recursive: true})
    }
    assert.ok(existsSync(mine))
  })

  it('compile cache: a cache that others can write to is checked file by file', async (t) => {
    const {folder, home, shared, run, evilCode} = start(t)
    const sealed = makeKey(home)
    const clean = await run(shared)
    const build = buildIn(shared)
    const place = path.join(compiledIn(shared), build)
    const target = path.join(place, 'start.js.bin')
    for (const each of [path.join(shared, 'apkg'), compiledIn(shared), place]) chmodSync(each, 0o777)
    assert.deepEqual(await run(shared), clean)
    const genuine = readFileSync(target)
    const untouched = path.join(place, 'chunks-every-start.js.bin')
    const before = statSync(untouched).mtimeMs
    assert.deepEqual(await run(shared), clean)
    assert.equal(statSync(untouched).mtimeMs, before, 'genuine files are used')
    const code = sealed(evilCode(build))
    const elsewhere = path.join(home, 'elsewhere')
    const attacks: Record<string, () => void> = {
      'a file of the attacker': () => {
        plant(target, code, attacker, 0o644)
      },
      'a file that the group can write to': () => {
        plant(target, code, user, 0o660)
      },
      'a file that others can read': () => {
        plant(target, code, user, 0o644)
      },
      'a file without the authentication code': () => {
        plant(target, evilCode(build), user)
      },
      'a link': () => {
        plant(elsewhere, code, user)
        symlinkSync(elsewhere, target)
      },
      'a second name of a file': () => {
        plant(elsewhere, code, user)
        linkSync(elsewhere, target)
      },
      'a pipe': () => {
        execFileSync('mkfifo', ['-m', '666', target])
      },
      'a directory': () => {
        mkdirSync(target)
      },
    }
    for (const [what, attack] of Object.entries(attacks)) {
      rmSync(target, {recursive: true, force: true})
      attack()
      assert.deepEqual(await run(shared), clean, what)
      assert.deepEqual(await run(shared), clean, what)
    }
    rmSync(target, {recursive: true, force: true})
    plant(target, genuine, user)
    assert.ok(existsSync(folder))
  })

  it('compile cache: a directory of another user, or a link, is not used and not written to', async (t) => {
    const {shared, mine, home, run} = start(t)
    const clean = await run(home)
    const build = buildIn(home)
    for (const level of ['apkg', 'apkg/compiled', `apkg/compiled/${build}`]) {
      for (const kind of ['directory', 'link']) {
        rmSync(path.join(shared, 'apkg'), {recursive: true, force: true})
        const place = path.join(shared, level)
        mkdirSync(path.dirname(place), {recursive: true})
        const real = kind === 'directory' ? place : path.join(mine, level.replaceAll('/', '-'))
        mkdirSync(real)
        chmodSync(real, 0o777)
        if (kind === 'link') symlinkSync(real, place)
        execFileSync('chown', ['-R', '-h', `${user}:${user}`, path.join(shared, 'apkg')])
        chownSync(real, kind === 'link' ? user : attacker, attacker)
        assert.deepEqual(await run(shared), clean)
        assert.deepEqual(readdirSync(real), [], `${kind} at ${level}`)
      }
    }
  })

  it('compile cache: the cleanup removes old caches of apkg, and nothing behind a planted link', async (t) => {
    const {shared, home, mine, run} = start(t)
    const documents = path.join(home, 'documents')
    const letters = ['letter.txt', 'compiled/letter.txt', 'v1.0.0-x64-0123456789abcdef/letter.js.bin']
    const write = () => {
      for (const letter of letters) {
        const file = path.join(documents, letter)
        mkdirSync(path.dirname(file), {recursive: true})
        writeFileSync(file, 'dear Ada')
        for (const each of [file, path.dirname(file), documents]) utimesSync(each, old, old)
      }
      execFileSync('chown', ['-R', `${user}:${user}`, documents])
    }
    write()
    for (const level of ['apkg', 'apkg/compiled', 'apkg/compiled/v1.0.0-x64-0123456789abcdef']) {
      rmSync(path.join(shared, 'apkg'), {recursive: true, force: true})
      const place = path.join(shared, level)
      mkdirSync(path.dirname(place), {recursive: true})
      symlinkSync(documents, place)
      // What the user made earlier, and a link by someone who could write there.
      execFileSync('chown', ['-R', '-h', `${user}:${user}`, path.join(shared, 'apkg')])
      execFileSync('chown', ['-h', `${attacker}:${attacker}`, place])
      await run(shared)
      for (const letter of letters) assert.ok(existsSync(path.join(documents, letter)), `${letter}, ${level}`)
    }
    assert.ok(existsSync(mine))
  })

  it('compile cache: the cleanup keeps recent caches, other directories, and files that apkg did not create', async (t) => {
    const {home, run} = start(t)
    const names = {
      removed: 'v1.0.0-x64-0123456789abcdef',
      fresh: 'v1.0.1-x64-0123456789abcdef',
      foreign: 'v1.0.2-x64-0123456789abcdef',
      other: 'my-notes',
    }
    for (const [kind, name] of Object.entries(names)) {
      const place = path.join(compiledIn(home), name)
      mkdirSync(place, {recursive: true, mode: 0o700})
      writeFileSync(path.join(place, 'start.js.bin'), 'code')
      if (kind === 'foreign') writeFileSync(path.join(place, 'notes.txt'), 'mine')
      if (kind !== 'fresh') utimesSync(place, old, old)
    }
    execFileSync('chown', ['-R', `${user}:${user}`, home])
    for (const each of ['apkg', 'apkg/compiled']) chmodSync(path.join(home, each), 0o700)
    await run(home)
    const left = readdirSync(compiledIn(home)).filter((name) => name !== buildIn(home))
    assert.deepEqual(left.sort(), [names.fresh, names.foreign, names.other].sort())
    assert.deepEqual(readdirSync(path.join(compiledIn(home), names.foreign)), ['notes.txt'])
    assert.deepEqual(readdirSync(path.join(compiledIn(home), names.other)), ['start.js.bin'])
  })
})
