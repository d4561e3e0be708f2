import assert from 'node:assert/strict'
import {chmod, lstat, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {it} from 'node:test'

import fc from 'fast-check'

import Add from '../../src/commands/add.js'
import Pack from '../../src/commands/pack.js'
import Publish from '../../src/commands/publish.js'
import {startSession} from '../support/command.js'
import {tempFolder} from '../support/temp-folder.js'
import {config} from '../support/oclif-config.js'
import {runCommand} from '../support/run-command.js'

interface File {
  path: string
  content: Uint8Array
  isExecutable: boolean
}

const part = fc.oneof(
  fc.stringMatching(/^k[a-z0-9_-]{0,11}$/),
  fc.constantFrom(
    '-rf',
    'a b',
    'naïve',
    '日本',
    'e\u0301',
    '🦊',
    "it's",
    '$HOME',
    '#1',
    '@x',
    '~a',
    '%2e',
    'a..b',
    '.hidden',
  ),
  fc.constantFrom('apkg', 'package.json', 'README', 'x'.repeat(200)),
)

const content = fc.oneof(
  fc.uint8Array({maxLength: 600}),
  fc.constant(new Uint8Array(0)),
  fc.constantFrom(512, 513, 131_073).map((size) => new Uint8Array(size).fill(0xff)),
  fc.constantFrom('#!/bin/sh\necho \r\n', '\uFEFFbom', '\n\n').map((text) => Buffer.from(text)),
)

const file = fc.record<File>({
  path: fc.array(part, {minLength: 1, maxLength: 4}).map((parts) => ['f', ...parts].join('/')),
  content,
  isExecutable: fc.boolean(),
})

/** Files that don't collide with each other on any platform. */
const tree = fc.uniqueArray(file, {maxLength: 12, selector: ({path}) => path}).filter((files) => {
  const folders = files.flatMap(({path}) => path.split('/').map((_, index, all) => all.slice(0, index).join('/')))
  return files.every(({path}) => !folders.includes(path))
})

async function write(folder: string, files: readonly File[]): Promise<void> {
  for (const {path: name, content, isExecutable} of files) {
    const target = path.join(folder, name)
    await mkdir(path.dirname(target), {recursive: true})
    await writeFile(target, content)
    await chmod(target, isExecutable ? 0o755 : 0o644)
  }
}

/** Every file by path: whether it is executable, and its bytes in hex. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of (await readdir(folder, {recursive: true})).sort()) {
    const file = path.join(folder, name)
    const stat = await lstat(file)
    if (stat.isDirectory()) continue
    assert.ok(stat.isFile(), name)
    files[name] = `${stat.mode & 0o100 ? 'x' : '-'} ${(await readFile(file)).toString('hex')}`
  }
  return files
}

it('round trip: a packed, published and installed package has the same files, and packing is reproducible', async (t) => {
  const {home, registry, run} = await startSession(t)
  const env = {APKG_REGISTRY: registry.url}
  let round = 0
  await fc.assert(
    fc.asyncProperty(tree, async (files) => {
      const name = `@ada/round-${round++}`
      const [source, copy, project] = [await tempFolder(t), await tempFolder(t), await tempFolder(t)]
      const manifest = {
        name,
        version: '1.0.0',
        type: 'library',
        description: 'A tree',
        license: 'MIT',
        visibility: 'public',
      }
      const own = {path: 'apkg.json', content: Buffer.from(JSON.stringify(manifest)), isExecutable: false}
      await write(source, [own, ...files])
      await write(copy, [...files, own].reverse())
      const before = await filesIn(source)

      const digests: string[] = []
      for (const cwd of [source, copy]) {
        const {stdout, exitCode} = await runCommand(Pack, ['--json', '--dry-run'], config, {home, cwd, env})
        assert.equal(exitCode, 0, stdout)
        digests.push((JSON.parse(stdout) as {integrity: string}).integrity)
      }
      assert.equal(digests[0], digests[1])

      const published = await run(Publish, ['--json'], {cwd: source})
      assert.equal(published.exitCode, 0, published.stdout)
      assert.equal((JSON.parse(published.stdout) as {integrity: string}).integrity, digests[0])

      const empty = {name: '@ada/project', version: '1.0.0', type: 'project'}
      await writeFile(path.join(project, 'apkg.json'), JSON.stringify(empty))
      const added = await run(Add, [name, '--json'], {cwd: project})
      assert.equal(added.exitCode, 0, added.stdout)
      assert.deepEqual(await filesIn(path.join(project, 'apkg_packages', ...name.split('/'))), before)
      await Promise.all([source, copy, project].map((folder) => rm(folder, {recursive: true})))
    }),
    {numRuns: 25},
  )
})
