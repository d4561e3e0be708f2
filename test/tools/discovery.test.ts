import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {copyFile, mkdir, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it, type TestContext} from 'node:test'

import Setup from '../../src/commands/setup.js'
import type {ToolName} from '../../src/tools/tool-traits.js'
import {discover} from '../support/discovery/index.js'
import type {Draft} from '../support/publish-package.js'
import {startSetUp} from '../support/set-up-project.js'

const drafts: Draft[] = [
  {
    name: '@acme/code-review',
    type: 'skill',
    files: {
      'SKILL.md': '---\nname: Code Review!\ndescription: Reviews code.\nlicense: MIT\n---\n\n# Review\n',
      'references/style.md': '# Style\n',
      'scripts/lint.sh': '#!/bin/sh\n',
    },
  },
  {
    name: '@acme/helpers',
    type: 'agent',
    files: {
      'README.md': '# Helpers\n',
      'Code Reviewer.md': '---\nname: x\ndescription: Reviews.\nmodel: gpt-5\ntools: Read, Grep\n---\nYou review.\n',
      'agents/tester.md': 'You test.\n',
    },
  },
  {
    name: '@acme/flow',
    type: 'command',
    files: {
      'land.md': '---\ndescription: Lands it.\n---\nLand\n',
      'scripts/land.sh': '#!/bin/sh\n',
      'start.md': '---\ndescription: Starts it.\n---\nStart\n',
    },
  },
  {name: '@acme/ship', type: 'command', files: {'ship.md': '---\ndescription: Ships it.\n---\nShip $ARGUMENTS\n'}},
  {name: '@acme/tone', type: 'rule', files: {'tone.md': '---\ndescription: "Tone: plain"\n---\nBe plain.\n'}},
  {name: '@acme/css', type: 'rule', files: {'css.md': '---\nglobs: "*.{css,scss}, *.less"\n---\nNo ids.\n'}},
  {name: '@acme/api', type: 'rule', files: {'api.md': '---\ndescription: APIs\nalwaysApply: false\n---\nREST.\n'}},
  {
    name: '@acme/deploy',
    type: 'skill',
    files: {'SKILL.md': '---\nname: deploy\ndescription: Deploys.\ndisable-model-invocation: true\n---\nDeploy.\n'},
  },
  {name: '@acme/bundle', type: 'composite', files: {'bundle.md': '# Bundle\n'}},
  {name: '@acme/settings', type: 'config', files: {'settings.json': '{}\n'}},
  {name: '@acme/notes', type: 'library', files: {'notes.md': '# Notes\n'}},
  {name: '@acme/server', type: 'mcp-server', files: {'mcp.json': '{}\n'}},
  {name: '@acme/letter', type: 'prompt', files: {'letter.md': '# Letter\n'}},
]

/** What a tool with agents, commands, rules and skills loads, by kind and name. */
const all = [
  'agent acme-helpers--code-reviewer',
  'agent acme-helpers--tester',
  'command acme-flow--land',
  'command acme-flow--start',
  'command acme-ship',
  'rule acme-api',
  'rule acme-css',
  'rule acme-tone',
  'skill acme-code-review',
  'skill acme-deploy',
]

const without = (names: readonly string[], ...kinds: string[]) =>
  names.filter((name) => !kinds.some((kind) => name.startsWith(kind)))

const commandsAsSkills = [
  ...without(all, 'command'),
  'skill acme-flow-land-bca8cc4d',
  'skill acme-flow-start-a3216aca',
  'skill acme-ship',
]

const ignoresLimit = (title: string) => ({'@acme/deploy': `${title} ignores \`disable-model-invocation\``})
const readsNo = (title: string, kind: 'agents' | 'commands', ...packages: string[]) =>
  Object.fromEntries(packages.map((name) => [name, `${title} does not read ${kind} from a project`]))

const isNotSetUp = (title: string, kind: 'agents' | 'commands', ...packages: string[]) =>
  Object.fromEntries(packages.map((name) => [name, `apkg does not set up ${kind} for ${title}`]))

interface Expected {
  /** What the tool lists, by kind and name. */
  names: string[]
  /** The fields that decide when it applies each rule. */
  rules: Record<string, object>
  /** The fields that limit the agent with `tools: Read, Grep`; undefined if it isn't loaded. */
  agent: object | undefined
  /** The fields that limit the skill that only a user may start; undefined if it isn't loaded. */
  skill: object | undefined
  /** Why it doesn't get a package. */
  unsupported?: Record<string, string>
}

