import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {withDependencies} from '../../src/project/edit-dependencies.js'
import {readProject} from '../../src/project/read-project.js'

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-project-'))
  t.after(() => rm(folder, {recursive: true, force: true}))
  return folder
}

async function projectOf(t: TestContext, text: string) {
  const folder = await folderOf(t)
  await writeFile(path.join(folder, 'apkg.json'), text)
  return readProject(folder)
}

const least = {name: '@ada/tool', version: '1.0.0', type: 'skill'}

describe('readProject', () => {
  it('readProject: accepts a manifest with just name, version and type, and adds the documented defaults', async (t) => {
    const {manifest, warnings} = await projectOf(t, JSON.stringify(least))
    const defaults = {
      description: '',
      license: 'MIT',
      visibility: 'public',
      keywords: [],
      authors: [],
      dependencies: {},
    }
    assert.deepEqual(manifest, {...least, ...defaults})
    assert.deepEqual(warnings, [])
  })

  it('readProject: accepts the documented blocks and types, and warns about an unknown field', async (t) => {
    const blocks = {skill: {capabilities: ['a']}, agent: {tools: []}, main: 'skill.md'}
    const {warnings} = await projectOf(t, JSON.stringify({...least, type: 'composite', ...blocks, 'scr\u001Bipts': {}}))
    assert.deepEqual(warnings, ['`scr\\u{1b}ipts` is not a field of apkg.json'])
  })

  it('readProject: ignores a byte order mark, and keeps it when the dependencies change', async (t) => {
    const text = `\uFEFF${JSON.stringify(least, null, 2)}\n`
    const project = await projectOf(t, text)
    assert.equal(project.manifest.name, least.name)
    assert.equal(
      withDependencies(project, (same) => same),
      text,
    )
    const dependencies = {'@a/x': '^1.0.0'}
    assert.equal(
      withDependencies(project, () => dependencies),
      `\uFEFF${JSON.stringify({...least, dependencies}, null, 2)}\n`,
    )
  })

  it('readProject: reports a missing, unreadable or invalid manifest with the reason', async (t) => {
    const folder = await folderOf(t)
    await assert.rejects(readProject(folder), {code: 'MANIFEST_NOT_FOUND', exitCode: 1})
    await assert.rejects(projectOf(t, '{'), {
      code: 'MANIFEST_INVALID',
      message: /apkg\.json: it is not valid JSON: .+$/,
    })
    const trailingComma = '{\n  "name": "@ada/tool",\n  "version": "1.0.0",\n}\n'
    await assert.rejects(projectOf(t, trailingComma), {message: /it is not valid JSON: Expected .+ on line 4$/})
    const conflicted = '{\n<<<<<<< HEAD\n  "version": "1.0.0"\n=======\n  "version": "1.1.0"\n>>>>>>> other\n}\n'
    await assert.rejects(projectOf(t, conflicted), {message: /apkg\.json: it contains merge conflict markers$/})
    await assert.rejects(projectOf(t, '{"name": 1}'), {code: 'MANIFEST_INVALID', message: /`name` must be a string$/})
    const large = JSON.stringify({...least, description: 'x'.repeat(1024 * 1024)})
    await assert.rejects(projectOf(t, large), {code: 'MANIFEST_INVALID', message: /larger than 1048576 bytes/})
    await mkdir(path.join(folder, 'apkg.json'))
    await assert.rejects(readProject(folder), {code: 'MANIFEST_INVALID', message: /apkg\.json: it is not a file$/})
  })
})
