import assert from 'node:assert/strict'
import {copyFile, mkdir, stat} from 'node:fs/promises'
import {describe, it} from 'node:test'

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
  {name: '@acme/notes', type: 'library', files: {'notes.md': '# Notes\n'}},
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
]

const commandsAsSkills = [
  ...all.filter((each) => !each.startsWith('command')),
  'skill acme-flow-land-bca8cc4d',
  'skill acme-flow-start-a3216aca',
  'skill acme-ship',
]

const names: Record<keyof typeof discover, string[]> = {
  // A rule that applies when its description is relevant is a skill there.
  'claude-code': [...all.filter((each) => each !== 'rule acme-api'), 'skill acme-api'].sort(),
  cursor: all,
  codex: commandsAsSkills,
  devin: commandsAsSkills,
  kiro: all,
}

/** The fields that decide when each tool applies the three rules. */
const activations: Record<keyof typeof discover, Record<string, object>> = {
  'claude-code': {
    'acme-css': {paths: ['*.{css,scss}', '*.less']},
    'acme-tone': {description: 'Tone: plain'},
  },
  cursor: {
    'acme-api': {description: 'APIs', alwaysApply: false},
    'acme-css': {description: '@acme/css', globs: '*.{css,scss}, *.less', alwaysApply: false},
    'acme-tone': {description: 'Tone: plain', alwaysApply: true},
  },
  codex: {
    'acme-api': {description: 'APIs'},
    'acme-css': {description: '@acme/css'},
    'acme-tone': {description: 'Tone: plain'},
  },
  devin: {
    'acme-api': {trigger: 'model_decision', description: 'APIs'},
    'acme-css': {trigger: 'glob', globs: ['*.{css,scss}', '*.less'], description: '@acme/css'},
    'acme-tone': {trigger: 'always_on', description: 'Tone: plain'},
  },
  kiro: {
    'acme-api': {inclusion: 'auto', name: 'acme-api', description: 'APIs'},
    'acme-css': {inclusion: 'fileMatch', fileMatchPattern: ['*.{css,scss}', '*.less']},
    'acme-tone': {inclusion: 'always'},
  },
}

describe('tool files', () => {
  for (const tool of Object.keys(discover) as (keyof typeof discover)[]) {
    it(`tool files: ${tool} loads exactly these, according to its own documentation`, async (t) => {
      const project = await startSetUp(t, drafts)
      const report = await project.setUp([tool])
      assert.equal(report.problem, undefined)
      assert.deepEqual(report.left, [])
      const {found, ignored} = await discover[tool](project.folder)
      assert.deepEqual(ignored, [])
      assert.deepEqual(found.map(({kind, name}) => `${kind} ${name}`).sort(), names[tool])
      const rules = found.filter(({kind}) => kind === 'rule')
      assert.deepEqual(Object.fromEntries(rules.map(({name, fields}) => [name, fields])), activations[tool])
      assert.match(found.find(({name}) => name === 'acme-code-review')?.text ?? '', /^\n# Review\n$/)
      const elsewhere = report.written.filter(({path}) => !/^\.(claude|cursor|codex|agents|devin|kiro)\//.test(path))
      assert.deepEqual(elsewhere, [])
      assert.deepEqual(report.unsupported, [])
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
