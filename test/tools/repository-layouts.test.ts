import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'node:test'

import Pack from '../../src/commands/pack.js'
import type {ToolName} from '../../src/tools/tool-traits.js'
import {discover} from '../support/discovery/index.js'
import {makeExecutable, makeTree, writeTree} from '../support/make-tree.js'
import {config} from '../support/oclif-config.js'
import {startPlainRegistry, type PlainRegistry} from '../support/plain-registry.js'
import {runCommand, type Outcome} from '../support/run-command.js'
import {startSetUp} from '../support/set-up-project.js'
import {tempFolder} from '../support/temp-folder.js'

/** Repositories as authors lay them out. A file that starts with `#!`, or lies in `bin/`, is executable. */
const repositories: Record<string, Record<string, string | Uint8Array>> = {
  workshop: {
    'README.md': '# Skills\n',
    LICENSE: 'MIT\n',
    'CLAUDE.md': '# For contributors\n',
    '.github/workflows/ci.yml': 'on: push\n',
    'skills/pdf-forms/SKILL.md':
      '---\r\nname: pdf-forms\r\ndescription: Fills in forms: text, boxes and dates.\r\nlicense: MIT\r\n---\r\n\r\n# Forms\r\n\r\nRun `scripts/fill`.\r\n',
    'skills/pdf-forms/scripts/fill': '#!/usr/bin/env python3\nprint(1)\n',
    'skills/pdf-forms/scripts/lib.py': 'X = 1\r\n',
    'skills/pdf-forms/references/Größe und Maß.md': '\uFEFF# Größe\n',
    'skills/pdf-forms/assets/logo.bin': Uint8Array.of(0, 255, 13, 10, 0),
    'skills/pdf-forms/bin/probe': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0),
    'skills/release/SKILL.md':
      '\uFEFF---\nname: release\ndescription: Releases a version.\ndisable-model-invocation: true\n---\nRelease it.\n',
    'skills/release/scripts/tag.sh': '#!/bin/sh\ngit tag\n',
  },
  marketplace: {
    '.claude-plugin/marketplace.json':
      '{"name": "ours", "plugins": [{"name": "review", "source": "./plugins/review"}]}\n',
    'plugins/review/.claude-plugin/plugin.json': '{"name": "review"}\n',
    'plugins/review/skills/diff-review/SKILL.md':
      '---\nname: diff-review\ndescription: Reviews a diff.\nallowed-tools: Read, Bash(git diff:*)\n---\nReview the diff.\n',
    'plugins/review/skills/diff-review/checklist.md': '- [ ] tests\n',
    'plugins/review/agents/reviewer.md':
      '---\nname: reviewer\ndescription: Reviews diffs.\ntools: Read, Grep, Glob\nmodel: sonnet\n---\nYou review diffs.\n',
    'plugins/review/commands/review-pr.md':
      '---\ndescription: Reviews a pull request.\nargument-hint: [number]\nallowed-tools: Bash(gh pr view:*)\n---\nReview pull request $ARGUMENTS.\n',
  },
  'in-use': {
    '.claude/settings.json': '{}\n',
    '.claude/skills/changelog/SKILL.md': '---\nname: changelog\ndescription: Writes the changelog.\n---\nWrite it.\n',
    '.claude/skills/changelog/templates/entry.md': '- …\n',
    'src/index.js': '',
  },
  single: {
    'SKILL.md': '---\nname: Maps & Charts\ndescription: |\n  Draws maps.\n  Draws charts.\n---\n\n# Maps\n',
    'AGENTS.md': '# For contributors\n',
    '.cursor/rules/ours.mdc': 'Ours.\n',
    'scripts/draw': '#!/bin/sh\n',
    'scripts/render.mjs': 'export {}\n',
    'references/api.md': '# API\n',
  },
  team: {
    'agents/README.md': '# The team\n',
    'agents/python-pro.md': '---\nname: python-pro\ndescription: Writes Python.\n---\nYou write Python.\n',
    'agents/security/auditor.md':
      '---\nname: auditor\ndescription: Audits code. Examples: <example>user: "audit"</example>\ntools: [Read, Grep]\n---\nYou audit.\n',
    'agents/scribe.md':
      '\uFEFF---\r\nname: scribe\r\ndescription: Writes notes.\r\ntools: Read, Write, Edit\r\n---\r\nYou take notes.\r\n',
  },
  commands: {
    'commands/fix-issue.md': '---\ndescription: Fixes an issue.\n---\nFix issue $ARGUMENTS.\n',
    'commands/git/sync.md': 'Sync with the main branch.\n',
  },
  rules: {
    'rules/react.mdc': '---\ndescription:\nglobs: src/**/*.tsx, src/**/*.jsx\nalwaysApply: false\n---\nUse hooks.\n',
    'rules/tone.mdc': '---\ndescription: Tone\nglobs:\nalwaysApply: true\n---\nBe plain.\n',
    'rules/über-tests.mdc': '---\ndescription: How we test\nglobs:\nalwaysApply: false\n---\nTest first.\n',
  },
}

