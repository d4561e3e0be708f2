import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {convertPackage, parseMarkdown, toolFormats, type Conversion} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

function convert(texts: Record<string, string>, ...names: string[]): Conversion[] {
  return convertPackage(
    packageOf('skill', texts),
    names.map((name) => toolFormats.find((tool) => tool.name === name)!),
  )
}

function skill(frontmatter: string, body = 'Body.\n'): Record<string, string> {
  return {'SKILL.md': `---\nname: kit\ndescription: Does.\n${frontmatter}\n---\n${body}`}
}

const paths = ({files}: Conversion) => files.map(({path}) => path)
const shared = '.agents/skills/acme-kit/SKILL.md'

describe('skills', () => {
  it('skills: one copy in .agents/skills serves all tools that read it', () => {
    const names = toolFormats.map(({name}) => name)
    const all = convert(skill('license: MIT'), ...names)
    for (const [index, conversion] of all.entries()) {
      const name = names[index]!
      const own = {'claude-code': '.claude/skills/acme-kit/SKILL.md', kiro: '.kiro/skills/acme-kit/SKILL.md'}[name]
      assert.deepEqual(paths(conversion), [own ?? shared], name)
    }
    const texts = new Set(all.filter((each) => paths(each)[0] === shared).map(({files}) => files[0]?.content))
    assert.equal(texts.size, 1)
  })

  it('skills: a limit that one of the tools ignores is honored by separate copies', () => {
    const limited = skill('disable-model-invocation: true')
    const [claude, cursor, codex, opencode] = convert(limited, 'claude-code', 'cursor', 'codex', 'opencode')
    assert.deepEqual(paths(claude!), ['.claude/skills/acme-kit/SKILL.md'])
    assert.deepEqual(paths(cursor!), ['.cursor/skills/acme-kit/SKILL.md'])
    assert.deepEqual(paths(codex!), ['.codex/skills/acme-kit/SKILL.md', '.codex/skills/acme-kit/agents/openai.yaml'])
    assert.deepEqual(opencode!.refused, [
      {definition: 'SKILL.md', reason: 'OpenCode ignores `disable-model-invocation`'},
    ])
    const [alone, zed] = convert(limited, 'cursor', 'zed')
    assert.ok(paths(alone!).includes(shared) && paths(zed!).includes(shared))
    for (const name of ['opencode', 'kiro', 'antigravity', 'amp', 'goose', 'cline', 'junie', 'agents']) {
      assert.equal(convert(limited, name)[0]?.files.length, 0, name)
    }
    const [devin] = convert(limited, 'devin')
    assert.deepEqual(parseMarkdown(String(devin!.files[0]?.content)).frontmatter?.['triggers'], ['user'])
  })

  it('skills: every other limit is refused by the tools that ignore it', () => {
    for (const limit of ['context: fork', 'disallowed-tools: Bash', 'user-invocable: no', 'paths: "src/**"']) {
      assert.equal(convert(skill(limit), 'claude-code')[0]?.files.length, 1, limit)
      for (const name of ['codex', 'opencode', 'kiro', 'zed', 'agents']) {
        assert.equal(convert(skill(limit), name)[0]?.files.length, 0, `${name}: ${limit}`)
      }
    }
  })

  it("skills: Codex's policy is merged with the skill's own, and a broken one is refused", () => {
    const limited = skill('disable-model-invocation: yes')
    const own = {...limited, 'agents/openai.yaml': 'interface:\n  display_name: Kit\npolicy:\n  products: [cli]\n'}
    const [merged] = convert(own, 'codex')
    const policy = merged!.files.find(({path}) => path.endsWith('openai.yaml'))
    assert.match(
      String(policy?.content),
      /display_name: Kit[^]*products: \[ cli \][^]*allow_implicit_invocation: false/,
    )
    for (const broken of ['policy: [', 'policy: 5', '- a']) {
      const [refused] = convert({...limited, 'agents/openai.yaml': broken}, 'codex')
      assert.equal(refused?.refused.length, 1, broken)
    }
  })

  it('skills: what runs without asking is reported for each tool that does it, or refused', () => {
    const granting = skill('allowed-tools: Bash(git:*), Read', 'Status: !`git status`\n')
    const [claude, copilot, devin, codex, opencode] = convert(
      granting,
      ...['claude-code', 'copilot', 'devin', 'codex', 'opencode'],
    )
    assert.deepEqual(claude!.files[0]?.grants, ['Bash(git:*)', 'Read', '!`git status`'])
    assert.deepEqual(copilot!.files[0]?.grants, ['Bash(git:*)', 'Read'])
    assert.deepEqual(devin!.files[0]?.grants, ['Bash(git:*)', 'Read'])
    assert.deepEqual(codex!.files[0]?.grants, [])
    assert.match(opencode!.refused[0]?.reason ?? '', /would run !`git status` without asking/)
    const [amp] = convert({...skill('license: MIT'), 'toolbox/run.sh': 'x'}, 'amp')
    assert.match(amp!.refused[0]?.reason ?? '', /toolbox/)
  })

  it('skills: hooks and servers are left out for every tool', () => {
    const texts = skill('hooks:\n  Stop: x\nmcpServers:\n  a: b\npermissions:\n  allow: [Exec]')
    for (const {name} of toolFormats) {
      const [conversion] = convert(texts, name)
      const fields = parseMarkdown(String(conversion!.files[0]?.content)).frontmatter
      assert.deepEqual(Object.keys(fields ?? {}), ['name', 'description'], name)
      assert.equal(conversion!.adjustments.length, 3)
    }
  })

  it('skills: a long description stays for Claude Code, and is cut with a note where it would be refused', () => {
    const long = {'SKILL.md': `---\ndescription: ${'word '.repeat(300)}end.\n---\nBody.\n`}
    const [claude, codex] = convert(long, 'claude-code', 'codex')
    assert.match(String(claude!.files[0]?.content), /end\./)
    assert.deepEqual(claude!.adjustments, [])
    const description = parseMarkdown(String(codex!.files[0]?.content)).frontmatter?.['description']
    assert.equal((description as string).length, 1024)
    assert.match(codex!.adjustments[0]?.reason ?? '', /first 1024 characters/)
  })

  it('skills: each skill of a package goes where its own limits allow', () => {
    const head = (name: string, more = '') => `---\nname: ${name}\ndescription: Does.\n${more}---\nBody.\n`
    const texts = {
      'skills/free/SKILL.md': head('free'),
      'skills/free/scripts/a.sh': 'a',
      'skills/bound/SKILL.md': head('bound', 'disable-model-invocation: true\n'),
    }
    const [opencode, cursor] = convert(texts, 'opencode', 'cursor')
    assert.equal(opencode!.refused[0]?.definition, 'skills/bound/SKILL.md')
    assert.match(paths(opencode!).join(' '), /^\.agents\/skills\/\S+\/SKILL\.md \.agents\/skills\/\S+\/scripts\/a\.sh$/)
    assert.deepEqual(
      paths(cursor!).map((path) => path.split('/').slice(0, 2).join('/')),
      ['.cursor/skills', '.agents/skills', '.agents/skills'],
    )
    const [alone] = convert({'skills/free/SKILL.md': head('free'), 'skills/free/scripts/a.sh': 'a'}, 'codex')
    assert.deepEqual(paths(alone!), [shared, '.agents/skills/acme-kit/scripts/a.sh'])
  })

  it('skills: a skill that one tool would run without asking is not shared with it', () => {
    const running = skill('license: MIT', 'Status: !`git status`\n')
    const [codex, opencode, zed] = convert(running, 'codex', 'opencode', 'zed')
    assert.deepEqual(paths(codex!), ['.codex/skills/acme-kit/SKILL.md'])
    assert.equal(opencode!.refused.length, 1)
    assert.match(zed!.refused[0]?.reason ?? '', /OpenCode would also load it, without enforcing its limits/)
  })

  it('skills: what a skill asks Codex to install is reported, wherever the file is', () => {
    const own = {
      ...skill('license: MIT'),
      'agents/openai.yaml': 'dependencies:\n  tools:\n    - {type: mcp, value: docs, command: "curl x.example|sh"}\n',
      'sub/SKILL.md': '---\nname: sub\ndescription: Sub.\n---\n',
      'sub/agents/OpenAI.yaml':
        'dependencies:\n  tools:\n    - type: mcp\n      value: web\n      url: https://y.example\n    - 7\n',
    }
    const [codex, zed] = convert(own, 'codex', 'zed')
    const grants = ['mcp docs (curl x.example|sh)', 'mcp web (https://y.example)', '7']
    assert.deepEqual(codex!.files.find(({path}) => path.endsWith('kit/SKILL.md'))?.grants, grants)
    assert.deepEqual(
      zed!.files.flatMap((file) => file.grants ?? []),
      [],
    )
    assert.deepEqual(convert({...own, 'agents/openai.yaml': 'dependencies: [curl]'}, 'codex')[0]!.files[0]?.grants, [
      ...['"curl"', ...grants.slice(1)],
    ])
  })

  it("skills: Codex doesn't get a skill whose openai.yaml can't be read", () => {
    for (const text of [
      'dependencies: [',
      'a: &a {command: x}\ndependencies: {tools: [*a]}',
      `dependencies:\n${' '.repeat(40_000)}tools: []`,
      `dependencies: ${'['.repeat(40)}`,
      ': @\n'.repeat(60_000),
    ]) {
      const start = performance.now()
      const [codex, cursor] = convert({...skill('license: MIT'), 'agents/openai.yaml': text}, 'codex', 'cursor')
      assert.match(codex!.refused[0]?.reason ?? '', /^agents\/openai\.yaml is not valid YAML/)
      assert.deepEqual(paths(cursor!)[0], '.cursor/skills/acme-kit/SKILL.md')
      const [limited] = convert({...skill('disable-model-invocation: true'), 'agents/openai.yaml': text}, 'codex')
      assert.match(limited!.refused[0]?.reason ?? '', /^agents\/openai\.yaml is not valid YAML/)
      assert.ok(performance.now() - start < 1000, text.slice(0, 20))
    }
  })

  it('skills: a limit in the words of another tool is translated, or refused by its own name', () => {
    const policy = {'agents/openai.yaml': 'policy:\n  allow_implicit_invocation: false\n'}
    for (const [texts, field] of [
      [skill('triggers: [user]'), 'triggers'],
      [skill('metadata:\n  opencode/autoinvoke: "false"'), 'metadata'],
      [{...skill('license: MIT'), ...policy}, 'allow_implicit_invocation'],
    ] as const) {
      for (const tool of ['claude-code', 'cursor', 'copilot', 'zed']) {
        const [main] = convert(texts, tool)[0]!.files
        const fields = parseMarkdown(String(main?.content)).frontmatter
        assert.equal(fields?.['disable-model-invocation'], true, `${tool}: ${field}`)
        assert.deepEqual(main?.limits, ['disable-model-invocation'], `${tool}: ${field}`)
      }
      const [codex] = convert(texts, 'codex')
      assert.match(String(codex!.files.find(({path}) => path.endsWith('.yaml'))?.content), /invocation: false/)
      for (const tool of ['opencode', 'kiro', 'antigravity', 'amp', 'goose', 'cline', 'junie', 'agents']) {
        const [refused] = convert(texts, tool)
        assert.match(refused!.refused[0]?.reason ?? '', new RegExp(` ignores \`${field}\`$`), `${tool}: ${field}`)
      }
    }
    const [devin] = convert(skill('triggers: model'), 'devin')
    assert.deepEqual(parseMarkdown(String(devin!.files[0]?.content)).frontmatter?.['triggers'], ['model'])
    assert.equal(convert(skill('triggers: [deploy, ship]'), 'kiro')[0]!.files.length, 1)
  })

  it('skills: a cut description is reported for SKILL.md without frontmatter too', () => {
    const source = {...packageOf('skill', {'SKILL.md': 'Body.\n'}), description: 'word '.repeat(300)}
    for (const {name} of toolFormats) {
      const [conversion] = convertPackage(
        source,
        toolFormats.filter((each) => each.name === name),
      )
      const reasons = conversion!.adjustments.map(({reason}) => reason)
      assert.equal(reasons.length, name === 'claude-code' ? 0 : 1, name)
    }
  })
})

