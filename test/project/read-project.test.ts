import assert from 'node:assert/strict'
import {chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {withDependencies} from '../../src/project/edit-dependencies.js'
import {readProject} from '../../src/project/read-project.js'
import {replaceFile} from '../../src/files/replace-file.js'

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

describe('reading a project', () => {
  it('takes a manifest with name, version and type, and gives the rest its documented default', async (t) => {
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

  it('takes the documented blocks and types, and warns of a field that it does not know', async (t) => {
    const blocks = {skill: {capabilities: ['a']}, agent: {tools: []}, main: 'skill.md'}
    const {warnings} = await projectOf(t, JSON.stringify({...least, type: 'composite', ...blocks, 'scr\u001Bipts': {}}))
    assert.deepEqual(warnings, ['`scr\\u{1b}ipts` is not a field of apkg.json'])
  })

  it('passes over a byte order mark, which goes when the dependencies change', async (t) => {
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
      `${JSON.stringify({...least, dependencies}, null, 2)}\n`,
    )
  })

  it('says what is missing, unreadable or wrong', async (t) => {
    const folder = await folderOf(t)
    await assert.rejects(readProject(folder), {code: 'MANIFEST_NOT_FOUND', exitCode: 1})
    await assert.rejects(projectOf(t, '{'), {code: 'MANIFEST_INVALID', message: /apkg\.json: it is not JSON: .+$/})
    const trailingComma = '{\n  "name": "@ada/tool",\n  "version": "1.0.0",\n}\n'
    await assert.rejects(projectOf(t, trailingComma), {message: /it is not JSON: Expected .+ in line 4$/})
    const conflicted = '{\n<<<<<<< HEAD\n  "version": "1.0.0"\n=======\n  "version": "1.1.0"\n>>>>>>> other\n}\n'
    await assert.rejects(projectOf(t, conflicted), {message: /apkg\.json: it holds the conflict markers of a merge$/})
    await assert.rejects(projectOf(t, '{"name": 1}'), {code: 'MANIFEST_INVALID', message: /`name` must be a text$/})
    const large = JSON.stringify({...least, description: 'x'.repeat(1024 * 1024)})
    await assert.rejects(projectOf(t, large), {code: 'MANIFEST_INVALID', message: /larger than 1048576 bytes/})
    await mkdir(path.join(folder, 'apkg.json'))
    await assert.rejects(readProject(folder), {code: 'MANIFEST_INVALID', message: /apkg\.json: it is not a file$/})
  })
})

describe('changing the dependencies of a manifest', () => {
  const add = (dependencies: Record<string, string>) => ({...dependencies, '@ada/b': '^1.0.0', '@ada/a': '*'})

  it('keeps unknown fields, their order, the indentation and the last line end', async (t) => {
    const text = `{
\t"version": "1.0.0",
\t"future": {"kept": [1]},
\t"name": "@ada/tool",
\t"dependencies": {},
\t"type": "skill"
}
`
    const changed = withDependencies(await projectOf(t, text), add)
    assert.equal(
      changed,
      `{
\t"version": "1.0.0",
\t"future": {
\t\t"kept": [
\t\t\t1
\t\t]
\t},
\t"name": "@ada/tool",
\t"dependencies": {
\t\t"@ada/a": "*",
\t\t"@ada/b": "^1.0.0"
\t},
\t"type": "skill"
}
`,
    )
  })

  it('keeps the line ends of Windows, no line end at all, and an object on one line', async (t) => {
    const pretty = JSON.stringify(least, null, 4)
    const windows = withDependencies(await projectOf(t, pretty.replaceAll('\n', '\r\n')), add)
    assert.equal(windows.replaceAll('\r\n', '\n'), JSON.stringify({...least, dependencies: add({})}, sorted, 4))
    assert.ok(!/(?<!\r)\n/.test(windows))
    const line = withDependencies(await projectOf(t, JSON.stringify(least)), add)
    assert.equal(line, JSON.stringify({...least, dependencies: add({})}, sorted))
  })

  it('has no field for them when the last one goes, as before the first one came', async (t) => {
    const text = `${JSON.stringify(least, null, 2)}\n`
    const added = withDependencies(await projectOf(t, text), add)
    assert.equal(
      withDependencies(await projectOf(t, added), () => ({})),
      text,
    )
  })

  it('leaves the text as it is where nothing changes, in whatever order it stood', async (t) => {
    const text = '{ "name":"@ada/tool","version":"1.0.0", "type":"skill","dependencies":{"@b/b":"1","@a/a":"2"} }'
    assert.equal(
      withDependencies(await projectOf(t, text), (same) => same),
      text,
    )
  })
})

/** Puts the two dependencies of `add` into their order. */
function sorted(key: string, value: unknown): unknown {
  return key === 'dependencies' ? Object.fromEntries(Object.entries(value as object).sort()) : value
}

describe('replacing a file', () => {
  it('makes a new one, and keeps the mode of an old one', async (t) => {
    const file = path.join(await folderOf(t), 'apkg.json')
    await replaceFile(file, 'one')
    await chmod(file, 0o640)
    await replaceFile(file, Buffer.from('two'))
    assert.equal(await readFile(file, 'utf8'), 'two')
    assert.equal((await stat(file)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(path.dirname(file)), ['apkg.json'])
  })

  it('replaces what a link leads to within the folder, and leaves the link', async (t) => {
    const folder = await folderOf(t)
    await mkdir(path.join(folder, 'shared'))
    await writeFile(path.join(folder, 'shared/real.json'), 'old')
    await symlink('shared/real.json', path.join(folder, 'apkg.json'))
    await replaceFile(path.join(folder, 'apkg.json'), 'new')
    assert.ok((await lstat(path.join(folder, 'apkg.json'))).isSymbolicLink())
    assert.equal(await readFile(path.join(folder, 'shared/real.json'), 'utf8'), 'new')
  })

  it('does not write through a link that leads out of the folder', async (t) => {
    const [folder, elsewhere] = [await folderOf(t), await folderOf(t)]
    await writeFile(path.join(elsewhere, 'victim'), 'old')
    await symlink(path.join(elsewhere, 'victim'), path.join(folder, 'apkg.json'))
    await symlink(elsewhere, path.join(folder, 'out'))
    await symlink('out/victim', path.join(folder, 'by-folder.json'))
    for (const link of ['apkg.json', 'by-folder.json']) {
      await assert.rejects(replaceFile(path.join(folder, link), 'new'), {
        code: 'FILE_UNWRITABLE',
        message: /json cannot be written: it is a link that leads out of its folder$/,
      })
      assert.ok((await lstat(path.join(folder, link))).isSymbolicLink())
    }
    assert.equal(await readFile(path.join(elsewhere, 'victim'), 'utf8'), 'old')
    assert.deepEqual(await readdir(elsewhere), ['victim'])
    assert.deepEqual((await readdir(folder)).sort(), ['apkg.json', 'by-folder.json', 'out'])
  })

  it('replaces a link itself where that is asked for', async (t) => {
    const [folder, elsewhere] = [await folderOf(t), await folderOf(t)]
    await writeFile(path.join(elsewhere, 'victim'), 'old', {mode: 0o600})
    const file = path.join(folder, 'tool.tar.zst')
    await symlink(path.join(elsewhere, 'victim'), file)
    await replaceFile(file, 'new', {link: 'replace'})
    assert.equal(await readFile(path.join(elsewhere, 'victim'), 'utf8'), 'old')
    const replaced = await lstat(file)
    assert.ok(replaced.isFile())
    assert.equal(replaced.mode & 0o111, 0)
    assert.equal(await readFile(file, 'utf8'), 'new')
  })

  it('leaves nothing behind where it fails, and says why', async (t) => {
    const folder = await folderOf(t)
    await mkdir(path.join(folder, 'apkg.json/inside'), {recursive: true})
    const replaced = replaceFile(path.join(folder, 'apkg.json'), 'text')
    await assert.rejects(replaced, {code: 'FILE_UNWRITABLE', message: /apkg\.json cannot be written: it is a folder$/})
    assert.deepEqual(await readdir(folder), ['apkg.json'])
  })
})
