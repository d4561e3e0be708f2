import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {chmod, mkdir, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import {knownTools} from '@apkg/package-format'

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

/** A registry with packages by ada, and a project that uses two tools. */
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
const cursorSkill = '.agents/skills/ada-review/SKILL.md'

async function toolFiles(project: TestProject): Promise<string[]> {
  return Object.keys(await project.tree()).filter((file) => /^\.|^(AGENTS|CLAUDE)\.md$/.test(file))
}

describe('tool setup after apkg add', () => {
  it('add with tool setup: puts each package type where the detected tools look for it, and lists the files', async (t) => {
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
      '.agents/skills/ada-review/references/style.md',
      '.agents/skills/ada-review/scripts/check.sh',
    ]
    assert.deepEqual((await toolFiles(project)).sort(), files.toSorted())
    const created = stdout.split('\n').filter((line) => line.startsWith('Created: '))
    assert.deepEqual(created.sort(), files.map((file) => `Created: ${file}`).sort())
    assert.match(stderr, /\nDetected tools: Claude Code and Cursor\n$/)
    assert.match(await readFile(project.at(claudeSkill), 'utf8'), /^---\nname: ada-review\n/)
  })

  it('add with tool setup: restores the project when the packages are removed', async (t) => {
    const {project} = await start(t, ['.claude', '.cursor', '.codex', '.cline', '.kiro'])
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

  it('remove: does not report a directory that only became empty, if packages were installed again', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['@ada/bundle'])
    await rm(path.join(project.folder, 'apkg_packages'), {recursive: true})
    await project.succeed(Install)
    const {stderr} = await project.succeed(Remove, ['@ada/bundle'])
    assert.doesNotMatch(stderr, /Warning/)
  })

  it('add with tool setup: reports leftover files of a removed package if the ledger was deleted', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['@ada/bundle', '@ada/tester', '@ada/ship'])
    await rm(path.join(project.folder, 'apkg_packages'), {recursive: true})
    const {stdout, stderr} = await project.succeed(Remove, ['@ada/bundle', '@ada/tester', '--json'])
    const {setup} = JSON.parse(stdout) as {setup: {left: {path: string; package: string}[]}}
    assert.deepEqual(
      setup.left.map((each) => each.path),
      [
        '.claude/skills/ada-bundle',
        '.agents/skills/ada-bundle',
        '.claude/skills/ada-review',
        '.agents/skills/ada-review',
        '.claude/agents/ada-tester.md',
        '.cursor/agents/ada-tester.md',
      ],
    )
    assert.match(
      stderr,
      /^Warning: Kept \.agents\/skills\/ada-review, .* \(apkg has no record of what it created\)\. Delete them /m,
    )
    assert.ok((await toolFiles(project)).includes(claudeSkill))
  })

  it('add with tool setup: reports skills that were made from rules of a removed package, if the ledger was deleted', async (t) => {
    const {project, publish} = await start(t, ['.claude'])
    const files = {
      'rules/manual.mdc': '---\ndescription: manual\nglobs:\nalwaysApply: false\n---\nBy name.\n',
      'rules/Plain Rule.mdc': 'Without frontmatter.\n',
      'rules/css.mdc': '---\nglobs: "*.css"\n---\nCSS.\n',
    }
    await publish({name: '@ada/r1', type: 'rule', files})
    await publish({name: '@ada/r1-more', type: 'rule', files})
    await project.succeed(Add, ['@ada/r1', '@ada/r1-more'])
    const own = (await toolFiles(project)).filter((file) => /ada-r1-(-|manual|plain-rule)/.test(file))
    await rm(path.join(project.folder, 'apkg_packages'), {recursive: true})
    const {stdout, stderr} = await project.succeed(Remove, ['@ada/r1', '--json'])
    const {setup} = JSON.parse(stdout) as {setup: {left: {path: string; reason: string}[]}}
    const left = setup.left.map((each) => each.path)
    assert.equal(left.length, 3)
    assert.equal(
      left.filter((file) => /^\.claude\/skills\/ada-r1-(manual|plain-rule)-[0-9a-f]{8}$/.test(file)).length,
      2,
    )
    const isLeft = (file: string) => left.some((each) => file === each || file.startsWith(`${each}/`))
    assert.deepEqual(
      own.filter((file) => !isLeft(file)),
      [],
    )
    assert.deepEqual([...new Set(setup.left.map(({reason}) => reason))], ['apkg has no record of what it created'])
    assert.doesNotMatch(stderr, /not created by apkg/)
    const more = await project.succeed(Remove, ['@ada/r1-more', '--json'])
    assert.doesNotMatch(more.stdout, /ada-r1-(manual|plain-rule)-/)
  })

  it('add with tool setup: sets up no tool with --no-setup, and only the given ones with --setup', async (t) => {
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

  it('add with tool setup: rejects an unknown tool before anything is installed', async (t) => {
    const {project} = await start(t)
    const {exitCode, stdout} = await project.run(Add, ['@ada/review', '--setup', 'curser', '--json'])
    const {error} = JSON.parse(stdout) as {error: {message: string; suggestions: string[]}}
    const known = `all, ${knownTools.join(', ')}, agents`
    assert.deepEqual([exitCode, error.message], [2, `--setup: \`curser\` is not one of ${known}`])
    assert.equal(error.suggestions[0], 'did you mean `cursor`?')
    assert.deepEqual(await toolFiles(project), ['.claude', '.cursor'])
    assert.equal(existsSync(path.join(project.folder, 'apkg_packages')), false)
  })

  it('add with tool setup: does not parse package arguments as tools', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['--setup', 'cursor', '@ada/review'])
    assert.deepEqual((await toolFiles(project))[0], '.agents/skills/ada-review/SKILL.md')
  })

  it('add with tool setup: follows the settings instead of detection', async (t) => {
    const {project} = await start(t)
    await project.succeed(ConfigSet, ['defaultSetup.cursor', 'false'])
    await project.succeed(ConfigSet, ['defaultSetup.kiro', 'true'])
    const {stderr} = await project.succeed(Add, ['@ada/review'])
    assert.doesNotMatch(stderr, /Detected tools/)
    const files = await toolFiles(project)
    assert.ok(files.includes(claudeSkill) && files.includes('.kiro/skills/ada-review/SKILL.md'))
    assert.ok(!files.includes(cursorSkill))
  })

  it('add with tool setup: sets up .agents/skills if no tool is detected in the project, and names the flag', async (t) => {
    const {project} = await start(t, [])
    const {stderr, stdout} = await project.succeed(Add, ['@ada/review', '@ada/tester'])
    assert.match(stderr, /^No tools detected\. Skills go to \.agents\/skills, .* use --setup$/m)
    assert.match(
      stderr,
      /^Not set up: @ada\/tester \(only skills are set up in \.agents, .* Choose a tool with --setup\)$/m,
    )
    assert.match(stdout, /^Created: \.agents\/skills\/ada-review\/SKILL\.md$/m)
    assert.doesNotMatch(stderr, /Detected tools/)
    assert.ok((await toolFiles(project)).every((file) => file.startsWith('.agents/skills/ada-review/')))
    const again = await project.succeed(Install)
    assert.deepEqual([again.stdout, /tools|Skills/.test(again.stderr)], ['', false])
    await project.succeed(Remove, ['@ada/review', '@ada/tester'])
    assert.deepEqual(await toolFiles(project), [])
  })

  it('add with tool setup: warns about unknown tools in apkg.json, and sets up the others', async (t) => {
    const {project} = await start(t)
    const manifest = {name: '@ada/p', version: '1.0.0', type: 'project', tools: ['curser', 'nothing-like-it', 'kiro']}
    await writeFile(project.at('apkg.json'), JSON.stringify(manifest))
    const {stderr} = await project.succeed(Add, ['@ada/review'])
    assert.match(
      stderr,
      /^Warning: `tools` in apkg\.json contains unknown tools: curser \(did you mean `cursor`\?\), nothing-like-it$/m,
    )
    assert.ok((await toolFiles(project)).includes('.kiro/skills/ada-review/SKILL.md'))
    assert.equal((await toolFiles(project)).includes(claudeSkill), false)
  })

  it('add with tool setup: lists transitive dependencies, and skips them if configured', async (t) => {
    const {project} = await start(t)
    const {stderr, stdout} = await project.succeed(Add, ['@ada/bundle', '--json'])
    assert.match(stderr, /Set up transitive dependencies: @ada\/review\. .*`apkg trust set setupTransitive false`\n/)
    assert.deepEqual(JSON.parse(stdout).setup.transitive, ['@ada/review'])
    await project.succeed(TrustSet, ['setupTransitive', 'false'])
    const second = await project.succeed(Install)
    assert.match(second.stdout, /^Deleted: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    assert.ok((await toolFiles(project)).every((file) => !file.includes('ada-review')))
    assert.ok((await toolFiles(project)).includes('.claude/skills/ada-bundle/SKILL.md'))
  })

  it('add with tool setup: reports an unsupported package once for each version', async (t) => {
    const {project, publish} = await start(t, ['.cline'])
    const {stderr} = await project.succeed(Add, ['@ada/tester'])
    assert.match(stderr, /^Not set up: @ada\/tester \(apkg does not set up agents for Cline\)$/m)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Add, ['@ada/review'])).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Install, ['--setup', 'kiro'])).stderr, /Not set up/)
    assert.doesNotMatch((await project.succeed(Install)).stderr, /Not set up/)
    assert.match((await project.succeed(Setup)).stderr, /^Not set up: @ada\/tester \(/m)
    await publish({...agent, version: '1.1.0'})
    assert.match((await project.succeed(Update)).stderr, /^Not set up: @ada\/tester \(/m)
    await project.succeed(Remove, ['@ada/tester', '@ada/review'])
    const {stdout} = await project.succeed(Add, ['@ada/tester', '--json'])
    assert.deepEqual(JSON.parse(stdout).setup.unsupported, [
      {
        package: '@ada/tester',
        version: '1.1.0',
        tool: 'cline',
        reason: 'apkg does not set up agents for Cline',
      },
    ])
  })

  it('add with tool setup: a failed setup is only a warning, with its reason and the next step', async (t) => {
    const {project, registry} = await start(t)
    await project.succeed(Add, ['@ada/tester', '--no-setup'])
    await writeFile(path.join(project.home, '.apkg', 'config.json'), '{')
    const {stderr, stdout} = await project.succeed(Install, ['--json', '--registry', registry.url])
    assert.match(stderr, /Warning: Tool setup failed: .*config\.json.*fix this, then run `apkg setup`\n/)
    assert.match(JSON.parse(stdout).setup.problem, /config\.json/)
  })
})