describe('commands', () => {
  const command = (frontmatter: string, tool: string): Conversion =>
    convertPackage(
      packageOf('command', {'commands/go.md': `---\ndescription: Goes.\n${frontmatter}\n---\nGo.\n`}),
      toolFormats.filter(({name}) => name === tool),
    )[0]!

  it('commands: a limit on what runs a command is refused by every tool that ignores it', () => {
    for (const limit of [
      'tools: [read]',
      'disallowedTools: Bash',
      'readonly: true',
      'agent: reviewer',
      'mode: edit',
      'user-invocable: false',
      'subtask: true',
      'paths: "src/**"',
    ]) {
      for (const {name} of toolFormats) {
        const isHonored = limit.startsWith('user') && /^(claude-code|devin)$/.test(name)
        const {files, refused} = command(limit, name)
        assert.equal(files.length, isHonored ? 1 : 0, `${name}: ${limit}`)
        assert.equal(refused.length, isHonored ? 0 : 1, `${name}: ${limit}`)
      }
    }
    assert.match(command('tools: [read]', 'copilot').refused[0]?.reason ?? '', /would override the limits/)
    assert.match(command('agent: plan', 'codex').refused[0]?.reason ?? '', /^Codex ignores `agent`$/)
  })

  it("commands: Copilot's own agents without write access stay, and so does an agent for a fork in Claude Code", () => {
    for (const limit of ['agent: ask', 'mode: plan']) {
      const {frontmatter} = parseMarkdown(String(command(limit, 'copilot').files[0]?.content))
      assert.equal(frontmatter?.['agent'], limit.split(' ')[1])
    }
    assert.equal(command('agent: Explore\ncontext: fork', 'claude-code').files.length, 1)
    for (const free of ['agent: agent', 'mode: agent', 'agent: build', 'tools: "*"']) {
      for (const name of ['claude-code', 'cursor', 'copilot', 'opencode', 'codex', 'kiro']) {
        assert.equal(command(free, name).files.length, 1, `${name}: ${free}`)
      }
    }
  })
})
