import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'node:test'

import Pack from '../../src/commands/pack.js'
import type {ToolName} from '../../src/tools/tool-traits.js'
import {discover} from '../support/discovery/index.js'
import {makeExecutable, makeTree, writeTree} from '../support/make-tree.js'
import {config} from '../support/oclif-config.js'
import {startPlainRegistry} from '../support/plain-registry.js'
import {runCommand, type Outcome} from '../support/run-command.js'
import {startSetUp, type SetUpProject} from '../support/set-up-project.js'
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

/** Packs all sources with `apkg pack`, and starts a project that installs them. */
async function startWithAll(t: Context): Promise<SetUpProject & {folders: Map<string, string>}> {
  const registry = await startPlainRegistry(t)
  const folders = new Map<string, string>()
  for (const {name, type, repository, folder} of sources) {
    const cwd = await clone(t, repository, folder, {name, type})
    const {stdout, stderr, exitCode} = await pack(t, cwd)
    assert.equal(exitCode, 0, stdout + stderr)
    const {path: tarball, integrity} = JSON.parse(stdout) as {path: string; integrity: string}
    await registry.put({name, type}, {integrity}, await readFile(tarball))
    folders.set(name, cwd)
  }
  const project = await startSetUp(t, [], Object.fromEntries(sources.map(({name}) => [name, '*'])), registry)
  return Object.assign(project, {folders})
}

/** Content and execute bit of each file below a directory. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const entry of (await readdir(folder, {recursive: true})).sort()) {
    const file = path.join(folder, entry)
    const {mode} = await stat(file)
    if (!(await stat(file)).isFile()) continue
    files[entry] = `${(mode & 0o111) !== 0 ? 'x' : '-'} ${(await readFile(file)).toString('latin1')}`
  }
  return files
}

void writeFile
describe('repositories as their authors lay them out', () => {
  for (const tool of Object.keys(discover) as ToolName[]) {
    it(`repository layouts: ${tool} gets each definition, with its files and limits, or a reason`, async (t) => {
      const project = await startWithAll(t)
      const report = await project.setUp([tool])
      assert.equal(report.problem, undefined)
      assert.deepEqual(report.left, [])
      const {found, ignored} = await discover[tool](project.folder)
      assert.deepEqual(ignored, [])
      const refused: string[] = []
      const limits: Record<string, object> = {}
      for (const {name, definitions} of sources) {
        for (const [file, text] of Object.entries(definitions)) {
          const reasons = report.unsupported.filter((each) => each.package === name).map((each) => each.reason)
          const reason =
            reasons.find((each) => each.startsWith(`${file}: `)) ?? reasons.find((each) => !each.includes('.md'))
          const matches = found.filter((each) => each.text.includes(text))
          assert.equal(matches.length, reason === undefined ? 1 : 0, `${name} ${file}: ${reason}`)
          if (reason === undefined) limits[`${name} ${file}`] = matches[0]!.fields
          else refused.push(`${name}: ${reason}`)
        }
      }
      console.log(
        tool,
        JSON.stringify(
          {refused, limits, adjusted: report.adjusted.map((each) => `${each.path} ${each.reason}`)},
          undefined,
          1,
        ),
      )
    })
  }
})
void filesIn
