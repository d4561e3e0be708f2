import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {convertPackage, toolFormats} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

/** The text of a rule in Cursor. */
function rule(text: string, path = 'rules/a.mdc'): string | undefined {
  const formats = toolFormats.filter(({name}) => name === 'cursor')
  const [conversion] = convertPackage(packageOf('rule', {[path]: text}), formats)
  return conversion?.files.map(({content}) => String(content))[0]
}

describe("Cursor's rules", () => {
  it('cursor: an .mdc rule with bare patterns is unchanged', () => {
    for (const head of [
      'description: x\nglobs: *.ts, src/**/*.{js,mjs}\nalwaysApply: false',
      'globs: src/[ab]*.ts',
      'globs:\nalwaysApply: true',
      'globs: "*.ts"\nalwaysApply: true',
      'description: Use: often\nalwaysApply: false',
      'alwaysApply:',
    ]) {
      for (const text of [
        `---\n${head}\n---\nBody.\n`,
        `\uFEFF---\r\n${head.replaceAll('\n', '\r\n')}\r\n---\r\nBody.\r\n`,
      ]) {
        assert.equal(rule(text), text, head)
      }
    }
  })

  it('cursor: patterns that it would not match are written bare, and nothing else changes', () => {
    for (const globs of [
      'globs: "*.ts, *.tsx"',
      "globs: '*.ts,*.tsx'",
      'globs: ["*.ts", "*.tsx"]',
      'globs: "*.ts", "*.tsx"',
      'globs: *.ts, "*.tsx"',
      'globs:\n  - "*.ts"\n  - "*.tsx"',
      'globs:\n- *.ts\n- *.tsx',
    ]) {
      const text = (line: string) => `---\ndescription: Use: often\n${line}\nalwaysApply: false\n---\nglobs: "x"\n`
      assert.equal(rule(text(globs)), text('globs: *.ts, *.tsx'), globs)
    }
  })

  it('cursor: fields of other tools in an .mdc rule are translated', () => {
    assert.match(
      rule('---\ndescription: x\npaths: ["*.go"]\n---\nBody.\n') ?? '',
      /^globs: \*\.go\nalwaysApply: false$/m,
    )
    assert.match(rule('---\ntrigger: manual\nalwaysApply: true\n---\nBody.\n') ?? '', /^---\nalwaysApply: false\n---$/m)
    assert.match(rule('---\nalwaysApply: yes\n---\nBody.\n') ?? '', /^alwaysApply: true$/m)
    assert.match(rule('---\nglobs: "*.md"\n---\nBody.\n', 'rules/a.md') ?? '', /^globs: \*\.md$/m)
  })
})
