// Compares a tool's file with its source, by the tool's documentation and without the code that wrote the file.
import {parse as parseToml} from 'smol-toml'
import {parse as parseYaml} from 'yaml'

/** What each tool's words let an agent do. */
const meanings = {
  'claude-code': {
    ...{
      Read: ['read'],
      Grep: ['read'],
      Glob: ['read'],
      LS: ['read'],
      NotebookRead: ['read'],
      Edit: ['edit'],
      MultiEdit: ['edit'],
    },
    ...{
      NotebookEdit: ['edit'],
      Write: ['edit', 'create'],
      Bash: ['shell'],
      WebFetch: ['fetch'],
      WebSearch: ['search the web'],
    },
  },
  copilot: {
    ...{
      read: ['read'],
      search: ['read'],
      edit: ['edit', 'create'],
      execute: ['shell'],
      web: ['fetch', 'search the web'],
    },
    ...{agent: ['delegate'], todo: []},
  },
  kiro: {
    ...{read: ['read'], write: ['edit', 'create', 'delete'], shell: ['shell'], web: ['fetch', 'search the web']},
    ...{subagent: ['delegate'], todo_list: []},
  },
  devin: {
    ...{read: ['read'], grep: ['read'], glob: ['read'], edit: ['edit'], write: ['edit', 'create'], exec: ['shell']},
    ...{webfetch: ['fetch'], web_search: ['search the web']},
  },
  opencode: {
    ...{read: ['read'], grep: ['read'], glob: ['read'], list: ['read'], edit: ['edit', 'create'], bash: ['shell']},
    ...{webfetch: ['fetch'], websearch: ['search the web'], task: ['delegate'], todowrite: [], todoread: [], skill: []},
  },
  antigravity: {
    ...{view_file: ['read'], grep_search: ['read'], find_by_name: ['read'], list_dir: ['read']},
    ...{replace_file_content: ['edit'], multi_replace_file_content: ['edit'], write_to_file: ['edit', 'create']},
    ...{
      run_command: ['shell'],
      read_url_content: ['fetch'],
      search_web: ['search the web'],
      invoke_subagent: ['delegate'],
    },
    ask_question: [],
  },
  junie: {
    ...{Read: ['read'], Grep: ['read'], Glob: ['read'], Edit: ['edit'], Write: ['edit', 'create'], Bash: ['shell']},
    ...{WebSearch: ['search the web'], AskUserQuestion: []},
  },
}

/** What authors mean by words that aren't Claude Code's. */
const otherWords = {
  ...{
    read: ['read'],
    search: ['read'],
    edit: ['edit', 'create'],
    write: ['edit', 'create'],
    execute: ['shell'],
    bash: ['shell'],
  },
  ...{
    shell: ['shell'],
    terminal: ['shell'],
    web: ['fetch', 'search the web'],
    fetch: ['fetch'],
    agent: ['delegate'],
    Task: ['delegate'],
  },
  ...{
    Agent: ['delegate'],
    grep: ['read'],
    glob: ['read'],
    list: ['read'],
    codebase: ['read'],
    webfetch: ['fetch'],
    view: ['read'],
  },
  ...{web_fetch: ['fetch'], websearch: ['search the web'], web_search: ['search the web']},
}

/** The limits of a skill that each tool honors, in its own directory. */
const honored = {
  'claude-code': ['disable-model-invocation', 'user-invocable', 'paths', 'context', 'disallowed-tools'],
  cursor: ['disable-model-invocation', 'paths'],
  codex: ['disable-model-invocation'],
  copilot: ['disable-model-invocation', 'user-invocable'],
  devin: ['disable-model-invocation', 'user-invocable'],
  zed: ['disable-model-invocation'],
}

/** Why a tool's file allows more than its source; undefined if it doesn't. */
export function widening(type, source, file, files, tool) {
  const fields = fieldsIn(file)
  if (type === 'agent') return agentWidening(source.frontmatter, fields, tool.name)
  if (type === 'rule') return ruleWidening(source, file, fields)
  return skillWidening(source.frontmatter, file, fields, files, tool.name)
}

function agentWidening({tools, disallowedTools}, fields, tool) {
  if (Array.isArray(tools) || typeof tools === 'string') {
    const words = wordsIn(tools)
    if (words.includes('*')) return undefined
    const allowed = new Set(words.flatMap((word) => meanings['claude-code'][word] ?? otherWords[word] ?? []))
    if (allowed.has('create') && allowed.has('shell')) allowed.add('delete')
    if (tool === 'claude-code')
      return JSON.stringify(wordsIn(fields.tools)) === JSON.stringify(words) || words.every((word) => otherWords[word])
        ? undefined
        : 'other tools'
    if (tool === 'cursor')
      return fields.readonly === true && !allowed.has('create') && !allowed.has('edit') ? undefined : 'not read-only'
    if (tool === 'codex')
      return fields.sandbox_mode === 'read-only' && !allowed.has('create') && !allowed.has('edit')
        ? undefined
        : 'not read-only'
    const given = listIn(fields)
    if (!given) return 'every tool'
    const more = given.filter((word) => !meanings[tool]?.[word]?.every((each) => allowed.has(each)))
    return more.length > 0 ? more.join(', ') : undefined
  }
  if (disallowedTools === undefined || tool === 'claude-code') return undefined
  const denied = new Set(
    wordsIn(disallowedTools).flatMap((word) => (word === 'Write' ? ['create'] : (meanings['claude-code'][word] ?? []))),
  )
  if (fields.readonly === true || fields.sandbox_mode === 'read-only') return undefined
  const given = listIn(fields)
  if (!given) return 'every tool'
  return given.find((word) => meanings[tool]?.[word]?.some((each) => denied.has(each)))
}

