import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {chmod, mkdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Add from '../../src/commands/add.js'
import ConfigSet from '../../src/commands/config/set.js'
import Install from '../../src/commands/install.js'
import Link from '../../src/commands/link.js'
import Remove from '../../src/commands/remove.js'
import Setup from '../../src/commands/setup.js'
import TrustSet from '../../src/commands/trust/set.js'
import Unlink from '../../src/commands/unlink.js'
import Update from '../../src/commands/update.js'
import {publishPackage, sessionOf, type Draft} from '../support/publish-package.js'
import {startProject, type TestProject} from '../support/project.js'
import {password, startRegistry} from '../support/registry.js'
import {statesOf} from '../support/set-up-project.js'
import {writeTree} from '../support/make-tree.js'

const skill: Draft = {
  name: '@ada/review',
  files: {
    'SKILL.md': '---\nname: review\ndescription: Reviews code\n---\n\nRun scripts/check.sh, see references/style.md.\n',
    'scripts/check.sh': '#!/bin/sh\necho checked\n',
    'references/style.md': '# Style\n',
  },
}
const agent: Draft = {
  name: '@ada/tester',
  type: 'agent',
  files: {'tester.md': '---\nname: tester\ndescription: Tests\n---\n\nTest it.\n'},
}
const command: Draft = {
  name: '@ada/ship',
  type: 'command',
  files: {'ship.md': '---\ndescription: Ships\n---\n\nShip $ARGUMENTS.\n'},
}
const rule: Draft = {
  name: '@ada/style',
  type: 'rule',
  files: {'style.md': '---\ndescription: Style\n---\n\nUse tabs.\n'},
}
const bundle: Draft = {
  name: '@ada/bundle',
  dependencies: {'@ada/review': '^1.0.0'},
  files: {'SKILL.md': '---\nname: bundle\ndescription: Brings others\n---\n\nBundle.\n'},
}

/** A registry of ours with ada's packages, and a project of hers in which two tools are used. */
async function start(t: TestContext, folders: readonly string[] = ['.claude', '.cursor']) {
  const registry = await startRegistry(t)
  await registry.addUser('ada')
  const session = await sessionOf(registry.url, 'ada', password)
  const publish = (draft: Draft) => publishPackage(registry.url, session, draft)
  for (const draft of [skill, agent, command, rule, bundle]) await publish(draft)
  const project = await startProject(t, registry.url)
  await writeTree(project.folder, Object.fromEntries(folders.map((folder) => [`${folder}/`, ''])))
  return {registry, project, publish}
}

const claudeSkill = '.claude/skills/ada-review/SKILL.md'
const cursorSkill = '.cursor/skills/ada-review/SKILL.md'

async function toolFiles(project: TestProject): Promise<string[]> {
  return Object.keys(await project.tree()).filter((file) => /^\.|^(AGENTS|CLAUDE)\.md$/.test(file))
}

describe('the setup of tools by apkg add', () => {
  it('puts each type where the tools that are used look for it, and lists the files', async (t) => {
    const {project} = await start(t)
    const {stdout, stderr} = await project.succeed(Add, ['@ada/review', '@ada/tester', '@ada/ship', '@ada/style'])
    const files = [
      '.claude/agents/ada-tester.md',
      '.claude/commands/ada-ship.md',
      '.claude/rules/ada-style.md',
      claudeSkill,
      '.claude/skills/ada-review/references/style.md',
      '.claude/skills/ada-review/scripts/check.sh',
      '.cursor/agents/ada-tester.md',
      '.cursor/commands/ada-ship.md',
      '.cursor/rules/ada-style.mdc',
      cursorSkill,
      '.cursor/skills/ada-review/references/style.md',
      '.cursor/skills/ada-review/scripts/check.sh',
    ]
    assert.deepEqual((await toolFiles(project)).sort(), files.toSorted())
    const created = stdout.split('\n').filter((line) => line.startsWith('Created: '))
    assert.deepEqual(created.sort(), files.map((file) => `Created: ${file}`).sort())
    assert.match(stderr, /\nDetected tools: Claude Code, Cursor\n$/)
    assert.match(await readFile(project.at(claudeSkill), 'utf8'), /^---\nname: ada-review\n/)
  })

  it('leaves the project as it was when the packages are removed again', async (t) => {
    const {project} = await start(t, ['.claude', '.cursor', '.codex', '.windsurf', '.kiro'])
    await writeTree(project.folder, {'AGENTS.md': '# Ours', '.claude/settings.json': '{}', '.agents/notes.md': 'mine'})
    await chmod(project.at('AGENTS.md'), 0o640)
    await project.succeed(ConfigSet, ['symlinkClaudeMd', 'true'])
    const before = await statesOf(project.folder)
    const names = ['@ada/bundle', '@ada/tester', '@ada/ship', '@ada/style']
    await project.succeed(Add, names)
    const between = await statesOf(project.folder)
    assert.notDeepEqual(between, before)
    assert.equal(between['CLAUDE.md'], 'link to AGENTS.md')
    const {stdout, stderr} = await project.succeed(Remove, names)
    assert.match(stdout, /^Deleted: \.claude\/agents\/ada-tester\.md$/m)
    assert.doesNotMatch(stderr, /Warning/)
    assert.deepEqual(await statesOf(project.folder), before)
  })

  it('tells what tools still have of a removed package where the record of it was deleted', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['@ada/bundle', '@ada/tester', '@ada/ship'])
    await rm(path.join(project.folder, 'apkg_packages'), {recursive: true})
    const {stdout, stderr} = await project.succeed(Remove, ['@ada/bundle', '@ada/tester', '--json'])
    const {setup} = JSON.parse(stdout) as {setup: {left: {path: string; package: string}[]}}
    assert.deepEqual(
      setup.left.map((each) => each.path),
      [
        '.claude/skills/ada-bundle',
        '.cursor/skills/ada-bundle',
        '.claude/skills/ada-review',
        '.cursor/skills/ada-review',
        '.claude/agents/ada-tester.md',
        '.cursor/agents/ada-tester.md',
      ],
    )
    assert.match(stderr, /^Warning: Left \.claude\/skills\/ada-review, .*: nothing says that apkg wrote it\. /m)
    assert.ok((await toolFiles(project)).includes(claudeSkill))
  })

  it('sets up no tool with --no-setup, the named ones with --setup, and no others', async (t) => {
    const {project} = await start(t)
    const {stdout} = await project.succeed(Add, ['@ada/review', '--no-setup', '--json'])
    assert.deepEqual(JSON.parse(stdout).setup.tools, [])
    assert.deepEqual(await toolFiles(project), ['.claude', '.cursor'])
    await project.succeed(Install, ['--setup', 'kiro', '--setup', 'cursor'])
    const files = await toolFiles(project)
    assert.ok(files.includes('.kiro/skills/ada-review/SKILL.md') && files.includes(cursorSkill))
    assert.ok(!files.includes(claudeSkill))
    const both = await project.run(Install, ['--setup', 'kiro', '--no-setup'])
    assert.equal(both.exitCode, 2)
  })

  it('refuses a tool that nobody knows before anything is installed', async (t) => {
    const {project} = await start(t)
    const {exitCode, stdout} = await project.run(Add, ['@ada/review', '--setup', 'curser', '--json'])
    const {error} = JSON.parse(stdout) as {error: {message: string; suggestions: string[]}}
    const known = 'all, claude-code, cursor, codex, windsurf, kiro'
    assert.deepEqual([exitCode, error.message], [2, `Expected --setup=curser to be one of: ${known}`])
    assert.equal(error.suggestions[0], 'did you mean `cursor`?')
    assert.deepEqual(await toolFiles(project), ['.claude', '.cursor'])
    assert.equal(existsSync(path.join(project.folder, 'apkg_packages')), false)
  })

  it('does not take packages for tools', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['--setup', 'cursor', '@ada/review'])
    assert.deepEqual((await toolFiles(project)).slice(0, 2), ['.claude', '.cursor/skills/ada-review/SKILL.md'])
  })

  it('does as the settings say, whatever is detected', async (t) => {
    const {project} = await start(t)
    await project.succeed(ConfigSet, ['defaultSetup.cursor', 'false'])
    await project.succeed(ConfigSet, ['defaultSetup.kiro', 'true'])
    const {stderr} = await project.succeed(Add, ['@ada/review'])
    assert.match(stderr, /Detected tools: Claude Code, Kiro\n$/)
    const files = await toolFiles(project)
    assert.ok(files.includes(claudeSkill) && files.includes('.kiro/skills/ada-review/SKILL.md'))
    assert.ok(!files.includes(cursorSkill))
  })

  it('lists whose packages came along, and leaves them out where the user says so', async (t) => {
    const {project} = await start(t)
    const {stderr, stdout} = await project.succeed(Add, ['@ada/bundle', '--json'])
    assert.match(stderr, /came along with others: @ada\/review\. .*`apkg trust set setupTransitive false`\n/)
    assert.deepEqual(JSON.parse(stdout).setup.transitive, ['@ada/review'])
    await project.succeed(TrustSet, ['setupTransitive', 'false'])
    const second = await project.succeed(Install)
    assert.match(second.stdout, /^Deleted: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    assert.ok((await toolFiles(project)).every((file) => !file.includes('ada-review')))
    assert.ok((await toolFiles(project)).includes('.claude/skills/ada-bundle/SKILL.md'))
  })

  it('tells once of each version that a tool has no place for it', async (t) => {
    const {project, publish} = await start(t, ['.windsurf'])
    const {stderr} = await project.succeed(Add, ['@ada/tester'])
    assert.match(stderr, /^Not set up: @ada\/tester, since Windsurf has no agents in a project$/m)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Add, ['@ada/review'])).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Install, ['--setup', 'kiro'])).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /Not set up/)
    assert.match((await project.succeed(Setup)).stderr, /^Not set up: @ada\/tester, /m)
    await publish({...agent, version: '1.1.0'})
    assert.match((await project.succeed(Update)).stderr, /^Not set up: @ada\/tester, /m)
    await project.succeed(Remove, ['@ada/tester', '@ada/review'])
    const {stdout} = await project.succeed(Add, ['@ada/tester', '--json'])
    assert.deepEqual(JSON.parse(stdout).setup.unsupported, [
      {
        package: '@ada/tester',
        version: '1.1.0',
        tool: 'windsurf',
        reason: 'Windsurf has no agents in a project',
      },
    ])
  })

  it('fails no command, and says why and what to do', async (t) => {
    const {project, registry} = await start(t)
    await project.succeed(Add, ['@ada/tester', '--no-setup'])
    await writeFile(path.join(project.home, '.apkg', 'config.json'), '{')
    const {stderr, stdout} = await project.succeed(Install, ['--json', '--registry', registry.url])
    assert.match(stderr, /Warning: Tool setup skipped: .*config\.json.*run `apkg setup` when that is mended\n/)
    assert.match(JSON.parse(stdout).setup.problem, /config\.json/)
  })
})

