import assert from 'node:assert/strict'
import {mkdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {writeTree} from './make-tree.js'
import {Machine} from './machine.js'
import {treeOf} from './tree.js'

type Files = Record<string, string | Uint8Array>

const peakMemory = new URL('peak-memory.mjs', import.meta.url).href

/** Milliseconds that no command may take, on however busy a machine. */
export const patience = 60_000

/** MiB that no command may take at its peak. */
export const mostMemory = 256

/** A project deep in a home folder, with files around it that nobody may touch. */
export interface Besieged {
  machine: Machine
  project: string
}

const project = 'work/deep/project'

const canaries: Files = {
  '.bashrc': '# mine\n',
  'work/canary.md': 'mine\n',
  'work/deep/canary.md': 'mine\n',
  'work/deep/x/apkg.json': 'mine\n',
  [`${project}/README.md`]: 'mine\n',
  [`${project}/x/apkg.json`]: 'mine\n',
}

/** @param files of the project, by path. */
export async function besieged(t: Pick<TestContext, 'after'>, files: Files): Promise<Besieged> {
  const machine = await Machine.start(t)
  await writeTree(machine.home, canaries)
  await writeTree(path.join(machine.home, project), files)
  await mkdir(path.join(machine.home, '.apkg'), {mode: 0o700})
  return {machine, project: path.join(machine.home, project)}
}

/** All that is in the home folder but the cache, which may grow. */
export async function stateOf({machine}: Besieged): Promise<Record<string, string>> {
  const tree = await treeOf(machine.home)
  return Object.fromEntries(
    Object.entries(tree).filter(([file]) => file !== '.apkg' && !/^\.apkg\/cache(\/|$)/.test(file)),
  )
}

/**
 * Runs a command under `--json`, which has to fail as expected, to leave everything around it as it was, and to be
 * content with the memory it may have.
 *
 * @param code of the failure: of a crash it would be `UNEXPECTED`.
 */
export async function assertWithstands(
  place: Besieged,
  [code, ...args]: readonly [code: string, ...args: string[]],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const before = await stateOf(place)
  const peak = path.join(place.machine.home, '.apkg/cache/peak')
  await mkdir(path.dirname(peak), {recursive: true})
  const {stdout, stderr, exitCode} = await place.machine.apkg([...args, '--json'], {
    cwd: place.project,
    timeout: patience,
    env: {
      ...(code === 'TIMED_OUT' && {APKG_TIMEOUT_SECS: '2'}),
      ...env,
      NODE_OPTIONS: `--import=${peakMemory}`,
      TEST_PEAK_MEMORY: peak,
    },
  })
  assert.ok(exitCode !== null && exitCode !== 0, `ended with ${exitCode}: ${stdout}${stderr}`)
  const {error} = JSON.parse(stdout) as {error: {code: string; message: string}}
  assert.equal(error.code, code, error.message)
  assert.doesNotMatch(`${stderr}${error.message}`, /[^\P{C}\n]/u, 'nothing that a terminal obeys is shown')
  assert.deepEqual(await stateOf(place), before)
  const memory = Number(await readFile(peak, 'utf8'))
  assert.ok(memory > 0 && memory <= mostMemory, `took ${memory} MiB`)
}
