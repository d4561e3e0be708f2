import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
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

describe('withDependencies', () => {
  const add = (dependencies: Record<string, string>) => ({...dependencies, '@ada/b': '^1.0.0', '@ada/a': '*'})

  it('withDependencies: keeps unknown fields, their order, the indentation and the final newline', async (t) => {
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
\t"future": {"kept": [1]},
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

  it('withDependencies: keeps CRLF, a missing final newline, and an object on one line', async (t) => {
    const pretty = JSON.stringify(least, null, 4)
    const windows = withDependencies(await projectOf(t, pretty.replaceAll('\n', '\r\n')), add)
    assert.equal(windows.replaceAll('\r\n', '\n'), JSON.stringify({...least, dependencies: add({})}, sorted, 4))
    assert.ok(!/(?<!\r)\n/.test(windows))
    const line = withDependencies(await projectOf(t, JSON.stringify(least)), add)
    assert.equal(line, JSON.stringify({...least, dependencies: add({})}, sorted))
  })

  it('withDependencies: keeps the spelling of numbers and strings, and a byte order mark', async (t) => {
    const text = '\uFEFF{"name":"@ada/tool", "version":"1.0.0","type":"skill","x-ratio":1.50,"x":[1e2, "\\u00e9"]}\n'
    const changed = withDependencies(await projectOf(t, text), add)
    assert.equal(changed, text.replace(/\}\n$/, ',"dependencies":{"@ada/a":"*","@ada/b":"^1.0.0"}}\n'))
    assert.equal(
      withDependencies(await projectOf(t, changed), () => ({})),
      text,
    )
  })

  it('withDependencies: replaces or removes the field that JSON.parse sees, wherever it is', async (t) => {
    const text =
      '{"dependencies":{"@b/b":"1"},"name":"@ada/tool","dependencies": {"@b/b":"2"} ,"version":"1.0.0","type":"skill"}'
    const changed = JSON.parse(withDependencies(await projectOf(t, text), add)) as {dependencies: object}
    assert.deepEqual(changed.dependencies, {'@ada/a': '*', '@ada/b': '^1.0.0', '@b/b': '2'})
    const removed = withDependencies(await projectOf(t, text), () => ({}))
    assert.equal(removed, '{"name":"@ada/tool" ,"version":"1.0.0","type":"skill"}')
  })

  it('withDependencies: removes the field with the last dependency', async (t) => {
    const text = `${JSON.stringify(least, null, 2)}\n`
    const added = withDependencies(await projectOf(t, text), add)
    assert.equal(
      withDependencies(await projectOf(t, added), () => ({})),
      text,
    )
  })

  it('withDependencies: keeps the text byte for byte if nothing changes, even if it is not sorted', async (t) => {
    const text = '{ "name":"@ada/tool","version":"1.0.0", "type":"skill","dependencies":{"@b/b":"1","@a/a":"2"} }'
    assert.equal(
      withDependencies(await projectOf(t, text), (same) => same),
      text,
    )
  })
})

/** A JSON.stringify replacer that sorts the dependencies. */
function sorted(key: string, value: unknown): unknown {
  return key === 'dependencies' ? Object.fromEntries(Object.entries(value as object).sort()) : value
}
