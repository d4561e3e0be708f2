import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {lstat, readdir, readFile, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Pack from '../../src/commands/pack.js'
import {failureOf, seen, startWorld} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'

const fields = {name: '@ada/tool', version: '1.0.0', type: 'skill'}
const files = {'apkg.json': `${JSON.stringify(fields)}\n`, 'skill.md': '# A skill\n'}

/** What a tarball of `files` is called. */
const file = 'ada-tool-1.0.0.tar.zst'

async function integrityOf(tarball: string): Promise<string> {
  return `sha256-${createHash('sha256')
    .update(await readFile(tarball))
    .digest('base64')}`
}

describe('pack', () => {
  it('writes the tarball and says where it is, on the last line of stdout, without asking the registry', async (t) => {
    const {run, registry} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const outcome = await run(Pack, [], {cwd})
    const tarball = path.join(cwd, file)
    const size = (await readFile(tarball)).length
    assert.deepEqual(seen(outcome), {
      stdout: `Size: ${size} B\nIntegrity: ${await integrityOf(tarball)}\n${tarball}\n`,
      stderr: `Packing @ada/tool@1.0.0 ...\nPacked ${file}\n`,
      exitCode: 0,
    })
    assert.deepEqual(registry.requests, [])
  })

  it('packs the same digest again, though the first tarball lies in the folder', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const [first, second] = [await run(Pack, [], {cwd}), await run(Pack, [], {cwd})]
    assert.equal(first.exitCode, 0)
    assert.equal(first.stdout, second.stdout)
  })

  it('holds it all under --json', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const {stdout} = await run(Pack, ['--json'], {cwd})
    const tarball = path.join(cwd, file)
    const sizes = Object.entries(files).map(([name, text]) => ({path: name, size: text.length}))
    assert.deepEqual(JSON.parse(stdout), {
      ...{name: '@ada/tool', version: '1.0.0', file, path: tarball, integrity: await integrityOf(tarball)},
      ...{size: (await readFile(tarball)).length, unpackedSize: sizes[0]!.size + sizes[1]!.size, files: sizes},
    })
  })

  it('lists what would be packed, and writes nothing, with --dry-run', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const {stdout, stderr, exitCode} = await run(Pack, ['--dry-run'], {cwd})
    assert.match(
      stdout,
      /^54 B {2}apkg\.json\n10 B {2}skill\.md\nFiles: 2\nUnpacked size: 64 B\nSize: \d+ B\nIntegrity: sha256-.{44}\n$/,
    )
    assert.equal(stderr, 'Packing @ada/tool@1.0.0 ...\nNothing was written (--dry-run).\n')
    assert.equal(exitCode, 0)
    assert.deepEqual((await readdir(cwd)).sort(), ['apkg.json', 'skill.md'])
  })

  it('takes an unscoped name and a project, and says what keeps them from being published', async (t) => {
    const {run} = await startWorld(t)
    const unscoped = {...fields, name: 'tool', type: 'project', extra: 1}
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify(unscoped), '.env': 'A=b'})
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.equal(
      stderr,
      `Packing tool@1.0.0 ...
Warning: \`extra\` is not a field of apkg.json
Warning: Cannot be published as it is: \`name\` must be scoped: @username/name or @org/name.
Warning: Cannot be published as it is: \`type\` is \`project\`; a project uses packages and is not published.
Warning: Left out, since such files hold secrets: .env.
Packed tool-1.0.0.tar.zst
`,
    )
    assert.equal(exitCode, 0)
  })

  it('writes nothing for a name or a version that no file can have', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify({...fields, name: '../evil', version: '1/../../x'})})
    const {message, ...failure} = failureOf({...(await run(Pack, ['--json'], {cwd})), stderr: ''})
    assert.deepEqual(failure, {code: 'MANIFEST_UNPUBLISHABLE', exitCode: 1})
    assert.match(message, /`name` is no name of a package\n {2}- `version` must be a semantic version/)
    assert.deepEqual(await readdir(cwd), ['apkg.json'])
  })

  it('names a link that is in the way, and writes nothing', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    await symlink('skill.md', path.join(cwd, 'other.md'))
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.equal(
      stderr,
      `Packing @ada/tool@1.0.0 ...
Error: The package cannot be packed:
  - other.md is a symbolic link; a package holds files and folders
  hint: remove what is named, or list it in .apkgignore
`,
    )
    assert.equal(exitCode, 1)
  })

  it('takes the place of a link that has the name of the tarball, and not of what it leads to', async (t) => {
    const {run} = await startWorld(t)
    const victim = path.join(await makeTree(t, {victim: 'precious'}), 'victim')
    const cwd = await makeTree(t, files)
    await symlink(victim, path.join(cwd, file))
    assert.equal((await run(Pack, [], {cwd})).exitCode, 0)
    assert.equal(await readFile(victim, 'utf8'), 'precious')
    assert.ok((await lstat(path.join(cwd, file))).isFile())
  })

  it('needs a manifest', async (t) => {
    const {run, home} = await startWorld(t)
    const failure = failureOf(await run(Pack, ['--json']))
    const message = `Manifest not found: there is no apkg.json in ${home}`
    assert.deepEqual(failure, {code: 'MANIFEST_NOT_FOUND', message, exitCode: 1})
  })
})
