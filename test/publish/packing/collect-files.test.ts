import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {readdirSync, writeFileSync} from 'node:fs'
import {symlink} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import {collectFiles, type PackingRules, type SkippedFile} from '../../../src/publish/packing/collect-files.js'
import {makeTree} from '../../support/make-tree.js'

const manifest = {'apkg.json': '{}'}

async function collect(root: string, rules: Partial<PackingRules> = {}) {
  const {files, skipped, ...rest} = await collectFiles(root, {type: 'library', ...rules})
  const skippedFor = (reason: SkippedFile['reason']) =>
    skipped.filter((each) => each.reason === reason).map((each) => each.path)
  return {...rest, files, paths: files.map((file) => file.path), skippedFor}
}

describe('collectFiles', () => {
  it('collect files: skips secrets and .git at every depth, no matter what the rules say', async (t) => {
    const never = ['.git/config', 'sub/.git', 'node_modules/a.js', 'sub/deep/node_modules/b.js', 'apkg_packages/@a/b/c']
    const secret = ['.env', 'sub/.env.local', '.envrc', 'sub/server.pem', 'TLS.KEY', '.ssh/id', 'a/id_rsa', '.npmrc']
    const rules = {'.apkgignore': '!*\n!**\n!.env\n!.git/\n!node_modules/**\n!*.pem\n'}
    const files = Object.fromEntries([...never, ...secret, 'a.md'].map((name) => [name, 'x']))
    const root = await makeTree(t, {...manifest, ...rules, ...files})
    const {paths, skippedFor} = await collect(root)
    assert.deepEqual(paths, ['.apkgignore', 'a.md', 'apkg.json'])
    const expected = ['.env', '.envrc', '.npmrc', '.ssh/', 'TLS.KEY', 'a/id_rsa', 'sub/.env.local', 'sub/server.pem']
    assert.deepEqual(skippedFor('secret'), expected)
  })

  it('collect files: packs templates of `.env`, but not in a directory of secrets', async (t) => {
    const templates = ['.env.example', 'sub/.env.sample', '.ENV.Template']
    const secret = ['.env.example.local', '.env.examples', '.aws/.env.example', '.env.d/.env.example']
    const files = Object.fromEntries([...templates, ...secret].map((name) => [name, 'TOKEN=']))
    const {paths, skippedFor} = await collect(await makeTree(t, {...manifest, ...files}))
    assert.deepEqual(paths, [...templates, 'apkg.json'].sort())
    assert.deepEqual(skippedFor('secret'), ['.aws/', '.env.d/', '.env.example.local', '.env.examples'])
  })

  it('collect files: skips the defaults at every depth, unless a rule includes them', async (t) => {
    const files = {
      'a.tar.zst': '',
      'sub/.DS_Store': '',
      'sub/b.tar.zst': '',
      'target/x': '',
      'sub/target/y': '',
      'a.log': '',
    }
    const plain = await collect(await makeTree(t, {...manifest, ...files, '.apkgignore': '*.log\n'}))
    assert.deepEqual(plain.paths, ['apkg.json', 'sub/target/y'])
    const included = await collect(await makeTree(t, {...manifest, ...files, '.apkgignore': '!*.tar.zst\n!/target/\n'}))
    assert.deepEqual(included.paths, ['a.log', 'a.tar.zst', 'apkg.json', 'sub/b.tar.zst', 'sub/target/y', 'target/x'])
  })

  it('collect files: packs manifest, readme and license even if a rule ignores them', async (t) => {
    const files = {'README.md': '', LICENSE: '', 'a.md': '', 'docs/README.md': '', '.apkgignore': '*\n'}
    const {paths} = await collect(await makeTree(t, {...manifest, ...files}))
    assert.deepEqual(paths, ['LICENSE', 'README.md', 'apkg.json'])
  })

  it('collect files: a secret that `.apkgignore` lists is not reported', async (t) => {
    const files = {'.env': '', '.apkgignore': '.env\n', 'a.md': ''}
    const {paths, skippedFor} = await collect(await makeTree(t, {...manifest, ...files}))
    assert.deepEqual(paths, ['a.md', 'apkg.json'])
    assert.deepEqual(skippedFor('secret'), [])
  })

  it('collect files: rules must be a small regular file within the project', async (t) => {
    const elsewhere = await makeTree(t, {rules: 'a.md\n'})
    const wrong: [RegExp, (file: string) => unknown][] = [
      [/is not a file/, (file) => execFileSync('mkfifo', [file])],
      [/larger than 1048576 bytes/, (file) => writeFileSync(file, 'a\n'.repeat(600_000))],
      [/a link that points outside of its directory/, (file) => symlink(path.join(elsewhere, 'rules'), file)],
    ]
    for (const [message, place] of wrong) {
      const root = await makeTree(t, {...manifest, 'sub/a.md': ''})
      await place(path.join(root, 'sub/.apkgignore'))
      await assert.rejects(collect(root), {code: 'FILE_UNREADABLE', message})
    }
    const root = await makeTree(t, {...manifest, 'rules.txt': 'a.md\n', 'sub/a.md': ''})
    await symlink('../rules.txt', path.join(root, 'sub/.apkgignore'))
    assert.deepEqual((await collect(root)).paths, ['apkg.json', 'rules.txt'])
  })

  it('collect files: reports every link, pipe and invalid name that is not ignored', async (t) => {
    const root = await makeTree(t, {...manifest, 'sub/a.md': '', '.apkgignore': 'ignored\n', 'node_modules/': ''})
    await symlink('/etc/passwd', path.join(root, 'outside'))
    await symlink('a.md', path.join(root, 'sub/within'))
    await symlink('sub', path.join(root, 'folder'))
    await symlink('sub', path.join(root, 'ignored'))
    execFileSync('mkfifo', [path.join(root, 'pipe')])
    writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), '')
    const problems: string[] = []
    const collectProblems = ({message}: Error) => problems.push(...message.split('\n').slice(1)) > 0
    await assert.rejects(collect(root), collectProblems)
    assert.deepEqual(problems, [
      '  - bad\uFFFD has a name that is not valid UTF-8',
      '  - folder is a symbolic link',
      '  - outside is a symbolic link',
      '  - pipe is neither a file nor a directory',
      '  - sub/within is a symbolic link',
    ])
  })

  it('collect files: stops at the maximum number of files', async (t) => {
    const files = Object.fromEntries(Array.from({length: 10_001}, (_, index) => [`f${100_000 + index}`, '']))
    const root = await makeTree(t, files)
    assert.equal(readdirSync(root).length, 10_001)
    await assert.rejects(collect(root), {
      code: 'PACKAGE_NOT_PACKABLE',
      message: /the package exceeds the maximum of 10000 files \(at f110000\)/,
    })
  })
})

