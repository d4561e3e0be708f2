import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import Pack from '../../../src/commands/pack.js'
import Publish from '../../../src/commands/publish.js'
import {makeTree} from '../../support/make-tree.js'
import {startSession} from '../../support/command.js'

const manifest = (more: object) => JSON.stringify({name: '@ada/tool', version: '1.0.0', type: 'skill', ...more})
const skill = (length: number) => `---\nname: tool\ndescription: ${'ä'.repeat(length)}\n---\nBody.\n`

describe('long descriptions', () => {
  for (const [name, command, argv] of [
    ['pack', Pack, ['--dry-run']],
    ['publish', Publish, ['--no-sign']],
  ] as const) {
    it(`${name}: warns about descriptions that tools cut, with the tools and their limits`, async (t) => {
      const {run} = await startSession(t)
      const warningsFor = async (files: Record<string, string>) => {
        const {stderr, exitCode} = await run(command, [...argv], {cwd: await makeTree(t, files)})
        assert.equal(exitCode, 0, stderr)
        return stderr.split('\n').filter((line) => line.includes('description'))
      }
      assert.deepEqual(await warningsFor({'apkg.json': manifest({}), 'SKILL.md': skill(1024)}), [])
      const [all, ...more] = await warningsFor({'apkg.json': manifest({version: '1.0.1'}), 'SKILL.md': skill(1600)})
      assert.deepEqual(more, [])
      assert.match(
        all ?? '',
        /^Warning: SKILL\.md, line 3: The description has 1600 characters\. Only part of it is used: the first 1024 in Cursor, Codex, .*; the first 1536 in Claude Code\.$/,
      )
      const targets = {version: '1.0.2', targets: ['claude-code']}
      assert.deepEqual(await warningsFor({'apkg.json': manifest(targets), 'SKILL.md': skill(1500)}), [])
      const rule = {'apkg.json': manifest({version: '1.0.3', type: 'rule'}), 'rules/r.md': skill(3000)}
      assert.deepEqual(await warningsFor(rule), [])
    })
  }
})