interface Source {
  /** The package. */
  name: string
  type: 'skill' | 'agent' | 'command' | 'rule'
  repository: string
  /** The package's directory in the repository. */
  folder: string
  /** Definitions by their paths in the package, with the text that a tool must get. */
  definitions: Record<string, string>
}

const sources: Source[] = [
  {
    ...{name: '@acme/workshop', type: 'skill', repository: 'workshop', folder: ''},
    definitions: {
      'skills/pdf-forms/SKILL.md': '# Forms\r\n\r\nRun `scripts/fill`.\r\n',
      'skills/release/SKILL.md': 'Release it.\n',
    },
  },
  {
    ...{name: '@acme/reviewing', type: 'skill', repository: 'marketplace', folder: 'plugins/review'},
    definitions: {'skills/diff-review/SKILL.md': 'Review the diff.\n'},
  },
  {
    ...{name: '@acme/reviewers', type: 'agent', repository: 'marketplace', folder: 'plugins/review'},
    definitions: {'agents/reviewer.md': 'You review diffs.'},
  },
  {
    ...{name: '@acme/review-pr', type: 'command', repository: 'marketplace', folder: 'plugins/review'},
    definitions: {'commands/review-pr.md': 'Review pull request'},
  },
  {
    ...{name: '@acme/changelog', type: 'skill', repository: 'in-use', folder: '.claude/skills/changelog'},
    definitions: {'SKILL.md': 'Write it.\n'},
  },
  {
    ...{name: '@acme/maps', type: 'skill', repository: 'single', folder: ''},
    definitions: {'SKILL.md': '\n# Maps\n'},
  },
  {
    ...{name: '@acme/team', type: 'agent', repository: 'team', folder: ''},
    definitions: {
      'agents/python-pro.md': 'You write Python.',
      'agents/scribe.md': 'You take notes.',
      'agents/security/auditor.md': 'You audit.',
    },
  },
  {
    ...{name: '@acme/commands', type: 'command', repository: 'commands', folder: ''},
    definitions: {'commands/fix-issue.md': 'Fix issue', 'commands/git/sync.md': 'Sync with the main branch.\n'},
  },
  {
    ...{name: '@acme/rules', type: 'rule', repository: 'rules', folder: ''},
    definitions: {
      'rules/react.mdc': 'Use hooks.\n',
      'rules/tone.mdc': 'Be plain.\n',
      'rules/über-tests.mdc': 'Test first.\n',
    },
  },
]

type Context = Parameters<typeof makeTree>[0]