describe('tools that a package lets Claude Code use without asking', () => {
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
  const messages = [
    '@ada/deploy lets Claude Code use Bash(git:*), Read without asking; see .claude/skills/ada-deploy/SKILL.md',
    '@ada/release lets Claude Code use Write, Bash(npm publish:*), !`git log` without asking; see .claude/commands/ada-release.md',
  ]
  const warnings = (stderr: string) =>
    stderr.split('\n').filter((line) => line.startsWith('Warning:') && line.includes(' lets '))

  it('preapproved tools: are reported once, when files are written, also for transitive dependencies', async (t) => {
    const {project, publish} = await start(t)
    await publish(deploy)
    await publish(release)
    const {stdout, stderr} = await project.succeed(Add, ['@ada/release', '--json'])
    assert.deepEqual(
      warnings(stderr),
      messages.map((line) => `Warning: ${line}`),
    )
    assert.deepEqual(JSON.parse(stdout).setup.preapproved, [
      {
        package: '@ada/deploy',
        tool: 'claude-code',
        path: '.claude/skills/ada-deploy/SKILL.md',
        definition: 'SKILL.md',
        allows: ['Bash(git:*)', 'Read'],
      },
      {
        package: '@ada/release',
        tool: 'claude-code',
        path: '.claude/commands/ada-release.md',
        definition: 'release.md',
        allows: ['Write', 'Bash(npm publish:*)', '!`git log`'],
      },
    ])
    assert.match(
      await readFile(project.at('.claude/skills/ada-deploy/SKILL.md'), 'utf8'),
      /\nallowed-tools: Bash\(git:\*\), Read\n/,
    )
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/review'])).stderr), [])
  })

  it('preapproved tools: are reported by update and setup when they write files', async (t) => {
    const {project, publish} = await start(t)
    await publish({...deploy, files: {'SKILL.md': '---\ndescription: Deploys\n---\n'}})
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/deploy'])).stderr), [])
    await publish({...deploy, version: '1.1.0'})
    const {stderr} = await project.succeed(Update)
    assert.match(
      stderr,
      /Warning: @ada\/deploy 1\.1\.0 can do more than 1\.0\.0, which was set up before:\n {2}\+ Claude Code may use Bash\(git:\*\) without asking \(SKILL\.md\)\n/,
    )
    assert.deepEqual(warnings(stderr), [])
    await rm(project.at('.claude/skills'), {recursive: true})
    assert.deepEqual(warnings((await project.succeed(Setup)).stderr), [`Warning: ${messages[0]}`])
  })

  it('preapproved tools: are not reported for other tools', async (t) => {
    const {project, publish} = await start(t, ['.cursor'])
    await publish(deploy)
    assert.deepEqual(warnings((await project.succeed(Add, ['@ada/deploy'])).stderr), [])
  })
})

