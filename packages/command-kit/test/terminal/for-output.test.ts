import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {paint} from '../../src/terminal/color.js'
import {forOutput, sentencesForOutput} from '../../src/terminal/for-output.js'
import {success} from '../../src/terminal/marks.js'

const terminal = {isTerminal: true, hasColors: true, columns: 40}
const text = `${success('Linked a → b')} ${paint(terminal, 'dim', '…')}`

describe('text for an output', () => {
  for (const [what, output, expected] of [
    ['a terminal shows marks and basic colors', terminal, '\u001B[32m✓\u001B[39m Linked a → b \u001B[2m…\u001B[22m'],
    [
      'a terminal with 256 colors shows those of the palette',
      {...terminal, has256Colors: true},
      '\u001B[38;5;28m✓\u001B[39m Linked a → b \u001B[38;5;243m…\u001B[22;39m',
    ],
    ['a terminal without colors shows marks', {...terminal, hasColors: false}, '✓ Linked a → b …'],
    ['a terminal without UTF-8 shows ASCII', {...terminal, hasColors: false, isAscii: true}, 'ok Linked a -> b ...'],
    ['a pipe gets the text alone', {isTerminal: false, hasColors: false}, 'Linked a → b …'],
    [
      'a pipe gets forced colors without marks',
      {isTerminal: false, hasColors: true},
      'Linked a → b \u001B[2m…\u001B[22m',
    ],
  ] as const) {
    it(`output: ${what}`, () => {
      assert.equal(forOutput(text, output), expected)
    })
  }

  it('output: commands in sentences are cyan', () => {
    assert.equal(sentencesForOutput('Run `apkg login`.', terminal), 'Run \u001B[36m`apkg login`\u001B[39m.')
    assert.equal(
      sentencesForOutput('Run `apkg login`.', {...terminal, isTerminal: false, hasColors: false}),
      'Run `apkg login`.',
    )
  })

  it('output: the marks of changes are colored at the start of a line only', () => {
    assert.equal(
      sentencesForOutput('  + a - b\n  - c\n  ~ d\ne + f', terminal),
      '  \u001B[32m+\u001B[39m a - b\n  \u001B[31m-\u001B[39m c\n  \u001B[33m~\u001B[39m d\ne + f',
    )
  })

  it('output: a terminal wraps sentences by words, and keeps commands in one piece', () => {
    const long =
      'Error: The registry refused the token of this job\n  hint: run `apkg token create --label ci-deploy` again'
    const plain = {...terminal, hasColors: false}
    assert.equal(
      sentencesForOutput(long, plain),
      [
        'Error: The registry refused the token',
        '  of this job',
        '  hint: run',
        '    `apkg token create --label ci-deploy`',
        '    again',
      ].join('\n'),
    )
    assert.equal(sentencesForOutput(long, {...plain, isTerminal: false}), long)
  })

  it('output: colors do not count as width', () => {
    const line = paint(terminal, 'bold', 'x'.repeat(40))
    assert.equal(sentencesForOutput(line, terminal), line)
  })
})
