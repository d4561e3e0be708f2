import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {FrontmatterProblem} from '../../src/conversion/frontmatter.js'
import {formatMarkdown, parseMarkdown, rewriteMarkdown} from '../../src/conversion/markdown.js'

const withHead = (head: string, body = 'Text\n') => `---\n${head}\n---\n${body}`

const parsed = (head: string) => parseMarkdown(withHead(head)).frontmatter

describe('parseMarkdown', () => {
  for (const [what, text] of [
    ['a text without frontmatter', '# Title\n\nText\n'],
    ['an empty text', ''],
    ['a horizontal rule', '---\n\nText\n'],
    ['prose between two horizontal rules', '---\nWarning! Read this first\n---\nText\n'],
    ['a rule later in the text', 'Text\n---\nname: x\n---\n'],
  ] as const) {
    it(`parseMarkdown: finds no frontmatter in ${what}`, () => {
      assert.deepEqual(parseMarkdown(text), {frontmatter: undefined, fields: [], body: text})
    })
  }

  it('parseMarkdown: reads the values and the body', () => {
    const {frontmatter, body} = parseMarkdown('---\nname: x\nlist: [a, b]\nmap:\n  k: true\n---\n\n# Title\n---\nmore')
    assert.deepEqual(frontmatter, {name: 'x', list: ['a', 'b'], map: {k: true}})
    assert.equal(body, '\n# Title\n---\nmore')
  })

  for (const [what, head] of [
    ['an indented field', '  tools: Read'],
    ['a field after a comment', '# why\n\ntools: Read'],
    ['a quoted field', '"tools" : Read'],
    ['a flow mapping', '{tools: Read}'],
    ['a complex key', '? tools\n: Read'],
  ] as const) {
    it(`parseMarkdown: never loses a limit in ${what}`, () => {
      assert.deepEqual(parsed(head), {tools: 'Read'})
    })
  }

  it('parseMarkdown: refuses a limit in frontmatter that is never closed, after a comment and indented', () => {
    assert.throws(() => parseMarkdown('---\n# why\n  tools: Read\n\nText\n'), /closing `---` is missing/)
  })

  it('parseMarkdown: skips a byte order mark and blank lines, and reads CRLF', () => {
    assert.deepEqual(parseMarkdown('\uFEFF\r\n\n---\r\nname: x\r\na: |\r\n  b\r\n---\r\nText\r\n').frontmatter, {
      name: 'x',
      a: 'b\n',
    })
  })

  it('parseMarkdown: reads empty frontmatter', () => {
    assert.deepEqual(parseMarkdown('---\n---\nText').frontmatter, {})
    assert.deepEqual(parseMarkdown('---\n\n# a comment\n---\nText').frontmatter, {})
  })

  it('parseMarkdown: keeps the spelling of numbers', () => {
    assert.deepEqual(parsed('a: 1.10\nb: 0755\nc: 12345678901234567890\nd: 7\ne: [1e3, 2]'), {
      a: '1.10',
      b: '0755',
      c: '12345678901234567890',
      d: 7,
      e: ['1e3', 2],
    })
  })

  for (const [what, head, expected] of [
    ['a colon in a description', 'description: Use when: tests fail', {description: 'Use when: tests fail'}],
    ['text in brackets', 'argument-hint: [env]', {'argument-hint': '[env]'}],
    ['text in brackets with a comment', 'argument-hint: [env, region] # optional', {'argument-hint': '[env, region]'}],
    ['text in brackets that is not a list', 'argument-hint: [*env]', {'argument-hint': '[*env]'}],
    ['a number as text', 'argument-hint: 007', {'argument-hint': '007'}],
    ['a description in brackets', 'description: [WIP]', {description: '[WIP]'}],
    ['two lists on a line', 'argument-hint: [module] [depth]', {'argument-hint': '[module] [depth]'}],
    ['a pattern like an alias', 'globs: *.go', {globs: '*.go'}],
    ['patterns like aliases in a list', 'globs:\n  - *.go\n  - "**/*.mod"', {globs: ['*.go', '**/*.mod']}],
    ['a leading backtick', 'description: `code` first', {description: '`code` first'}],
    ['a leading at sign', 'model: @fast', {model: '@fast'}],
    ['a leading percent sign', 'description: %20', {description: '%20'}],
    ['tabs before list items', 'tools:\n\t- Read\n\t- Grep', {tools: ['Read', 'Grep']}],
    [
      'list items that are not YAML',
      'allowed-tools:\n- Bash(git: *)\n- Read',
      {'allowed-tools': ['Bash(git: *)', 'Read']},
    ],
    [
      'a list in brackets that is not YAML',
      'allowed-tools: [Read, "Grep", Bash(git: *, x), *]',
      {'allowed-tools': ['Read', 'Grep', 'Bash(git: *, x)', '*']},
    ],
    ['an apostrophe in single quotes', "description: 'It's done'", {description: "It's done"}],
    ['text after a quoted word', 'description: "Deploy" the app', {description: '"Deploy" the app'}],
    [
      'a description that goes on indented',
      'description: Use this when: x\n  or: y\n  # not a comment: z',
      {description: 'Use this when: x or: y'},
    ],
    ['a duplicate that repeats the value', 'tools: Read\ntools: Read', {tools: 'Read'}],
    ['a duplicate of a field without access', 'color: red\ncolor: blue', {color: 'blue'}],
  ] as const) {
    it(`parseMarkdown: reads ${what}, and the fields next to it`, () => {
      assert.deepEqual(parsed(`name: x\n${head}\nreadonly: true`), {name: 'x', ...expected, readonly: true})
    })
  }

  for (const [what, head, line, message] of [
    ['a line that is not a field', 'name: x: y\nand so on', 3, /not a field/],
    ['a limit that is set twice', 'tools: Read\ntools: Bash', 3, /`tools` is set twice/],
    ['a list of tools that is cut off', 'a: b: c\ntools: [Read, (', 3, /`tools` is not valid YAML/],
    ['a mapping of tools that is cut off', 'tools: {Read: true', 2, /`tools` is not valid YAML/],
    ['an alias in an access field', 'a: &a [Bash]\nallowed-tools: {x: *a}', 3, /`allowed-tools` is not valid/],
    ['a merge key', '<<: {tools: Read}\nname: x', 2, /not a field/],
    ['a merge key in a value', 'hooks:\n  <<: {a: b}', 2, /`hooks` is not valid YAML/],
    ['a block that is not YAML', 'metadata:\n  a: b: c\n  - d', 2, /`metadata` is not valid YAML/],
    ['too much text', `a: ${'x'.repeat(32 * 1024)}`, 2, /longer than/],
    ['too many fields', 'a: "\n'.repeat(300), 2, /more than 200 fields/],
    ['too many levels', `a: ${'['.repeat(40)}`, 2, /levels deep/],
    ['too many levels of list items', `a:\n  ${'- '.repeat(40)}`, 2, /levels deep/],
  ] as const) {
    it(`parseMarkdown: names the line of ${what}`, () => {
      assert.throws(
        () => parsed(head),
        (error) => error instanceof FrontmatterProblem && error.line === line && message.test(error.message),
      )
    })
  }

  it('parseMarkdown: refuses frontmatter that is never closed', () => {
    assert.throws(() => parseMarkdown('---\nname: x\n\nText\n'), /closing `---` is missing/)
  })

  it('parseMarkdown: counts lines from the beginning of the file', () => {
    assert.throws(() => parseMarkdown('\n\n---\nname: x: y\nodd\n---\n'), {line: 5})
  })
})

