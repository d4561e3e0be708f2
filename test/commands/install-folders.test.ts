import assert from 'node:assert/strict'
import {cp, mkdir, rm, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Install from '../../src/commands/install.js'
import {projectState, startAcmeProject} from '../support/acme-project.js'
import {failureOf} from '../support/command.js'
import {writeTree} from '../support/make-tree.js'
import {treeOf} from '../support/tree.js'

const frozen = ['--frozen-lockfile']

describe('install over existing directories', () => {
  for (const [what, files] of Object.entries({
    'the user’s own work': {'mine.txt': 'my work'},
    'another package': {'apkg.json': '{"name": "@acme/other", "version": "1.0.0", "type": "skill"}'},
    'something that only looks like a package': {'apkg.json/mine.txt': 'my work'},
  })) {
    it(`install: refuses to replace ${what}`, async (t) => {
      const {registry, project} = await startAcmeProject(t)
      const place = project.at('apkg_packages/@acme/lib')
      await writeTree(place, files)
      const before = await projectState(project)
      for (const argv of [['--json'], ['@acme/lib', '--json']]) {
        const {code, message} = failureOf(await project.run(Install, argv))
        assert.equal(code, 'FOLDER_UNMANAGED')
        assert.equal(message, `Refusing to use ${place}: it was not installed by apkg`)
        assert.deepEqual(await projectState(project), before)
      }
      assert.ok(registry.requests.every((request) => !request.endsWith('/tarball')))
    })
  }

  it('install: replaces a package that another client installed', async (t) => {
    const {project} = await startAcmeProject(t)
    await writeTree(project.at('apkg_packages/@acme/lib'), {
      'apkg.json': '{"name": "@acme/lib", "version": "0.1.0", "type": "skill"}',
      'old.md': 'old',
    })
    await project.succeed(Install)
    assert.equal((await project.installed())['@acme/lib'], '1.1.0')
    assert.equal((await project.tree())['apkg_packages/@acme/lib/old.md'], undefined)
  })
})

describe('install over links', () => {
  for (const place of ['apkg_packages', 'apkg_packages/@acme', 'apkg_packages/@acme/lib', 'apkg_packages/.staging']) {
    it(`install: refuses a link at ${place}`, async (t) => {
      const {registry, project} = await startAcmeProject(t)
      const elsewhere = path.join(project.home, 'elsewhere')
      await mkdir(path.join(elsewhere, '@acme', 'lib'), {recursive: true})
      await mkdir(path.dirname(project.at(place)), {recursive: true})
      await symlink(elsewhere, project.at(place))
      const before = [await projectState(project), await treeOf(elsewhere)]
      for (const argv of [['--json'], ['@acme/lib', '--json']]) {
        const {code, message} = failureOf(await project.run(Install, argv))
        assert.equal(code, 'FOLDER_UNMANAGED')
        assert.equal(message, `Refusing to use ${project.at(place)}: it is a symbolic link`)
      }
      assert.deepEqual([await projectState(project), await treeOf(elsewhere)], before)
      assert.ok(registry.requests.every((request) => !request.endsWith('/tarball')))
    })
  }

  it('install: refuses a link that replaced an installed scope', async (t) => {
    const {project} = await startAcmeProject(t)
    await project.succeed(Install)
    const scope = project.at('apkg_packages/@other')
    await cp(scope, path.join(project.home, 'copy'), {recursive: true, preserveTimestamps: true})
    await rm(scope, {recursive: true})
    await symlink(path.join(project.home, 'copy'), scope)
    for (const argv of [['--json'], ['--json', ...frozen]]) {
      assert.equal(failureOf(await project.run(Install, argv)).code, 'FOLDER_UNMANAGED')
    }
  })
})
