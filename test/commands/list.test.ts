import assert from 'node:assert/strict'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {describe, it, type TestContext} from 'node:test'

import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import List from '../../src/commands/list.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {startProject} from '../support/project.js'
import {tempFolder} from '../support/temp-folder.js'

/** A project of `@acme/app` and `@acme/tool`, which both need `@acme/lib`, which needs `@acme/base`. */
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

describe('apkg list', () => {
  it('draws what needs what, each subtree once, and asks no registry', async (t) => {
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

  it('draws in ASCII where the locale is not one of UTF-8, and only as deep as asked', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(List, ['--depth', '0'], {env: {LC_ALL: 'C', LANG: 'en_GB.UTF-8'}})
    assert.equal(stdout, '@ada/project@1.0.0\n+-- @acme/app@1.0.0\n`-- @acme/tool@1.0.0\n')
  })

  it('expands a package that was met before only beyond the depth', async (t) => {
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

  it('shows only what leads to the packages that are named, and fails where there are none', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(List, ['@acme/app'])
    assert.equal(stdout, '@ada/project@1.0.0\n`-- @acme/app@1.0.0\n')
    const base = (await project.succeed(List, ['@acme/base'])).stdout
    assert.match(base, /app@1\.0\.0\n\|   `-- @acme\/lib@1\.0\.0\n\|       `-- @acme\/base@1\.0\.0\n`-- @acme\/tool/)
    const none = await project.run(List, ['@acme/none'])
    assert.equal(none.exitCode, 1)
    assert.equal(none.stderr, 'No such package is here.\n')
  })

  it('marks what is missing, changed, extraneous, not locked and out of range', async (t) => {
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
        '+-- @acme/app@1.0.0 (changed files)',
        '|   `-- @acme/lib@1.0.0',
        '|       `-- @acme/base@1.0.0 (missing)',
        '+-- @acme/new (not locked, ^3.0.0 is needed, missing)',
        '+-- @acme/tool@1.0.0 (invalid, ^2.0.0 is needed)',
        '|   `-- @acme/lib@1.0.0 (deduped)',
        '`-- @acme/mine (extraneous, not installed by apkg)\n',
      ].join('\n'),
    )
  })

  it('says where a linked package is', async (t) => {
    const {project} = await start(t)
    const folder = await tempFolder(t)
    await writeFile(`${folder}/apkg.json`, JSON.stringify({name: '@acme/app', version: '1.1.0', type: 'skill'}))
    await project.succeed(Link, [folder])
    const {dependencies} = JSON.parse((await project.succeed(List, ['--json'])).stdout)
    assert.equal(dependencies[0].state, 'linked')
    assert.ok((await project.succeed(List)).stdout.includes(`@acme/app@1.0.0 -> ${dependencies[0].path} (linked)`))
  })

  it('gives a nested object under --json', async (t) => {
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