describe('modified tool files', () => {
  it('modified tool files: are kept and reported when the package is updated and removed', async (t) => {
    const {project, publish} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    await writeFile(project.at(claudeSkill), 'mine')
    await publish({...skill, version: '1.1.0', files: {...skill.files, 'SKILL.md': 'Newer.\n'}})
    const update = await project.succeed(Update)
    assert.match(
      update.stderr,
      /Warning: Skipped \.claude\/skills\/ada-review\/SKILL\.md \(modified locally\)\. .*move it out of the way and run `apkg setup`\n/,
    )
    assert.match(update.stdout, /^Updated: \.agents\/skills\/ada-review\/SKILL\.md$/m)
    const removal = await project.succeed(Remove, ['@ada/review', '--json'])
    assert.deepEqual(JSON.parse(removal.stdout).setup.left, [
      {path: claudeSkill, package: '@ada/review', kind: 'modified', reason: 'modified locally', isOrphan: true},
    ])
    assert.match(removal.stderr, /Warning: Kept .*SKILL\.md \(modified locally\)\. Delete it if you no longer need it/)
    assert.equal(await readFile(project.at(claudeSkill), 'utf8'), 'mine')
    assert.deepEqual(await toolFiles(project), [claudeSkill, '.cursor'])
  })
})