describe('what a package lets Claude Code do without asking', () => {
  const head = 'description: Deploys\nallowed-tools: Bash(git:*), Read'
  const deploy: Draft = {name: '@ada/deploy', files: {'SKILL.md': `---\n${head}\n---\n\nDeploy.\n`}}
  const release: Draft = {
    name: '@ada/release',
    type: 'command',
    dependencies: {'@ada/deploy': '^1.0.0'},
    files: {
      'release.md': '---\ndescription: Releases\nallowed-tools: [Write, Bash(npm publish:*)]\n---\n\n!`git log`\n',
    },
  }
  const said = [
    '@ada/deploy lets Claude Code use Bash(git:*), Read without asking; see .claude/skills/ada-deploy/SKILL.md',
    '@ada/release lets Claude Code use Write, Bash(npm publish:*) without asking; see .claude/commands/ada-release.md',
  ]
  const warnings = (stderr: string) =>
    stderr.split('\n').filter((line) => line.startsWith('Warning:') && line.includes(' lets '))

  it('is said when it is written, of packages that came along too, and not again', async (t) => {
    const {project, publish} = await start(t)
    await publish(deploy)
    await publish(release)
    const {stdout, stderr} = await project.succeed(Add, ['@ada/release', '--json'])
    assert.deepEqual(
      warnings(stderr),
      said.map((line) => `Warning: ${line}`),
    )
    assert.deepEqual(JSON.parse(stdout).setup.preapproved, [
      {
        package: '@ada/deploy',
        tool: 'claude-code',
        path: '.claude/skills/ada-deploy/SKILL.md',
        allows: ['Bash(git:*)', 'Read'],
      },
      {
        package: '@ada/release',
        tool: 'claude-code',
        path: '.claude/commands/ada-release.md',
        allows: ['Write', 'Bash(npm publish:*)'],
      },
    ])
    assert.match(
      await readFile(project.at('.claude/skills/ada-deploy/SKILL.md'), 'utf8'),
      /\nallowed-tools: Bash\(git:\*\), Read\n/,
    )
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/review'])).stderr), [])
  })

  it('is said by update and by setup of what they write', async (t) => {
    const {project, publish} = await start(t)
    await publish({...deploy, files: {'SKILL.md': '---\ndescription: Deploys\n---\n'}})
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/deploy'])).stderr), [])
    await publish({...deploy, version: '1.1.0'})
    assert.deepEqual(warnings((await project.succeed(Update)).stderr), [`Warning: ${said[0]}`])
    await rm(project.at('.claude/skills'), {recursive: true})
    assert.deepEqual(warnings((await project.succeed(Setup)).stderr), [`Warning: ${said[0]}`])
  })

  it('is said of no other tool', async (t) => {
    const {project, publish} = await start(t, ['.cursor'])
    await publish(deploy)
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/deploy'])).stderr), [])
  })
})

