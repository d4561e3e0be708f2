import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {definitionTemplates} from '../../src/conversion.js'
import {definitionPlaces, lintTree} from '../../src/lint/index.js'

/** Findings as `rule path:line`. */
function found(files: Record<string, string>, name = 'tree'): string[] {
  const all = Object.entries(files).map(([path, text]) => ({path, content: Buffer.from(text), isExecutable: false}))
  const places = definitionPlaces(Object.keys(files))
  return lintTree(places, all, name).map(({rule, path, line}) => `${rule} ${path}:${line}`)
}

const skill = (name: string, body = '') => `---\nname: ${name}\ndescription: Does ${name}.\n---\n${body}\n`

describe('lintTree', () => {
  it('lintTree: warns about the text of the template', () => {
    const {description, body} = definitionTemplates.skill
    const text = `---\nname: pdf\ndescription: ${description}\n---\n\n${body}\n`
    assert.deepEqual(found({'pdf/SKILL.md': text}), ['template-text pdf/SKILL.md:3', 'template-text pdf/SKILL.md:6'])
  })

  it('lintTree: finds skills anywhere, and other definitions where tools look', () => {
    const bad = '---\nname: x\n---\n'
    assert.deepEqual(
      found({
        'a/b/skills/pdf/SKILL.md': bad,
        'a/b/skills/pdf/examples/inner/SKILL.md': bad,
        'a/b/skills/pdf/agents/grader.md': bad,
        'agents/reviewer.md': bad,
        '.claude/agents/reviewer.md': '---\ndescription: Reviews\n---\n',
        'plugins/p/.claude-plugin/plugin.json': '{}',
        'plugins/p/agents/nested/tester.md': bad,
        'docs/agents/page.md': bad,
        'agents/README.md': bad,
      }),
      [
        'name-missing .claude/agents/reviewer.md:1',
        'description-missing a/b/skills/pdf/SKILL.md:1',
        'name-not-directory a/b/skills/pdf/SKILL.md:2',
        'description-missing agents/reviewer.md:1',
        'description-missing plugins/p/agents/nested/tester.md:1',
      ],
    )
  })

  it('lintTree: checks names as the specification requires', () => {
    const names = ['a', 'a-b', 'a1-2', 'A', '-a', 'a-', 'a--b', 'a_b', 'ä', 'a'.repeat(64), 'a'.repeat(65)]
    const invalid = names.filter((name) => found({[`${name}/SKILL.md`]: skill(`"${name}"`)}).length > 0)
    assert.deepEqual(invalid, ['A', '-a', 'a-', 'a--b', 'a_b', 'ä', 'a'.repeat(65)])
  })

  it('lintTree: reports frontmatter that apkg reads and strict tools refuse', () => {
    assert.deepEqual(found({'x/SKILL.md': '---\nname: x\ndescription: Use when: asked\n---\n'}), [
      'frontmatter-not-yaml x/SKILL.md:3',
    ])
    // Cursor's own syntax, and the usual one for hints.
    assert.deepEqual(
      found({'.cursor/rules/go.mdc': '---\nglobs: *.go\n---\n', 'commands/x.md': '---\nargument-hint: [a] [b]\n---\n'}),
      [],
    )
  })

  it('lintTree: counts characters of a description, not bytes', () => {
    const description = (length: number) => `---\nname: x\ndescription: ${'😀'.repeat(length)}\n---\n`
    assert.deepEqual(found({'x/SKILL.md': description(1024)}), [])
    assert.deepEqual(found({'x/SKILL.md': description(1025)}), ['description-too-long x/SKILL.md:3'])
  })

  it('lintTree: reports skill.md with other capitalization where a tool would look', () => {
    assert.deepEqual(found({'skills/x/skill.md': skill('x')}), ['skill-file-name skills/x/skill.md:1'])
    assert.deepEqual(found({'docs/about/skill.md': 'A page\n', 'x/SKILL.md': skill('x')}), [])
  })

  it('lintTree: a link may point to another file of the tree', () => {
    const files = {
      'x/SKILL.md': skill('x', '[y](../y/SKILL.md) [z](../z/SKILL.md) [up](../../up.md)'),
      'y/SKILL.md': skill('y'),
    }
    assert.deepEqual(found(files), ['file-missing x/SKILL.md:5'])
  })
})

describe('references', () => {
  const has = {'x/scripts/extract.py': '', 'x/references/API.md': '', 'x/a b.md': '', 'x/step-1.md': ''}
  const inBody = (body: string) => found({'x/SKILL.md': skill('x', body), ...has})

  it('references: links to existing files and directories, other sites and anchors are fine', () => {
    const targets = [
      ...['scripts/extract.py', './scripts/extract.py#L1', 'references/', 'a%20b.md', '<a b.md>', '#anchor'],
      ...['https://example.com/x.md', 'mailto:a@b.c', '/etc/hosts.md', '~/x.md', 'url', '{path}/x.md', '<path>/x.md'],
    ]
    assert.deepEqual(inBody(targets.map((each) => `- [text](${each})`).join('\n')), [])
  })

  it('references: links in code, comments of examples and placeholders are ignored', () => {
    assert.deepEqual(inBody('`[text](missing.md)`\n\n```md\n[text](missing.md)\n```\n\n~~~\n[x](y.md)\n~~~'), [])
  })

  it('references: a missing target of a link or an image is reported once, with its line', () => {
    assert.deepEqual(inBody('\n[a](missing.md)\n![b](img/b.png "title")\n[c](missing.md)'), [
      'file-missing x/SKILL.md:6',
      'file-missing x/SKILL.md:7',
    ])
  })

  it('references: a path in code is only reported if a file has a similar path', () => {
    assert.deepEqual(inBody('Run `scripts/build.sh`, `src/index.ts`, `step-2.md` or `out/step-2.md`.'), [])
    for (const [path, meant] of [
      ['scripts/extrat.py', 'scripts/extract.py'],
      ['references/api.md', 'references/API.md'],
      ['script/extract.py', 'scripts/extract.py'],
    ] as const) {
      const files = {'x/SKILL.md': skill('x', `\`\`\`sh\npython ${path} in.pdf\n\`\`\``), ...has}
      const all = Object.entries(files).map(([file, text]) => ({
        path: file,
        content: Buffer.from(text),
        isExecutable: false,
      }))
      const [finding] = lintTree(definitionPlaces(Object.keys(files)), all, 'tree')
      assert.deepEqual([finding?.line, finding?.column], [6, 8])
      assert.equal(finding?.message, `\`${path}\` is missing. Did you mean \`${meant}\`?`)
    }
  })
})