describe('rewriteMarkdown', () => {
  for (const text of [
    withHead('name: x\ndescription: "quoted"   # why\n# comment\nlist:\n- a\n-   b\n\nmetadata:\n  version: 1.10'),
    withHead('description: >-\n  folded\n  text\nmode: 0755', '\n# Title\n'),
    withHead("a: 'single'\nb: yes\nc: ~\nd:", ''),
  ]) {
    it(`rewriteMarkdown: returns ${JSON.stringify(text)} unchanged`, () => {
      assert.equal(rewriteMarkdown(parseMarkdown(text)), text)
    })
  }

  it('rewriteMarkdown: changes and omits fields, and leaves the others as written', () => {
    const markdown = parseMarkdown(withHead('name: old # n\nhooks:\n  a: b\nversion: 1.10 # v'))
    assert.equal(
      rewriteMarkdown(markdown, {name: 'new', extra: 'x: y'}, ['hooks']),
      withHead('name: new\nversion: 1.10 # v\nextra: "x: y"'),
    )
  })

  it('rewriteMarkdown: keeps indented fields apart when one of them changes', () => {
    const markdown = parseMarkdown(withHead('  name: old\n  description: d\n  tools: Read\n  model: x'))
    const written = rewriteMarkdown(markdown, {name: 'new'}, ['description'])
    assert.equal(written, withHead('name: new\ntools: Read\nmodel: x'))
  })

  it('rewriteMarkdown: puts a new name first', () => {
    assert.equal(rewriteMarkdown(parseMarkdown(withHead('a: b')), {name: 'x', c: 'd'}), withHead('name: x\na: b\nc: d'))
  })

  it('rewriteMarkdown: writes a field anew if it was not valid YAML', () => {
    const markdown = parseMarkdown(withHead('description: Use when: x\nglobs: *.go'))
    assert.equal(rewriteMarkdown(markdown), withHead('description: "Use when: x"\nglobs: "*.go"'))
  })

  for (const [what, head] of [
    ['a line separator, which ends a line in YAML 1.1', 'description: a\u2028allowed-tools: Bash'],
    ['a next-line character', 'description: "a\u0085b"'],
    ['an anchor', 'description: &x a'],
    ['a tag', 'description: !!str a'],
    ['a flow mapping around all fields', '{description: a, b: c}'],
    ['complex keys', '? description\n: a\n? b\n: c'],
    ['indented fields', '  description: a\n  b: c'],
    ['an indented first field', ' description: a\n b: c'],
  ] as const) {
    it(`rewriteMarkdown: writes anew what contains ${what}`, () => {
      const text = withHead(head)
      const markdown = parseMarkdown(text)
      const written = rewriteMarkdown(markdown)
      assert.notEqual(written, text)
      assert.deepEqual(parseMarkdown(written).frontmatter, markdown.frontmatter)
      assert.doesNotMatch(written, /[\u0085\u2028&?!{]/)
    })
  }

  it('rewriteMarkdown: never lets a body become frontmatter', () => {
    for (const body of ['---\nhooks: x\n---\n', '\n---\nhooks: x\n---\n']) {
      const {frontmatter} = parseMarkdown(rewriteMarkdown({fields: [], body}))
      assert.equal(frontmatter, undefined)
    }
  })

  it('rewriteMarkdown: separates new frontmatter from the body', () => {
    assert.equal(formatMarkdown({name: 'x'}, 'Text'), '---\nname: x\n---\n\nText')
    assert.equal(formatMarkdown({name: 'x'}, '\nText'), '---\nname: x\n---\n\nText')
  })
})