describe('collectFiles: generated, private and configuration files', () => {
  it('collect files: skips generated and private files at every depth', async (t) => {
    const files = [
      ...['.pgpass', '.docker/config.json', '.docker/daemon.json', '.netrc', '.aws/credentials', 'x/.kube/config'],
      ...['id_rsa.old', 'keys/id_ed25519-work', 'keys/id_ed25519.pub', '.bash_history', 'x/.cargo/credentials.toml'],
      ...['apkg-lock.json', 'examples/apkg-lock.json', 'a.md', '.gitconfig', 'x/.yarnrc.yml', '.yarnrc'],
    ]
    const {paths, skippedFor} = await collect(await makeTree(t, Object.fromEntries(files.map((file) => [file, 'x']))))
    assert.deepEqual(paths, ['.docker/daemon.json', 'a.md'])
    const expected = [
      ...['.aws/', '.bash_history', '.docker/config.json', '.gitconfig', '.netrc', '.pgpass', '.yarnrc', 'id_rsa.old'],
      'keys/id_ed25519-work',
      ...['keys/id_ed25519.pub', 'x/.cargo/credentials.toml', 'x/.kube/config', 'x/.yarnrc.yml'],
    ]
    assert.deepEqual(skippedFor('secret'), expected)
  })

  it('collect files: skips configuration of tools at the root, also if it is a link', async (t) => {
    const files = ['.claude/settings.local.json', '.github/workflows/ci.yml', '.mcp.json', 'AGENTS.md', 'Settings.json']
    const root = await makeTree(t, {...manifest, ...Object.fromEntries(files.map((file) => [file, 'x']))})
    await symlink('AGENTS.md', path.join(root, 'CLAUDE.md'))
    await symlink('elsewhere', path.join(root, '.cursor'))
    const {paths, skippedFor} = await collect(root)
    assert.deepEqual(paths, ['apkg.json'])
    assert.deepEqual(skippedFor('tool-configuration').sort(), [
      ...['.claude/', '.cursor', '.github/', '.mcp.json', 'AGENTS.md', 'CLAUDE.md', 'Settings.json'],
    ])
  })

  it('collect files: skips the parts of a bare git repository at the root', async (t) => {
    const parts = ['HEAD', 'config', 'objects/a', 'objects/b', 'packed-refs', 'refs/b']
    const root = await makeTree(t, {
      ...manifest,
      ...Object.fromEntries([...parts, 'SKILL.md', 'hooks/run.sh'].map((file) => [file, 'x'])),
    })
    const {paths, skippedFor} = await collect(root)
    assert.deepEqual(paths, ['SKILL.md', 'apkg.json', 'hooks/run.sh'])
    assert.deepEqual(skippedFor('tool-configuration'), ['HEAD', 'config', 'objects/', 'packed-refs', 'refs/'])
    const config = await makeTree(t, {...manifest, config: 'x', 'refs/b': 'x'})
    assert.deepEqual((await collect(config)).paths, ['apkg.json', 'config', 'refs/b'])
  })

  it('collect files: refuses configuration of tools below the root, and names it', async (t) => {
    const cases = {
      'a settings file': {'skills/x/.claude/settings.json': '{}'},
      'instructions for a tool': {'docs/claude.md': 'x'},
      'a bare git repository': {'data/HEAD': 'ref: x', 'data/config': 'x', 'data/refs/x': 'x'},
      'MCP servers': {'src/mcp.json': '{}'},
    }
    for (const [title, files] of Object.entries(cases)) {
      const [file = ''] = Object.keys(files)
      const message = new RegExp(
        `^The package cannot be packed:\n {2}- ${file} would be read as configuration by a tool or by git`,
      )
      await assert.rejects(
        collect(await makeTree(t, {...manifest, ...files})),
        {code: 'PACKAGE_NOT_PACKABLE', message},
        title,
      )
      const ignored = await makeTree(t, {...manifest, ...files, '.apkgignore': `${path.dirname(file)}\n`})
      assert.deepEqual((await collect(ignored)).paths, ['apkg.json'])
    }
  })

  it('collect files: mcp.json is content of an MCP server only', async (t) => {
    const root = await makeTree(t, {...manifest, 'mcp.json': '{}', '.mcp.json': '{}'})
    assert.deepEqual((await collect(root, {type: 'mcp-server'})).paths, ['apkg.json', 'mcp.json'])
    assert.deepEqual((await collect(root, {type: 'skill'})).paths, ['apkg.json'])
  })

  it('collect files: skips what apkg created for tools', async (t) => {
    const ledger = {
      ...{setupVersion: 1, folders: [], unsupported: []},
      files: [{path: 'agents/placed.md', package: '@a/b', version: '1.0.0', tools: ['acme'], sha256: ['00']}],
    }
    const files = {'agents/placed.md': 'x', 'agents/own.md': 'x', 'apkg_packages/.setup.json': JSON.stringify(ledger)}
    const {paths, skippedFor} = await collect(await makeTree(t, {...manifest, ...files}))
    assert.deepEqual(paths, ['agents/own.md', 'apkg.json'])
    assert.deepEqual(skippedFor('created-by-apkg'), ['agents/placed.md'])
  })
})

