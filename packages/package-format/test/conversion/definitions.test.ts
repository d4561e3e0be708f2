import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {DefinitionProblem, findDefinitions} from '../../src/conversion/definitions.js'
import type {PackageFile, SetUpType} from '../../src/conversion/package-files.js'

const named = '---\nname: x\ndescription: d\n---\n\nText\n'

function filesOf(contents: Record<string, string>): PackageFile[] {
  return Object.entries(contents).map(([path, text]) => ({path, content: Buffer.from(text), isExecutable: false}))
}

const stemsIn = (type: SetUpType, contents: Record<string, string>) =>
  findDefinitions(type, filesOf({'apkg.json': '{}', ...contents})).map(({stem, file}) => [stem, file.path])

describe('findDefinitions', () => {
  it('findDefinitions: finds the SKILL.md of a skill, and nothing below it', () => {
    assert.deepEqual(stemsIn('skill', {'SKILL.md': named, 'skills/other/SKILL.md': named, 'NOTICE.md': named}), [
      ['SKILL', 'SKILL.md'],
    ])
  })

  it('findDefinitions: finds a skill.md in lower case', () => {
    assert.deepEqual(stemsIn('skill', {'skill.md': 'Text'}), [['SKILL', 'skill.md']])
  })

  it('findDefinitions: finds each of several skills', () => {
    assert.deepEqual(stemsIn('skill', {'skills/two/SKILL.md': named, 'skills/one/SKILL.md': named, 'x.md': named}), [
      ['one', 'skills/one/SKILL.md'],
      ['two', 'skills/two/SKILL.md'],
    ])
  })

  it('findDefinitions: finds agents with frontmatter at the root, and all in agents/', () => {
    const contents = {'a.md': named, 'plain.md': 'Text', 'agents/b.md': 'Text', 'docs/c.md': named, 'agents/d.txt': 'x'}
    assert.deepEqual(stemsIn('agent', contents), [
      ['a', 'a.md'],
      ['b', 'agents/b.md'],
    ])
  })

  it('findDefinitions: names a nested command after its directory and its file', () => {
    assert.deepEqual(stemsIn('command', {'commands/git/commit.md': 'Text'}), [['git-commit', 'commands/git/commit.md']])
  })

  it('findDefinitions: finds rules with both extensions', () => {
    assert.deepEqual(stemsIn('rule', {'a.mdc': named, 'rules/b.mdc': 'Text', 'c.md': named}), [
      ['a', 'a.mdc'],
      ['c', 'c.md'],
      ['b', 'rules/b.mdc'],
    ])
    assert.throws(() => stemsIn('agent', {'agents/a.mdc': named}), DefinitionProblem)
  })

  it('findDefinitions: never treats a document as a definition, even with frontmatter', () => {
    for (const name of [
      'README.md',
      'Changelog.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'CODE_OF_CONDUCT.md',
      'LICENSE.md',
      'NOTICE.third-party.md',
      'AGENTS.md',
      'CLAUDE.md',
      'GEMINI.md',
      'README.zh-CN.md',
      'README_ja.md',
      'readme.pt-br.md',
      'CHANGELOG-2.md',
      'Changelog-1.x.md',
      'LICENSE-MIT.md',
      'Code_of_Conduct.de.md',
      'README.template.md',
    ]) {
      assert.throws(() => stemsIn('agent', {[name]: named, [`agents/${name}`]: named}), /an agent needs/)
    }
  })

  it('findDefinitions: accepts a definition whose name begins like that of a document', () => {
    for (const name of [
      'security-auditor',
      'changelog-generator',
      'readme-writer',
      'claude-expert',
      'license-checker',
    ]) {
      assert.deepEqual(stemsIn('agent', {[`agents/${name}.md`]: named}), [[name, `agents/${name}.md`]])
    }
  })

  for (const [type, message] of [
    ['skill', /^a skill needs SKILL\.md/],
    ['agent', /^an agent needs a Markdown file in agents\//],
    ['command', /^a command needs a Markdown file in commands\//],
    ['rule', /^a rule needs a \.md or \.mdc file in rules\//],
  ] as const) {
    it(`findDefinitions: refuses a package of type ${type} that defines none`, () => {
      assert.throws(() => stemsIn(type, {'notes.md': 'Text'}), {name: 'DefinitionProblem', message})
    })
  }

  it('findDefinitions: names the file and the line of frontmatter that cannot be read', () => {
    assert.throws(() => stemsIn('agent', {'agents/a.md': '---\nname: x: y\ntools: [Read, (\n---\n'}), {
      path: 'agents/a.md',
      line: 3,
      message: /^The frontmatter of agents\/a\.md is invalid at line 3: /,
    })
  })
})