describe('tool setup after other commands', () => {
  it('tool setup: does not run after a failed frozen install or a dry run', async (t) => {
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

  it('tool setup: removes the files of a linked package, and restores them when it is unlinked', async (t) => {
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

describe('setup', () => {
  it('setup: restores missing files, and then has nothing to do', async (t) => {
    const {project} = await start(t)
    await project.succeed(Add, ['@ada/review'])
    await rm(project.at('.claude/skills'), {recursive: true})
    const {stdout} = await project.succeed(Setup)
    assert.match(stdout, /^Created: \.claude\/skills\/ada-review\/SKILL\.md$/m)
    const second = await project.succeed(Setup)
    assert.deepEqual([second.stdout, second.stderr], ['', 'Tool setup is up to date.\n'])
  })

  it('setup: exits with 1 if all files were refused and with 6 if some were, and names the conflicting files', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review', '--no-setup'])
    await writeFile(project.at('.claude/skills'), '')
    const all = await project.run(Setup)
    assert.equal(all.exitCode, 1, all.stderr)
    assert.match(
      all.stderr,
      /\(\.claude\/skills is not a directory\)\. Move the conflicting file or link, then run `apkg setup`/,
    )
    const some = await project.run(Setup, ['--setup', 'claude-code', '--setup', 'cursor'])
    assert.equal(some.exitCode, 6, some.stderr)
    assert.match(await readFile(project.at('.agents/skills/ada-review/SKILL.md'), 'utf8'), /review/)
    assert.equal((await project.run(Setup, ['--setup', 'claude-code', '--setup', 'cursor'])).exitCode, 6)
    await rm(project.at('.claude/skills'))
    assert.equal((await project.run(Setup)).exitCode, 0)
  })

  it('setup: a file that the user has edited is kept, and is not a failure', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review'])
    await writeFile(project.at('.claude/skills/ada-review/SKILL.md'), 'mine')
    const {stderr} = await project.succeed(Setup)
    assert.match(stderr, /\(modified locally\)\. To use the version from @ada\/review, move it out of the way/)
  })

  it('setup: fails if the packages are missing, or were installed with another ~/.apkg', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review', '--no-setup'])
    await rm(path.join(project.home, '.apkg/ledger.key'))
    const unknown = await project.run(Setup)
    assert.equal(unknown.exitCode, 1)
    assert.match(unknown.stderr, /^Error: Cannot determine what apkg installed in .*\n {2}hint: run `apkg install`/)
    await rm(project.at('apkg_packages'), {recursive: true})
    const missing = await project.run(Setup)
    assert.equal(missing.exitCode, 1)
    assert.match(missing.stderr, /^Error: Nothing to set up: no package in apkg\.json is installed\n/)
  })

  it('setup: fails without a project, and says how to choose tools if the project sets up none', async (t) => {
    const {project} = await start(t, [])
    await writeFile(project.at('apkg.json'), '{"name": "@ada/p", "version": "1.0.0", "type": "project", "tools": []}')
    await project.succeed(Add, ['@ada/review'])
    assert.match((await project.succeed(Setup)).stderr, /^No tools selected\. Choose one with --setup: claude-code, /)
    assert.deepEqual(await toolFiles(project), [])
    await rm(project.at('apkg.json'))
    assert.equal((await project.run(Setup)).exitCode, 1)
  })
})

describe('setup --check', () => {
  it('setup --check: confirms that every tool loads all packages, and writes nothing', async (t) => {
    const {project} = await start(t, ['.claude', '.cursor', '.codex', '.cline', '.kiro'])
    await project.succeed(Add, ['@ada/review', '@ada/tester', '@ada/ship', '@ada/style'])
    const before = await project.tree()
    const {stdout, stderr} = await project.succeed(Setup, ['--check', '--json'])
    const {packages} = JSON.parse(stdout) as {packages: {package: string; tool: string; state: string}[]}
    const others = packages.filter(({state}) => state !== 'loads')
    assert.equal(packages.length, 20)
    assert.deepEqual(
      others.map((each) => [each.package, each.tool, each.state]),
      [['@ada/tester', 'cline', 'unsupported']],
    )
    assert.match(stderr, /apkg does not set up agents for Cline\n/)
    assert.match(
      stderr,
      /^Cursor lists @ada\/review more than once, .*\n(?:\w+ lists .*\n)*All other packages load in Claude Code, /m,
    )
    assert.deepEqual(await project.tree(), before)
  })

  for (const [what, breakSetup, message] of [
    ['a missing file', (at) => rm(at(claudeSkill)), /SKILL\.md: missing/],
    [
      'a directory with another name than the skill',
      (at) => writeFile(at(claudeSkill), '---\nname: review\ndescription: x\n---\n'),
      /SKILL\.md: `name` must match its directory, ada-review/,
    ],
    [
      'a missing description',
      (at) => writeFile(at(claudeSkill), '---\nname: ada-review\n---\n'),
      /missing `description`/,
    ],
    [
      'a directory that is a link out of the project',
      async (at) => {
        await rm(at('.claude'), {recursive: true})
        await symlink(tmpdir(), at('.claude'))
      },
      /\.claude is a symbolic link that leaves the project/,
    ],
    ['a missing block in AGENTS.md', (at) => rm(at('AGENTS.md')), /Codex only reads rules listed in AGENTS\.md/],
    [
      'a block beyond the first 32 KiB of AGENTS.md',
      async (at) => writeFile(at('AGENTS.md'), `${'é'.repeat(17_000)}\n${await readFile(at('AGENTS.md'), 'utf8')}`),
      /Codex only reads rules listed in AGENTS\.md/,
    ],
    [
      'a modified package',
      (at) => writeFile(at('apkg_packages/@ada/review/SKILL.md'), 'x'),
      /SKILL\.md was modified; run `apkg install`/,
    ],
  ] as [string, (at: TestProject['at']) => Promise<void>, RegExp][]) {
    it(`setup --check: exits with 1 for ${what}`, async (t) => {
      const {project} = await start(t, ['.claude', '.codex'])
      await project.succeed(Add, ['@ada/review', '@ada/style'])
      assert.equal((await project.run(Setup, ['--check'])).exitCode, 0)
      await breakSetup((...parts) => project.at(...parts))
      const {exitCode, stderr, stdout} = await project.run(Setup, ['--check'])
      assert.equal(exitCode, 1)
      assert.match(stderr, message)
      assert.match(stdout, /\tdoes not load\t/)
    })
  }

  it('setup --check: suggests `apkg setup` only if files are missing', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review'])
    await rm(project.at(claudeSkill))
    assert.match((await project.run(Setup, ['--check'])).stderr, /^Run `apkg setup` to restore missing files\.$/m)
    await project.succeed(Setup)
    await rm(project.at('apkg_packages'), {recursive: true})
    const {stderr} = await project.run(Setup, ['--check'])
    assert.match(stderr, /^Some packages do not load\.$/m)
    assert.doesNotMatch(stderr, /restore missing files/)
  })

  it('setup --check: does not claim that all packages load if the only one is unsupported in a tool', async (t) => {
    const {project} = await start(t, ['.claude', '.cline'])
    await project.succeed(Add, ['@ada/tester'])
    const {stderr} = await project.succeed(Setup, ['--check'])
    assert.match(stderr, /apkg does not set up agents for Cline\nEverything else loads in Claude Code and Cline\.\n$/)
  })

  it('setup --check: passes modified files that still load', async (t) => {
    const {project} = await start(t, ['.claude'])
    await project.succeed(Add, ['@ada/review'])
    await writeFile(project.at(claudeSkill), '---\nname: ada-review\ndescription: Mine\n---\n')
    const {stdout} = await project.succeed(Setup, ['--check'])
    assert.equal(stdout, `@ada/review@1.0.0\tClaude Code\tloads (modified)\t${claudeSkill}\n`)
  })

  it('setup --check: skips packages of a project that sets up no tools', async (t) => {
    const {project} = await start(t, [])
    await writeFile(project.at('apkg.json'), '{"name": "@ada/p", "version": "1.0.0", "type": "project", "tools": []}')
    await project.succeed(Add, ['@ada/review'])
    const {stdout, stderr} = await project.succeed(Setup, ['--check'])
    assert.equal(stdout, '@ada/review@1.0.0\t\tskipped\t\n')
    assert.match(stderr, /no tool is selected\nNo tools selected\. Choose one with --setup\.\n$/)
  })

  it('setup --check: fails if packages are not installed', async (t) => {
    const {project} = await start(t, [])
    await project.succeed(Add, ['@ada/review'])
    assert.match((await project.succeed(Setup, ['--check'])).stdout, /\t\.agents\/skills\tloads\t/)
    await mkdir(project.at('.claude'))
    await rm(project.at('apkg_packages'), {recursive: true})
    const absent = await project.run(Setup, ['--check'])
    assert.equal(absent.exitCode, 1)
    assert.match(absent.stderr, /@ada\/review \(Claude Code\): not installed; run `apkg install`/)
  })
})
