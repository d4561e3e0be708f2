import assert from 'node:assert/strict'
import {lstat, mkdir, readdir, rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Setup from '../../src/commands/setup.js'
import {realPathsIn} from '../../src/tools/linked-folders.js'
import type {ToolName} from '../../src/tools/tool-traits.js'
import {discover} from '../support/discovery/index.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp, statesOf} from '../support/set-up-project.js'
import {tempFolder} from '../support/temp-folder.js'

const skill: Draft = {
  name: '@acme/review',
  files: {'SKILL.md': '---\nname: review\ndescription: Reviews\n---\nReview.\n', 'scripts/a.sh': '#!/bin/sh\n'},
}
const limited: Draft = {
  name: '@acme/careful',
  files: {'SKILL.md': '---\nname: careful\ndescription: Careful\npaths: ["*.css"]\n---\nBe careful.\n'},
}

const shared = '.agents/skills/acme-review/SKILL.md'

/** Links one directory of a project to another one in it. */
async function link(project: {at: (file: string) => string}, from: string, to: string): Promise<void> {
  const at = (file: string) => project.at(file)
  await mkdir(at(to), {recursive: true})
  await mkdir(path.dirname(at(from)), {recursive: true})
  await symlink(path.relative(path.dirname(at(from)), at(to)), at(from))
}

async function check(project: Awaited<ReturnType<typeof startSetUp>>, ...tools: string[]) {
  const flags = tools.flatMap((tool) => ['--setup', tool])
  const {stdout, exitCode, stderr} = await project.run(Setup, ['--check', '--json', ...flags])
  const {packages} = JSON.parse(stdout) as {packages: {tool: string; state: string; files: string[]}[]}
  return {exitCode, stderr, states: packages.map(({tool, state, files}) => [tool, state, ...files])}
}

async function start(t: TestContext, drafts: Draft[], from: string, to: string) {
  const project = await startSetUp(t, drafts)
  await link(project, from, to)
  return project
}

describe('links between directories of tools', () => {
  for (const [from, to] of [
    ['.claude/skills', '.agents/skills'],
    ['.agents/skills', '.claude/skills'],
    ['.claude', '.agents'],
  ] as const) {
    it(`tool setup: one copy serves Claude Code and Codex if ${from} is a link to ${to}`, async (t) => {
      const project = await start(t, [skill], from, to)
      const report = await project.setUp(['claude-code', 'codex'])
      assert.deepEqual([report.left, report.problem, report.unsupported], [[], undefined, []])
      const real = `${to.split('/')[0]}/skills/acme-review`
      assert.deepEqual(report.written.map((each) => each.path).sort(), [`${real}/SKILL.md`, `${real}/scripts/a.sh`])
      assert.deepEqual(
        (await discover.codex(project.folder)).found.map(({name}) => name),
        ['acme-review'],
      )
      assert.deepEqual(
        (await discover['claude-code'](project.folder)).found.map(({name}) => name),
        ['acme-review'],
      )
      const {exitCode, states, stderr} = await check(project, 'claude-code', 'codex')
      assert.deepEqual(
        [exitCode, states],
        [
          0,
          [
            ['claude-code', 'loads', `${real}/SKILL.md`],
            ['codex', 'loads', `${real}/SKILL.md`],
          ],
        ],
        stderr,
      )
      assert.deepEqual((await project.setUp(['claude-code', 'codex'], {repairs: true})).written, [])
      await project.install({})
      await project.setUp(['claude-code', 'codex'])
      assert.ok((await lstat(project.at(from))).isSymbolicLink())
      assert.deepEqual(await readdir(project.at(to)), [])
    })
  }

  it('tool setup: a skill with a limit that Codex ignores is not written where a link lets Codex find it', async (t) => {
    const project = await start(t, [limited], '.claude/skills', '.agents/skills')
    const {written, unsupported} = await project.setUp(['claude-code', 'codex'])
    assert.deepEqual(written, [])
    assert.deepEqual(unsupported.map(({tool}) => tool).sort(), ['claude-code', 'codex'])
    // Claude Code alone honors it.
    assert.deepEqual(
      (await project.setUp(['claude-code'])).written.map((each) => each.path),
      ['.agents/skills/acme-careful/SKILL.md'],
    )
  })

  it('tool setup: a directory that was replaced with a link keeps the files behind the link', async (t) => {
    const project = await startSetUp(t, [skill])
    await project.setUp(['claude-code', 'codex'])
    await rm(project.at('.claude/skills'), {recursive: true})
    await link(project, '.claude/skills', '.agents/skills')
    const report = await project.setUp(['claude-code', 'codex'], {repairs: true})
    assert.deepEqual([report.written, report.removed, report.left], [[], [], []])
    assert.ok((await project.tree())[shared])
  })

  for (const [from, to, type, file] of [
    ['.cursor/agents', '.claude/agents', 'agent', '---\ndescription: F\ntools: Read\n---\nFix.\n'],
    ['.kiro/agents', '.claude/agents', 'agent', '---\ndescription: F\ntools: Read, Write\n---\nFix.\n'],
    ['.kiro', '.junie', 'agent', '---\ndescription: F\ndisallowedTools: Bash\n---\nFix.\n'],
    ['.kiro/steering', '.claude/rules', 'rule', '---\npaths: ["*.css"]\n---\nFix.\n'],
    ['.kiro/prompts', '.claude/commands', 'command', '---\ndisable-model-invocation: true\n---\nFix.\n'],
  ] as const) {
    const toolOf = (folder: string) =>
      ({'.claude': 'claude-code', '.cursor': 'cursor', '.kiro': 'kiro', '.junie': 'junie'})[
        folder.split('/')[0]!
      ] as ToolName
    const tools = [toolOf(to), toolOf(from)]
    it(`tool setup: a limit of ${type}s that ${tools[1]} has no field for is not lost through a link from ${from} to ${to}`, async (t) => {
      const project = await start(t, [{name: '@acme/fix', type, files: {'fix.md': file}}], from, to)
      const {left, written, unsupported} = await project.setUp(tools)
      assert.deepEqual([written, left], [[], []])
      assert.deepEqual(unsupported.map(({tool}) => tool).sort(), tools.toSorted())
      assert.match(unsupported.map(({reason}) => reason).join(), /reads the same directory through a link/)
      // Alone, the other one enforces it.
      assert.equal((await project.setUp([tools[0]!])).written.length, 1)
    })
  }

  it('tool setup: definitions without a limit are written once where a link makes two directories one', async (t) => {
    const free: Draft[] = [
      {name: '@acme/fix', type: 'agent', files: {'fix.md': '---\ndescription: F\nmodel: opus\n---\nFix.\n'}},
      {name: '@acme/go', type: 'command', files: {'go.md': '---\nallowed-tools: Bash\n---\nGo.\n'}},
    ]
    const project = await start(t, free, '.kiro/agents', '.claude/agents')
    await link(project, '.kiro/prompts', '.claude/commands')
    const report = await project.setUp(['claude-code', 'kiro'])
    assert.deepEqual([report.left, report.unsupported], [[], []])
    assert.deepEqual(report.written.map(({path}) => path).sort(), [
      '.claude/agents/acme-fix.md',
      '.claude/commands/acme-go.md',
    ])
    assert.deepEqual(
      report.preapproved.map(({tool}) => tool),
      ['claude-code'],
    )
    const {exitCode, states, stderr} = await check(project, 'claude-code', 'kiro')
    assert.deepEqual([exitCode, states.map(([, state]) => state)], [0, ['loads', 'loads', 'loads', 'loads']], stderr)
    assert.deepEqual((await project.setUp(['claude-code', 'kiro'], {repairs: true})).written, [])
  })

  it('tool setup: refuses links that leave the project or lead into directories that are not for tools', async (t) => {
    const outside = await tempFolder(t)
    const inside = async (target: string, make: (at: (file: string) => string) => Promise<unknown>) => {
      const project = await startSetUp(t, [skill])
      await make((file) => project.at(file))
      await mkdir(project.at('.claude'))
      await symlink(target, project.at('.claude/skills'))
      const {left, written} = await project.setUp(['claude-code'])
      assert.deepEqual(written, [], target)
      assert.match(left[0]?.reason ?? '', /^\.claude\/skills is a symbolic link that leaves the project/, target)
      const {exitCode, states} = await check(project, 'claude-code')
      assert.deepEqual([exitCode, states[0]?.slice(0, 2)], [1, ['claude-code', 'fails']])
      return project
    }
    await inside(outside, () => Promise.resolve())
    await inside('../.git/hooks', (at) => mkdir(at('.git/hooks'), {recursive: true}))
    await inside('../.GIT/hooks', (at) => mkdir(at('.GIT/hooks'), {recursive: true}))
    await inside('../apkg_packages/x', (at) => mkdir(at('apkg_packages/x')))
    await inside('..', () => Promise.resolve())
    await inside('../nowhere', () => Promise.resolve())
    await inside('skills', () => Promise.resolve())
    await inside('../hop/skills', async (at) => {
      await symlink(outside, at('hop'))
      await mkdir(path.join(outside, 'skills'))
    })
    assert.deepEqual(Object.keys(await statesOf(outside)), ['skills'])
  })

  it('real paths: follow chains of links within the project only', async (t) => {
    const folder = await tempFolder(t)
    const at = (file: string) => path.join(folder, file)
    await mkdir(at('real/skills'), {recursive: true})
    await symlink('real', at('one'))
    await symlink('one', at('two'))
    await symlink('..', at('out'))
    await writeFile(at('real/skills/file'), '')
    const realPath = realPathsIn(folder)
    assert.deepEqual(['two/skills/x', 'one/x', 'real/x', 'x', 'out/x', 'new/folder/x'].map(realPath), [
      'real/skills/x',
      'real/x',
      'real/x',
      'x',
      'out/x',
      'new/folder/x',
    ])
  })
})
