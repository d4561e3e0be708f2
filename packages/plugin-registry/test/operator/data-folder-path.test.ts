import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {it} from 'node:test'

import {dataFolderPath} from '../../src/operator/data-folder-path.js'

it('data directory: %LOCALAPPDATA% on Windows, unless a registry exists where earlier versions had it', async (t) => {
  const home = await mkdtemp(path.join(tmpdir(), 'apkg-data-'))
  t.after(() => rm(home, {recursive: true, force: true}))
  const env = {LOCALAPPDATA: path.join(home, 'AppData', 'Local')}
  const earlier = path.join(home, '.local', 'share', 'apkg-registry')
  assert.equal(dataFolderPath(undefined, {env, home}, 'linux'), earlier)
  assert.equal(dataFolderPath(undefined, {env: {}, home}, 'win32'), earlier)
  assert.equal(dataFolderPath(undefined, {env, home}, 'win32'), path.join(env.LOCALAPPDATA, 'apkg-registry'))
  assert.equal(dataFolderPath('data', {env, home}, 'win32'), path.resolve('data'))
  await mkdir(earlier, {recursive: true})
  await writeFile(path.join(earlier, 'registry.db'), '')
  assert.equal(dataFolderPath(undefined, {env, home}, 'win32'), earlier)
})
