import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {mkdir, readFile, readlink, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {addToPath} from '../../../src/machine/shell-path/add-to-path.js'
import {makeTree} from '../../support/make-tree.js'
import {treeOf} from '../../support/tree.js'

async function home(t: TestContext, files: Record<string, string> = {}) {
  const root = await makeTree(t, {'program/run.js': '', 'home/': '', ...files})
  return {home: path.join(root, 'home'), program: path.join(root, 'program/run.js')}
}

const added = '\n# Added by apkg\nexport PATH="$HOME/.apkg/bin:$PATH"\n'

describe('add-to-path', () => {
  it('add-to-path: links apkg and adds the directory to the startup file, once', async (t) => {
    const place = await home(t, {'home/.bash_profile': 'alias x=y'})
    const first = await addToPath({...place, env: {SHELL: '/bin/bash'}})
    assert.equal(first.status, 'added')
    assert.equal(await readlink(path.join(place.home, '.apkg/bin/apkg')), place.program)
    assert.equal(await readFile(path.join(place.home, '.bash_profile'), 'utf8'), `alias x=y${added}`)
    const before = await treeOf(place.home)
    assert.equal((await addToPath({...place, env: {SHELL: '/bin/bash'}})).status, 'present')
    assert.deepEqual(await treeOf(place.home), before)
  })

  it('add-to-path: finds the startup file of each shell', async (t) => {
    const files: [NodeJS.ProcessEnv, string, string][] = [
      [{SHELL: '/usr/bin/zsh'}, '.zshrc', added],
      [{SHELL: '/usr/bin/bash'}, '.bashrc', added],
      [{SHELL: '/usr/bin/fish'}, '.config/fish/config.fish', '\n# Added by apkg\nfish_add_path $HOME/.apkg/bin\n'],
    ]
    for (const [env, file, text] of files) {
      const place = await home(t)
      const {file: written} = await addToPath({...place, env})
      assert.equal(written, path.join(place.home, file))
      assert.equal(await readFile(written, 'utf8'), text)
    }
    const place = await home(t)
    const {file} = await addToPath({...place, env: {SHELL: '/bin/zsh', ZDOTDIR: path.join(place.home, 'dots')}})
    assert.equal(file, path.join(place.home, 'dots/.zshrc'))
  })

  it('add-to-path: fails if the directory of the startup file cannot be created', async (t) => {
    if (!existsSync('/proc/self')) {
      t.skip('/proc does not exist')
      return
    }
    const env = {SHELL: '/bin/zsh', ZDOTDIR: '/proc/nowhere/dots'}
    await assert.rejects(addToPath({...(await home(t)), env}), {
      code: 'FILE_UNWRITABLE',
      message: 'Cannot write /proc/nowhere/dots/.zshrc: no such file or directory',
    })
  })

  it('add-to-path: shows what to do for an unknown shell', async (t) => {
    const place = await home(t)
    const {status, file, line} = await addToPath({...place, env: {SHELL: '/bin/tcsh'}})
    assert.deepEqual([status, file], ['manual', null])
    assert.match(line, /export PATH/)
    assert.deepEqual(Object.keys(await treeOf(place.home)), ['.apkg/bin/apkg'])
  })

  it('add-to-path: changes nothing if apkg is already on PATH', async (t) => {
    const place = await home(t)
    const bin = path.join(place.home, 'bin')
    await mkdir(bin)
    await symlink(place.program, path.join(bin, 'apkg'))
    const {status} = await addToPath({...place, env: {SHELL: '/bin/bash', PATH: `relative:${bin}`}})
    assert.equal(status, 'on-path')
    assert.deepEqual(Object.keys(await treeOf(place.home)), ['bin/apkg'])
  })

  it('add-to-path: ignores the directory that npx adds to PATH', async (t) => {
    const place = await home(t)
    const bin = path.join(place.home, 'node_modules/.bin')
    await mkdir(bin, {recursive: true})
    await symlink(place.program, path.join(bin, 'apkg'))
    assert.equal((await addToPath({...place, env: {SHELL: '/bin/bash', PATH: bin}})).status, 'added')
  })

  it('add-to-path: replaces an earlier link, and nothing else', async (t) => {
    const place = await home(t)
    const link = path.join(place.home, '.apkg/bin/apkg')
    await mkdir(path.dirname(link), {recursive: true})
    await symlink('/nowhere', link)
    await addToPath({...place, env: {}})
    assert.equal(await readlink(link), place.program)
    const other = await home(t, {'home/.apkg/bin/apkg': 'mine'})
    await assert.rejects(addToPath({...other, env: {}}), {code: 'FILE_UNWRITABLE'})
    assert.equal(await readFile(path.join(other.home, '.apkg/bin/apkg'), 'utf8'), 'mine')
  })

  it('add-to-path: names the startup file if it cannot be written', async (t) => {
    const place = await home(t, {'home/.zshrc/blocker': ''})
    await assert.rejects(addToPath({...place, env: {SHELL: 'zsh'}}), /\.zshrc/)
  })
})