/** Rules in AGENTS.md are a link with the files that they are for. */
const listedRules = {
  'acme-api': {description: 'APIs'},
  'acme-css': {description: '@acme/css, only for files that match \\*.{css,scss},\\*.less'},
  'acme-tone': {description: 'Tone: plain'},
}

const userOnly = {'disable-model-invocation': true}

const expected: Record<ToolName, Expected> = {
  'claude-code': {
    // A rule that applies when its description is relevant is a skill there.
    names: [...without(all, 'rule acme-api'), 'skill acme-api'],
    rules: {
      'acme-css': {paths: ['*.{css,scss}', '*.less']},
      'acme-tone': {description: 'Tone: plain'},
    },
    agent: {tools: 'Read, Grep'},
    skill: userOnly,
  },
  cursor: {
    names: all,
    rules: {
      'acme-api': {description: 'APIs', alwaysApply: false},
      'acme-css': {description: '@acme/css', globs: '*.{css,scss}, *.less', alwaysApply: false},
      'acme-tone': {description: 'Tone: plain', alwaysApply: true},
    },
    agent: {readonly: true},
    skill: userOnly,
  },
  codex: {
    names: commandsAsSkills,
    rules: listedRules,
    agent: {sandbox_mode: 'read-only'},
    skill: {...userOnly, policy: {allow_implicit_invocation: false}},
  },
  copilot: {
    names: all,
    rules: {
      'acme-api': {description: 'APIs'},
      'acme-css': {applyTo: '*.{css,scss},*.less', description: '@acme/css'},
      'acme-tone': {applyTo: '**', description: 'Tone: plain'},
    },
    agent: {tools: ['read', 'search']},
    skill: userOnly,
  },
  opencode: {
    names: without(all, 'skill acme-deploy'),
    rules: listedRules,
    agent: {mode: 'subagent', permission: {'*': 'deny', read: 'ask', grep: 'ask'}},
    skill: undefined,
    unsupported: ignoresLimit('OpenCode'),
  },
  devin: {
    names: commandsAsSkills,
    rules: {
      'acme-api': {trigger: 'model_decision', description: 'APIs'},
      'acme-css': {trigger: 'glob', globs: ['*.{css,scss}', '*.less'], description: '@acme/css'},
      'acme-tone': {trigger: 'always_on', description: 'Tone: plain'},
    },
    agent: {'allowed-tools': ['read', 'grep']},
    skill: {...userOnly, triggers: ['user']},
  },
  kiro: {
    names: without(all, 'skill acme-deploy'),
    rules: {
      'acme-api': {inclusion: 'auto', name: 'acme-api', description: 'APIs'},
      'acme-css': {inclusion: 'fileMatch', fileMatchPattern: ['*.{css,scss}', '*.less']},
      'acme-tone': {inclusion: 'always'},
    },
    agent: {tools: ['read']},
    skill: undefined,
    unsupported: ignoresLimit('Kiro'),
  },
  antigravity: {
    names: without(commandsAsSkills, 'skill acme-deploy'),
    rules: {
      'acme-api': {trigger: 'model_decision', description: 'APIs'},
      'acme-css': {trigger: 'glob', globs: '*.{css,scss},*.less', description: '@acme/css'},
      'acme-tone': {trigger: 'always_on', description: 'Tone: plain'},
    },
    agent: {tools: ['view_file', 'grep_search']},
    skill: undefined,
    unsupported: ignoresLimit('Antigravity'),
  },
  zed: {
    names: without(all, 'agent', 'command'),
    rules: listedRules,
    agent: undefined,
    skill: userOnly,
    unsupported: {
      ...readsNo('Zed', 'agents', '@acme/helpers'),
      ...readsNo('Zed', 'commands', '@acme/flow', '@acme/ship'),
    },
  },
  amp: {
    names: without(all, 'agent', 'command', 'skill acme-deploy'),
    rules: listedRules,
    agent: undefined,
    skill: undefined,
    unsupported: {
      ...ignoresLimit('Amp'),
      ...readsNo('Amp', 'agents', '@acme/helpers'),
      ...readsNo('Amp', 'commands', '@acme/flow', '@acme/ship'),
    },
  },
  goose: {
    names: without(all, 'agent', 'command', 'skill acme-deploy'),
    rules: listedRules,
    agent: undefined,
    skill: undefined,
    unsupported: {
      ...ignoresLimit('Goose'),
      '@acme/helpers': 'Goose does not limit the tools of an agent',
      ...readsNo('Goose', 'commands', '@acme/flow', '@acme/ship'),
    },
  },
  cline: {
    names: without(all, 'agent', 'rule acme-api', 'rule acme-css', 'skill acme-deploy'),
    rules: {'acme-tone': {}},
    agent: undefined,
    skill: undefined,
    unsupported: {
      ...ignoresLimit('Cline'),
      ...isNotSetUp('Cline', 'agents', '@acme/helpers'),
      '@acme/api': 'Cline always applies every rule, but this one applies only sometimes',
      '@acme/css': 'Cline always applies every rule, but this one applies only sometimes',
    },
  },
  junie: {
    names: without(all, 'command', 'skill acme-deploy'),
    rules: listedRules,
    agent: {tools: ['Read', 'Grep']},
    skill: undefined,
    unsupported: {
      ...ignoresLimit('Junie'),
      ...isNotSetUp('Junie', 'commands', '@acme/flow', '@acme/ship'),
    },
  },
}

