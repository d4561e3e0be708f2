import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {lstat, readdir, readFile, symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Pack from '../../src/commands/pack.js'
import {failureOf, seen, startWorld} from '../support/command.js'
import {makeTree} from '../support/make-tree.js'

const fields = {name: '@ada/tool', version: '1.0.0', type: 'skill', description: 'A tool'}
const files = {'apkg.json': `${JSON.stringify(fields)}\n`, 'skill.md': '# A skill\n'}

/** The name of the tarball. */
const file = 'ada-tool-1.0.0.tar.zst'

async function integrityOf(tarball: string): Promise<string> {
  return `sha256-${createHash('sha256')
    .update(await readFile(tarball))
    .digest('base64')}`
}

describe('pack', () => {
  it('pack: writes the tarball and prints its path on the last line, without a request', async (t) => {
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

  it('pack: suggests the type and the tools that were probably meant', async (t) => {
    const {run} = await startWorld(t)
    const wrong = {...fields, type: 'skil', targets: ['curser', 'kiro', 'emacs-of-old'], origin: 'codx'}
    const cwd = await makeTree(t, {...files, 'apkg.json': JSON.stringify(wrong)})
    const {stderr} = await run(Pack, [], {cwd})
    const meant = stderr
      .split('\n')
      .flatMap((line) => /`(\w+)` .* \(did you mean `([\w-]+)`\?\)\.$/.exec(line)?.slice(1) ?? [])
    assert.deepEqual(meant, ['type', 'skill', 'targets', 'cursor', 'origin', 'codex'])
  })

  it('pack: ignores the tarball of an earlier run', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const [first, second] = [await run(Pack, [], {cwd}), await run(Pack, [], {cwd})]
    assert.equal(first.exitCode, 0)
    assert.equal(first.stdout, second.stdout)
  })

  it('pack: --json prints the result', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const {stdout} = await run(Pack, ['--json'], {cwd})
    const tarball = path.join(cwd, file)
    const sizes = Object.entries(files).map(([name, text]) => ({path: name, size: text.length}))
    assert.deepEqual(JSON.parse(stdout), {
      ...{name: '@ada/tool', version: '1.0.0', file, path: tarball, integrity: await integrityOf(tarball)},
      ...{size: (await readFile(tarball)).length, unpackedSize: sizes[0]!.size + sizes[1]!.size, files: sizes},
      skipped: [],
    })
  })

  it('pack: --dry-run lists the files and writes nothing', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    const {stdout, stderr, exitCode} = await run(Pack, ['--dry-run'], {cwd})
    assert.match(
      stdout,
      /^77 B {2}apkg\.json\n10 B {2}skill\.md\nFiles: 2\nUnpacked size: 87 B\nSize: \d+ B\nIntegrity: sha256-.{44}\n$/,
    )
    assert.equal(stderr, 'Packing @ada/tool@1.0.0 ...\nNothing was written (--dry-run).\n')
    assert.equal(exitCode, 0)
    assert.deepEqual((await readdir(cwd)).sort(), ['apkg.json', 'skill.md'])
  })

  it('pack: packs a project with an unscoped name, and warns that it cannot be published', async (t) => {
    const {run} = await startWorld(t)
    const unscoped = {...fields, name: 'tool', type: 'project', extra: 1}
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify(unscoped), '.env': 'A=b'})
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.equal(
      stderr,
      `Packing tool@1.0.0 ...
Warning: \`extra\` is not a field of apkg.json
Warning: Not ready to publish: \`name\` must be scoped: @username/name or @org/name.
Warning: Not ready to publish: \`type\` is \`project\`; a project uses packages and is not published.
Warning: Skipped files that may contain secrets: .env.
Packed tool-1.0.0.tar.zst
`,
    )
    assert.equal(exitCode, 0)
  })

  it('pack: writes nothing if name or version cannot be part of a file name', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify({...fields, name: '../evil', version: '1/../../x'})})
    const {message, ...failure} = failureOf({...(await run(Pack, ['--json'], {cwd})), stderr: ''})
    assert.deepEqual(failure, {code: 'MANIFEST_UNPUBLISHABLE', exitCode: 1})
    assert.match(message, /`name` is not a valid package name\n {2}- `version` must be a semantic version/)
    assert.deepEqual(await readdir(cwd), ['apkg.json'])
  })

  it('pack: refuses a symbolic link, and writes nothing', async (t) => {
    const {run} = await startWorld(t)
    const cwd = await makeTree(t, files)
    await symlink('skill.md', path.join(cwd, 'other.md'))
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.equal(
      stderr,
      `Packing @ada/tool@1.0.0 ...
Error: The package cannot be packed:
  - other.md is a symbolic link
  hint: remove or rename these files, or list them in .apkgignore
`,
    )
    assert.equal(exitCode, 1)
  })

  it('pack: refuses a package without the definition that its type needs', async (t) => {
    const {run} = await startWorld(t)
    for (const type of ['skill', 'agent', 'command', 'rule']) {
      const cwd = await makeTree(t, {
        'apkg.json': JSON.stringify({...fields, type}),
        'README.md': '# Hi\n',
        'sub/x.md': '',
      })
      const {stderr, exitCode} = await run(Pack, [], {cwd})
      assert.equal(exitCode, 1)
      assert.match(stderr, new RegExp(`Error: The package has no definition that a tool can read: an? ${type} needs `))
      assert.ok(!(await readdir(cwd)).includes(file))
    }
  })

  it('pack: reports file and line of invalid frontmatter', async (t) => {
    const {run} = await startWorld(t)
    const text = '---\nname: x\nthis is not a field\n---\n# Hi\n'
    const cwd = await makeTree(t, {'apkg.json': JSON.stringify({...fields, type: 'agent'}), 'agents/a.md': text})
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.match(
      stderr,
      /Error: The frontmatter of agents\/a\.md is invalid at line 3: .*\n {2}hint: fix line 3 of agents\/a\.md\n$/,
    )
    assert.equal(exitCode, 1)
  })

  it('pack: lists skipped configuration of tools, and says that no tool reads a composite package', async (t) => {
    const {run} = await startWorld(t)
    const manifest = JSON.stringify({...fields, type: 'composite'})
    const cwd = await makeTree(t, {'apkg.json': manifest, '.claude/settings.json': '{}', 'CLAUDE.md': ''})
    const {stderr, exitCode} = await run(Pack, [], {cwd})
    assert.equal(
      stderr,
      `Packing @ada/tool@1.0.0 ...
Skipped tool configuration: .claude/, CLAUDE.md
No tool reads packages of type composite: they are installed, but not set up
Packed ${file}
`,
    )
    assert.equal(exitCode, 0)
    const {skipped} = JSON.parse((await run(Pack, ['--json', '--dry-run'], {cwd})).stdout)
    assert.deepEqual(skipped, [
      {path: '.claude/', reason: 'tool-configuration'},
      {path: 'CLAUDE.md', reason: 'tool-configuration'},
    ])
  })

  it('pack: replaces a link with the name of the tarball, not its target', async (t) => {
    const {run} = await startWorld(t)
    const victim = path.join(await makeTree(t, {victim: 'precious'}), 'victim')
    const cwd = await makeTree(t, files)
    await symlink(victim, path.join(cwd, file))
    assert.equal((await run(Pack, [], {cwd})).exitCode, 0)
    assert.equal(await readFile(victim, 'utf8'), 'precious')
    assert.ok((await lstat(path.join(cwd, file))).isFile())
  })

  it('pack: requires a manifest', async (t) => {
    const {run, home} = await startWorld(t)
    const failure = failureOf(await run(Pack, ['--json']))
    const message = `Manifest not found: no apkg.json in ${home}`
    assert.deepEqual(failure, {code: 'MANIFEST_NOT_FOUND', message, exitCode: 1})
  })
})