/** Creates a repository, with a manifest in a directory of it. */
async function clone(t: Context, name: string, folder: string, manifest: object): Promise<string> {
  const files = repositories[name]!
  const root = await makeTree(t, files)
  for (const [file, content] of Object.entries(files)) {
    if (/(^|\/)bin\//.test(file) || String(content).startsWith('#!')) await makeExecutable(path.join(root, file))
  }
  const cwd = path.join(root, folder)
  await mkdir(cwd, {recursive: true})
  await writeTree(cwd, {'apkg.json': JSON.stringify({version: '1.0.0', description: 'Each.', ...manifest})})
  return cwd
}

async function pack(t: Context, cwd: string): Promise<Outcome> {
  return runCommand(Pack, ['--json'], config, {home: await tempFolder(t), cwd, env: {}})
}

/** A package as it was packed: its directory, and the paths of its files. */
interface Packed {
  cwd: string
  files: string[]
}

/** Packs all sources with `apkg pack`, and starts a registry with them. */
async function packAll(t: Context): Promise<{registry: PlainRegistry; packed: Map<string, Packed>}> {
  const registry = await startPlainRegistry(t)
  const packed = new Map<string, Packed>()
  for (const {name, type, repository, folder} of sources) {
    const cwd = await clone(t, repository, folder, {name, type})
    const {stdout, stderr, exitCode} = await pack(t, cwd)
    assert.equal(exitCode, 0, stdout + stderr)
    const {path: tarball, integrity, files} = JSON.parse(stdout)
    await registry.put({name, type}, {integrity}, await readFile(tarball as string))
    packed.set(name, {cwd, files: (files as {path: string}[]).map((file) => file.path)})
  }
  return {registry, packed}
}

/** Content and execute bit of files. */
async function contentsOf(folder: string, files: readonly string[]): Promise<Record<string, string>> {
  const contents: Record<string, string> = {}
  for (const file of files) {
    const {mode} = await stat(path.join(folder, file))
    const isExecutable = (mode & 0o111) !== 0
    contents[file] =
      `${isExecutable ? 'executable ' : ''}${(await readFile(path.join(folder, file))).toString('latin1')}`
  }
  return contents
}

/** The files of a skill besides its definition and what apkg writes for Codex, by their paths in its directory. */
function besideSkill(files: readonly string[]): string[] {
  return files.filter((file) => !['SKILL.md', 'agents/openai.yaml', 'apkg.json'].includes(file)).sort()
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}

interface Expected {
  /** Why the tool doesn't get definitions, by package. */
  refused: Record<string, string[]>
  /** The fields that limit a skill, an agent, a rule for some files and a rule by its description; those that it gets. */
  limits: Partial<Record<'release' | 'scribe' | 'react' | 'tests', object>>
}

const ignoresLimit = (title: string) => ({
  '@acme/workshop': [`skills/release/SKILL.md: ${title} ignores \`disable-model-invocation\``],
})
const withoutAgents = (reason: string) => ({'@acme/reviewers': [reason], '@acme/team': [reason]})
const withoutCommands = (title: string, reason = `${title} does not read commands from a project`) => {
  return {'@acme/review-pr': [reason], '@acme/commands': [reason]}
}
const cannotLimit = (title: string) => ({
  '@acme/team': [`agents/scribe.md: ${title} can't limit an agent to what \`tools\` allows`],
})
const userOnly = {'disable-model-invocation': true}
const patterns = ['src/**/*.tsx', 'src/**/*.jsx']
/** Rules in AGENTS.md have no fields. */
const listed = {react: {}, tests: {}}

const expected: Record<ToolName, Expected> = {
  'claude-code': {
    refused: {},
    limits: {release: userOnly, scribe: {tools: 'Read, Write, Edit'}, react: {paths: patterns}, tests: {}},
  },
  cursor: {
    refused: cannotLimit('Cursor'),
    limits: {
      release: userOnly,
      react: {globs: patterns.join(', '), alwaysApply: false},
      tests: {alwaysApply: false},
    },
  },
  codex: {
    refused: cannotLimit('Codex'),
    limits: {release: {...userOnly, policy: {allow_implicit_invocation: false}}, ...listed},
  },
  copilot: {
    refused: {},
    limits: {
      release: userOnly,
      scribe: {tools: ['read', 'edit']},
      react: {applyTo: patterns.join(',')},
      tests: {},
    },
  },
  opencode: {
    refused: ignoresLimit('OpenCode'),
    limits: {
      scribe: {
        mode: 'subagent',
        permission: {'*': 'deny', read: 'ask', edit: 'ask'},
      },
      ...listed,
    },
  },
  devin: {
    refused: {},
    limits: {
      release: {...userOnly, triggers: ['user']},
      scribe: {'allowed-tools': ['read', 'edit', 'write']},
      react: {trigger: 'glob', globs: patterns},
      tests: {trigger: 'model_decision'},
    },
  },
  kiro: {
    refused: ignoresLimit('Kiro'),
    limits: {
      // `write` would also delete files.
      scribe: {tools: ['read']},
      react: {inclusion: 'fileMatch', fileMatchPattern: patterns},
      tests: {inclusion: 'auto'},
    },
  },
  antigravity: {
    refused: ignoresLimit('Antigravity'),
    limits: {
      scribe: {
        tools: ['view_file', ...['replace_file_content', 'multi_replace_file_content', 'write_to_file']],
      },
      react: {trigger: 'glob', globs: patterns.join(',')},
      tests: {trigger: 'model_decision'},
    },
  },
  zed: {
    refused: {...withoutAgents('Zed does not read agents from a project'), ...withoutCommands('Zed')},
    limits: {release: userOnly, ...listed},
  },
  amp: {
    refused: {
      ...ignoresLimit('Amp'),
      ...withoutAgents('Amp does not read agents from a project'),
      ...withoutCommands('Amp'),
    },
    limits: listed,
  },
  goose: {
    refused: {
      ...ignoresLimit('Goose'),
      ...withoutAgents('Goose does not limit the tools of an agent'),
      ...withoutCommands('Goose'),
    },
    limits: listed,
  },
  cline: {
    refused: {
      ...ignoresLimit('Cline'),
      ...withoutAgents('apkg does not set up agents for Cline'),
      '@acme/rules': ['rules/react.mdc', 'rules/über-tests.mdc'].map(
        (file) => `${file}: Cline always applies every rule, but this one applies only sometimes`,
      ),
    },
    limits: {},
  },
  junie: {
    refused: {...ignoresLimit('Junie'), ...withoutCommands('Junie', 'apkg does not set up commands for Junie')},
    limits: {scribe: {tools: ['Read', 'Edit', 'Write']}, ...listed},
  },
}

const limited = {
  release: 'skills/release/SKILL.md',
  scribe: 'agents/scribe.md',
  react: 'rules/react.mdc',
  tests: 'rules/über-tests.mdc',
} as const

/** Fields that set no limits. */
const descriptive = new Set(['name', 'description', 'developer_instructions'])

describe('repositories as their authors lay them out', () => {
  const cleanUps: (() => unknown)[] = []
  let registry: PlainRegistry
  let packed: Map<string, Packed>
  before(async () => {
    ;({registry, packed} = await packAll({after: (cleanUp: () => unknown) => cleanUps.push(cleanUp)}))
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })

  for (const tool of Object.keys(discover) as ToolName[]) {
    it(`repository layouts: ${tool} gets each definition with its files and limits, or a reason`, async (t) => {
      const all = Object.fromEntries(sources.map(({name}) => [name, '*']))
      const project = await startSetUp(t, [], all, registry)
      const report = await project.setUp([tool])
      assert.equal(report.problem, undefined)
      assert.deepEqual(report.left, [])
      const {found, ignored} = await discover[tool](project.folder)
      assert.deepEqual(ignored, [])
      const {refused, limits} = expected[tool]
      const reasons: Record<string, string[]> = {}
      for (const each of report.unsupported) (reasons[each.package] ??= []).push(each.reason)
      assert.deepEqual(reasons, refused)

      const fields: Expected['limits'] = {}
      for (const {name, type, definitions} of sources) {
        for (const [file, text] of Object.entries(definitions)) {
          const isRefused =
            refused[name]?.some((each) => !each.includes('.md') || each.startsWith(`${file}: `)) ?? false
          const matches = found.filter((each) => each.text.includes(text))
          assert.equal(matches.length, isRefused ? 0 : 1, `${name} ${file}`)
          const [match] = matches
          if (!match) continue
          const key = (Object.keys(limited) as (keyof typeof limited)[]).find((each) => limited[each] === file)
          if (key) fields[key] = fieldsThatLimit(match.fields)
          if (type !== 'skill') continue
          const {cwd, files} = packed.get(name)!
          const folder = path.dirname(file) === '.' ? '' : `${path.dirname(file)}/`
          const wanted = files.filter((each) => each.startsWith(folder)).map((each) => each.slice(folder.length))
          const placed = path.dirname(project.at(match.file))
          assert.deepEqual(
            await contentsOf(placed, besideSkill(await filesBelow(placed))),
            await contentsOf(path.join(cwd, folder), besideSkill(wanted)),
          )
        }
      }
      assert.deepEqual(fields, limits)
    })
  }

  it('repository layouts: pack leaves out the configuration of tools at the root, and lists it', async (t) => {
    const cwd = await clone(t, 'single', '', {name: '@acme/maps', type: 'skill'})
    const {stdout} = await pack(t, cwd)
    const {files, skipped} = JSON.parse(stdout)
    assert.deepEqual(
      (files as {path: string}[]).map((file) => file.path),
      ['SKILL.md', 'apkg.json', 'references/api.md', 'scripts/draw', 'scripts/render.mjs'],
    )
    assert.deepEqual(
      (skipped as {path: string}[]).map((file) => file.path),
      ['.cursor/', 'AGENTS.md'],
    )
  })

  for (const [repository, type, message] of [
    [
      'in-use',
      'skill',
      'The package has no definition that a tool can read: a skill needs SKILL.md, or skills/<name>/SKILL.md for each of several skills',
    ],
    [
      'marketplace',
      'skill',
      'The package cannot be packed:\n  - plugins/review/.claude-plugin/plugin.json would be read as configuration by a tool or by git',
    ],
    [
      'workshop',
      'agent',
      'The package has no definition that a tool can read: an agent needs a Markdown file in agents/, or one with frontmatter next to apkg.json',
    ],
  ] as const) {
    it(`repository layouts: pack says why ${repository} isn't a package of type ${type}`, async (t) => {
      const cwd = await clone(t, repository, '', {name: '@acme/whole', type})
      const {stdout, exitCode} = await pack(t, cwd)
      assert.equal(exitCode, 1)
      assert.equal(JSON.parse(stdout).error.message, message)
    })
  }
})

function fieldsThatLimit(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !descriptive.has(field)))
}