/** Fields that set no limits. */
const descriptive = new Set(['name', 'description', 'model', 'developer_instructions'])

const ownFolders = /^\.(claude|cursor|codex|agents|github|opencode|devin|kiro|cline|clinerules|junie)\//

describe('tool files', () => {
  for (const tool of Object.keys(discover) as ToolName[]) {
    it(`tool files: ${tool} loads exactly these, according to its own documentation`, async (t) => {
      const project = await startSetUp(t, drafts)
      const report = await project.setUp([tool])
      assert.equal(report.problem, undefined)
      assert.deepEqual(report.left, [])
      const {found, ignored} = await discover[tool](project.folder)
      const {names, rules, agent, skill, unsupported = {}} = expected[tool]
      assert.deepEqual(ignored, [])
      assert.deepEqual(found.map(({kind, name}) => `${kind} ${name}`).sort(), [...names].sort())
      const foundRules = found.filter(({kind}) => kind === 'rule')
      assert.deepEqual(Object.fromEntries(foundRules.map(({name, fields}) => [name, fields])), rules)
      const limitsOf = (name: string) => {
        const fields = found.find((each) => each.name === name)?.fields
        return fields && Object.fromEntries(Object.entries(fields).filter(([field]) => !descriptive.has(field)))
      }
      assert.deepEqual([limitsOf('acme-helpers--code-reviewer'), limitsOf('acme-deploy')], [agent, skill])
      assert.match(found.find(({name}) => name === 'acme-code-review')?.text ?? '', /^\n# Review\n$/)
      assert.deepEqual(
        report.written.filter(({path}) => !ownFolders.test(path)),
        [],
      )
      assert.deepEqual(Object.fromEntries(report.unsupported.map((each) => [each.package, each.reason])), unsupported)
      assert.deepEqual(report.unread.map(({type}) => type).sort(), [
        'composite',
        'config',
        'library',
        'mcp-server',
        'prompt',
      ])
    })
  }

  const tone = drafts.find(({name}) => name === '@acme/tone')!
  const startTone = async (t: TestContext) => {
    const project = await startSetUp(t, [tone])
    const rulesOf = async (tool: ToolName) => (await discover[tool](project.folder)).found.map(({name}) => name)
    const write = async (file: string) => {
      await mkdir(project.at(path.dirname(file)), {recursive: true})
      await writeFile(project.at(file), '# Ours\n')
    }
    return {project, rulesOf, write}
  }

  for (const [tool, title, file] of [
    ['zed', 'Zed', '.rules'],
    ['zed', 'Zed', 'AGENT.md'],
    ['zed', 'Zed', '.github/copilot-instructions.md'],
    ['codex', 'Codex', 'AGENTS.override.md'],
    ['junie', 'Junie', '.junie/AGENTS.md'],
  ] as const) {
    const reason = `${title} reads ${file} instead of AGENTS.md`

    it(`tool files: ${tool} gets no rule that ${file} would hide`, async (t) => {
      const {project, rulesOf, write} = await startTone(t)
      await write(file)
      const before = Object.keys(await project.tree())
      const report = await project.setUp([tool])
      assert.deepEqual(
        report.unsupported.map((each) => each.reason),
        [reason],
      )
      const created = Object.keys(await project.tree()).filter((each) => !before.includes(each))
      assert.deepEqual(created, ['apkg_packages/.setup.json'])
      assert.deepEqual(await rulesOf(tool), [])
      const {packages} = JSON.parse((await project.succeed(Setup, ['--check', '--json', '--setup', tool])).stdout)
      assert.deepEqual(
        [packages[0].state, packages[0].problems],
        ['unsupported', [{path: null, kind: 'package', reason}]],
      )
    })

    it(`tool files: setup --check reports rules that ${tool} no longer reads because of ${file}`, async (t) => {
      const {project, rulesOf, write} = await startTone(t)
      await project.setUp([tool])
      const flags = ['--check', '--json', '--setup', tool]
      await project.succeed(Setup, flags)
      assert.deepEqual(await rulesOf(tool), ['acme-tone'])
      await write(file)
      assert.deepEqual(await rulesOf(tool), [])
      const {stdout, exitCode} = await project.run(Setup, flags)
      assert.equal(exitCode, 1)
      const {packages} = JSON.parse(stdout)
      assert.deepEqual([packages[0].state, packages[0].problems], ['fails', [{path: null, kind: 'package', reason}]])
      await project.succeed(Setup, ['--setup', tool])
      assert.equal((await project.run(Setup, flags)).exitCode, 0)
      assert.equal(existsSync(project.at('AGENTS.md')), false)
    })
  }

  for (const [tool, title, file] of [
    ['opencode', 'OpenCode', 'CLAUDE.md'],
    ['amp', 'Amp', 'AGENT.md'],
    ['zed', 'Zed', 'GEMINI.md'],
    ['junie', 'Junie', '.junie/guidelines.md'],
    ['junie', 'Junie', '.junie/guidelines/ours.md'],
  ] as const) {
    it(`tool files: AGENTS.md is not created if it would hide ${file} from ${tool}`, async (t) => {
      const {project, rulesOf, write} = await startTone(t)
      await write(file)
      const tools = ['codex', tool] as const
      const report = await project.setUp(tools)
      const hidden = file.replace(/ours\.md$/, '')
      const reason = `if apkg created AGENTS.md, ${title} would no longer read ${hidden}; create AGENTS.md yourself`
      assert.deepEqual(
        report.unsupported.map((each) => [each.tool, each.reason]),
        tools.map((each) => [each, reason]),
      )
      assert.equal(existsSync(project.at('AGENTS.md')), false)
      await write('AGENTS.md')
      await project.setUp(tools, {repairs: true})
      for (const each of tools) assert.deepEqual(await rulesOf(each), ['acme-tone'])
    })
  }

  it('tool files: include all files of a skill, also in subdirectories', async (t) => {
    const project = await startSetUp(t, drafts)
    await project.setUp(['claude-code'])
    const tree = await project.tree()
    const skill = Object.keys(tree).filter((file) => file.startsWith('.claude/skills/acme-code-review/'))
    assert.deepEqual(skill, [
      '.claude/skills/acme-code-review/SKILL.md',
      '.claude/skills/acme-code-review/references/style.md',
      '.claude/skills/acme-code-review/scripts/lint.sh',
    ])
    const [main, reference, script] = await Promise.all(skill.map((file) => stat(project.at(file))))
    assert.deepEqual(
      [main, reference, script].map((each) => (each!.mode & 0o100) !== 0),
      [false, false, true],
    )
    assert.equal(
      tree[skill[0]!],
      '---\nname: acme-code-review\ndescription: Reviews code.\nlicense: MIT\n---\n\n# Review\n',
    )
  })

  it("tool files: tools do not load the original client's files, one directory deeper", async (t) => {
    const project = await startSetUp(t, [drafts[0]!])
    await mkdir(project.at('.claude/skills/@acme/code-review'), {recursive: true})
    const from = project.at('apkg_packages/@acme/code-review/SKILL.md')
    await copyFile(from, project.at('.claude/skills/@acme/code-review/SKILL.md'))
    const {found, ignored} = await discover['claude-code'](project.folder)
    assert.deepEqual([found, ignored], [[], [{file: '.claude/skills/@acme', why: 'it has no SKILL.md'}]])
  })
})