describe('collectFiles: `files` in the manifest', () => {
  const tree = [
    ...['README.md', 'SKILL.md', 'dist/index.js', 'dist/test/a.js', 'docs/a.md', 'docs/deep/b.md', 'src/index.ts'],
    ...['node_modules/x/index.js', '.env'],
  ]
  const all = Object.fromEntries(tree.map((file) => [file, 'x']))

  const cases: [string[], string[]][] = [
    [
      ['dist', 'SKILL.md'],
      ['SKILL.md', 'dist/index.js', 'dist/test/a.js'],
    ],
    [['./dist/', '!dist/test'], ['dist/index.js']],
    [['**/*.md'], ['SKILL.md', 'docs/a.md', 'docs/deep/b.md']],
    [
      ['docs/*/b.md', '/src'],
      ['docs/deep/b.md', 'src/index.ts'],
    ],
    [['node_modules', '.env', 'SKILL.md'], ['SKILL.md']],
  ]
  for (const [files, expected] of cases) {
    it(`collect files: only files that \`files\` names are packed: ${files.join(', ')}`, async (t) => {
      const {paths} = await collect(await makeTree(t, {...manifest, ...all}), {files})
      assert.deepEqual(paths, ['README.md', 'apkg.json', ...expected].sort())
    })
  }

  it('collect files: `files` names files that git ignores, and patterns that name nothing are returned', async (t) => {
    const root = await makeTree(t, {...manifest, ...all, '.gitignore': 'dist/\ndocs/\n'})
    const plain = await collect(root)
    assert.deepEqual(plain.paths, ['.gitignore', 'README.md', 'SKILL.md', 'apkg.json', 'src/index.ts'])
    assert.deepEqual(plain.skippedFor('git'), ['dist/', 'docs/'])
    const named = await collect(root, {files: ['dist/index.js', 'build', 'src']})
    assert.deepEqual(named.paths, ['README.md', 'apkg.json', 'dist/index.js', 'src/index.ts'])
    assert.deepEqual(named.unusedNames, ['build'])
  })

  it('collect files: `.apkgignore` overrides `files`', async (t) => {
    const root = await makeTree(t, {...manifest, ...all, '.apkgignore': 'test\n'})
    assert.deepEqual((await collect(root, {files: ['dist']})).paths, ['README.md', 'apkg.json', 'dist/index.js'])
  })
})