describe('files of tools that somebody has changed', () => {
  it('stay when the package is updated and removed, and are told', async (t) => {
    const {project, publish} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    await writeFile(project.at(claudeSkill), 'mine')
    await publish({...skill, version: '1.1.0', files: {...skill.files, 'SKILL.md': 'Newer.\n'}})
    const update = await project.succeed(Update)
    assert.match(
      update.stderr,
      /Warning: Left \.claude\/skills\/ada-review\/SKILL\.md: you have changed it\. .*move it away and run `apkg setup`\n/,
    )
    assert.match(update.stdout, /^Updated: \.cursor\/skills\/ada-review\/SKILL\.md$/m)
    const removal = await project.succeed(Remove, ['@ada/review', '--json'])
    assert.deepEqual(JSON.parse(removal.stdout).setup.left, [
      {path: claudeSkill, package: '@ada/review', reason: 'you have changed it', isOrphan: true},
    ])
    assert.match(
      removal.stderr,
      /Warning: Left .*SKILL\.md: you have changed it\. @ada\/review does not need it any more/,
    )
    assert.equal(await readFile(project.at(claudeSkill), 'utf8'), 'mine')
    assert.deepEqual(await toolFiles(project), [claudeSkill, '.cursor'])
  })
})

describe('other commands', () => {
  it('set up nothing where a frozen install fails, or for a dry run', async (t) => {
    const {project, publish} = await start(t)
    await project.succeed(Add, ['@ada/review', '--no-setup'])
    await project.depend({'@ada/review': '^1.0.0', '@ada/ship': '^1.0.0'})
    const before = await project.tree()
    assert.equal((await project.run(Install, ['--frozen-lockfile'])).exitCode, 1)
    assert.deepEqual(await project.tree(), before)
    await project.depend({'@ada/review': '^1.0.0'})
    await publish({...skill, version: '1.1.0'})
    const {stdout} = await project.succeed(Update, ['--dry-run', '--json'])
    assert.deepEqual(JSON.parse(stdout).setup.written, [])
    assert.deepEqual(await toolFiles(project), ['.claude', '.cursor'])
    await project.succeed(Install, ['--frozen-lockfile'])
    assert.ok((await toolFiles(project)).includes(claudeSkill))
  })

  it('take the files of a package that is linked, and bring them back when it is not any more', async (t) => {
    const {project, registry} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    const before = await statesOf(project.folder)
    const work = await startProject(t, registry.url)
    await writeFile(work.at('apkg.json'), JSON.stringify({name: '@ada/review', version: '9.0.0', type: 'skill'}))
    const linked = await project.succeed(Link, [work.folder])
    assert.match(linked.stdout, /^Deleted: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    await project.succeed(Unlink, ['@ada/review'])
    assert.deepEqual(await statesOf(project.folder), before)
  })
})

describe('apkg setup', () => {
  it('writes again what is missing, and has nothing to do then', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    await rm(project.at('.claude/skills'), {recursive: true})
    const {stdout} = await project.succeed(Setup)
    assert.match(stdout, /^Created: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    const second = await project.succeed(Setup)
    assert.deepEqual([second.stdout, second.stderr], ['', 'Tools have what the packages bring.\n'])
  })

  it('fails where there is no project, and says where no tool is used', async (t) => {
    const {project} = await start(t, [])
    await project.succeed(Add, ['@ada/review'])
    assert.match((await project.succeed(Setup)).stderr, /^No tool is detected here: there is none of \.claude, /)
    await rm(project.at('apkg.json'))
    assert.equal((await project.run(Setup)).exitCode, 1)
  })
})

describe('apkg setup --check', () => {
  it('finds that every tool would load what it was given, and writes nothing', async (t) => {
    const {project} = await start(t, ['.claude', '.cursor', '.codex', '.windsurf', '.kiro'])
    await project.succeed(Add, ['@ada/review', '@ada/tester', '@ada/ship', '@ada/style'])
    const before = await project.tree()
    const {stdout, stderr} = await project.succeed(Setup, ['--check', '--json'])
    const {packages} = JSON.parse(stdout) as {packages: {package: string; tool: string; state: string}[]}
    const others = packages.filter(({state}) => state !== 'loads')
    assert.equal(packages.length, 20)
    assert.deepEqual(
      others.map((each) => [each.package, each.tool, each.state]),
      [['@ada/tester', 'windsurf', 'unsupported']],
    )
    assert.match(stderr, /Windsurf has no agents in a project\nTools load what they should: Claude Code, /)
    assert.deepEqual(await project.tree(), before)
  })

  for (const [what, spoil, said] of [
    ['a file that is missing', (at) => rm(at(claudeSkill)), /SKILL\.md: it is missing/],
    [
      'a folder with another name than the skill',
      (at) => writeFile(at(claudeSkill), '---\nname: review\ndescription: x\n---\n'),
      /SKILL\.md: its `name` is not that of its folder, ada-review/,
    ],
    ['no description', (at) => writeFile(at(claudeSkill), '---\nname: ada-review\n---\n'), /it has no `description`/],
    [
      'a folder that is a link',
      async (at) => {
        await rename(at('.claude'), at('elsewhere'))
        await symlink('elsewhere', at('.claude'))
      },
      /\.claude is a symbolic link/,
    ],
    ['AGENTS.md without the block', (at) => rm(at('AGENTS.md')), /Codex learns of it from AGENTS\.md/],
    [
      'a block beyond the 32 KiB of AGENTS.md that are read',
      async (at) => writeFile(at('AGENTS.md'), `${'é'.repeat(17_000)}\n${await readFile(at('AGENTS.md'), 'utf8')}`),
      /Codex learns of it from AGENTS\.md/,
    ],
    [
      'a package that was changed',
      (at) => writeFile(at('apkg_packages/@ada/review/SKILL.md'), 'x'),
      /SKILL\.md is not as it was installed; run `apkg install`/,
    ],
  ] as [string, (at: TestProject['at']) => Promise<void>, RegExp][]) {
    it(`ends with exit code 1 for ${what}`, async (t) => {
      const {project} = await start(t, ['.claude', '.codex'])
      await project.succeed(Add, ['@ada/review', '@ada/style'])
      assert.equal((await project.run(Setup, ['--check'])).exitCode, 0)
      await spoil((...parts) => project.at(...parts))
      const {exitCode, stderr, stdout} = await project.run(Setup, ['--check'])
      assert.equal(exitCode, 1)
      assert.match(stderr, said)
      assert.match(stdout, /\tdoes not load\t/)
    })
  }

  it('passes what somebody has changed and would still be loaded', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review'])
    await writeFile(project.at(claudeSkill), '---\nname: ada-review\ndescription: Mine\n---\n')
    const {stdout} = await project.succeed(Setup, ['--check'])
    assert.equal(stdout, `@ada/review@1.0.0\tClaude Code\tloads, edited\t${claudeSkill}\n`)
  })

  it('fails where packages are there and no tool, or not installed', async (t) => {
    const {project} = await start(t, [])
    await project.succeed(Add, ['@ada/review'])
    const none = await project.run(Setup, ['--check'])
    assert.equal(none.exitCode, 1)
    assert.match(none.stderr, /^Warning: @ada\/review@1\.0\.0: no tool is detected here/)
    await mkdir(project.at('.claude'))
    await rm(project.at('apkg_packages'), {recursive: true})
    const absent = await project.run(Setup, ['--check'])
    assert.equal(absent.exitCode, 1)
    assert.match(absent.stderr, /@ada\/review for Claude Code: it is not installed; run `apkg install`/)
  })
})
