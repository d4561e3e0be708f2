import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {boundedTraits, compareTraits, packageTraits, type Trait} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

const traits = (type: Parameters<typeof packageOf>[0], texts: Record<string, string>) =>
  packageTraits(packageOf(type, texts))
const valuesOf = (all: readonly Trait[], kind: Trait['kind']) =>
  all.filter((each) => each.kind === kind).map(({value}) => value)
const agent = (head: string) => traits('agent', {'agents/a.md': `---\ndescription: A.\n${head}\n---\nBody.\n`})

describe('packageTraits', () => {
  it('packageTraits: hosts are named once, without user, port, path and punctuation', () => {
    const body = [
      'https://a.example/x?y=https://b.example, <HTTPS://A.example:443>, (ws://user:pw@c.example).',
      '`curl https://d.example.;` and **ssh://e.example**, git@f.example:org/x, file:///etc/passwd, https://${HOST}/x',
    ].join('\n')
    const found = valuesOf(traits('skill', {'SKILL.md': body, 'a.txt': 'https://a.example'}), 'host')
    assert.deepEqual(found, ['a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example'])
  })

  it('packageTraits: reads hostile text in linear time', () => {
    const start = performance.now()
    const parts = ['x://', 'git@a', 'a.', '.-', 'https://'].map((part) => part.repeat(200_000))
    traits('skill', {'SKILL.md': `${parts.join('\n')}\nhttps://${'.'.repeat(1_000_000)}a`})
    assert.ok(performance.now() - start < 5000)
  })

  it('packageTraits: limits of nested skills count, and those of documents that no tool gets do not', () => {
    const nested = {'SKILL.md': 'Body.\n', 'a/SKILL.md': '---\nname: a\nuser-invocable: false\n---\n'}
    assert.deepEqual(valuesOf(traits('skill', nested), 'limit'), ['user-invocable'])
    const all = traits('agent', {'agents/a.md': 'Body.\n', 'README.md': 'https://a.example \u200B'})
    assert.deepEqual(
      all.map(({kind, path}) => [kind, path]),
      [['definition', 'agents/a.md']],
    )
  })
})

describe('compareTraits', () => {
  for (const [before, after, isWider] of [
    ['tools: Read', 'tools: Read, Bash', true],
    ['tools: Read, Bash', 'tools: Read', false],
    ['tools: Read', '', true],
    ['', 'tools: Read, Bash', false],
    ['disallowedTools: Bash, Write', 'disallowedTools: Bash', true],
    ['disallowedTools: Bash', 'disallowedTools: Bash, Write', false],
    ['readonly: true', 'readonly: false', true],
    ['tools: Read', 'tools: "*"', true],
    ['tools: Read, Grep', 'tools: [Grep, Read]', false],
    ['disable-model-invocation: true', 'disable-model-invocation: false', true],
    ['infer: false', 'disable-model-invocation: true', false],
    ['user-invocable: false', '', true],
    ['isolation: worktree', '', true],
    ['', 'paths: src', false],
  ] as const) {
    it(`compareTraits: from \`${before}\` to \`${after}\` is ${isWider ? '' : 'not '}wider`, () => {
      assert.equal(compareTraits(agent(before), agent(after)).isWider, isWider)
    })
  }

  it('compareTraits: a rule that applies more often is wider', () => {
    const heads = ['alwaysApply: true', 'alwaysApply: false', 'globs: "*.ts"', 'inclusion: manual']
    const rules = heads.map((head) => traits('rule', {'rules/r.md': `---\ndescription: R.\n${head}\n---\nBody.\n`}))
    for (const [i, before] of rules.entries()) {
      for (const [j, after] of rules.entries()) {
        assert.equal(compareTraits(before, after).isWider, j < i, `${heads[i]} to ${heads[j]}`)
      }
    }
  })

  it('compareTraits: a new definition is wider, and one that is gone with its limit is not', () => {
    const limited = '---\ndescription: A.\ntools: Read\n---\nBody.\n'
    const [one, two] = [{'agents/a.md': limited}, {'agents/a.md': limited, 'agents/b.md': limited}]
    const [before, after] = [traits('agent', one), traits('agent', two)]
    assert.deepEqual(valuesOf(compareTraits(before, after).added, 'definition'), ['agent'])
    assert.equal(compareTraits(before, after).isWider, true)
    assert.deepEqual(
      compareTraits(after, before).removed.map(({kind, path}) => `${kind} ${path}`),
      ['definition agents/b.md', 'limit agents/b.md', 'within agents/b.md'],
    )
    assert.equal(compareTraits(after, before).isWider, false)
  })

  it('compareTraits: scripts that were recorded without their content are not reported as changed', () => {
    const [before, after] = ['a', 'b'].map((text) => traits('skill', {'SKILL.md': 'Body.\n', run: `#!/bin/${text}\n`}))
    const changed = (earlier: Trait[]) => compareTraits(earlier, after!).changed.map(({path}) => path)
    assert.deepEqual(changed(before!), ['run'])
    assert.deepEqual(changed(before!.map(({sha256: _, ...each}) => each)), [])
  })

  it('compareTraits: a script that changed beyond the maximum number of traits shows', () => {
    const names = [...Array(600).keys()].map((i) => [`s${i}`, '#!/bin/sh\n'])
    const scripts = (last: string) =>
      boundedTraits(traits('skill', Object.fromEntries([['SKILL.md', 'Body.\n'], ...names, ['z', `#!${last}\n`]])))
    assert.deepEqual(valuesOf(compareTraits(scripts('x'), scripts('y')).added, 'more').length, 1)
    assert.deepEqual(compareTraits(scripts('x'), scripts('x')).added, [])
  })

  it('compareTraits: a change beyond the maximum number of traits shows', () => {
    const hosts = (last: string) =>
      boundedTraits(
        traits('skill', {'SKILL.md': [...Array(600).keys(), last].map((i) => `https://h${i}.example`).join(' ')}),
      )
    assert.equal(hosts('x').length, 500)
    assert.deepEqual(compareTraits(hosts('x'), hosts('x')).added, [])
    assert.equal(compareTraits(hosts('x'), hosts('y')).isWider, true)
  })
})