describe('.apkgignore', () => {
  /** What git would add if the rules were in `.gitignore` files. */
  function gitAdds(root: string): string[] {
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], {encoding: 'utf8'})
    git('init', '--quiet')
    return git('-c', 'core.excludesFile=', 'ls-files', '-z', '--others', '--exclude-standard')
      .split('\0')
      .filter((name) => name !== '' && !name.endsWith('.gitignore'))
      .sort()
  }

  const files = [
    ...['a.md', 'a.log', 'build/x', 'build/keep/y', 'sub/a.log', 'sub/build/z', 'sub/keep.log', 'sub/deep/a.md'],
    ...['secrets/s', 'sub/secrets/s', 'sub/deep/secrets/s', '#hash', 'sp ace/a', '[x]/a.md', '[x]/b.log', '!bang'],
  ]

  const cases: Record<string, Record<string, string>> = {
    'a folder with a trailing slash, anywhere': {'': 'secrets/\n'},
    'a folder with a leading slash, at the top': {'': '/secrets\n'},
    'a negated line without effect': {'': '*.log\n!keep.log\n'},
    'files in an ignored folder cannot be included': {'': 'build/\n!build/keep/y\n'},
    'comments, blanks, escapes and trailing spaces': {'': '# a.md\n\n\\#hash\n\\!bang\n*.log   \n'},
    'rules of an inner folder come last': {'': '*.log\nbuild/\n', sub: '!keep.log\n!build/\n'},
    'rules of an inner folder apply only below it': {sub: '*.log\n/secrets\ndeep/secrets/\n'},
    'a folder with pattern characters in its name': {'[x]': '*.log\n', 'sp ace': 'a\n'},
    'two stars and ranges': {'': '**/deep/**\n[ab].log\nsub/*/z\n'},
  }
  for (const [title, rules] of Object.entries(cases)) {
    it(`.apkgignore: works like .gitignore: ${title}`, async (t) => {
      const rulesAs = (name: string) =>
        Object.fromEntries(Object.entries(rules).map(([folder, text]) => [path.join(folder, name), text]))
      const contents = Object.fromEntries(files.map((file) => [file, 'x']))
      const ours = await collect(await makeTree(t, {...contents, ...rulesAs('.apkgignore')}))
      const expected = gitAdds(await makeTree(t, {...contents, ...rulesAs('.gitignore')}))
      assert.deepEqual([...ours.paths].sort(), expected)
      assert.ok(expected.length < files.length)
    })
  }
})
