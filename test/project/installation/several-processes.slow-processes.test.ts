import assert from 'node:assert/strict'
import {spawn, type ChildProcess} from 'node:child_process'
import {mkdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

import Install from '../../../src/commands/install.js'
import {ensureLedgerKey} from '../../../src/files/ledger-key.js'
import {readLedger, writeLedger} from '../../../src/project/installation/ledger.js'
import {outcomeOf} from '../../support/machine.js'
import {startPlainRegistry} from '../../support/plain-registry.js'
import {startProject, type TestProject} from '../../support/project.js'

const script = fileURLToPath(new URL('../../processes/run-command.js', import.meta.url))

function start({folder, home}: TestProject, registry: string, command: string, ...argv: string[]): ChildProcess {
  return spawn(process.execPath, [script, command, home, folder, registry, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const ledgerFile = 'apkg_packages/.ledger.json'

/** A registry with packages of several files, and a project that depends on all of them. */
async function startMany(t: TestContext) {
  const registry = await startPlainRegistry(t)
  const names = Array.from({length: 40}, (_, index) => `@acme/p${index}`)
  for (const name of names) {
    const files = Object.fromEntries(Array.from({length: 8}, (_, index) => [`docs/${index}.md`, `${name} ${index}`]))
    await registry.put({name, files})
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, '^1.0.0']))
  return {registry, project: await startProject(t, registry.url, dependencies)}
}

function withoutLedger(tree: Record<string, string>): Record<string, string> {
  return {...tree, [ledgerFile]: ''}
}

describe('concurrent processes in one project', () => {
  it('concurrent adds: each process adds its package', async (t) => {
    const registry = await startPlainRegistry(t)
    const names = ['@acme/a', '@acme/b', '@acme/c']
    for (const name of names) await registry.put({name})
    const project = await startProject(t, registry.url)
    const outcomes = await Promise.all(names.map((name) => outcomeOf(start(project, registry.url, 'add', name))))
    assert.deepEqual(
      outcomes.map(({exitCode, stderr}) => [exitCode, /Added @acme\/./.test(stderr)]),
      names.map(() => [0, true]),
    )
    const versions = Object.fromEntries(names.map((name) => [name, '1.0.0']))
    assert.deepEqual(await project.locked(), versions)
    assert.deepEqual(await project.installed(), versions)
    assert.deepEqual(Object.keys((await project.manifest()).dependencies ?? {}), names)
    await project.succeed(Install, ['--frozen-lockfile', '--offline'])
  })
})

describe('install after a killed installation', () => {
  it('install after a kill: repairs the installation, whenever it was killed', async (t) => {
    const {registry, project} = await startMany(t)
    await project.succeed(Install)
    const complete = withoutLedger(await project.tree())
    for (const delay of [0, 5, 15, 30, 60, 120]) {
      await rm(project.at('apkg_packages'), {recursive: true})
      const child = start(project, registry.url, 'install')
      const ended = outcomeOf(child)
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      await sleep(delay)
      child.kill('SIGKILL')
      await ended
      await project.succeed(Install, ['--frozen-lockfile'])
      assert.deepEqual(withoutLedger(await project.tree()), complete)
    }
  })

  it('install after a kill: repairs an installation killed between swapping packages', async (t) => {
    const {project} = await startMany(t)
    await project.succeed(Install)
    const complete = withoutLedger(await project.tree())
    const key = await ensureLedgerKey(project.home)
    const ledger = await readLedger(project.at(ledgerFile), key)
    const changing = new Set(['@acme/p1', '@acme/p2', '@acme/gone'])
    await writeLedger(project.at(ledgerFile), {...ledger, basis: undefined, changing}, {key, scratch: project.folder})
    const staging = project.at('apkg_packages/.staging/0123')
    await mkdir(staging, {recursive: true})
    await rename(project.at('apkg_packages/@acme/p1'), path.join(staging, '1'))
    await mkdir(project.at('apkg_packages/@acme/gone'))
    await writeFile(project.at('apkg_packages/@acme/gone/half.md'), '')
    assert.match((await project.succeed(Install)).stderr, /^Installed 2 packages/m)
    assert.deepEqual(withoutLedger(await project.tree()), complete)
  })

  it('install after a kill: ignores and removes staged packages', async (t) => {
    const {project} = await startMany(t)
    await mkdir(project.at('apkg_packages/.staging/0123/1'), {recursive: true})
    await writeFile(project.at('apkg_packages/.staging/0123/1/apkg.json'), '{}')
    await project.succeed(Install)
    assert.equal(Object.keys(await project.tree()).filter((file) => file.includes('.staging')).length, 0)
  })
})
