import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {parse} from 'smol-toml'

import {convertPackage, parseMarkdown, toolFormats, type Conversion} from '../../src/conversion.js'
import {packageOf} from './package-of.js'

/** What a tool gets from an agent with this frontmatter. */
function converted(frontmatter: string, tool: string): Conversion {
  const formats = toolFormats.filter(({name}) => name === tool)
  const [conversion] = convertPackage(
    packageOf('agent', {'agents/a.md': `---\ndescription: Reviews.\n${frontmatter}\n---\nReview.\n`}),
    formats,
  )
  assert.ok(conversion, tool)
  return conversion
}

/** The fields of the file that a tool gets; undefined if it gets none. */
function fieldsIn(frontmatter: string, tool: string): Readonly<Record<string, unknown>> | undefined {
  const [file] = converted(frontmatter, tool).files
  if (!file) return undefined
  return file.path.endsWith('.toml') ? parse(String(file.content)) : parseMarkdown(String(file.content)).frontmatter
}

/** What each tool's words let an agent do, by its documentation. */
const meanings: Record<string, Record<string, string[]>> = {
  'claude-code': {
    Read: ['read'],
    Grep: ['search'],
    Glob: ['find'],
    Edit: ['edit'],
    Write: ['create'],
    NotebookEdit: ['edit'],
    Bash: ['shell'],
    WebFetch: ['fetch'],
    WebSearch: ['websearch'],
  },
  copilot: {
    read: ['read'],
    search: ['search'],
    edit: ['edit', 'create'],
    execute: ['shell'],
    web: ['fetch', 'websearch'],
    agent: ['delegate'],
    todo: [],
  },
  kiro: {
    read: ['read or search'],
    write: ['edit', 'create', 'delete'],
    shell: ['shell'],
    web: ['fetch', 'websearch'],
    subagent: ['delegate'],
    todo_list: [],
  },
  devin: {
    read: ['read'],
    grep: ['search'],
    glob: ['find'],
    edit: ['edit'],
    write: ['edit', 'create'],
    exec: ['shell'],
    webfetch: ['fetch'],
    web_search: ['websearch'],
  },
  antigravity: {
    view_file: ['read'],
    grep_search: ['search'],
    find_by_name: ['find'],
    list_dir: ['list'],
    replace_file_content: ['edit'],
    multi_replace_file_content: ['edit'],
    write_to_file: ['edit', 'create'],
    run_command: ['shell'],
    read_url_content: ['fetch'],
    search_web: ['websearch'],
    invoke_subagent: ['delegate'],
    ask_question: [],
  },
  junie: {
    Read: ['read'],
    Grep: ['search'],
    Glob: ['find'],
    Edit: ['edit'],
    Write: ['create'],
    Bash: ['shell'],
    WebSearch: ['websearch'],
    AskUserQuestion: [],
  },
  opencode: {
    read: ['read'],
    grep: ['search'],
    glob: ['find'],
    list: ['list'],
    edit: ['edit', 'create'],
    bash: ['shell'],
    webfetch: ['fetch'],
    websearch: ['websearch'],
    task: ['delegate'],
    todowrite: [],
    todoread: [],
    skill: [],
  },
}

/** What an author's words allow. `delete` takes both writing and a shell. */
const authors: Record<string, string[]> = {
  Read: ['read', 'read or search'],
  Grep: ['search', 'read or search'],
  Glob: ['find'],
  Edit: ['edit'],
  LS: ['list'],
  Write: ['edit', 'create'],
  NotebookEdit: [],
  Bash: ['shell'],
  'Bash(git:*)': [],
  WebFetch: ['fetch'],
  WebSearch: ['websearch'],
  Task: ['delegate'],
  TodoWrite: [],
  mcp__github__search: [],
}