function listIn(fields) {
  if (fields.permission)
    return Object.keys(fields.permission)[0] === '*' ? Object.keys(fields.permission).slice(1) : undefined
  const list = fields['allowed-tools'] ?? fields.tools
  return Array.isArray(list) && list.length > 0 ? list : undefined
}

function wordsIn(list) {
  return Array.isArray(list)
    ? list
    : String(list ?? '')
        .split(/[\s,]+/)
        .filter(Boolean)
}

const order = ['manual', 'files', 'relevant', 'always']

function ruleWidening({path, frontmatter}, file, fields) {
  const wanted = activation(frontmatter, path)
  const given = file.path.endsWith('/SKILL.md')
    ? fields['disable-model-invocation'] === true
      ? 'manual'
      : 'relevant'
    : activation(fields, file.path)
  return order.indexOf(given) > order.indexOf(wanted) ? `${given} instead of ${wanted}` : undefined
}

/** Matches patterns with one that matches all files. */
const everything = /(^|,)\s*["']?\*\*(\/\*)?["']?\s*(,|$)/

function activation(fields, path) {
  const {alwaysApply, trigger, inclusion, description, applyTo} = fields
  const patterns = ['globs', 'paths', 'fileMatchPattern']
    .map((field) => String(fields[field] ?? '').trim())
    .filter(Boolean)
  const isOnRequest = /\.mdc$|\.instructions\.md$/.test(path)
  const {globs} = fields
  if ((trigger === 'glob' || inclusion === 'fileMatch') && everything.test(String(globs ?? fields.fileMatchPattern)))
    return 'always'
  if (trigger)
    return {always_on: 'always', glob: 'files', manual: 'manual', model_decision: 'relevant'}[trigger] ?? 'always'
  if (inclusion)
    return {always: 'always', fileMatch: 'files', manual: 'manual', auto: 'relevant'}[inclusion] ?? 'always'
  if (alwaysApply === true) return 'always'
  if (applyTo) patterns.push(String(applyTo))
  if (patterns.length > 0) return patterns.some((each) => everything.test(each)) ? 'always' : 'files'
  if (alwaysApply === undefined && !isOnRequest) return 'always'
  return typeof description === 'string' && description.trim() !== '' ? 'relevant' : 'manual'
}

function skillWidening(frontmatter, file, fields, files, tool) {
  // Users start commands themselves in the tools that don't have them as skills.
  const isCommand = !file.path.endsWith('/SKILL.md') && tool !== 'claude-code'
  const limits = ['disable-model-invocation', 'user-invocable', 'paths', 'context', 'disallowed-tools'].filter(
    (field) => {
      const value = frontmatter[field]
      if (value === undefined || value === null) return false
      return field === 'disable-model-invocation' ? value !== false : field === 'user-invocable' ? value !== true : true
    },
  )
  const lost = limits.find(
    (limit) => !(isCommand && limit === 'disable-model-invocation') && !honored[tool]?.includes(limit),
  )
  if (lost) return `${lost} is ignored`
  if (!isCommand && limits.includes('disable-model-invocation')) {
    if (tool === 'codex')
      return files.some(
        ({path, content}) => path.endsWith('openai.yaml') && /allow_implicit_invocation: false/.test(String(content)),
      )
        ? undefined
        : 'no policy'
    if (tool === 'devin') return fields.triggers?.includes('model') === false ? undefined : 'no triggers'
    if (fields['disable-model-invocation'] !== true) return 'disable-model-invocation is lost'
  }
  const granting = ['hooks', 'mcpServers', 'permissions'].find((field) => fields[field] !== undefined)
  return granting ? `${granting} is written` : undefined
}

/** The fields of a file; Cursor's patterns are bare, which isn't YAML. */
export function fieldsIn({path, content}) {
  const text = String(content)
  if (path.endsWith('.toml')) return parseToml(text)
  const [, head = ''] = /^---\r?\n([^]*?)\r?\n---/.exec(text.replace(/^\uFEFF/, '')) ?? []
  try {
    return (
      parseYaml(head.replaceAll(/^globs: *([^"'[\n][^\n]*)$/gm, (_, globs) => `globs: ${JSON.stringify(globs)}`)) ?? {}
    )
  } catch {
    const pairs = [...head.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map(([, key, value]) => [
      key,
      value === 'true' ? true : value === 'false' ? false : value,
    ])
    return Object.fromEntries(pairs)
  }
}
