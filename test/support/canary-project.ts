import assert from 'node:assert/strict'
import {mkdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {writeTree} from './make-tree.js'
import {Machine} from './machine.js'
import {treeOf} from './tree.js'

type Files = Record<string, string | Uint8Array>

const peakMemory = new URL('peak-memory.mjs', import.meta.url).href

/** Milliseconds that a command may take, even on a busy machine. */
export const maxTime = 60_000

/** MiB of memory that a command may use at its peak. */
export const maxMemory = 256

/** A project deep in a home directory, surrounded by files that no command may change. */
export interface CanaryProject {
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

/** @param files the files of the project, by path */
export async function canaryProject(t: Pick<TestContext, 'after'>, files: Files): Promise<CanaryProject> {
  const machine = await Machine.start(t)
  await writeTree(machine.home, canaries)
  await writeTree(path.join(machine.home, project), files)
  await mkdir(path.join(machine.home, '.apkg'), {mode: 0o700})
  return {machine, project: path.join(machine.home, project)}
}

/** Returns everything in the home directory except the caches, which can change. */
export async function stateOf({machine}: CanaryProject): Promise<Record<string, string>> {
  const tree = await treeOf(machine.home)
  return Object.fromEntries(
    Object.entries(tree).filter(
      ([file]) => file !== '.apkg' && !/^(\.apkg\/cache|\.apkg\/ledger\.key|\.cache)(\/|$)/.test(file),
    ),
  )
}

/**
 * Runs a command with `--json` and asserts that it fails as expected, changes nothing and stays within the memory limit.
 *
 * @param code the code of the failure; it is `UNEXPECTED` for a crash
 */
export async function assertWithstands(
  place: CanaryProject,
  [code, ...args]: readonly [code: string, ...args: string[]],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const before = await stateOf(place)
  const peak = path.join(place.machine.home, '.apkg/cache/peak')
  await mkdir(path.dirname(peak), {recursive: true})
  const {stdout, stderr, exitCode} = await place.machine.apkg([...args, '--json'], {
    cwd: place.project,
    timeout: maxTime,
    env: {
      ...(code === 'TIMED_OUT' && {APKG_TIMEOUT_SECS: '2'}),
      ...env,
      NODE_OPTIONS: `--import=${peakMemory}`,
      TEST_PEAK_MEMORY: peak,
    },
  })
  assert.ok(exitCode !== null && exitCode !== 0, `exited with ${exitCode}: ${stdout}${stderr}`)
  const {error} = JSON.parse(stdout) as {error: {code: string; message: string}}
  assert.equal(error.code, code, error.message)
  assert.doesNotMatch(`${stderr}${error.message}`, /[^\P{C}\n]/u, 'the output contains no control characters')
  assert.deepEqual(await stateOf(place), before)
  const memory = Number(await readFile(peak, 'utf8'))
  assert.ok(memory > 0 && memory <= maxMemory, `used ${memory} MiB`)
}
