import assert from 'node:assert/strict'
import {spawn, type ChildProcess} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {Machine} from '../support/machine.js'
import {packDraft, publishPackage, sendPackage, sessionOf, type PackedDraft} from '../support/publish-package.js'
import {password, startRegistry} from '../support/registry.js'
import {inRepository} from '../support/repository.js'

/** How often each of the two is killed. Set KILL_ROUNDS to 100 for the full proof. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 8)

/** A state of the project: its manifest, its lockfile and the digests of the files that must be installed. */
interface State {
  manifest: string
  lockfile: string
  files: Record<string, string>
}

describe('install, killed', () => {
  it(`install, killed: the next install completes what is missing (${rounds} times)`, async (t) => {
    const {machine, project, env, states, duration} = await prepareProject(t)
    // The latest time to kill an install, in milliseconds. Lowered when an install ends before it.
    let latest = duration
    let killed = 0
    for (let round = 0; killed < rounds; round++) {
      assert.ok(round < rounds * 10, `only ${killed} of ${round} were killed before they ended`)
      const state = states[round % states.length]!
      await writeFile(path.join(project, 'apkg.json'), state.manifest)
      await writeFile(path.join(project, 'apkg-lock.json'), state.lockfile)
      if (round % 3 === 0) await rm(path.join(project, 'apkg_packages'), {recursive: true, force: true})
      if (round % 4 === 0) await rm(path.join(machine.home, '.apkg/cache'), {recursive: true, force: true})
      const args = round % 2 === 0 ? ['install', '--frozen-lockfile'] : ['install']
      const child = machine.spawn(args, {cwd: project, env})
      child.stdin?.end()
      const ended = new Promise((resolve) => child.once('close', resolve))
      await sleep(latest * (0.2 + Math.random() * 0.8))
      if (child.exitCode === null && child.kill('SIGKILL')) killed++
      else latest *= 0.9
      await ended

      const fixed = await machine.apkg(['install'], {cwd: project, env})
      assert.equal(fixed.exitCode, 0, fixed.stderr)
      assert.deepEqual(await installedFiles(project), state.files, `round ${round}`)
      assert.equal(await readFile(path.join(project, 'apkg-lock.json'), 'utf8'), state.lockfile)
    }
  })
})

async function prepareProject(t: TestContext) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  const names = Array.from({length: 12}, (_, i) => `@ada/part-${i}`)
  const published: Record<string, PackedDraft> = {}
  for (const version of ['1.0.0', '2.0.0']) {
    for (const [position, name] of names.entries()) {
      const needs = names[position + 6]
      published[`${name}@${version}`] = await publishPackage(registry.url, session, {
        name,
        version,
        dependencies: needs === undefined ? {} : {[needs]: `^${version}`},
        files: Object.fromEntries(
          Array.from({length: 8}, (_, i) => [`folder-${i % 3}/text-${i}.md`, `${name} ${version} ${i}\n`.repeat(400)]),
        ),
      })
    }
  }
  const machine = await Machine.start(t)
  const env = {APKG_REGISTRY: registry.url, APKG_TOKEN: session}
  const project = path.join(machine.home, 'project')
  await mkdir(project)
  const states: State[] = []
  let duration = 0
  for (const version of ['1.0.0', '2.0.0']) {
    const dependencies = Object.fromEntries(names.slice(0, 6).map((name) => [name, `^${version}`]))
    const manifest = JSON.stringify({name: '@ada/project', version: '1.0.0', type: 'project', dependencies})
    await writeFile(path.join(project, 'apkg.json'), manifest)
    await rm(path.join(project, 'apkg-lock.json'), {force: true})
    const started = performance.now()
    const installed = await machine.apkg(['install'], {cwd: project, env})
    duration = performance.now() - started
    assert.equal(installed.exitCode, 0, installed.stderr)
    const files = names.flatMap((name) =>
      Object.entries(published[`${name}@${version}`]!.files).map(([file, text]) => [`${name}/${file}`, digest(text)]),
    )
    const state = {
      manifest,
      lockfile: await readFile(path.join(project, 'apkg-lock.json'), 'utf8'),
      files: Object.fromEntries(files.sort()) as Record<string, string>,
    }
    assert.deepEqual(await installedFiles(project), state.files)
    states.push(state)
  }
  return {machine, project, env, states, duration}
}

