import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {placeForgeSecret} from '../support/forge-secret.js'
import {loggedIn} from '../support/logged-in.js'
import {Machine} from '../support/machine.js'
import {inRepository} from '../support/repository.js'

const page = await readFile(inRepository('docs/ci.md'), 'utf8')
const [, section = ''] = /^## Rotate the token\n([^]*?)(?=^## |^apkg isn't)/m.exec(page) ?? []
const [rotate = '', rotateLeaked = ''] = [...section.matchAll(/^\$ (apkg token rotate .*)$/gm)].map(([, line]) => line)

const day = 86_400_000

/** An author with a token in the secrets of a forge, which `gh` stores in a file, and what a job of the forge runs. */
async function withSecret(t: TestContext) {
  const {registry, machine, env} = await loggedIn(t)
  const {secret, searchPath} = await placeForgeSecret(machine)
  const shell = (line: string) => machine.shell(line, {env: {...env, PATH: searchPath}})
  const created = await shell("apkg token create --label ci --package '@ada/*' -- gh secret set APKG_TOKEN")
  assert.equal(created.exitCode, 0, created.stderr)
  const runner = await Machine.start(t)
  let jobs = 0

  /** A job gets the value of the secret when it starts. */
  const startJob = async () => {
    const name = `tool-${jobs++}`
    const cwd = path.join(runner.home, name)
    await mkdir(cwd)
    await writeFile(
      path.join(cwd, 'apkg.json'),
      JSON.stringify({name: `@ada/${name}`, version: '1.0.0', type: 'library', license: 'MIT', description: 'A tool'}),
    )
    const job = {...env, APKG_TOKEN: await readFile(secret, 'utf8')}
    const run = async (...args: string[]) => {
      const {exitCode, stderr} = await runner.apkg(args, {env: job, cwd})
      return exitCode === 0 ? 'done' : `${args.join(' ')} exited with ${exitCode}: ${stderr}`
    }
    return {begin: () => run('whoami'), end: () => run('publish', '--no-sign')}
  }
  return {registry, shell, startJob}
}

/** Some at a time, as on real runners. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += 5) {
    results.push(...(await Promise.all(items.slice(at, at + 5).map(work))))
  }
  return results
}

describe('docs/ci.md: rotating the token', () => {
  it('docs/ci.md: of 30 jobs that start before, during and after a rotation, none fails', async (t) => {
    const {registry, shell, startJob} = await withSecret(t)
    const before = await Promise.all(Array.from({length: 10}, startJob))
    assert.deepEqual(new Set(await inTurn(before, (job) => job.begin())), new Set(['done']))
    const during = await Promise.all(Array.from({length: 10}, startJob))
    const [{exitCode, stdout, stderr}, begun] = await Promise.all([shell(rotate), inTurn(during, (job) => job.begin())])
    assert.deepEqual([exitCode, stdout], [0, ''], stderr)
    assert.match(stderr, /The old value works for another 24h\.\n$/)
    const after = await Promise.all(Array.from({length: 10}, startJob))
    begun.push(...(await inTurn(after, (job) => job.begin())))
    assert.deepEqual(new Set(begun), new Set(['done']))
    registry.clock.advance(day - 60_000)
    const [late, ...inTime] = [...before, ...during, ...after]
    assert.deepEqual(new Set(await inTurn(inTime, (job) => job.end())), new Set(['done']))
    registry.clock.advance(60_000)
    assert.match(await late!.end(), /exited with 4: .*was rotated, and this value stopped working/s)
  })

  it('docs/ci.md: after a leak, the old value fails immediately, and jobs with the new one work', async (t) => {
    const {shell, startJob} = await withSecret(t)
    const leaked = await startJob()
    assert.equal(await leaked.begin(), 'done')
    const {exitCode, stderr} = await shell(rotateLeaked)
    assert.equal(exitCode, 0, stderr)
    assert.match(await leaked.end(), /exited with 4/)
    assert.equal(await (await startJob()).end(), 'done')
  })
})
