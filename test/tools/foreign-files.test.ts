import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {startSetUp} from '../support/set-up-project.js'

const command = '---\ndescription: Goes.\nallowed-tools: Bash(git:*), Read\ndisable-model-invocation: true\n---\nGo.\n'
const skill = (more: string) => ({
  'SKILL.md': `---\nname: review\ndescription: Reviews.\n${more}---\nStatus: !\`git status\`\n`,
})

describe('files that another tool reads too', () => {
  it("tool setup: what a command of Claude Code allows in Copilot's CLI is reported", async (t) => {
    const project = await startSetUp(t, [{name: '@acme/go', type: 'command', files: {'go.md': command}}])
    const {preapproved, adjusted} = await project.setUp(['claude-code', 'copilot', 'devin'])
    assert.deepEqual(
      preapproved.map(({tool, path, allows}) => [tool, path, ...allows]),
      [
        ['claude-code', '.claude/commands/acme-go.md', 'Bash(git:*)', 'Read'],
        // As a separate skill.
        ['devin', '.devin/skills/acme-go/SKILL.md', 'Bash(git:*)', 'Read'],
        ['copilot', '.claude/commands/acme-go.md', 'Bash(git:*)', 'Read'],
      ],
    )
    assert.deepEqual(
      adjusted.map(({tool, reason}) => [tool, reason]),
      [['devin', 'although it ignores `disable-model-invocation`']],
    )
  })

  it('tool setup: what a skill of Claude Code allows in another tool is reported once', async (t) => {
    const files = skill('allowed-tools: Bash\nuser-invocable: false\n')
    const project = await startSetUp(t, [{name: '@acme/review', type: 'skill', files}])
    const {preapproved, adjusted} = await project.setUp(['claude-code', 'copilot', 'opencode'])
    const own = ['Bash', '!`git status`']
    assert.deepEqual(
      preapproved.map(({tool, path, allows}) => [tool, path, ...allows]),
      [
        ['claude-code', '.claude/skills/acme-review/SKILL.md', ...own],
        ['copilot', '.github/skills/acme-review/SKILL.md', 'Bash'],
      ],
    )
    assert.deepEqual(
      adjusted.map(({tool, path, reason}) => [tool, path, reason]),
      [
        [
          'opencode',
          '.claude/skills/acme-review/SKILL.md',
          'although it ignores `user-invocable`, and OpenCode would run !`git status` without asking',
        ],
      ],
    )
  })

  for (const [limit, ignored] of [
    // Claude Code's file has it as `tools`, which Copilot honors.
    ['readonly: true', []],
    ['tools: {write: false, bash: false}', []],
    ['tools: Read, Grep', []],
    ['disallowedTools: Bash', ['copilot: although it ignores `disallowedTools`']],
  ] as const) {
    it(`tool setup: Copilot ${ignored.length > 0 ? 'ignores' : 'honors'} \`${limit}\` in an agent of Claude Code`, async (t) => {
      const files = {'agents/a.md': `---\nname: a\ndescription: A.\n${limit}\n---\nBody.\n`}
      const project = await startSetUp(t, [{name: '@acme/a', type: 'agent', files}])
      const {adjusted, written} = await project.setUp(['claude-code', 'copilot'])
      assert.ok(written.some(({path}) => path.startsWith('.claude/agents/')))
      const exposed = adjusted.filter(({reason}) => reason.startsWith('although'))
      assert.deepEqual(
        exposed.map(({tool, reason}) => `${tool}: ${reason}`),
        ignored,
      )
    })
  }
})
