import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Pack from '../../../src/commands/pack.js'
import Publish from '../../../src/commands/publish.js'
import {makeTree} from '../../support/make-tree.js'
import {startSession} from '../../support/command.js'

const manifest = '{"name":"@ada/tool","version":"1.0.0","type":"skill"}'

/** Invisible text that a model reads as "Hi". */
const smuggled = '\u{E0048}\u{E0069}'

describe('hidden characters', () => {
  for (const [name, command, argv] of [
    ['pack', Pack, ['--dry-run']],
    ['publish', Publish, ['--no-sign']],
  ] as const) {
    it(`${name}: warns about hidden characters, with their positions`, async (t) => {
      const {run} = await startSession(t)
      const cwd = await makeTree(t, {
        'apkg.json': manifest,
        'SKILL.md': `---\nname: tool\ndescription: A tool\n---\nRead\u200B this ⚠️.${smuggled}\n`,
        'docs/plain.md': 'Ordinary: naïve 日本 👩🏽‍💻 می\u200Cخواهم\r\n',
        'docs/many.txt': '\u00AD'.repeat(10),
        'image.md.png': Buffer.from([0x89, 0xff, 0xe2, 0x80, 0x8b]),
      })
      const {stderr, exitCode} = await run(command, [...argv], {cwd})
      assert.equal(exitCode, 0, stderr)
      const warnings = stderr.split('\n').filter((line) => line.includes('Hidden characters'))
      assert.deepEqual(warnings, [
        'Warning: SKILL.md, line 5: Hidden characters: U+200B at column 5, U+E0048 at column 15, U+E0069 at column 16.',
        `Warning: docs/many.txt, line 1: Hidden characters: ${[1, 2, 3, 4, 5].map((column) => `U+00AD at column ${column}`).join(', ')} and more.`,
      ])
      assert.ok(!stderr.includes(smuggled))
    })
  }
})
