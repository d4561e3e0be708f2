import assert from 'node:assert/strict'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import List from '../../src/commands/list.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'

/** A project with `@acme/app` and `@acme/tool`, which both require `@acme/lib`, which requires `@acme/base`. */
async function start(t: TestContext) {
  const registry = await startPlainRegistry(t)
  await registry.put({name: '@acme/base'})
  await registry.put({name: '@acme/lib', dependencies: {'@acme/base': '^1.0.0'}})
  await registry.put({name: '@acme/app', dependencies: {'@acme/lib': '^1.0.0'}, files: {'SKILL.md': 'app'}})
  await registry.put({name: '@acme/tool', dependencies: {'@acme/lib': '1'}})
  const project = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/tool': '^1.0.0'})
  await project.succeed(Install)
  registry.requests.length = 0
  return {registry, project}
}

describe('list', () => {
  it('list: prints the dependency tree, each subtree once, without requests', async (t) => {
    const {registry, project} = await start(t)
    const {stdout, stderr} = await project.succeed(List, [], {env: {LANG: 'en_GB.UTF-8'}})
    assert.equal(
      stdout,
      [
        '@ada/project@1.0.0',
        '├── @acme/app@1.0.0',
        '│   └── @acme/lib@1.0.0',
        '│       └── @acme/base@1.0.0',
        '└── @acme/tool@1.0.0',
        '    └── @acme/lib@1.0.0 (deduped)\n',
      ].join('\n'),
    )
    assert.equal(stderr, '')
    assert.deepEqual(registry.requests, [])
  })

  it('list: prints ASCII if the locale is not UTF-8, up to the given depth', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(List, ['--depth', '0'], {env: {LC_ALL: 'C', LANG: 'en_GB.UTF-8'}})
    assert.equal(stdout, '@ada/project@1.0.0\n+-- @acme/app@1.0.0\n`-- @acme/tool@1.0.0\n')
  })

  it('list: expands a package whose earlier occurrence was beyond the depth', async (t) => {
    const {registry, project} = await start(t)
    const nearer = await startProject(t, registry.url, {'@acme/app': '^1.0.0', '@acme/lib': '^1.0.0'})
    await nearer.succeed(Install)
    const {stdout} = await nearer.succeed(List, ['--depth', '1'])
    assert.match(
      stdout,
      /app@1\.0\.0\n\|   `-- @acme\/lib@1\.0\.0\n`-- @acme\/lib@1\.0\.0\n    `-- @acme\/base@1\.0\.0\n$/,
    )
    assert.ok((await project.succeed(List)).stdout.includes('(deduped)'))
  })

  it('list: prints only the paths to the given packages, and fails if there are none', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(List, ['@acme/app'])
    assert.equal(stdout, '@ada/project@1.0.0\n`-- @acme/app@1.0.0\n')
    const base = (await project.succeed(List, ['@acme/base'])).stdout
    assert.match(base, /app@1\.0\.0\n\|   `-- @acme\/lib@1\.0\.0\n\|       `-- @acme\/base@1\.0\.0\n`-- @acme\/tool/)
    const none = await project.run(List, ['@acme/none'])
    assert.equal(none.exitCode, 1)
    assert.deepEqual([none.stdout, none.stderr], ['', 'No matching packages.\n'])
  })

  it('list: marks missing, modified, extraneous, unlocked and out-of-range packages', async (t) => {
    const {project} = await start(t)
    await rm(project.at('apkg_packages', '@acme', 'base'), {recursive: true})
    await writeFile(project.at('apkg_packages', '@acme', 'app', 'SKILL.md'), 'edited')
    await mkdir(project.at('apkg_packages', '@acme', 'mine'))
    const dependencies = {'@acme/app': '^1.0.0', '@acme/tool': '^2.0.0', '@acme/new': '^3.0.0'}
    const manifest = {name: '@ada/project', version: '1.0.0', type: 'project', dependencies}
    await writeFile(project.at('apkg.json'), JSON.stringify(manifest))
    const {stdout} = await project.succeed(List)
    assert.equal(
      stdout,
      [
        '@ada/project@1.0.0',
        '+-- @acme/app@1.0.0 (modified)',
        '|   `-- @acme/lib@1.0.0',
        '|       `-- @acme/base@1.0.0 (missing)',
        '+-- @acme/new (not locked: requires ^3.0.0, missing)',
        '+-- @acme/tool@1.0.0 (invalid: requires ^2.0.0)',
        '|   `-- @acme/lib@1.0.0 (deduped)',
        '`-- @acme/mine (extraneous, not installed by apkg)\n',
      ].join('\n'),
    )
  })

  it('list: prints the target of a linked package', async (t) => {
    const {project} = await start(t)
    const folder = await tempFolder(t)
    await writeFile(`${folder}/apkg.json`, JSON.stringify({name: '@acme/app', version: '1.1.0', type: 'skill'}))
    await project.succeed(Link, [folder])
    const {dependencies} = JSON.parse((await project.succeed(List, ['--json'])).stdout)
    assert.equal(dependencies[0].state, 'linked')
    assert.ok((await project.succeed(List)).stdout.includes(`@acme/app@1.0.0 → ${dependencies[0].path} (linked)`))
  })

  it('list: does not call a linked package extraneous', async (t) => {
    const {project} = await start(t)
    const folder = await tempFolder(t)
    await writeFile(`${folder}/apkg.json`, JSON.stringify({name: '@acme/draft', version: '1.0.0', type: 'skill'}))
    await project.succeed(Link, [folder])
    assert.match((await project.succeed(List)).stdout, /@acme\/draft → \S+ \(linked\)$/m)
  })

  it('list: prints a nested object with --json', async (t) => {
    const {project} = await start(t)
    const result = JSON.parse((await project.succeed(List, ['@acme/base', '--json'])).stdout)
    const base = {
      name: '@acme/base',
      version: '1.0.0',
      range: '^1.0.0',
      state: 'installed',
      installed: null,
      path: null,
      problems: [],
      deduped: false,
      dependencies: [],
    }
    assert.equal(result.name, '@ada/project')
    assert.deepEqual(result.dependencies[0].dependencies[0].dependencies, [base])
  })
})