/** The digests of the installed files, by path, without apkg's own files. */
async function installedFiles(project: string): Promise<Record<string, string>> {
  const folder = path.join(project, 'apkg_packages')
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => file.startsWith('@'))
    .sort()
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, digest(await readFile(path.join(folder, file), 'utf8'))])),
  ) as Record<string, string>
}

describe('registry serve, killed', () => {
  it(`registry serve, killed: no acknowledged package is lost (${rounds} times)`, async (t) => {
    const data = await mkdtemp(path.join(tmpdir(), 'apkg-killed-'))
    t.after(() => rm(data, {recursive: true, force: true}))
    await addUser(data)
    const acknowledged = new Map<string, PackedDraft>()
    const sent = new Map<string, PackedDraft>()
    for (let round = 0; round <= rounds; round++) {
      const server = await serve(data)
      t.after(() => server.child.kill('SIGKILL'))
      const session = await sessionOf(server.url, 'ada', password)
      for (const packed of sent.values()) {
        if (acknowledged.has(packed.metadata.name)) await assertWellFormed(server.url, session, packed)
        else await assertRepeatable(server.url, session, packed)
      }
      if (round === rounds) {
        for (const packed of acknowledged.values()) await assertWellFormed(server.url, session, packed)
        await stop(server.child)
        return
      }
      sent.clear()
      const publishing = Array.from({length: 4}, async (_, lane) => {
        for (let i = 0; ; i++) {
          const packed = await packDraft({
            name: `@ada/round-${round}-${lane}-${i}`,
            files: {'text.md': `${round} ${lane} ${i} `.repeat(20_000)},
          })
          sent.set(packed.metadata.name, packed)
          const response = await sendPackage(server.url, session, packed)
          assert.equal(response.status, 201, await response.text())
          acknowledged.set(packed.metadata.name, packed)
        }
      }).map((lane) => lane.catch((error: unknown) => error))
      await sleep(30 + Math.random() * 300)
      await stop(server.child)
      for (const failure of await Promise.all(publishing)) {
        if (failure instanceof assert.AssertionError) throw failure
      }
    }
  })
})

async function assertWellFormed(url: string, session: string, {metadata: {name}, tarball}: PackedDraft): Promise<void> {
  const headers = {authorization: `Bearer ${session}`}
  const response = await fetch(`${url}/packages/${encodeURIComponent(name)}/1.0.0/tarball`, {headers})
  assert.equal(response.status, 200, `${name} was acknowledged`)
  assert.equal(digest(new Uint8Array(await response.arrayBuffer())), digest(tarball))
}

/** A package without an answer is stored completely or not at all, so sending it again succeeds. */
async function assertRepeatable(url: string, session: string, packed: PackedDraft): Promise<void> {
  const response = await sendPackage(url, session, packed)
  assert.ok([200, 201].includes(response.status), await response.text())
  await assertWellFormed(url, session, packed)
}

const checkout = inRepository('bin/dev.js')

async function addUser(data: string): Promise<void> {
  const args = ['registry', 'user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', '--data', data]
  const child = spawn(process.execPath, [checkout, ...args], {stdio: ['pipe', 'ignore', 'inherit']})
  child.stdin.end(password)
  assert.equal(await new Promise((resolve) => child.once('close', resolve)), 0)
}

async function serve(data: string): Promise<{child: ChildProcess; url: string}> {
  const args = [checkout, 'registry', 'serve', '--port', '0', '--json', '--data', data]
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'ignore']})
  for await (const line of createInterface({input: child.stdout})) {
    return {child, url: (JSON.parse(line) as {url: string}).url}
  }
  throw new Error('The registry did not start')
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await ended
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
