import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {convertPackage, parseMarkdown, toolFormats, type Conversion} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

function convert(nested: string, name: string, path = 'reference/sub/SKILL.md', ...others: string[]): Conversion {
  const texts = {'SKILL.md': '---\ndescription: Does.\n---\nBody.\n', [path]: nested}
  const tools = [name, ...others].map((each) => toolFormats.find((tool) => tool.name === each)!)
  return convertPackage(packageOf('skill', texts), tools)[0]!
}

const nestedOf = ({files}: Conversion) => files.find(({path}) => path.endsWith('/reference/sub/SKILL.md'))
const head = (fields: string) => `---\nname: sub\ndescription: Sub.\n${fields}---\nBody.\n`

describe('skills below a skill', () => {
  it('nested skills: a limit that a recursive tool ignores is refused for it, in any spelling of the file name', () => {
    for (const [tool, limit] of [
      ['codex', 'user-invocable: false\n'],
      ['codex', 'context: fork\n'],
      ['copilot', 'disallowed-tools: Bash\n'],
      ['goose', 'disable-model-invocation: true\n'],
      ['agents', 'paths: "src/**"\n'],
    ] as const) {
      for (const path of ['reference/sub/SKILL.md', 'reference/sub/skill.md']) {
        const {files, refused} = convert(head(limit), tool, path)
        assert.deepEqual(files, [], `${tool}: ${limit}`)
        assert.match(refused[0]?.reason ?? '', /loads reference\/sub\/skill\.md as a separate skill, and ignores `/i)
      }
    }
    assert.match(convert('---\ndescription: x\nodd line\n---\n', 'codex').refused[0]?.reason ?? '', /can't be read$/)
  })

  it('nested skills: are unchanged for tools that only look one level deep', () => {
    const text = head('disable-model-invocation: true\nallowed-tools: Bash\n')
    for (const tool of ['claude-code', 'kiro', 'zed', 'opencode']) {
      const file = nestedOf(convert(text, tool))
      assert.equal(String(file?.content), text, tool)
      assert.deepEqual(file?.grants, [], tool)
    }
  })

  it('nested skills: a tool that honors the limit gets it, Codex as its own policy', () => {
    const text = head('disable-model-invocation: true\n')
    const policy = convert(text, 'codex').files.find(({path}) => path.endsWith('reference/sub/agents/openai.yaml'))
    assert.match(String(policy?.content), /allow_implicit_invocation: false/)
    const copilot = nestedOf(convert(head('disable-model-invocation: yes\n'), 'copilot'))
    assert.equal(parseMarkdown(String(copilot?.content)).frontmatter?.['disable-model-invocation'], true)
  })

  it('nested skills: are not shared with a tool that would ignore their limits', () => {
    const {files} = convert(head('disable-model-invocation: true\n'), 'codex', undefined, 'goose')
    assert.ok(files.length > 0 && files.every(({path}) => path.startsWith('.codex/skills/')))
  })

  it('nested skills: what they grant is reported, and hooks are left out', () => {
    const conversion = convert(head('allowed-tools: Bash(git:*)\nhooks:\n  Stop: x\n'), 'copilot')
    const file = nestedOf(conversion)
    assert.deepEqual([file?.definition, file?.grants], ['reference/sub/SKILL.md', ['Bash(git:*)']])
    assert.doesNotMatch(String(file?.content), /hooks/)
    assert.match(conversion.adjustments[0]?.reason ?? '', /^without `hooks`.* \(in reference\/sub\/SKILL\.md\)$/)
  })
})
