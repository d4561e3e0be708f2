import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {describe, it} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import {knownTools} from '@apkg/package-format'

import type {Draft} from '../support/publish-package.js'
import {startSetUp, statesOf, type SetUpProject} from '../support/set-up-project.js'

/** How often the process is killed, each while setting up and while removing. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 10)

const files = Array.from({length: 40}, (_, i) => [`part-${i % 4}/text-${i}.md`, `${i}\n`.repeat(500)] as const)
const drafts: Draft[] = [
  {name: '@acme/large', files: {'SKILL.md': '---\ndescription: Large\n---\n', ...Object.fromEntries(files)}},
  {name: '@acme/tone', type: 'rule', files: {'tone.md': '---\ndescription: Tone\n---\nBe plain.\n'}},
]

describe('tool setup after a kill', () => {
  it(`tool setup after a kill: finishes a killed setup or removal (${rounds} times each)`, async (t) => {
    const project = await startSetUp(t, drafts)
    const wanted = Object.fromEntries(drafts.map(({name}) => [name, '*']))
    await mkdir(project.at('.cursor/rules'), {recursive: true})
    await writeFile(project.at('AGENTS.md'), '# Ours')
    const initial = await statesOf(project.folder)
    const duration = await runOnce(project)
    const complete = await statesOf(project.folder)
    let killed = 0
    for (let round = 0; killed < rounds * 2; round++) {
      assert.ok(round < rounds * 10, `only ${killed} processes were killed before they ended`)
      await project.install({})
      if (await kill(project, duration)) killed++
      assert.equal((await project.setUp(knownTools)).problem, undefined)
      assert.deepEqual(await statesOf(project.folder), initial, `removal ${round}`)

      await project.install(wanted)
      if (await kill(project, duration)) killed++
      // Every other round, the killed setup is not finished before the removal.
      if (round % 2 === 1) continue
      assert.deepEqual((await project.setUp(knownTools)).left, [])
      assert.deepEqual(await statesOf(project.folder), complete, `setup ${round}`)
    }
    await project.install({})
    await project.setUp(knownTools)
    assert.deepEqual(await statesOf(project.folder), initial)
  })
})

const program = fileURLToPath(new URL('../processes/set-up-once.mjs', import.meta.url))

function start({folder, home}: SetUpProject) {
  const child = spawn(process.execPath, [program, folder, home], {stdio: ['ignore', 'pipe', 'inherit']})
  const ended = new Promise((resolve) => child.once('close', resolve))
  return {child, ended, lines: createInterface({input: child.stdout})[Symbol.asyncIterator]()}
}

/** Runs without a kill. @returns milliseconds. */
async function runOnce(project: SetUpProject): Promise<number> {
  const {ended, lines} = start(project)
  assert.equal((await lines.next()).value, 'ready')
  const started = performance.now()
  assert.equal((await lines.next()).value, 'done')
  await ended
  return performance.now() - started
}

/** @returns whether it was killed before it ended. */
async function kill(project: SetUpProject, duration: number): Promise<boolean> {
  const {child, ended, lines} = start(project)
  assert.equal((await lines.next()).value, 'ready')
  await sleep(duration * Math.random() * 0.9)
  const wasKilled = child.exitCode === null && child.kill('SIGKILL')
  await ended
  // Otherwise the lock would only expire after some seconds.
  await rm(project.at('apkg_packages/.lock'), {recursive: true, force: true})
  return wasKilled
}
