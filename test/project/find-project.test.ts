import assert from 'node:assert/strict'
import {chmod, chown, mkdir, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {findProject} from '../../src/project/find-project.js'
import {writeTree} from '../support/make-tree.js'
import {tempFolder} from '../support/temp-folder.js'

const home = '/home/ada'
const isRoot = process.getuid?.() === 0
const onlyRoot = {skip: !isRoot && 'only root can give files away'}

describe('findProject', () => {
  it('findProject: the current directory comes first', async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'docs/apkg.json': '{}'})
    assert.equal(findProject({cwd: path.join(root, 'docs'), home}), path.join(root, 'docs'))
  })

  it('findProject: finds the nearest manifest above', async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'one/apkg.json': '{}', 'one/two/three/text': ''})
    assert.equal(findProject({cwd: path.join(root, 'one/two/three'), home}), path.join(root, 'one'))
  })

  it('findProject: returns the current directory without a manifest', async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'.git/HEAD': '', 'one/two/text': ''})
    assert.equal(findProject({cwd: path.join(root, 'one/two'), home}), path.join(root, 'one/two'))
  })

  for (const git of ['.git/HEAD', '.git']) {
    it(`findProject: looks in the root of a repository with ${git}, but not above`, async (t) => {
      const root = await tempFolder(t)
      await writeTree(root, {'apkg.json': '{}', [`repository/${git}`]: '', 'repository/docs/text': ''})
      const cwd = path.join(root, 'repository/docs')
      assert.equal(findProject({cwd, home}), cwd)
      await writeTree(root, {'repository/apkg.json': '{}'})
      assert.equal(findProject({cwd, home}), path.join(root, 'repository'))
    })
  }

  it('findProject: looks in the home directory, but not above', async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'ada/docs/text': ''})
    await symlink('ada', path.join(root, 'link'))
    const cwd = path.join(root, 'ada/docs')
    for (const name of ['ada', 'link']) assert.equal(findProject({cwd, home: path.join(root, name)}), cwd)
    assert.equal(findProject({cwd: path.join(root, 'ada'), home: path.join(root, 'ada')}), path.join(root, 'ada'))
    await writeTree(root, {'ada/apkg.json': '{}'})
    for (const name of ['ada', 'link']) {
      assert.equal(findProject({cwd, home: path.join(root, name)}), path.join(root, 'ada'))
    }
  })

  it('findProject: an installed package is not a project', async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'apkg_packages/@ada/base/apkg.json': '{}'})
    await mkdir(path.join(root, 'apkg_packages/@ada/base/docs'))
    assert.equal(findProject({cwd: path.join(root, 'apkg_packages/@ada/base/docs'), home}), root)
  })

  it('findProject: a manifest of another user is not used', onlyRoot, async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'one/apkg.json': '{}', 'one/two/text': ''})
    await chown(path.join(root, 'one/apkg.json'), 54321, 54321)
    assert.equal(findProject({cwd: path.join(root, 'one/two'), home}), path.join(root, 'one/two'))
  })

  it(
    'findProject: a manifest that another user created in a directory for everyone is refused',
    onlyRoot,
    async (t) => {
      const root = await tempFolder(t)
      await writeTree(root, {'apkg.json': '{}'})
      const [manifest, cwd] = [path.join(root, 'apkg.json'), {cwd: root, home}]
      await chmod(root, 0o1777)
      assert.equal(findProject(cwd), root, 'the user owns it')
      await chown(manifest, 54321, 54321)
      const message = new RegExp(
        `^Cannot read ${manifest}: another user \\(uid 54321\\) created it in a directory that`,
      )
      assert.throws(() => findProject(cwd), {code: 'FILE_UNREADABLE', message})
      await chown(root, 54321, 54321)
      assert.equal(findProject(cwd), root, 'the owner of the directory owns it, as in a mount')
      await chown(root, 0, 0)
      await chmod(root, 0o777)
      assert.equal(findProject(cwd), root, 'members of a group share a directory')
    },
  )

  it('findProject: a directory of another user ends the search', onlyRoot, async (t) => {
    const root = await tempFolder(t)
    await writeTree(root, {'apkg.json': '{}', 'one/two/text': ''})
    await chown(path.join(root, 'one'), 54321, 54321)
    assert.equal(findProject({cwd: path.join(root, 'one/two'), home}), path.join(root, 'one/two'))
  })
})