function given(tool: string, fields: Readonly<Record<string, unknown>>): string[] {
  const {permission} = fields as {permission?: Record<string, string>}
  if (permission) {
    assert.equal(Object.keys(permission)[0], '*')
    assert.equal(permission['*'], 'deny')
    assert.ok(!Object.values(permission).includes('allow'))
    return Object.keys(permission).slice(1)
  }
  const list = fields[tool === 'devin' ? 'allowed-tools' : 'tools']
  if (typeof list === 'string') return list.split(', ')
  assert.ok(Array.isArray(list) && list.length > 0, `${tool} lacks a list, so everything is allowed`)
  return list as string[]
}

describe('agents', () => {
  it('agents: no tool gets more than the author listed, for any list', () => {
    const words = Object.keys(authors)
    let checked = 0
    for (let mask = 1; mask < 2 ** words.length; mask += 37) {
      const list = words.filter((_, bit) => (mask & (1 << bit)) !== 0)
      const allowed = new Set(list.flatMap((word) => authors[word] ?? []))
      if (allowed.has('create') && allowed.has('shell')) allowed.add('delete')
      for (const [tool, meaning] of Object.entries(meanings)) {
        const fields = fieldsIn(`tools: ${list.join(', ')}`, tool)
        if (!fields || tool === 'claude-code') continue
        checked++
        for (const word of given(tool, fields)) {
          assert.ok(meaning[word], `${tool}: ${word} is unknown`)
          for (const each of meaning[word]) assert.ok(allowed.has(each), `${tool}: ${list.join(', ')} gives ${word}`)
        }
      }
      for (const tool of ['cursor', 'codex']) {
        const fields = fieldsIn(`tools: ${list.join(', ')}`, tool)
        if (!fields) continue
        assert.ok(!allowed.has('edit') && !allowed.has('create'), `${tool}: ${list.join(', ')}`)
        assert.equal(tool === 'cursor' ? fields['readonly'] : fields['sandbox_mode'], tool === 'cursor' || 'read-only')
      }
    }
    assert.ok(checked > 500)
  })

  it('agents: no tool gets what the author denied', () => {
    for (const word of ['Edit', 'Write', 'Bash', 'WebFetch', 'WebSearch', 'Bash(rm:*)', 'Task']) {
      const denied = authors[word] ?? []
      for (const [tool, meaning] of Object.entries(meanings)) {
        if (tool === 'claude-code') continue
        const fields = fieldsIn(`disallowedTools: [${JSON.stringify(word)}]`, tool)
        if (!fields) continue
        const words = given(tool, fields)
        const means = word.startsWith('Bash') ? ['shell'] : word === 'Write' ? ['create'] : denied
        // Where writing is a separate tool, it stays allowed without editing, as in Claude Code.
        for (const each of words.filter((other) => word !== 'Edit' || !/^write/i.test(other) || tool === 'kiro')) {
          assert.ok(!meaning[each]?.some((capability) => means.includes(capability)), `${tool}: ${word} and ${each}`)
        }
      }
    }
  })

  it('agents: read-only agents are read-only in Cursor and Codex, which says how far', () => {
    const cursor = converted('tools: Read, Grep, Glob', 'cursor')
    assert.equal(fieldsIn('tools: Read, Grep, Glob', 'cursor')?.['readonly'], true)
    assert.match(cursor.adjustments[0]?.reason ?? '', /read-only agent/)
    assert.equal(fieldsIn('tools: Read, Grep, Glob', 'codex')?.['sandbox_mode'], 'read-only')
    for (const limit of [
      'tools: Read, Write',
      'disallowedTools: Bash',
      'disallowedTools: WebFetch',
      'tools: []',
      'tools:',
    ]) {
      assert.deepEqual(converted(limit, 'cursor').files, [], limit)
      assert.deepEqual(converted(limit, 'codex').files, [], limit)
    }
  })

  it('agents: without a limit, no tool gets a list', () => {
    for (const {name} of toolFormats) {
      for (const frontmatter of ['', 'tools: "*"', 'model: opus']) {
        const fields = fieldsIn(frontmatter, name)
        if (!fields || name === 'claude-code') continue
        for (const field of ['tools', 'permission', 'allowed-tools', 'readonly', 'sandbox_mode']) {
          assert.equal(fields[field], undefined, `${name}: ${field}`)
        }
      }
    }
  })

  it("agents: limits in other tools' words are translated for Claude Code", () => {
    for (const [limit, tools] of [
      ['readonly: true', 'Read, Grep, Glob, WebFetch, WebSearch, TodoWrite, Skill, AskUserQuestion'],
      ['sandbox_mode: read-only', 'Read, Grep, Glob, WebFetch, WebSearch, TodoWrite, Skill, AskUserQuestion'],
      ['tools: [read, search]', 'Read, Grep, Glob'],
      [
        'tools: {write: false, edit: false, bash: false, webfetch: false}',
        'Read, Grep, Glob, WebSearch, TodoWrite, Skill, AskUserQuestion',
      ],
      ['permission: {"*": deny, read: allow, bash: ask}', 'Read, Bash'],
    ] as const) {
      assert.equal(fieldsIn(limit, 'claude-code')?.['tools'], tools, limit)
    }
    assert.equal(fieldsIn('tools: Read, Grep', 'claude-code')?.['tools'], 'Read, Grep')
    assert.equal(fieldsIn('disallowedTools: Write', 'claude-code')?.['disallowedTools'], 'Write')
  })

  it('agents: each listed tool is translated to exactly its own names', () => {
    for (const [list, expected] of [
      [
        'Read',
        {devin: 'read', junie: 'Read', opencode: 'read', antigravity: 'view_file', copilot: 'read', kiro: 'read'},
      ],
      [
        'Read, Grep',
        {
          ...{devin: 'read grep', junie: 'Read Grep', opencode: 'read grep'},
          ...{antigravity: 'view_file grep_search', copilot: 'read search', kiro: 'read'},
        },
      ],
      [
        'Grep',
        {devin: 'grep', junie: 'Grep', opencode: 'grep', antigravity: 'grep_search', copilot: 'search', kiro: 'read'},
      ],
      ['Glob', {devin: 'glob', junie: 'Glob', opencode: 'glob', antigravity: 'find_by_name', copilot: '', kiro: ''}],
      ['Read, Glob', {devin: 'read glob', opencode: 'read glob', copilot: 'read', kiro: 'read'}],
      ['LS', {devin: '', junie: '', opencode: 'list', antigravity: 'list_dir', copilot: '', kiro: ''}],
      [
        'Read, Write, WebFetch',
        {
          ...{devin: 'read write webfetch', junie: 'Read Write', opencode: 'read edit webfetch'},
          ...{antigravity: 'view_file write_to_file read_url_content', copilot: 'read edit', kiro: 'read'},
        },
      ],
      ['Edit', {devin: 'edit', junie: 'Edit', opencode: '', copilot: '', kiro: ''}],
      [
        '[read]',
        {'claude-code': 'Read', devin: 'read', junie: 'Read', opencode: 'read', copilot: 'read', kiro: 'read'},
      ],
      ['[read, edit, exec]', {devin: 'read edit exec'}],
      ['[read, edit]', {copilot: 'read edit', opencode: 'read edit'}],
    ] as const) {
      for (const [tool, names] of Object.entries(expected)) {
        const fields = fieldsIn(`tools: ${list}`, tool)
        assert.equal(fields ? given(tool, fields).join(' ') : '', names, `${list} in ${tool}`)
      }
    }
  })

  it('agents: the tools that another tool lacks are named', () => {
    const reasons = (list: string, tool: string) =>
      converted(`tools: ${list}`, tool)
        .adjustments.map(({reason}) => reason)
        .join()
    assert.match(reasons('Read, Write, WebFetch', 'junie'), /without the tool WebFetch$/)
    assert.match(reasons('Read, Glob, LS', 'devin'), /^$/)
    assert.match(reasons('Read, LS', 'devin'), /without the tool LS$/)
    assert.equal(reasons('Read, Grep', 'devin'), '')
    assert.doesNotMatch(reasons('[read, edit, exec]', 'devin'), /without/)
  })

  it("agents: without a shell, no agent gets Kiro's `write`, which deletes files too", () => {
    for (const limit of [
      'tools: Read, Edit, Write, Bash\ndisallowedTools: Bash',
      'disallowedTools: Bash',
      'disallowedTools: Bash(rm:*)',
      'permission: {bash: deny}',
      'tools: {bash: false}',
    ]) {
      assert.ok(!given('kiro', fieldsIn(limit, 'kiro') ?? {}).includes('write'), limit)
    }
    assert.ok(given('kiro', fieldsIn('tools: Write, Bash', 'kiro') ?? {}).includes('write'))
  })

  it('agents: `ask` is a limit', () => {
    for (const limit of [
      'permission: ask',
      'permission: {bash: ask}',
      'permission: {"*": ask}',
      'permission: {bash: {"git *": allow, "*": ask}}',
    ]) {
      const permission = fieldsIn(limit, 'opencode')?.['permission'] as Record<string, string>
      assert.deepEqual([permission['*'], permission['bash']], ['deny', 'ask'], limit)
      for (const tool of ['cursor', 'codex']) assert.deepEqual(converted(limit, tool).files, [], limit)
    }
    assert.deepEqual(converted('permission: deny', 'opencode').files, [])
    assert.deepEqual(converted('permission: sometimes', 'opencode').files, [])
    assert.equal(fieldsIn('permission: allow', 'opencode')?.['permission'], undefined)
  })

  it('agents: a `permission` that only limits is not said to allow anything', () => {
    const reasons = (limit: string) => converted(limit, 'claude-code').adjustments.map(({reason}) => reason)
    for (const limit of ['permission: {edit: deny}', 'permission: {bash: ask}', 'permission: ask']) {
      assert.ok(!reasons(limit).some((reason) => reason.includes('without asking')), limit)
    }
    assert.ok(reasons('permission: {bash: allow}').some((reason) => reason.includes('without asking')))
  })

  it("agents: Codex keeps its own sandbox, and Kiro's settings of tools are refused elsewhere", () => {
    assert.equal(fieldsIn('sandbox_mode: workspace-write', 'codex')?.['sandbox_mode'], 'workspace-write')
    assert.equal(fieldsIn('sandbox_mode: danger-full-access', 'codex')?.['sandbox_mode'], undefined)
    for (const {name} of toolFormats) {
      const {files} = converted('toolsSettings: {shell: {deniedCommands: ["rm.*"]}}', name)
      assert.deepEqual(files, [], name)
    }
  })

  it('agents: fields that run or allow something without asking are left out, with a note', () => {
    const grants = 'hooks: {Stop: x}\nmcpServers: {x: {command: y}}\npermissionMode: bypassPermissions'
    const {adjustments} = converted(grants, 'claude-code')
    assert.deepEqual(Object.keys(fieldsIn(grants, 'claude-code') ?? {}).sort(), ['description', 'name'])
    assert.equal(adjustments.length, 3)
    assert.equal(fieldsIn('permissionMode: plan', 'claude-code')?.['permissionMode'], 'plan')
    assert.deepEqual(fieldsIn('permissionMode: plan', 'kiro')?.['tools'], ['read', 'web', 'todo_list'])
  })

  it('agents: a limit that cannot be read is refused', () => {
    for (const limit of [
      'tools: 5',
      'tools: [Read, {a: b}]',
      'readonly: maybe',
      'permission: {bash: perhaps}',
      'disallowedTools: {a: b}',
    ]) {
      for (const {name} of toolFormats) assert.deepEqual(converted(limit, name).files, [], `${name}: ${limit}`)
    }
  })

  it('agents: a limit on when an agent starts is refused by every tool that ignores it', () => {
    for (const limit of [
      'disable-model-invocation: true',
      'disable-model-invocation: on',
      'disable-model-invocation: perhaps',
      'infer: false',
      'mode: primary',
      'subagent: false',
      'user-invocable: false',
      'user-invocable: 0',
      'paths: "src/**"',
      'enabled: false',
      'permissionMode: dontAsk',
      'isolation: worktree',
      'context: fork',
    ]) {
      const [field = ''] = limit.split(':')
      for (const {name} of toolFormats) {
        const isHonored =
          (name === 'copilot' && !/^(paths|enabled|permissionMode|isolation|context)/.test(limit)) ||
          (name === 'claude-code' && /^(permissionMode|isolation|context)/.test(limit))
        const {files, refused} = converted(limit, name)
        assert.equal(files.length, isHonored ? 1 : 0, `${name}: ${limit}`)
        if (isHonored || /^(zed|amp|goose|cline|agents)$/.test(name)) continue
        assert.match(refused[0]?.reason ?? '', new RegExp(` ignores \`${field}\` in an agent$`), `${name}: ${limit}`)
      }
    }
  })

  it('agents: Copilot gets the limits that it honors, whatever their author called them', () => {
    for (const limit of [
      'disable-model-invocation: true',
      'disable-model-invocation: perhaps',
      'disable-model-invocation: yes',
      'infer: false',
      'mode: primary',
      'subagent: off',
    ]) {
      assert.equal(fieldsIn(limit, 'copilot')?.['disable-model-invocation'], true, limit)
      assert.deepEqual(converted(limit, 'copilot').files[0]?.limits, ['disable-model-invocation'], limit)
    }
    for (const value of ['false', 'no', '"0"', 'perhaps']) {
      assert.equal(fieldsIn(`user-invocable: ${value}`, 'copilot')?.['user-invocable'], false, value)
    }
    assert.deepEqual(fieldsIn('user-invocable: no\ntools: Bash', 'copilot')?.['tools'], ['execute'])
    for (const free of ['disable-model-invocation: false', 'infer: true', 'mode: subagent', 'user-invocable: yes']) {
      assert.deepEqual(Object.keys(fieldsIn(free, 'copilot') ?? {}), ['name', 'description'], free)
      assert.equal(converted(free, 'kiro').files.length, 1, free)
    }
  })

  it('agents: a read-only mode is refused if it allows what the author did not, or what the author denied', () => {
    for (const limit of [
      'tools: WebSearch, WebFetch',
      'tools: TodoWrite',
      'tools: mcp__db__query',
      'tools: Bash',
      'tools: Glob',
      'tools: Skill, AskUserQuestion',
      'disallowedTools: Write, Edit, Bash',
      'disallowedTools: [Write, mcp__db__*]',
      'disallowedTools: Edit, WebFetch',
      'tools: {write: false, bash: false}',
      'permission: {edit: deny, webfetch: deny}',
    ]) {
      for (const tool of ['cursor', 'codex']) assert.deepEqual(converted(limit, tool).files, [], `${tool}: ${limit}`)
    }
    for (const limit of [
      'tools: Grep',
      'tools: Read, Bash',
      'disallowedTools: Write, Edit',
      'sandbox_mode: read-only',
    ]) {
      for (const tool of ['cursor', 'codex']) {
        const {files, adjustments} = converted(limit, tool)
        assert.equal(files.length, 1, `${tool}: ${limit}`)
        assert.match(adjustments[0]?.reason ?? '', /can still run commands .* web, and use tools of MCP servers$/)
      }
    }
  })

  it('agents: memory, which turns on tools, is left out if the list is translated, and reported otherwise', () => {
    for (const limit of ['tools: [read]', 'readonly: true', 'allowed-tools: Read']) {
      const {files, adjustments} = converted(`${limit}\nmemory: user`, 'claude-code')
      assert.equal(fieldsIn(`${limit}\nmemory: user`, 'claude-code')?.['memory'], undefined, limit)
      assert.match(adjustments[0]?.reason ?? '', /^without `memory`/)
      assert.deepEqual(files[0]?.grants, [])
    }
    for (const limit of ['tools: Read', 'color: red']) {
      assert.equal(fieldsIn(`${limit}\nmemory: user`, 'claude-code')?.['memory'], 'user')
      assert.deepEqual(converted(`${limit}\nmemory: user`, 'claude-code').files[0]?.grants, ['memory: user'])
    }
    for (const {name} of toolFormats) {
      if (name !== 'claude-code') assert.equal(fieldsIn('memory: project', name)?.['memory'], undefined, name)
    }
  })
})
